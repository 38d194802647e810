"""From nothing to the first polygon through the panel alone. Run it with an empty TOPOSCOPE_HOME; it downloads Core."""

import acts
from qgis.PyQt.QtWidgets import QProgressBar, QPushButton


def play(stage):
    """Press Install, close the panel while it works, come back, click a roof."""
    image = acts.load(stage.root / "build/data/las_vegas.tif", "Las Vegas")
    yield from acts.settled(stage)
    acts.look_at(stage, image, 481, 530, 260)
    plugin = stage.plugin
    plugin.show_action.trigger()
    install = plugin.dock.findChild(QPushButton, "install")

    def planned():
        return install.isEnabled()

    def under_way():
        return plugin.dock.findChild(QProgressBar).value() > 3

    def ready():
        return plugin.connection.ready

    ready.patience_s = 600
    yield planned
    stage.watch_stalls(True)
    install.click()
    yield under_way
    stage.shot("install_progress")
    plugin.show_action.trigger()
    yield 1500
    goes_on = plugin.installation.running or plugin.connection.ready
    stage.check(goes_on, "closing the panel does not stop the installation")
    plugin.show_action.trigger()
    yield ready
    stage.watch_stalls(False)
    stage.note(f"the main thread was away at most {stage.longest_stall_ms:.0f} ms during the installation")
    yield from acts.choose(stage, image)
    yield from acts.click(stage, image, 481, 530)
    yield from acts.accept(stage)
    stage.check(acts.count(stage) == 1, "the first click after the installation gives a roof")
    stage.shot("installed")
