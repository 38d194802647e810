"""The calls that ask embeddings while a person clicks. Their answers are a picture and what its bytes mean."""

from __future__ import annotations

from ...backend.protocol.asks import (
    ANSWER_HEADER,
    AskInfo,
    AskRequest,
    ClassesAnswer,
    ClassesRequest,
    HeatAnswer,
    HeatRequest,
)
from .calls import SLOW_S, Call, body_of, part_of


def open_ask(request: AskRequest) -> Call[AskInfo]:
    """Open embeddings."""
    return Call("POST", "/asks", AskInfo, body_of(request), timeout_s=SLOW_S)


def heat(ask_id: str, request: HeatRequest) -> Call[HeatAnswer]:
    """Ask how alike every place is to what was shown; the answer is a `Pictured`."""
    return Call("POST", f"/asks/{part_of(ask_id)}/heat", HeatAnswer, body_of(request), {}, SLOW_S, ANSWER_HEADER)


def classes(ask_id: str, request: ClassesRequest) -> Call[ClassesAnswer]:
    """Ask which class every place is; the answer is a `Pictured`."""
    return Call("POST", f"/asks/{part_of(ask_id)}/classes", ClassesAnswer, body_of(request), {}, SLOW_S, ANSWER_HEADER)


def close_ask(ask_id: str) -> Call[None]:
    """Free open embeddings."""
    return Call("DELETE", f"/asks/{part_of(ask_id)}")
