"""The dock: a status line above pages. A new task adds a page here and nothing else."""

from __future__ import annotations

from typing import Optional

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

USUAL_CHARACTERS = 48
"""How wide the panel opens first; it can be made as narrow as its pages allow."""


class ToposcopeDock(QgsDockWidget):
    """Tabs of pages, or the setup page while there is no backend."""

    restart_asked = pyqtSignal()
    setup_asked = pyqtSignal()

    def __init__(self, setup_page: QWidget, parent: Optional[QWidget] = None) -> None:
        super().__init__("Toposcope", parent)
        self.setObjectName("ToposcopeDock")
        self._setup_page = setup_page
        self._tabs = QTabWidget()
        self._tabs.setCornerWidget(self._page_list())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._tabs)
        self._stack.addWidget(_ScrollingPage(setup_page))
        self._status = QLabel()
        self._status.setObjectName("backendStatus")
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self._status.setWordWrap(True)
        self._restart = QToolButton()
        self._restart.setText(self.tr("Restart"))
        self._restart.setToolTip(self.tr("Restart the backend process"))
        self._restart.clicked.connect(self.restart_asked)
        self._setup = QToolButton()
        self._setup.setText(self.tr("Setup"))
        self._setup.setToolTip(self.tr("Install, repair, move or remove the backend, or use another one"))
        self._setup.setCheckable(True)
        self._setup.toggled.connect(self._on_setup)
        self._build()

    def add_page(self, page: QWidget, title: str) -> None:
        """Append a page as a tab."""
        self._tabs.addTab(_ScrollingPage(page), title)

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front."""
        for index in range(self._tabs.count()):
            if self._tabs.widget(index).widget() is page:
                self._tabs.setCurrentIndex(index)

    def show_setup(self, shown: bool) -> None:
        """Show the setup page instead of the tabs."""
        self._setup.setChecked(shown)

    def usual_width(self) -> int:
        """Return the width at which most sentences fit into two lines."""
        return USUAL_CHARACTERS * self.fontMetrics().averageCharWidth()

    def set_status(self, text: str, can_restart: bool) -> None:
        """Show the backend's state in one line."""
        self._status.setText(text)
        self._restart.setVisible(can_restart)

    def _page_list(self) -> QToolButton:
        """Return a button with the names of all pages: a narrow panel shows only some of the tabs."""
        button, menu = QToolButton(), QMenu(self)
        button.setObjectName("pageList")
        button.setArrowType(Qt.ArrowType.DownArrow)
        button.setAutoRaise(True)
        button.setToolTip(self.tr("All pages"))
        button.setAccessibleName(self.tr("All pages"))
        menu.setObjectName("pages")
        menu.aboutToShow.connect(lambda: self._fill(menu))
        button.clicked.connect(lambda _: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))
        return button

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for index in range(self._tabs.count()):
            action = menu.addAction(self._tabs.tabText(index))
            action.setCheckable(True)
            action.setChecked(index == self._tabs.currentIndex())
            action.triggered.connect(lambda _, index=index: self._tabs.setCurrentIndex(index))

    def _on_setup(self, shown: bool) -> None:
        self._stack.setCurrentIndex(1 if shown else 0)
        if shown:
            self.setup_asked.emit()

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self._status, 1)
        bar.addWidget(self._restart)
        bar.addWidget(self._setup)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(4, 4, 4, 4)
        column.addLayout(bar)
        column.addWidget(self._stack)
        self.setWidget(body)


class _ScrollingPage(QScrollArea):
    """Scrolls up and down only: as wide as its page needs, also when the page gets other content."""

    def __init__(self, page: QWidget):
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)
        page.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the page's needs."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        needed = self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(needed)
