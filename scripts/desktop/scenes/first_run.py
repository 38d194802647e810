"""What a new user sees: what would be installed, where and how big. Run it with an empty TOPOSCOPE_HOME."""

from qgis.PyQt.QtWidgets import QPushButton


def play(stage):
    """Open the panel without a backend."""
    stage.plugin.show_action.trigger()

    def planned():
        return stage.plugin.dock.findChild(QPushButton, "install").isEnabled()

    yield planned
    yield 200
    stage.check(stage.plugin.connection.state.value == "not installed", "the panel says that nothing is installed")
    stage.shot("first_run")
