"""Labels from rasters and polygons, on the picture's grid or told how to get there."""

from contextlib import closing

import numpy as np
import pyogrio.raw
import pytest
import shapely
from affine import Affine

from backend.errors import BadInput
from backend.geo.atomic import write_bytes
from backend.geo.category_names import categories_text, sidecar
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.source import Source
from backend.tasks.change.labels import open_labels
from backend.tasks.change.parameters import ChangeParameters
from tests.backend.tasks.change import scenes

WHOLE = Window(0, 0, 200, 160)


@pytest.fixture
def image(tmp_path):
    return scenes.write(tmp_path / "i.tif", scenes.picture(scenes.labels()))


def read(image, path, window=WHOLE, **asked):
    parameters = ChangeParameters.parse({"class": "house", **asked})
    source = Source(path=str(path))
    with (
        SourceReader(Source(path=str(image)), image) as picture,
        closing(open_labels(source, picture, parameters)) as at,
    ):
        return at.names, at.read(window)


def refused(image, path, **asked):
    with pytest.raises(BadInput) as error:
        read(image, path, **asked)
    assert error.value.code == codes.PARAMETER_INVALID
    return error.value.detail


def test_a_raster_on_the_same_grid(image, tmp_path):
    path = scenes.write(tmp_path / "l.tif", scenes.labels())
    names, found = read(image, path, Window(90, 5, 30, 40), classes=scenes.CLASSES)
    assert names == ("unknown", "house", "road", "tree")
    assert (found == scenes.labels()[5:45, 90:120]).all()


def test_names_that_the_file_tells(image, tmp_path):
    path = scenes.write(tmp_path / "l.tif", scenes.labels())
    write_bytes(sidecar(path), categories_text(["none", "hut", "way", "wood"]))
    assert read(image, path)[0] == ("none", "hut", "way", "wood")


def test_what_the_file_calls_no_data_is_a_class_if_it_has_a_name(image, tmp_path):
    values = scenes.labels()
    values[:10] = 0
    values[10:20] = 255
    path = scenes.write(tmp_path / "l.tif", values, nodata=0)
    assert (read(image, path, classes=scenes.CLASSES)[1][:20] == 255).all()
    found = read(image, path, classes="0=nothing;" + scenes.CLASSES)[1]
    assert (np.unique(found[:10]), np.unique(found[10:20])) == ([0], [255])


def test_labels_that_cover_more_or_less(image, tmp_path):
    larger = np.pad(scenes.labels(), ((10, 20), (30, 5)), constant_values=2)
    place = scenes.PLACE @ Affine.translation(-30, -10)
    path = scenes.write(tmp_path / "l.tif", larger, transform=place)
    assert (read(image, path, classes=scenes.CLASSES)[1] == scenes.labels()).all()
    part = scenes.write(
        tmp_path / "p.tif", scenes.labels()[40:100, 50:], transform=scenes.PLACE @ Affine.translation(50, 40)
    )
    found = read(image, part, Window(40, 30, 50, 50), classes=scenes.CLASSES)[1]
    assert (found[:10] == 255).all()
    assert (found[:, :10] == 255).all()
    assert (found[10:, 10:] == scenes.labels()[40:80, 50:90]).all()


def test_another_grid_is_said_with_both_and_the_fix(image, tmp_path):
    path = scenes.write(tmp_path / "l.tif", scenes.labels(), transform=scenes.PLACE @ Affine.scale(2))
    said = refused(image, path, classes=scenes.CLASSES)
    assert said == (
        "'l.tif' (200 x 160 pixels of 1 x 1 from 600000, 2800000, EPSG:32640) does not lie on the grid of 'i.tif' "
        "(200 x 160 pixels of 0.5 x 0.5 from 600000, 2800000, EPSG:32640): warp the labels onto the picture's grid "
        "(in QGIS: Raster, Warp; nearest neighbour), or choose others."
    )


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:32641", scenes.PLACE),
        ("EPSG:32640", scenes.PLACE @ Affine.translation(0.5, 0)),
        ("EPSG:32640", scenes.PLACE @ Affine.rotation(1)),
        ("EPSG:32640", scenes.PLACE @ Affine.translation(500, 0)),
    ],
)
def test_other_grids(image, tmp_path, crs, transform):
    path = scenes.write(tmp_path / "l.tif", scenes.labels(), crs, transform)
    assert "does not lie on the grid" in refused(image, path, classes=scenes.CLASSES)


