import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.mini_backbone import CHANNELS  # noqa: E402
from backend.models.mini_fusion import WIDTHS, Gate  # noqa: E402
from backend.models.mini_network import MiniNetwork  # noqa: E402
from backend.training.fit_gate import fit, pooled  # noqa: E402

SIZES = (*WIDTHS[:3], WIDTHS[3] + CHANNELS[-1])


def test_chips_of_one_class_come_to_lie_together():
    torch.manual_seed(0)
    classes = torch.arange(40) % 2
    views = [[torch.randn(40, size) + classes[:, None] for size in SIZES] for _ in range(2)]
    gate = Gate()
    fit(gate, views, classes, count=60)
    with torch.no_grad():
        vectors, weights = gate.fuse(views[0])
    likeness, same = vectors @ vectors.T, classes[:, None] == classes[None]
    assert likeness[same].mean() > likeness[~same].mean() + 0.2
    assert torch.allclose(weights.sum(1), torch.ones(40))


def test_pooled_features_have_every_scale_of_both_views():
    chips = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    views = pooled(MiniNetwork().eval(), chips, np.random.default_rng(0))
    assert [[tuple(scale.shape) for scale in view] for view in views] == [[(3, size) for size in SIZES]] * 2
