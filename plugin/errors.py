"""Every failure as a person sees it: what happened, and what to do. Codes come from the backend and from the client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, Tuple

from qgis.PyQt.QtCore import QCoreApplication

from ..backend.protocol import codes
from ..backend.protocol.problem import Problem
from .backend_texts import translated
from .client import failures

BACKEND_BROKEN = "backend-broken"
BACKEND_NOT_INSTALLED = "backend-not-installed"
BACKEND_NOT_STARTED = "backend-not-started"
JOB_INTERRUPTED = "job-interrupted"
OWN = (BACKEND_BROKEN, BACKEND_NOT_INSTALLED, BACKEND_NOT_STARTED, JOB_INTERRUPTED)
WRONG = (codes.PARAMETER_INVALID, codes.PROMPT_INVALID, codes.NOTHING_CHANGES)
NOT_THERE = (codes.PROMPT_OUTSIDE, codes.NO_VALID_PIXELS)


@dataclass(frozen=True)
class UserError:
    """A failure to show. `detail` is the backend's own sentence, in English; it may name files."""

    title: str
    sentence: str
    action: str
    detail: str = ""
    code: str = codes.INTERNAL

    @property
    def line(self) -> str:
        """Return what happened and what to do as one line."""
        return " ".join(part for part in (self.sentence, self.action) if part)


def user_error(problem: Problem) -> UserError:
    """Return what to show for a problem."""
    title, sentence, action = _rows().get(problem.code) or _rows()[codes.INTERNAL]
    return UserError(title, sentence, action, problem.detail, problem.code)


def told_error(problem: Problem, told: Tuple[str, ...] = (*WRONG, *NOT_THERE)) -> UserError:
    """Return what to show: of the codes in `told` only the backend knows what is wrong, and where."""
    error = user_error(problem)
    if problem.code in told and problem.detail:
        return replace(error, sentence=translated(problem.detail), action="")
    return error


def own_error(code: str, detail: str = "") -> UserError:
    """Return what to show for one of this side's `OWN` failures."""
    return user_error(Problem(code, detail, 0))


def _rows() -> Dict[str, Tuple[str, str, str]]:
    """Return title, sentence and action by code, in the language of the moment."""
    return {**_source_rows(), **_model_rows(), **_request_rows(), **_connection_rows()}


def _source_rows() -> Dict[str, Tuple[str, str, str]]:
    translate = QCoreApplication.translate
    layer = translate("Errors", "The layer cannot be used")
    result = translate("Errors", "The result cannot be written")
    return {
        codes.SOURCE_MISSING: (
            layer,
            translate("Errors", "The layer's file is not there any more."),
            translate("Errors", "Put the file back or choose another layer."),
        ),
        codes.SOURCE_UNREADABLE: (
            layer,
            translate("Errors", "The layer's file cannot be read; it may be damaged or incomplete."),
            translate("Errors", "Check the file or choose another layer."),
        ),
        codes.SOURCE_REFUSED: (
            layer,
            translate("Errors", "This kind of source is not read, because it can point to other files or addresses."),
            translate("Errors", "Export the layer to a GeoTIFF and use that."),
        ),
        codes.SOURCE_TOO_LARGE: (
            layer,
            translate("Errors", "The layer is larger than what can be opened."),
            translate("Errors", "Cut out the part you need and use that."),
        ),
        codes.SOURCE_CHANGED: (
            layer,
            translate("Errors", "The layer's file was changed while it was in use."),
            translate("Errors", "Click again to use the new content."),
        ),
        codes.NO_VALID_PIXELS: (
            translate("Errors", "There is no data here"),
            translate("Errors", "The layer has only nodata at this place."),
            translate("Errors", "Click where the layer has data."),
        ),
        codes.NOTHING_CHANGES: (
            translate("Errors", "Nothing changes"),
            translate("Errors", "Too few places have something that can change as asked."),
            translate("Errors", "Choose another area, class or event."),
        ),
        codes.PROMPT_INVALID: (
            translate("Errors", "The prompt cannot be used"),
            translate("Errors", "The points or the box do not describe an object."),
            translate("Errors", "Set at least one point on the object, or a box around it."),
        ),
        codes.PROMPT_OUTSIDE: (
            translate("Errors", "The prompt cannot be used"),
            translate("Errors", "The point or box lies outside the layer."),
            translate("Errors", "Click inside the layer."),
        ),
        codes.OUTPUT_UNWRITABLE: (
            result,
            translate("Errors", "The result cannot be written to that place."),
            translate("Errors", "Choose another folder, or close programs that hold the file open."),
        ),
        codes.DISK_FULL: (
            result,
            translate("Errors", "The disk is full. Nothing half written was left behind."),
            translate("Errors", "Free some space and try again."),
        ),
    }


