"""Faults on QGIS's side, with a real mouse: each ends in a sentence, nothing is lost, and the next click works."""

import os
import shutil
import signal
import subprocess

import acts
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.utils import iface

ROOF, OTHER, THIRD = (481, 530), (500, 545), (470, 548)


def play(stage):
    """Break one thing after another."""
    original = stage.root / "build/data/las_vegas.tif"
    path = stage.out / "copy.tif"
    shutil.copy(original, path)
    image = acts.load(path, "Las Vegas")
    yield from acts.settled(stage)
    acts.look_at(stage, image, *ROOF, 260)
    yield from acts.drawn(stage)
    yield from acts.open_panel(stage)
    yield from acts.choose(stage, image)
    yield from backend_killed_during_a_click(stage, image)
    yield from backend_killed_during_a_job(stage, path)
    yield from raster_goes(stage, image, original, path)
    yield from empty_raster(stage, image)
    yield from map_turned_and_moved(stage, image)
    yield from targets(stage, image)
    yield from full_disk(stage, image)
    yield from layer_removed(stage, image, path)
    yield from new_project(stage, original)


def said(stage):
    """Return what the page and the message bar say."""
    bar = " ".join(item.text() for item in iface.messageBar().items())
    return f"{stage.plugin.segment_page._status.text()} | {bar}"


def pid(stage):
    """Return the process id of the backend."""
    return stage.plugin.connection._backend.pid


def works(stage, image, what, place=OTHER):
    """Click and accept, and say that this still works."""
    before = acts.count(stage)
    yield from acts.click(stage, image, *place)
    yield from acts.accept(stage)
    stage.check(acts.count(stage) == before + 1, f"{what}: the next click works")


def backend_killed_during_a_click(stage, image):
    """Stop the process, click, kill it: the click is kept and answered by the next process."""
    session = stage.plugin.session
    os.kill(pid(stage), signal.SIGSTOP)
    stage.mouse(acts.place(stage_layer(stage), *ROOF), "click", 1)

    def waiting():
        return session.busy

    yield waiting
    yield 300
    os.kill(pid(stage), signal.SIGKILL)
    heard = []
    stage.plugin.connection.notice.connect(heard.append)
    yield from acts.back(stage)

    def answered():
        return session.answer is not None

    yield answered
    stage.plugin.connection.notice.disconnect(heard.append)
    stage.check(len(session.prompts.points) == 1, "backend killed during a click: the click is kept and answered")
    stage.check(heard and "started again" in heard[0], f"backend killed during a click: “{' '.join(heard)}”")
    yield from acts.accept(stage)
    stage.check(acts.count(stage) == 1, "backend killed during a click: the object is accepted")


def stage_layer(stage):
    """Return the image that is picked."""
    return stage.plugin.segment_page.source.currentLayer()


def backend_killed_during_a_job(stage, path):
    """Start a long job, kill the process: the job ends with a sentence."""
    from toposcope.backend.protocol.jobs import JobRequest
    from toposcope.backend.protocol.prompts import Box, Prompts
    from toposcope.backend.protocol.source import Source

    boxes = (Box(400 + i % 40, 480 + i % 40, 440 + i % 40, 520 + i % 40) for i in range(400))
    prompts = tuple(Prompts(str(i), box=box, pixel=True) for i, box in enumerate(boxes))
    jobs, connection = stage.plugin.jobs, stage.plugin.connection
    connection._restarted = float("-inf")  # as if the first death were long ago
    job = jobs.submit(JobRequest("segment", "classic", Source(str(path)), prompts), "Many roofs")

    def running():
        state = jobs.state(job)
        return state is not None and state.status == "running"

    yield running
    yield 300
    os.kill(pid(stage), signal.SIGKILL)
    yield from acts.back(stage)

    def ended():
        return jobs.error(job) is not None

    yield ended
    error = jobs.error(job)
    stage.check(error.code == "job-interrupted", f"backend killed during a job: “{error.sentence} {error.action}”")
    connection._restarted = float("-inf")


