"""What embeddings are good for without examples: their clusters, and what changed since another date."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Sequence, Tuple

from qgis.PyQt.QtCore import QSignalBlocker
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QVBoxLayout, QWidget

from ...backend.protocol.capabilities import Parameter
from .accessible import add_named_row
from .job_row import JobRow
from .parameter_form import KINDS, ParameterForm

METHOD, KMEANS = "method", "kmeans"


class ClusterForm(QWidget):
    """Method, number and seed."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._form = ParameterForm()
        self.job = JobRow("cluster", self.tr("Find clusters"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._form)
        column.addWidget(self.job)

    def set_parameters(self, parameters: Iterable[Parameter]) -> None:
        """Show the task's parameters; what was set stays."""
        self._form.set_parameters([one for one in parameters if one.kind in KINDS], self._form.values())

    def values(self) -> Dict[str, Any]:
        """Return what is set."""
        return self._form.values()


class CompareForm(QWidget):
    """The embeddings of another date."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._other = QComboBox()
        self._other.setObjectName("otherDate")
        self._other.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.job = JobRow("compare", self.tr("Show what changed"))
        form = QFormLayout()
        add_named_row(form, self.tr("Later date"), self._other)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.job)

    def set_files(self, files: Sequence[Tuple[str, str]]) -> None:
        """List the embeddings to compare with as (title, path)."""
        current, blocker = self.path(), QSignalBlocker(self._other)
        self._other.clear()
        for title, path in files:
            self._other.addItem(title, path)
        self._other.setCurrentIndex(max(0, self._other.findData(current)))
        blocker.unblock()

    def path(self) -> str:
        """Return the file of the later date, empty for none."""
        return self._other.currentData() or ""

    def title(self) -> str:
        """Return its name."""
        return self._other.currentText()
