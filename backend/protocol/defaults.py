"""The model each task starts with. Written once: Processing makes its forms where there is no backend to ask."""

from types import MappingProxyType

DEFAULT_MODEL = MappingProxyType(
    {"segment": "mini", "ground": "mini", "embed": "mini", "locate": "mini-places", "generate": "mini-generator"}
)