def raster_goes(stage, image, original, path):
    """Delete the file between open and click, put it back."""
    path.rename(path.with_suffix(".away"))
    yield from fails(stage, image, ROOF)
    stage.check("not there" in said(stage), f"raster deleted under us: “{said(stage)}”")
    path.with_suffix(".away").rename(path)
    yield 700  # two clicks at one place in a moment are a double click
    yield from works(stage, image, "raster deleted under us and put back", ROOF)


def acts_target(stage):
    """Return the layer objects go into now."""
    return stage.plugin.segment_page.target.currentLayer()


def fails(stage, image, at):
    """Click and wait until the session said that it failed."""
    errors = []
    stage.plugin.session.failed.connect(errors.append)
    stage.mouse(acts.place(image, *at), "click", 1)

    def failed():
        return bool(errors)

    yield failed
    stage.plugin.session.failed.disconnect(errors.append)
    yield 100


def empty_raster(stage, image):
    """Load a file of 0 bytes, and empty a file that is loaded: QGIS draws on from memory, and so do we."""
    path, target = stage.out / "empty.tif", acts_target(stage)
    path.write_bytes(b"")
    stage.check(not QgsRasterLayer(str(path), "Empty").isValid(), "raster of 0 bytes: QGIS itself does not load it")
    shutil.copy(image.source(), path)
    layer = acts.load(path, "Emptied")
    path.write_bytes(b"")
    stage.plugin.segment_page.source.setLayer(layer)
    session, heard = stage.plugin.session, []
    stage.plugin.segment.refused.connect(heard.append)

    def decided():
        return heard or session.state.value in ("ready", "failed")

    yield decided
    stage.note(f"raster emptied after loading: {session.state.value}: {said(stage)}")
    stage.plugin.segment.refused.disconnect(heard.append)
    QgsProject.instance().removeMapLayer(layer.id())
    acts.look_at(stage, image, *ROOF, 260)
    yield from acts.drawn(stage)
    yield from acts.choose(stage, image, target=target)
    yield from works(stage, image, "raster of 0 bytes", OTHER)


def map_turned_and_moved(stage, image):
    """Turn the canvas and change the project's CRS in the middle of an object."""
    stage.canvas.setRotation(30)
    yield from acts.drawn(stage)
    yield from acts.click(stage, image, *ROOF)
    at = stage.plugin.session.prompts.points[0]
    wanted = acts.place(image, *ROOF)
    off = max(
        abs(at.x - wanted.x()) / image.rasterUnitsPerPixelX(), abs(at.y - wanted.y()) / image.rasterUnitsPerPixelY()
    )
    stage.check(off < 2, "canvas turned by 30°: the prompt is where the click was")
    stage.shot("turned")
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    yield from acts.drawn(stage)
    stage.check(len(stage.plugin.session.prompts.points) == 1, "project CRS changed in mid-object: the prompt is kept")
    yield from acts.accept(stage)
    area = acts.features(stage)[-1]["area_m2"]
    stage.check(60 < area < 1500, f"project CRS changed in mid-object: accepted with {area:.0f} m²")
    stage.canvas.setRotation(0)
    acts.look_at(stage, image, *ROOF, 260)
    yield from acts.drawn(stage)


def targets(stage, image):
    """Accept into a read-only layer and into one that wants a value nobody gave."""
    page, project = stage.plugin.segment_page, QgsProject.instance()
    good = acts_target(stage)
    closed = project.addMapLayer(QgsVectorLayer(f"Polygon?crs={image.crs().authid()}", "Closed", "memory"))
    page.target.setLayer(closed)
    closed.setReadOnly(True)
    yield from acts.click(stage, image, *OTHER)
    page.target.setLayer(closed)
    stage.key("Return")
    yield 400
    offered = page.target.currentLayer() is closed
    if offered:
        stage.check("read-only" in said(stage), f"read-only target: “{said(stage)}”")
    else:
        stage.note("a read-only target is not offered")
    stage.check(stage.plugin.session.answer is not None or not offered, "read-only target: the object is kept")
    project.removeMapLayer(closed.id())
    strict = project.addMapLayer(_strict_layer(stage, image))
    page.target.setLayer(strict)
    yield 200
    if stage.plugin.session.answer is None:
        yield from acts.click(stage, image, *OTHER)
    yield from acts.accept(stage)
    stage.check("owner" in said(stage), f"NOT NULL target: “{said(stage)}”")
    saved = strict.commitChanges(False)
    stage.check(not saved and strict.featureCount() == 1, "NOT NULL target: saving fails and the object is still there")
    feature = next(strict.getFeatures())
    strict.changeAttributeValue(feature.id(), strict.fields().indexOf("owner"), "somebody")
    stage.check(strict.commitChanges(False), "NOT NULL target: with a value it is saved")
    strict.rollBack()
    page.target.setLayer(good)


