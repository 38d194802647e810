"""What the Setup page's buttons do: plan, install, repair, move, bundles, an own Python, a server elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox

from .. import credentials
from ..client.authority import read_authority
from ..client.failures import ClientError
from ..errors import UserError, user_error
from ..settings import BACKEND_MODE, CA_FILE, LOCAL, REMOTE, REMOTE_URL, Settings
from ..state.connection import Connection
from ..state.installation import Installation
from .setup_page import SetupPage


class SetupActions(QObject):
    """Lives as long as the plugin: closing the panel does not stop an installation."""

    def __init__(
        self,
        page: SetupPage,
        installation: Installation,
        connection: Connection,
        settings: Settings,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._installation = page, installation
        self._connection, self._settings = connection, settings
        self._plan = None
        installation.planned.connect(self._on_planned)
        installation.plan_failed.connect(page.show_problem)
        installation.started.connect(lambda: page.set_running(True))
        installation.progress.connect(page.set_progress)
        installation.log.connect(page.add_log)
        installation.finished.connect(self._on_finished)
        page.plan_asked.connect(installation.plan)
        page.install_asked.connect(self._install)
        page.cancel_asked.connect(installation.cancel)
        page.repair_asked.connect(lambda: self._when_idle(installation.repair))
        page.remove_asked.connect(self._remove)
        page.move_asked.connect(self._move)
        page.bundle_import_asked.connect(self._import_bundle)
        page.bundle_export_asked.connect(self._export_bundle)
        page.python_asked.connect(self._use_python)
        page.remote_asked.connect(self._use_server)

    def _on_planned(self, plan) -> None:
        self._plan = plan
        self._page.show_plan(plan)

    def _on_finished(self, ok: bool, error: Optional[UserError]) -> None:
        self._page.set_running(False)
        if error is not None:
            self._page.show_problem(error)
        self._page.ask_plan()

    def _when_idle(self, action) -> None:
        if not self._installation.running:
            action()

    def _install(self) -> None:
        if self._plan is not None and not self._installation.running:
            self._settings.set(BACKEND_MODE, LOCAL)
            self._installation.install(self._plan)

    def _remove(self) -> None:
        question = self.tr("Remove the Python environments and downloads? Models, runs and your layers stay.")
        answer = QMessageBox.question(self._page, "Toposcope", question)
        if answer == QMessageBox.StandardButton.Yes:
            self._when_idle(self._installation.remove)

    def _move(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._page, self.tr("Move the environment into"))
        if folder:
            self._when_idle(lambda: self._installation.move(Path(folder)))

    def _import_bundle(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._page, self.tr("Import bundle"), "", self.tr("Bundles (*.zip)"))
        if path:
            self._settings.set(BACKEND_MODE, LOCAL)
            self._when_idle(lambda: self._installation.import_bundle(Path(path)))

    def _export_bundle(self) -> None:
        if self._plan is None:
            return
        path, _ = QFileDialog.getSaveFileName(self._page, self.tr("Export bundle"), "toposcope-bundle.zip")
        if path:
            self._when_idle(lambda: self._installation.export_bundle(self._plan, Path(path)))

    def _use_python(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._page, self.tr("A Python with the backend's packages"))
        if path and not self._installation.running:
            self._settings.set(BACKEND_MODE, LOCAL)
            self._installation.use_python(path)

    def _use_server(self) -> None:
        label = self.tr("Address of a Toposcope server, like https://host:port. Empty: use this computer.")
        url, accepted = QInputDialog.getText(
            self._page, "Toposcope", label, QLineEdit.EchoMode.Normal, self._settings.get(REMOTE_URL)
        )
        if not accepted:
            return
        try:
            taken = not url.strip() or self._ask_server(url.strip())
        except ClientError as error:
            self._page.show_problem(user_error(error.problem))
            return
        if taken:
            self._settings.set(REMOTE_URL, url.strip())
            self._settings.set(BACKEND_MODE, REMOTE if url.strip() else LOCAL)
            self._connection.restart()

    def _ask_server(self, url: str) -> bool:
        """Ask for what belongs to a server and keep it; return False where nothing is to change."""
        key = credentials.server(url)
        label = self.tr("The server's token. Empty: the one that is kept for this address.")
        token, accepted = QInputDialog.getText(self._page, "Toposcope", label, QLineEdit.EchoMode.Password)
        if not accepted:
            return False
        file = self._ask_authority()
        if file is None:
            return False
        if file:
            read_authority(Path(file))
        if token.strip() and not credentials.write(key, token.strip()):
            self._page.show_problem(
                UserError(
                    self.tr("The token is not kept"),
                    self.tr("QGIS's authentication database did not take the token."),
                    self.tr("Enter QGIS's master password when it asks, or set it in Settings → Options."),
                )
            )
            return False
        self._settings.set(CA_FILE, file)
        return True

    def _ask_authority(self) -> Optional[str]:
        """Return the file of the server's own certificate, empty where it has none, None where it was cancelled."""
        question = self.tr("Does the server have a certificate of its own, as a file that you can choose?")
        if QMessageBox.question(self._page, "Toposcope", question) != QMessageBox.StandardButton.Yes:
            return ""
        kinds = self.tr("Certificates (*.pem *.crt *.cer);;All files (*)")
        title = self.tr("The server's certificate")
        return QFileDialog.getOpenFileName(self._page, title, self._settings.get(CA_FILE), kinds)[0] or None
