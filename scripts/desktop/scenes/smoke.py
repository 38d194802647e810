"""The shortest honest run: panel, hover, click, accept, undo and redo in the layer, backend killed and back."""

import os
import signal

import acts


def play(stage):
    """Click a roof in Las Vegas."""
    image = acts.load(stage.root / "build/data/las_vegas.tif", "Las Vegas")
    yield from acts.settled(stage)
    acts.look_at(stage, image, 480, 530, 260)
    yield from acts.drawn(stage)
    stage.check(not stage.plugin.dock.isVisible(), "the panel stays closed until asked for")
    yield from acts.open_panel(stage)
    yield from acts.choose(stage, image)
    preview = yield from acts.hover(stage, image, 481, 530)
    stage.check(preview.area_m2 > 0, "hover shows the outline before any click")
    yield from hover_about(stage, image)
    yield from acts.click(stage, image, 481, 530)
    yield from acts.accept(stage)
    [feature] = acts.features(stage)
    area = feature["area_m2"]
    stage.check(60 < area < 1500, f"the roof measures {area:.0f} m², score {feature['score']:.2f}")
    layer = stage.plugin.segment_page.target.currentLayer()
    layer.undoStack().undo()
    stage.check(layer.featureCount() == 0, "one undo takes the object away")
    layer.undoStack().redo()
    stage.check(layer.featureCount() == 1, "redo brings it back")
    os.kill(stage.plugin.connection._backend.pid, signal.SIGKILL)
    yield from acts.back(stage)
    yield from acts.click(stage, image, 500, 545)
    yield from acts.accept(stage)
    stage.check(acts.count(stage) == 2, "after the backend was killed the next click works")
    stage.shot("smoke")


def hover_about(stage, image):
    """Move the pointer over 40 places and see how long the main thread was ever away."""
    places = [acts.place(image, 430 + 23 * (i % 5), 480 + 12 * (i // 5)) for i in range(40)]
    answers = []
    count = stage.plugin.session.preview_changed.connect(lambda *_: answers.append(1))
    stage.tour(places, 0.08)
    stage.watch_stalls(True)  # after xdotool was started, which alone takes QGIS 100 ms
    yield 40 * 80 + 500
    stage.watch_stalls(False)
    stage.plugin.session.preview_changed.disconnect(count)
    stage.note(f"{len(answers)} previews; the main thread was away at most {stage.longest_stall_ms:.0f} ms")
