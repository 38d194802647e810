"""What the server serves, as it sees it: capabilities, jobs, sessions, questions to embeddings, weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from backend.jobs.step import Step
from backend.protocol.asks import AskInfo, AskRequest, ClassesAnswer, ClassesRequest, HeatAnswer, HeatRequest
from backend.protocol.capabilities import Capabilities
from backend.protocol.jobs import JobRequest
from backend.protocol.prompts import Point
from backend.protocol.sessions import PredictRequest, PredictResponse, SessionInfo, SessionRequest


class OpenSession(Protocol):
    """An image opened for clicks; all calls come from the device thread."""

    @property
    def info(self) -> SessionInfo:
        """Return what the client is told on opening."""

    def predict(self, request: PredictRequest, on_step: Callable[[], None]) -> PredictResponse:
        """Return the object the prompts point at; `on_step` is called between pieces and may raise."""

    def focus(self, point: Point) -> None:
        """Encode the crop around `point` ahead of a click."""

    def close(self) -> None:
        """Close the source; embeddings stay in the shared cache."""


class OpenAsk(Protocol):
    """Embeddings opened for questions; all calls come from the device thread. `on_step` is as in `OpenSession`."""

    @property
    def info(self) -> AskInfo:
        """Return what the client is told on opening."""

    def heat(self, request: HeatRequest, on_step: Callable[[], None]) -> tuple[HeatAnswer, bytes]:
        """Return how alike every place of the view is to what was shown, and its image."""

    def classes(self, request: ClassesRequest, on_step: Callable[[], None]) -> tuple[ClassesAnswer, bytes]:
        """Return which class every place of the view is of, and its image."""

    def close(self) -> None:
        """Close the file and free memory."""


class Engine(Protocol):
    """Tasks and models behind the server. Errors are `ToposcopeError`s."""

    def capabilities(self) -> Capabilities:
        """Return what can be done here. Called from any thread; imports nothing heavy."""

    def check(self, request: JobRequest) -> None:
        """Raise BadInput where a job can be refused before it is registered: unknown task, model or parameter."""

    def run(self, request: JobRequest, folder: Path, step: Step) -> Iterable[Path]:
        """Run a job on the device thread and return its result files."""

    def open(self, session_id: str, request: SessionRequest) -> OpenSession:
        """Open a source for clicks, on the device thread."""

    def open_ask(self, ask_id: str, request: AskRequest) -> OpenAsk:
        """Open embeddings for questions, on the device thread."""

    def unload(self, model_id: str = "") -> None:
        """Free one loaded model or all, and the embeddings, on the device thread."""

    def knows(self, model_id: str) -> bool:
        """Return whether the catalogue has this model."""

    def download(self, model_id: str, token: str, revision: str, step: Step) -> None:
        """Download and verify a model's weights, on the I/O thread."""

    def import_weights(self, model_id: str, path: Path, step: Step) -> None:
        """Copy and verify a model's weights from a file or folder, on the I/O thread."""

    def remove(self, model_id: str) -> None:
        """Unload a model and delete its weights, on the device thread."""
