"""A program: the real server around an engine whose work is scripted."""

import sys
import time
from pathlib import Path

from backend.errors import BadInput, Unavailable
from backend.protocol import PROTOCOL_VERSION, codes
from backend.protocol.capabilities import Capabilities, Device
from backend.protocol.sessions import PredictResponse, SessionInfo
from backend.server import lifetime
from backend.server.main import serve
from backend.server.settings import Settings


class ScriptedSession:
    def __init__(self, session_id, model, folder):
        self.info = SessionInfo(session_id, model, "EPSG:4326", 4, 3, (1.0, 0.0, 0.0, 0.0, -1.0, 0.0), 1.0, "cpu")
        self._folder = folder

    def predict(self, request, on_step):
        time.sleep(float(request.parameters.get("seconds", 0)))
        for _ in range(request.parameters.get("crops", 0)):
            on_step()
            time.sleep(0.05)
        self._log(f"predict {request.sequence}")
        return PredictResponse(request.sequence, (), 0.5, 1.0)

    def focus(self, point):
        self._log(f"focus {point.x}")

    def close(self):
        self._log("close")

    def _log(self, text):
        with (self._folder / "session.log").open("a") as file:
            file.write(text + "\n")


class ScriptedEngine:
    """Tasks: `count` (pieces of `seconds` each), `stuck` (one long native call), `write`, `fail`, `crash`, `full`."""

    def __init__(self, folder):
        self._folder = folder

    def capabilities(self):
        return Capabilities(PROTOCOL_VERSION, "0", ("core",), Device("cpu", "test"), (), (), 1, 1, 1)

    def check(self, request):
        if request.task not in ("count", "stuck", "write", "fail", "crash", "full"):
            raise BadInput(codes.BAD_REQUEST, f"There is no task {request.task!r}.")

    def run(self, request, folder, step):
        return getattr(self, f"_{request.task}")(request.parameters, folder, step)

    def _count(self, parameters, folder, step):
        (folder / "half.tmp").write_text("partial")
        pieces = parameters.get("pieces", 5)
        for i in range(pieces):
            step(100 * i / pieces, f"piece {i}")
            time.sleep(parameters.get("seconds", 0.02))
        (folder / "half.tmp").unlink()
        return []

    def _stuck(self, parameters, folder, step):
        step(0, "inside")
        time.sleep(60)
        return []

    def _write(self, parameters, folder, step):
        path = folder / "result.gpkg"
        path.write_bytes(b"polygons")
        step.notice("CUDA was asked for; the CPU is used.")
        return [path]

    def _fail(self, parameters, folder, step):
        raise Unavailable(codes.OUT_OF_MEMORY, "The model does not fit.", 507)

    def _crash(self, parameters, folder, step):
        raise RuntimeError("secret detail of https://me:pass" + "word@example.org and hf_" + "abcdefgh12")

    def _full(self, parameters, folder, step):
        raise OSError(28, "No space left on device")

    def open(self, session_id, request):
        if request.model == "missing":
            raise Unavailable(codes.MODEL_NOT_INSTALLED, "Install it first.")
        if request.model == "crash":
            raise RuntimeError("secret detail")
        return ScriptedSession(session_id, request.model, self._folder)

    def unload(self, model_id=""):
        pass

    def knows(self, model_id):
        return model_id == "tiny"

    def download(self, model_id, token, revision, step):
        for i in range(10):
            step(10 * i, f"{token and 'with token'}")
            time.sleep(0.02)

    def import_weights(self, model_id, path, step):
        raise BadInput(codes.WEIGHTS_REFUSED, "Not weights.")

    def remove(self, model_id):
        pass


if __name__ == "__main__":
    data, roots = Path(sys.argv[1]), [Path(root) for root in sys.argv[2:]]
    remote = {"remote": True, "roots": tuple(roots)} if roots else {}
    settings = Settings(token=lifetime.read_token(), runs=data / "runs", upload_limit=4 << 20, **remote)
    serve(settings, ScriptedEngine(data), data)