def _model_rows() -> Dict[str, Tuple[str, str, str]]:
    translate = QCoreApplication.translate
    model = translate("Errors", "The model cannot be used")
    weights = translate("Errors", "The model's weights were not accepted")
    device = translate("Errors", "The device cannot be used")
    return {
        codes.MODEL_UNKNOWN: (
            model,
            translate("Errors", "The backend does not know this model, or the model cannot do this."),
            translate("Errors", "Choose another model, or update the backend."),
        ),
        codes.MODEL_NOT_INSTALLED: (
            model,
            translate("Errors", "The model's weights are not installed."),
            translate("Errors", "Download or import them, or choose a model that is installed."),
        ),
        codes.TIER_MISSING: (
            model,
            translate("Errors", "This model needs the full installation."),
            translate("Errors", "Extend the installation on the Setup page, or choose another model."),
        ),
        codes.WEIGHTS_MISMATCH: (
            weights,
            translate("Errors", "The files are not the ones this model was published with, or they are damaged."),
            translate("Errors", "Download them again, or import the right files."),
        ),
        codes.WEIGHTS_REFUSED: (
            weights,
            translate(
                "Errors", "Only safetensors and ONNX files are opened, because other formats can carry programs."
            ),
            translate("Errors", "Import the model's safetensors or ONNX files."),
        ),
        codes.WEIGHTS_GATED: (
            weights,
            translate("Errors", "The publisher gives these weights only to people who accepted its terms."),
            translate("Errors", "Accept the terms on the model's page and enter your hub token on the Models page."),
        ),
        codes.DOWNLOAD_FAILED: (
            translate("Errors", "The download failed"),
            translate("Errors", "The model's weights could not be downloaded. What has arrived is kept."),
            translate("Errors", "Check the connection and try again, or import the files."),
        ),
        codes.DEVICE_UNAVAILABLE: (
            device,
            translate("Errors", "The GPU was asked for but cannot be used."),
            translate("Errors", "Choose CPU or automatic; the first line of the Toposcope panel says why."),
        ),
        codes.OUT_OF_MEMORY: (
            device,
            translate("Errors", "There is not enough memory for this model."),
            translate("Errors", "Choose a smaller model, or close other programs."),
        ),
    }


def _request_rows() -> Dict[str, Tuple[str, str, str]]:
    translate = QCoreApplication.translate
    request = translate("Errors", "The request was not accepted")
    report = translate("Errors", "Copy the report and tell us about it.")
    return {
        codes.BAD_REQUEST: (request, translate("Errors", "Plugin and backend do not understand each other."), report),
        codes.NOT_FOUND: (
            request,
            translate("Errors", "The backend does not have that any more."),
            translate("Errors", "Try again."),
        ),
        codes.PARAMETER_INVALID: (
            request,
            translate("Errors", "A parameter is outside its limits."),
            translate("Errors", "Check the parameters and try again."),
        ),
        codes.BODY_TOO_LARGE: (
            request,
            translate("Errors", "The request is larger than what the backend takes."),
            translate("Errors", "Use a smaller area or fewer prompts."),
        ),
        codes.QUEUE_FULL: (
            request,
            translate("Errors", "The backend has too much to do already."),
            translate("Errors", "Wait until some jobs are done, or cancel them."),
        ),
        codes.SUPERSEDED: (request, translate("Errors", "A newer request took this one's place."), ""),
        codes.SESSION_GONE: (
            request,
            translate("Errors", "The backend has closed this layer."),
            translate("Errors", "Click again to open it."),
        ),
        codes.CANCELLED: (translate("Errors", "Cancelled"), translate("Errors", "The job was cancelled."), ""),
        codes.INTERNAL: (
            translate("Errors", "Something went wrong in the backend"),
            translate("Errors", "The backend met an error that it did not expect. It goes on working."),
            report,
        ),
        JOB_INTERRUPTED: (
            translate("Errors", "The job was interrupted"),
            translate("Errors", "The backend stopped before the job was done."),
            translate("Errors", "Start the job again."),
        ),
    }


