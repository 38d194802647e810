"""A button that starts a job, and while it runs its progress, a button to stop it, and a line that says how it goes."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ...backend.protocol.jobs import JobState
from . import labels


class JobRow(QWidget):
    """`run_asked` and `cancel_asked` are its buttons."""

    run_asked = pyqtSignal()
    cancel_asked = pyqtSignal()

    def __init__(self, name: str, text: str, parent: Optional[QWidget] = None) -> None:
        """Name the button `name`, the others after it, and write `text` on it."""
        super().__init__(parent)
        self._unavailable, self._busy = "", False
        self._run = QPushButton(text)
        self._run.setObjectName(name)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setObjectName(f"{name}Cancel")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName(self.tr("Progress"))
        self._status = QLabel()
        self._status.setObjectName(f"{name}Status")
        self._status.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._run)
        column.addLayout(row)
        column.addWidget(self._status)
        self._run.clicked.connect(lambda _: self.run_asked.emit())
        self._cancel.clicked.connect(lambda _: self.cancel_asked.emit())
        self.set_progress(None)

    @property
    def button(self) -> QPushButton:
        """Return the button that starts the job."""
        return self._run

    @property
    def ready(self) -> bool:
        """Return whether a job can be started now."""
        return not self._unavailable and not self._busy

    def set_unavailable(self, sentence: str) -> None:
        """Say why there is nothing to start, or with an empty sentence that there is."""
        changed, self._unavailable = sentence != self._unavailable, sentence
        if changed and not self._busy:
            self._status.setText(sentence)
        self._show()

    def set_status(self, text: str) -> None:
        """Show one line below."""
        self._status.setText(text)

    def forget(self) -> None:
        """Say no more of the job before; one that is under way goes on."""
        if not self._busy:
            self._status.setText(self._unavailable)

    def set_progress(self, percent: Optional[float]) -> None:
        """Show how far it is; None where nothing is under way. Below 0 the bar moves without saying how far."""
        self._busy = percent is not None
        self._cancel.setEnabled(True)
        self._bar.setRange(0, 100 if percent is None or percent >= 0 else 0)
        self._bar.setValue(int(percent or 0))
        self._show()

    def forbid_cancelling(self) -> None:
        """Disable Cancel until `set_progress`: what is under way is not to be stopped any more."""
        self._cancel.setEnabled(False)

    def follow(self, state: JobState) -> None:
        """Show how far a job is and what it says."""
        self.set_progress(state.progress if state.started else -1)
        self.set_status(" · ".join(text for text in (labels.text(state.message or state.status), _left(state)) if text))

    def _show(self) -> None:
        self._run.setVisible(not self._busy)
        self._run.setEnabled(not self._unavailable)
        self._cancel.setVisible(self._busy)
        self._bar.setVisible(self._busy)


def _left(state: JobState) -> str:
    if state.remaining_s is None:
        return ""
    if state.remaining_s >= 120:
        minutes = QCoreApplication.translate("JobRow", "{minutes} min left")
        return minutes.format(minutes=round(state.remaining_s / 60))
    return QCoreApplication.translate("JobRow", "{seconds} s left").format(seconds=round(state.remaining_s))
