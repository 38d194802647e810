"""What a person may set for clusters, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from backend.errors import BadInput
from backend.geo.outline import checked_value
from backend.protocol import codes
from backend.protocol.capabilities import Parameter

METHODS = KMEANS, HDBSCAN = "kmeans", "hdbscan"
COLOURS = NONE, PCA, UMAP = "none", "pca", "umap"

CLUSTER_PARAMETERS = (
    Parameter(
        "method",
        "choice",
        KMEANS,
        "Method",
        choices=METHODS,
        help="k-means makes as many groups as are asked for; HDBSCAN finds how many there are and leaves out the rest.",
    ),
    Parameter("clusters", "integer", 8, "Groups", minimum=2, maximum=250, help="How many groups k-means makes."),
    Parameter("seed", "integer", 0, "Seed", minimum=0, maximum=2**31 - 1, help="The same seed finds the same groups."),
    Parameter(
        "colours",
        "choice",
        NONE,
        "False colour",
        choices=COLOURS,
        help="A picture in which like places have like colours: principal components, or UMAP where it is installed.",
    ),
)


@dataclass(frozen=True)
class ClusterParameters:
    """The values of `CLUSTER_PARAMETERS`."""

    method: str = KMEANS
    clusters: int = 8
    seed: int = 0
    colours: str = NONE

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> ClusterParameters:
        """Return what `values` ask for. Raises PARAMETER_INVALID, saying which is wrong and what it may be."""
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise BadInput(codes.PARAMETER_INVALID, f"Clusters know nothing of {unknown[0]!r:.60}; leave it out.")
        checked = {one.name: checked_value(one, values[one.name]) for one in CLUSTER_PARAMETERS if one.name in values}
        wrong = next((name for name in ("clusters", "seed") if int(checked.get(name, 0)) != checked.get(name, 0)), None)
        if wrong:
            raise BadInput(codes.PARAMETER_INVALID, f"{wrong} is {checked[wrong]!r:.60}; it must be a whole number.")
        return cls(**checked)