def _connection_rows() -> Dict[str, Tuple[str, str, str]]:
    translate = QCoreApplication.translate
    connection = translate("Errors", "No connection to the backend")
    refused = translate("Errors", "The backend refused the connection")
    restart = translate("Errors", "Restart it in the Toposcope panel.")
    again = translate("Errors", "Try again; restart the backend if it happens again.")
    return {
        codes.UNAUTHORIZED: (
            refused,
            translate("Errors", "The token is missing or wrong."),
            translate("Errors", "Enter the backend's token again, or restart the backend."),
        ),
        codes.FORBIDDEN_HOST: (
            refused,
            translate("Errors", "The backend does not answer under this address."),
            translate("Errors", "Use the address the backend was started with."),
        ),
        codes.FORBIDDEN_ORIGIN: (
            refused,
            translate("Errors", "The request looked as if it came from a web page."),
            translate("Errors", "Check for a proxy between QGIS and the backend."),
        ),
        failures.CONNECTION_REFUSED: (connection, translate("Errors", "The backend does not answer."), restart),
        failures.CONNECTION_LOST: (connection, translate("Errors", "The connection to the backend was lost."), again),
        failures.CONNECTION_TIMEOUT: (connection, translate("Errors", "The backend did not answer in time."), again),
        failures.TLS_FAILED: (
            connection,
            translate("Errors", "The backend's certificate is not trusted."),
            translate("Errors", "Choose the server's certificate file with “Use a server…” on the Setup page."),
        ),
        failures.AUTHORITY_UNREADABLE: (
            connection,
            translate("Errors", "The server's certificate file cannot be read."),
            translate("Errors", "Choose a PEM file that holds a certificate, with “Use a server…” on the Setup page."),
        ),
        failures.ADDRESS_REFUSED: (
            connection,
            translate("Errors", "The backend's address cannot be used."),
            translate("Errors", "Write it as https://host:port."),
        ),
        failures.ANSWER_UNREADABLE: (
            connection,
            translate("Errors", "The answer is not one of the backend's, or it is damaged."),
            translate("Errors", "Check that plugin and backend have the same version, then try again."),
        ),
        failures.PROTOCOL_MISMATCH: (
            connection,
            translate("Errors", "Plugin and backend have different versions."),
            translate("Errors", "Repair the installation, or update the backend on the other machine."),
        ),
        failures.FILE_UNREADABLE: (
            translate("Errors", "The layer cannot be sent"),
            translate("Errors", "The layer's file cannot be read."),
            translate("Errors", "Check the file or choose another layer."),
        ),
        failures.FILE_UNWRITABLE: (
            translate("Errors", "The result cannot be written"),
            translate("Errors", "The result cannot be written on this computer."),
            translate("Errors", "Free some space or choose another folder."),
        ),
        BACKEND_BROKEN: (
            translate("Errors", "The backend stopped"),
            translate("Errors", "The backend stopped unexpectedly, twice in a short time."),
            translate("Errors", "Start it again in the Toposcope panel; choose a smaller model if memory is short."),
        ),
        BACKEND_NOT_INSTALLED: (
            translate("Errors", "The backend is not installed"),
            translate("Errors", "Toposcope's backend is not installed on this computer."),
            translate("Errors", "Open the Toposcope panel and install it."),
        ),
        BACKEND_NOT_STARTED: (
            translate("Errors", "The backend does not start"),
            translate("Errors", "The backend could not be started."),
            translate("Errors", "Repair the installation on the Setup page."),
        ),
    }
