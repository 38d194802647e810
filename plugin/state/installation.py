"""Installing, repairing, moving and removing the backend, on a thread; lives as long as the plugin, not as a panel."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..server import bundle, installer, manage, state
from ..server.errors import InstallCancelled
from ..server.plan import Plan, make_plan
from ..server.process import Feedback
from .background import Background
from .connection import Connection
from .starting import start_error

Step = Callable[[Feedback], object]


class Installation(QObject):
    """One step at a time. A running backend is stopped where its files are to move, and started again at the end.

    Signals:
        planned: the `Plan` asked for; `plan_failed`: the `UserError` instead of it.
        started, progress, log: what a panel that opens late may miss but can live without; `running` has the truth.
        finished: whether it worked, and the `UserError` where it did not (None where it was cancelled).
    """

    planned = pyqtSignal(object)
    plan_failed = pyqtSignal(object)
    started = pyqtSignal()
    progress = pyqtSignal(float, str)
    log = pyqtSignal(str)
    finished = pyqtSignal(bool, object)

    def __init__(self, connection: Connection, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._feedback: Optional[Feedback] = None

    @property
    def running(self) -> bool:
        """Return whether a step is under way."""
        return self._feedback is not None

    @property
    def installed(self) -> bool:
        """Return whether there is a backend to start."""
        return bool(state.current().get("python"))

    def plan(self, tier: str, variant: str = "", folder: str = "") -> None:
        """Find out what an installation would do; nothing is changed."""
        Background(
            lambda: make_plan(tier, variant, folder=folder),
            self.planned.emit,
            lambda error: self.plan_failed.emit(start_error(error)),
            self,
        )

    def install(self, plan: Plan) -> None:
        """Carry out a plan the person has seen; the backend in use stays in use until the new one is proved."""
        self._run(lambda feedback: installer.install(plan, feedback), restart=True)

    def repair(self) -> None:
        """Build the environment in use anew."""

        def again(feedback: Feedback) -> object:
            stamp = state.stamp(Path(state.current().get("environment") or "none"))
            plan = make_plan(stamp.get("tier", "core"), stamp.get("variant", ""))
            return installer.install(plan, feedback, again=True)

        self._run_stopped(again, restart=True)

    def use_python(self, python: str) -> None:
        """Use an interpreter of the person's own, once it is proved."""
        self._run(lambda feedback: installer.use_python(python, feedback), restart=True)

    def remove(self) -> None:
        """Delete the environments and downloads; models, runs and logs stay."""
        self._run_stopped(manage.remove, restart=False)

    def move(self, folder: Path) -> None:
        """Move the environment in use into `folder`."""
        self._run_stopped(lambda feedback: manage.move(folder, feedback), restart=True)

    def export_bundle(self, plan: Plan, target: Path) -> None:
        """Write what a machine without a network needs to carry out `plan`."""
        self._run(lambda feedback: bundle.export(plan, target, feedback), restart=False)

    def import_bundle(self, source: Path) -> None:
        """Install from a bundle."""
        self._run(lambda feedback: bundle.install(source, feedback), restart=True)

    def cancel(self) -> None:
        """Ask the running step to stop; what was in use stays in use."""
        if self._feedback is not None:
            self._feedback.cancel()

    def _run_stopped(self, step: Step, restart: bool) -> None:
        self._begin()
        self._connection.stop(lambda _: self._go(step, restart))

    def _run(self, step: Step, restart: bool) -> None:
        self._begin()
        self._go(step, restart)

    def _begin(self) -> None:
        if self._feedback is not None:
            raise RuntimeError("an installation is under way")
        self._feedback = Feedback(lambda percent, text, _size: self.progress.emit(percent, text), self.log.emit)
        self.started.emit()

    def _go(self, step: Step, restart: bool) -> None:
        feedback = self._feedback
        Background(lambda: step(feedback), lambda _: self._on_done(restart), self._on_failed, self)

    def _on_done(self, restart: bool) -> None:
        self._feedback = None
        if restart:
            self._connection.restart()
        self.finished.emit(True, None)

    def _on_failed(self, error: Exception) -> None:
        self._feedback = None
        self.finished.emit(False, None if isinstance(error, InstallCancelled) else start_error(error))
