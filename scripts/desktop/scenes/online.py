"""Click on an XYZ layer whose tiles come late from a server on this machine; the object comes out whole."""

import http.server
import subprocess
import threading
import time
from pathlib import Path
from typing import ClassVar

import acts
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject, QgsRasterLayer

ROOF = (481, 530)


class SlowTiles(http.server.SimpleHTTPRequestHandler):
    """Serves tiles, each half a second late the first time it is asked for."""

    seen: ClassVar[set] = set()

    def do_GET(self):
        """Answer late once."""
        if self.path not in self.seen:
            self.seen.add(self.path)
            time.sleep(0.5)
        super().do_GET()

    def log_message(self, *_arguments):
        """Say nothing."""


def play(stage):
    """Serve Las Vegas as tiles and click a roof on them."""
    image = stage.root / "build/data/las_vegas.tif"
    tiles = _tiles(image, stage.out / "tiles")

    def handler(*arguments):
        return SlowTiles(*arguments, directory=str(tiles))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"type=xyz&url=http://127.0.0.1:{server.server_port}/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmin=15&zmax=19"
    layer = QgsRasterLayer(url, "Tiles", "wms")
    stage.check(layer.isValid(), "the XYZ layer is valid")
    QgsProject.instance().addMapLayer(layer)
    yield from acts.settled(stage)
    QgsProject.instance().setCrs(layer.crs())
    roof = _on_tiles(image, layer)
    stage.canvas.setCenter(roof)
    stage.canvas.zoomScale(500)
    yield from acts.drawn(stage)
    yield from acts.open_panel(stage)
    yield from acts.choose(stage, layer)
    stage.watch_stalls(True)
    stage.mouse(roof, "click", 1)

    def answered():
        return stage.plugin.session.answer is not None

    yield answered
    yield 200
    stage.watch_stalls(False)
    stage.shot("online")
    yield from acts.accept(stage)
    [feature] = acts.features(stage)
    stage.check(90 < feature["area_m2"] < 260, f"the roof on tiles measures {feature['area_m2']:.0f} m²")
    stage.note(f"the main thread was away at most {stage.longest_stall_ms:.0f} ms while tiles came late")
    server.shutdown()


def _tiles(image: Path, folder: Path) -> Path:
    byte = folder.with_suffix(".tif")
    scale = ["gdal_translate", "-q", "-ot", "Byte", "-scale", "206", "1066", "1", "255", str(image), str(byte)]
    subprocess.run(scale, check=True)
    cut = ["gdal2tiles.py", "-q", "--xyz", "-z", "15-19", "-w", "none", str(byte), str(folder)]
    subprocess.run(cut, check=True)
    return folder


def _on_tiles(image: Path, layer) -> QgsPointXY:
    there = acts.place(QgsRasterLayer(str(image), "image"), *ROOF)
    wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
    return QgsCoordinateTransform(wgs84, layer.crs(), QgsProject.instance()).transform(there)