def test_without_a_georeference_sizes_decide(image, tmp_path):
    path = scenes.write(tmp_path / "l.png.tif", scenes.labels(), crs=None)
    assert (read(image, path, classes=scenes.CLASSES)[1] == scenes.labels()).all()
    small = scenes.write(tmp_path / "s.tif", scenes.labels()[:100], crs=None)
    assert "200 x 100 pixels, no georeference" in refused(image, small, classes=scenes.CLASSES)


def test_a_rotated_grid(tmp_path):
    turned = scenes.PLACE @ Affine.rotation(30)
    image = scenes.write(tmp_path / "i.tif", scenes.picture(scenes.labels()), transform=turned)
    path = scenes.write(tmp_path / "l.tif", scenes.labels(), transform=turned)
    assert (read(image, path, classes=scenes.CLASSES)[1] == scenes.labels()).all()


def test_values_without_a_name(image, tmp_path):
    path = scenes.write(tmp_path / "l.tif", scenes.labels())
    assert refused(image, path, classes="1=house;3=tree") == (
        "'l.tif' holds 2, which classes does not name; name all values that there are."
    )
    assert "does not say what its values mean" in refused(image, path)
    assert "classes names the value 'x'" in refused(image, path, classes="x=house")
    assert refused(image, path, classes="1") == "classes has '1'; write parts as in 1=building;2=road."
    assert "3 bands of uint8" in refused(image, image, classes=scenes.CLASSES)


def test_numbered_objects(image, tmp_path):
    values = np.zeros((160, 200), np.uint32)
    values[5:9, 5:9] = 70_000
    path = scenes.write(tmp_path / "l.tif", values, nodata=0)
    names, found = read(image, path, event="instances")
    assert (names, found.dtype) == (("unknown", "house"), np.int32)
    assert (found == values).all()
    values = values.astype(np.int32)
    values[0, 0] = -3
    assert "numbers below 0" in refused(image, scenes.write(tmp_path / "m.tif", values), event="instances")


def polygons(path, transform=scenes.PLACE, kinds=("house", "road", "house")):
    boxes = [shapely.box(10, 10, 40, 30), shapely.box(100, 0, 112, 160), shapely.box(20, 20, 50, 40)]
    shapes = [shapely.Polygon([transform @ at for at in box.exterior.coords]) for box in boxes]
    pyogrio.raw.write(
        path, shapely.to_wkb(shapes), [np.array(kinds, object)], ["kind"], geometry_type="Polygon",
        driver="GPKG", crs="EPSG:32640",
    )  # fmt: skip
    return path


@pytest.mark.parametrize("transform", [scenes.PLACE, scenes.PLACE @ Affine.rotation(20)])
def test_polygons_with_a_column(tmp_path, transform):
    image = scenes.write(tmp_path / "i.tif", scenes.picture(scenes.labels()), transform=transform)
    path = polygons(tmp_path / "p.gpkg", transform)
    names, found = read(image, path, column="kind")
    assert names == ("unknown", "house", "road")
    wanted = np.zeros((160, 200), int)
    wanted[:, 100:112] = 2
    wanted[10:30, 10:40] = wanted[20:40, 20:50] = 1
    assert (found == wanted).all()
    assert (read(image, path, Window(15, 25, 90, 20), column="kind")[1] == wanted[25:45, 15:105]).all()


def test_polygons_without_a_column_and_as_numbered_objects(image, tmp_path):
    path = polygons(tmp_path / "p.gpkg")
    names, found = read(image, path)
    assert names == ("unknown", "house")
    assert set(np.unique(found)) == {0, 1}
    assert set(np.unique(read(image, path, event="instances")[1])) == {0, 1, 2, 3}
    assert "has no column 'roof'" in refused(image, path, column="roof")


def test_names_of_an_attribute_table(image, tmp_path):
    path = scenes.write(tmp_path / "l.tif", scenes.labels())
    table = categories_text(["none", "hut", "way", "wood"], [(0, 0, 0, 255)] * 4).decode()
    text = table[: table.index("<CategoryNames>")] + table[table.index("<GDALRasterAttributeTable") :]
    sidecar(path).write_text(text)
    assert read(image, path)[0] == ("none", "hut", "way", "wood")
    sidecar(path).write_text(f'<!DOCTYPE PAMDataset [<!ENTITY a "a">]>{text}')
    assert "does not say what its values mean" in refused(image, path)
