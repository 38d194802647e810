"""The model each task starts with. Written once: Processing makes its forms where there is no backend to ask."""

from types import MappingProxyType

DEFAULT_MODEL = MappingProxyType(
    {
        "segment": "mini",
        "ground": "mini",
        "embed": "mini",
        "locate": "mini-places",
        "change": "mini-painter",
        "generate": "mini-generator",
    }
)

CHANGE_MODEL = MappingProxyType({"detector": "mini-change", "segments": "mini", "distance": "mini"})
"""The model each method of `detect-change` starts with: one for that task, one that segments, one that embeds."""

CHANGE_METHOD = "distance"
"""The method that `detect-change` starts with."""
