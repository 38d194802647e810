"""The table of tasks. A new one is a file with its `Handler` and a line here."""

from __future__ import annotations

from types import MappingProxyType

from backend.jobs.changing import CHANGE
from backend.jobs.clustering import CLUSTER
from backend.jobs.comparing import COMPARE
from backend.jobs.detecting import DETECTING
from backend.jobs.embedding import EMBED
from backend.jobs.fewshot import FEWSHOT
from backend.jobs.generating import GENERATE
from backend.jobs.ground_handler import GROUND
from backend.jobs.locating import LOCATE
from backend.jobs.searching import SEARCH
from backend.jobs.segmenting import SEGMENT

HANDLERS = MappingProxyType(
    {
        handler.task.id: handler
        for handler in (SEGMENT, GROUND, EMBED, FEWSHOT, CLUSTER, COMPARE, LOCATE, SEARCH, GENERATE, CHANGE, DETECTING)
    }
)
