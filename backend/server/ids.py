"""Ids as the server makes them: `uuid4().hex`. In a route anything else matches nothing and ends in 404."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

PATTERN = "[0-9a-f]{32}"
ID = "{id:hex}"
"""The part of a route's path that is an id."""


class HexConvertor(Convertor[str]):
    """Lets routes say `{id:hex}`."""

    regex = PATTERN

    def convert(self, value: str) -> str:
        """Return the id."""
        return value

    def to_string(self, value: str) -> str:
        """Return the id."""
        return value


register_url_convertor("hex", HexConvertor())
