"""The main job on real imagery: roofs in Las Vegas, a road in a forest, fields and a lagoon seen by Sentinel-2."""

import acts
from qgis.core import QgsProject

ROOFS = ((481, 530), (911, 425), (119, 450), (630, 820), (430, 900), (640, 1000), (110, 850), (645, 122))

ROAD = ((342, 560), (190, 110), (590, 960), (430, 740), (235, 300))
FIELD = ((699, 425, 1),)
LAGOON = ((1240, 420, 1), (1400, 420, 3), (1050, 450, 3), (1150, 250, 3))
"""Column, row and mouse button: what is land is said with the right one."""


def play(stage):
    """Click, accept, save; leave layers and pictures."""
    data = stage.root / "build/data"
    geopackage = stage.out / "demo.gpkg"
    geopackage.unlink(missing_ok=True)
    yield from roofs(stage, data, geopackage)
    yield from road(stage, data, geopackage)
    yield from sentinel(stage, data, geopackage)
    QgsProject.instance().write(str(stage.out / "demo.qgz"))
    stage.note(f"layers are in {geopackage.name}, the project in demo.qgz")


def roofs(stage, data, geopackage):
    """16-bit panchromatic SpaceNet image: eight roofs, right angles wanted."""
    image = acts.load(data / "las_vegas.tif", "Las Vegas (SpaceNet, CC-BY-SA-4.0)")
    yield from acts.settled(stage)
    yield from acts.open_panel(stage)
    acts.look_at(stage, image, 481, 530, 260)
    yield from acts.drawn(stage)
    target = acts.new_target(geopackage, "roofs", image)
    acts.outline(stage, "orthogonal", fill_holes=True)
    yield from acts.choose(stage, image, target=target)
    yield from acts.hover(stage, image, 481, 530)
    stage.shot("1_hover")
    for number, (column, row) in enumerate(ROOFS):
        acts.look_at(stage, image, column, row, 260)
        yield from acts.drawn(stage)
        yield from acts.click(stage, image, column, row)
        if number == 1:
            yield from acts.click(stage, image, column + 60, row + 60, button=3)
            stage.shot("2_prompts")
        yield from acts.accept(stage)
    yield from save(stage, target, "roofs", (60, 1500))
    acts.look_at(stage, image, 560, 640, 1250)
    yield from acts.drawn(stage)
    stage.shot("3_roofs")


def road(stage, data, geopackage):
    """An image with no georeference at all: its coordinates are columns and rows."""
    image = acts.load(data / "forest_road.png", "Forest road (NEON, MIT)")
    acts.hide_others(image)
    acts.look_at(stage, image, 600, 520, 1300)
    yield from acts.drawn(stage)
    target = acts.new_target(geopackage, "road", image)
    acts.outline(stage, "smooth")
    yield from acts.choose(stage, image, target=target)
    for column, row in ROAD:
        yield from acts.click(stage, image, column, row)
    stage.shot("4_road_prompts")
    yield from acts.accept(stage)
    [feature] = acts.features(stage)
    pixels = feature.geometry().area()
    stage.check(30_000 < pixels < 160_000, f"the road covers {pixels:.0f} pixels, score {feature['score']:.2f}")
    target.commitChanges()
    stage.shot("5_road")


def sentinel(stage, data, geopackage):
    """Thirteen 16-bit bands; the bands and stretch the layer shows are what the model sees."""
    image = acts.load(data / "sentinel2.tif", "Sentinel-2 (Copernicus, CC0)", bands=(4, 3, 2))
    acts.hide_others(image)
    target = acts.new_target(geopackage, "fields and water", image)
    acts.outline(stage, "smooth")
    things = (("field", "mini", 300, FIELD), ("lagoon", "classic", 1100, LAGOON))  # even water suits classic best
    for name, model, pixels, clicks in things:
        yield from acts.choose(stage, image, model, target)
        acts.look_at(stage, image, *clicks[0][:2], pixels)
        yield from acts.drawn(stage)
        for column, row, button in clicks:
            yield from acts.click(stage, image, column, row, button)
        yield from acts.accept(stage)
        stage.shot(f"6_{name}")
    yield from save(stage, target, "fields and water", (2e4, 2e8))


def save(stage, target, name, limits):
    """Commit the edit session and check what was written."""
    features = acts.features(stage)
    low, high = limits
    for feature in features:
        area = feature["area_m2"]
        stage.check(low < area < high, f"{name}: {area:.0f} m², score {feature['score']:.2f}, {feature['model']}")
    stage.check(target.commitChanges(), f"{len(features)} features saved as “{name}”")
    yield 100
