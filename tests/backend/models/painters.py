"""Change painters with drawn weights, of the files that the real one has."""

from backend.models.generator import GeneratorModel
from backend.models.generator_network import GeneratorConfig
from backend.models.mini_painter import MiniPainter
from backend.models.painter_fill import EXTRA
from backend.training.generator_export import export
from backend.training.painter_export import VELOCITY
from tests.backend.models.generators import drawn

TINY = GeneratorConfig((8, 12, 16), (1, 1, 1), 2, (8, 1), 16, EXTRA)


def tiny(folder):
    """Return a painter whose files lie in `folder`/painter and `folder`/generator."""
    export(drawn(TINY), folder / "painter", VELOCITY)
    export(drawn(), folder / "generator")
    return MiniPainter(folder / "painter", GeneratorModel(folder / "generator"))


def changed_into(painter, image, before, then, place):
    """Return a picture after a change of its labels, with nothing painted around it."""
    return painter.after(image, before, then, before != then, place)
