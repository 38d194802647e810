"""First run, and later repair: what will be installed, where, how big, one button."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..errors import UserError
from ..server.plan import Plan
from . import labels


class SetupPage(QWidget):
    """Shows a plan before anything is downloaded, then progress and log."""

    plan_asked = pyqtSignal(str, str)
    install_asked = pyqtSignal()
    cancel_asked = pyqtSignal()
    repair_asked = pyqtSignal()
    remove_asked = pyqtSignal()
    move_asked = pyqtSignal()
    bundle_import_asked = pyqtSignal()
    bundle_export_asked = pyqtSignal()
    python_asked = pyqtSignal()
    remote_asked = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._tier = QComboBox()
        self._tier.setObjectName("tier")
        self._tier.addItem(self.tr("Core: works offline, no PyTorch"), "core")
        self._tier.addItem(self.tr("Full: with PyTorch, for SAM and other hub models"), "full")
        self._variant = QComboBox()
        self._variant.setObjectName("variant")
        self._variant.addItem(self.tr("Choose for me"), "")
        self._variant.addItem("CPU", "cpu")
        self._variant.addItem("NVIDIA CUDA", "cuda")
        for combo in (self._tier, self._variant):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._plan = QLabel()
        self._plan.setWordWrap(True)
        self._plan.setObjectName("plan")
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setObjectName("setupProblem")
        self._install = QPushButton(self.tr("Install"))
        self._install.setObjectName("install")
        self._install.setEnabled(False)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._progress = QProgressBar()
        self._step = QLabel()
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setMaximumBlockCount(2000)
        self._build()
        self._connect()
        self.set_running(False)

    def tier(self) -> str:
        """Return the picked tier."""
        return self._tier.currentData()

    def ask_plan(self) -> None:
        """Ask for a plan for what is picked now."""
        self._install.setEnabled(False)
        self._plan.setText(self.tr("Looking for Python and the graphics driver…"))
        self.plan_asked.emit(self._tier.currentData(), self._variant.currentData())

    def show_plan(self, plan: Plan) -> None:
        """Show what `plan` would install, where, and how big it is."""
        text = self.tr(
            "{tier} for {variant}: downloads about {download}, takes about {disk} of the {free} free, into\n{folder}\n"
            "with the Python at {python}. Nothing is changed in QGIS itself."
        ).format(
            tier=labels.text(plan.tier),
            variant=plan.variant.upper(),
            download=labels.file_size(plan.download_size),
            disk=labels.file_size(plan.disk_size),
            free=labels.file_size(plan.free),
            folder=_short(plan.folder),
            python=plan.python or self.tr("(downloaded too)"),
        )
        self._plan.setText("\n".join([text, *plan.notes]))
        self._plan.setToolTip(str(plan.environment))
        self._install.setEnabled(True)

    def show_problem(self, error: UserError) -> None:
        """Say why the plan or the installation failed and what to do."""
        self._problem.setText(f"{error.sentence} {error.action}".strip())
        self._problem.setVisible(True)

    def set_running(self, running: bool) -> None:
        """Switch between the choice and the progress view."""
        for widget in (self._install, self._tier, self._variant):
            widget.setVisible(not running)
        for widget in (self._cancel, self._progress, self._step):
            widget.setVisible(running)
        self._log.setVisible(running or bool(self._log.toPlainText()))
        if running:
            self._problem.setVisible(False)

    def set_progress(self, percent: float, text: str) -> None:
        """Show how far it is."""
        self._progress.setValue(int(percent))
        self._step.setText(text)

    def add_log(self, line: str) -> None:
        """Append one line of the installer's log."""
        self._log.appendPlainText(line)

    def _build(self) -> None:
        title = QLabel(self.tr("Toposcope runs its models in a separate Python environment. It is not installed yet."))
        title.setWordWrap(True)
        column = QVBoxLayout(self)
        for widget in (title, self._tier, self._variant, self._plan, self._install):
            column.addWidget(widget)
        for widget in (self._step, self._progress, self._cancel, self._problem, self._log):
            column.addWidget(widget)
        column.addWidget(self._more())
        column.addStretch(1)

    def _more(self) -> QToolButton:
        """Return the button with what is needed seldom."""
        menu = QMenu(self)
        for text, signal in (
            (self.tr("Repair"), self.repair_asked),
            (self.tr("Move…"), self.move_asked),
            (self.tr("Remove"), self.remove_asked),
            (self.tr("Import offline bundle…"), self.bundle_import_asked),
            (self.tr("Export offline bundle…"), self.bundle_export_asked),
            (self.tr("Use a Python of my own…"), self.python_asked),
            (self.tr("Use a server…"), self.remote_asked),
        ):
            menu.addAction(text).triggered.connect(signal)
        button = QToolButton()
        button.setObjectName("more")
        button.setText(self.tr("More"))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _connect(self) -> None:
        self._tier.currentIndexChanged.connect(self.ask_plan)
        self._variant.currentIndexChanged.connect(self.ask_plan)
        self._install.clicked.connect(self.install_asked)
        self._cancel.clicked.connect(self.cancel_asked)


def _short(folder: str) -> str:
    """Return a folder below the user's own as `~/…`; the tooltip has it in full."""
    home = str(Path.home())
    return "~" + folder[len(home) :] if folder.startswith(home + os.sep) else folder