def _strict_layer(stage, image):
    """Return a GeoPackage layer with a column that takes no NULL."""
    from osgeo import gdal, ogr, osr

    path = stage.out / "strict.gpkg"
    path.unlink(missing_ok=True)
    reference = osr.SpatialReference(wkt=image.crs().toWkt())
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    layer = dataset.CreateLayer("parcels", reference, ogr.wkbMultiPolygon)
    owner = ogr.FieldDefn("owner", ogr.OFTString)
    owner.SetNullable(False)
    layer.CreateField(owner)
    layer.CreateField(ogr.FieldDefn("score", ogr.OFTReal))
    del layer, dataset
    return QgsVectorLayer(f"{path}|layername=parcels", "Parcels", "ogr")


def full_disk(stage, image):
    """Create the target and save objects on a disk of one megabyte, where that can be mounted."""
    folder = stage.out / "small"
    folder.mkdir(exist_ok=True)
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False)
    if mount.returncode != 0:
        stage.note("a full disk was not tried: mounting one takes root")
        return
    good = acts_target(stage)
    try:
        stage.plugin.segment.new_geopackage(folder / "roofs.gpkg")
        layer = acts_target(stage)
        yield from works(stage, image, "target on a small disk", ROOF)
        _fill(folder)
        for _ in range(40):
            layer.addFeature(_wide(layer))
        saved = layer.commitChanges(False)
        kept = layer.featureCount() == 41
        stage.check(not saved and kept, f"disk full at save: the objects stay: {layer.commitErrors()[-1]}")
        stage.plugin.segment.new_geopackage(folder / "other.gpkg")
        stage.check("cannot be written" in said(stage), f"disk full at a new target: “{said(stage)}”")
        left = sorted(path.name for path in folder.iterdir() if path.name != "fill")
        stage.check(left == ["roofs.gpkg"], f"disk full at a new target: nothing half made is left ({', '.join(left)})")
        (folder / "fill").unlink()
        again = layer.commitChanges(False)
        stage.check(again, f"disk full at save: with room they are saved {' '.join(layer.commitErrors()[-1:])}")
        layer.rollBack()
        QgsProject.instance().removeMapLayer(layer.id())
        stage.plugin.segment_page.target.setLayer(good)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(folder):
    with (folder / "fill").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return


def _wide(layer):
    feature = QgsFeature(next(layer.getFeatures()))
    feature.setAttribute("prompt", "x" * 5_000)
    feature.setAttribute("fid", None)
    return feature


def layer_removed(stage, image, path):
    """Remove the image from the project in the middle of an object."""
    yield from acts.click(stage, image, *ROOF)
    target = acts_target(stage)
    QgsProject.instance().removeMapLayer(image.id())
    yield 500
    session = stage.plugin.session
    stage.check(not session.prompts.points and session.state.value == "closed", f"image removed: “{said(stage)}”")
    again = acts.load(path, "Las Vegas again")
    yield 500
    acts.look_at(stage, again, *ROOF, 260)
    yield from acts.drawn(stage)
    yield from acts.choose(stage, again, target=target)
    yield from works(stage, again, "image removed and loaded again", ROOF)


def new_project(stage, original):
    """Close the project with an object in progress."""
    image = stage_layer(stage)
    yield from acts.click(stage, image, *OTHER)
    stage.plugin.segment_page.target.currentLayer().rollBack()
    iface.newProject(False)
    yield 700
    stage.check(not stage.plugin.session.prompts.points, "new project: no prompt is left")
    image = acts.load(original, "Las Vegas")
    yield from acts.settled(stage)
    acts.look_at(stage, image, *ROOF, 260)
    yield from acts.drawn(stage)
    yield from acts.choose(stage, image)
    yield from works(stage, image, "new project", ROOF)
    stage.shot("faults")
