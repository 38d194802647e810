"""For a person at the screen: everything loaded, the panel open, nothing clicked."""

import acts


def play(stage):
    """Load the imagery and open the panel."""
    data = stage.root / "build/data"
    acts.load(data / "sentinel2.tif", "Sentinel-2 (Copernicus, CC0)", bands=(4, 3, 2))
    acts.load(data / "forest.tif", "Forest (NEON, MIT)")
    image = acts.load(data / "las_vegas.tif", "Las Vegas (SpaceNet, CC-BY-SA-4.0)")
    yield from acts.settled(stage)
    acts.look_at(stage, image, 481, 530, 400)
    yield from acts.open_panel(stage)
    yield from acts.choose(stage, image)
