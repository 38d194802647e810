"""A program: the backend tests' scripted server with sessions that answer, for a plugin to talk to.

An object is the square of side 2 around each positive point; `seconds` slows a prediction down.
"""

import sys
import time
from pathlib import Path

from backend.errors import BadInput, Unavailable
from backend.protocol import PROTOCOL_VERSION, codes
from backend.protocol.capabilities import Capabilities, Device, ModelInfo, Parameter, Task
from backend.protocol.sessions import PredictResponse, SessionInfo
from backend.server import lifetime
from backend.server.main import serve
from backend.server.settings import Settings
from tests.backend.server.scripted import ScriptedEngine, ScriptedSession

SECONDS = Parameter("seconds", "number", 0.0, "Seconds")


def square(point):
    x, y = point.x, point.y
    return (((x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1), (x - 1, y - 1)),)


class Session(ScriptedSession):
    def __init__(self, request, folder):
        super().__init__("", request.model, folder)
        self.info = SessionInfo("", request.model, "EPSG:32611", 40, 30, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1.0, "cpu")
        self._path, self._masks = Path(request.source.path), set()

    def predict(self, request, on_step):
        self._log(f"predict {'hover' if request.hover else 'click'} {len(request.prompts.points)} {request.mask}")
        if request.mask and request.mask not in self._masks:
            raise BadInput(codes.PROMPT_INVALID, "This mask is not known.")
        if not self._path.exists():
            raise BadInput(codes.SOURCE_MISSING, "The file is gone.", 404)
        time.sleep(float(request.parameters.get("seconds", 0)))
        positive = [point for point in request.prompts.points if point.label == 1]
        if any(point.x < 0 for point in positive):
            raise BadInput(codes.PROMPT_OUTSIDE, "The point is outside the image.")
        self._masks.add(f"m{request.sequence}")
        polygons = tuple(square(point) for point in positive)
        return PredictResponse(request.sequence, polygons, 0.9, 4.0 * len(polygons), f"m{request.sequence}")

    def focus(self, point):
        self._log(f"focus {point.x:g}")


class Engine(ScriptedEngine):
    def __init__(self, folder):
        super().__init__(folder)
        self._installed = False

    def capabilities(self):
        model = ModelInfo("tiny", "Tiny", ("segment",), "MIT", "core", self._installed, False, 10, "fast")
        slow = ModelInfo("slow", "Slow", ("segment",), "MIT", "core", True, True, 0, "slow", hover=False)
        task = Task("segment", "Segment", "slow", (SECONDS,))
        device = Device("cpu", "test", notice="CUDA was asked for; the CPU is used.")
        return Capabilities(PROTOCOL_VERSION, "0", ("core",), device, (task,), (model, slow), 1, 1, 1)

    def _write(self, parameters, folder, step):
        path = folder / "result.bin"
        path.write_bytes(bytes(parameters["size"]))
        return [path]

    def _fail(self, parameters, folder, step):
        raise Unavailable(codes.OUT_OF_MEMORY, "The model does not fit; file /srv/secret/place.tif.", 507)

    def open(self, session_id, request):
        if request.model == "missing":
            raise Unavailable(codes.MODEL_NOT_INSTALLED, "Install it first.")
        return Session(request, self._folder)

    def download(self, model_id, token, revision, step):
        step(50, "half")
        self._installed = True

    def remove(self, model_id):
        self._installed = False


if __name__ == "__main__":
    data = Path(sys.argv[1])
    data.mkdir(parents=True, exist_ok=True)
    remote = {"remote": True, "roots": ()} if "--remote" in sys.argv else {}
    serve(Settings(token=lifetime.read_token(), runs=data / "runs", **remote), Engine(data), data)
