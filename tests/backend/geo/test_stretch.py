import numpy as np

from backend.geo.access import open_source
from backend.geo.stretch import layer_stretch, to_bytes
from backend.protocol.source import Stretch


def test_a_large_layer_is_sampled_all_over(raster):
    """Too wide to be read decimated: patches from the whole of it stand in, and hit near the true percentiles."""
    values = np.tile(np.linspace(0, 60000, 5000), (1, 60, 1)).astype("uint16")
    with open_source(raster(values)) as dataset:
        (stretch,) = layer_stretch(dataset, (1,), None)
    assert abs(stretch.low - np.percentile(values, 2)) < 900
    assert abs(stretch.high - np.percentile(values, 98)) < 900


def test_a_constant_layer_has_a_stretch(raster):
    with open_source(raster(np.full((1, 40, 50), 5, "uint16"))) as dataset:
        assert layer_stretch(dataset, (1,), None) == (Stretch(5, 6),)


def test_nan_becomes_black():
    assert to_bytes(np.array([[[np.nan, 0.5]]]), (Stretch(0, 1),)).tolist() == [[[0, 128]]]
