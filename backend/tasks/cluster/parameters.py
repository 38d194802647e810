"""What a person may set for clusters, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.given import given
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
        return cls(**given(values, CLUSTER_PARAMETERS))
