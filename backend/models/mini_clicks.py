"""Mini's click head at work: look, measure the object, look again at a scale that suits it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from . import mini_prompts
from .many_points import click
from .mini_graphs import Floats, Graph, batch
from .mini_prompts import STRIDE
from .mini_views import Box, View, around, first_view
from .resample import resample
from .segmenter import CropPrompts, Decoded, Image, Mask

EMPTY = -8.0
LOOKS = 3
KEPT = 2
MEMORY_STEP = 2
AT_ONCE = 8
"""Single clicks that are decoded together, which keeps several cores busy; one core gains nothing by more."""


@dataclass(frozen=True)
class Features:
    """What the click decoder takes: features at strides 8, 4 and 4, each (1, channels, h, w)."""

    coarse: Floats
    fine: Floats
    similar: Floats

    @property
    def nbytes(self) -> int:
        """Return the bytes of the features."""
        return self.coarse.nbytes + self.fine.nbytes + self.similar.nbytes

    def part(self, view: View) -> Features:
        """Return the features inside a native view."""

        def cells(stride: int) -> tuple[slice, slice]:
            bottom, right = view.top + view.height, view.left + view.width
            return slice(view.top // stride, -(-bottom // stride)), slice(view.left // stride, -(-right // stride))

        coarse, fine = cells(2 * STRIDE), cells(STRIDE)
        return Features(self.coarse[:, :, *coarse], self.fine[:, :, *fine], self.similar[:, :, *fine])


@dataclass(frozen=True)
class Encoded:
    """A crop, no data made grey: its pixels for closer looks, its features, and those of the latest views."""

    image: Image
    features: Features
    views: OrderedDict[View, Features] = field(default_factory=OrderedDict)

    @property
    def size(self) -> tuple[int, int]:
        """Return the crop's rows and columns."""
        return self.image.shape[0], self.image.shape[1]

    @property
    def nbytes(self) -> int:
        """Return the bytes held, with those of views to come."""
        return self.image.nbytes + self.features.nbytes * 3 // 2


class Clicks:
    """Answers prompts on encoded crops."""

    def __init__(self, encoder: Graph, decoder: Graph) -> None:
        self._encoder, self._decoder = encoder, decoder

    def encode(self, image: Image, valid: Mask) -> Encoded:
        """Return the crop with its features."""
        grey = np.where(valid[:, :, None], image, np.uint8(127))
        return Encoded(grey, self._features(grey))

    def decode(self, crop: Encoded, prompts: CropPrompts) -> Decoded:
        """Return the object; parts of it that no positive click touches are left out.

        The mask of an earlier answer, a box or the surroundings of the clicks say where to look first. A view that
        cuts the object off, or in which it is small, is changed for one that suits it, at most twice.
        """
        wanted = wanted_places(prompts)
        if not len(wanted):
            return Decoded(np.full(crop.size, EMPTY, np.float32), 0.0)
        view = self._start(crop, prompts, wanted)
        for _ in range(LOOKS):
            logits, score = self._look(crop, view, prompts)
            box = extent(logits > 0, wanted)
            if view.suits(box, crop.size):
                break
            view = self._view(crop, box)
        return Decoded(logits, score, logits[::MEMORY_STEP, ::MEMORY_STEP].copy())

    def decode_points(self, crop: Encoded, points: Floats) -> Iterator[Decoded]:
        """Yield the first look's answer to a click on each of `points` (n, 2): the crop's own features serve all."""
        for start in range(0, len(points), AT_ONCE):
            looks = [
                (first_view(prompts.points, crop.size), prompts)
                for prompts in map(click, points[start : start + AT_ONCE])
            ]
            seen = [crop.features.part(view) for view, _ in looks]
            found = self._decoder(
                coarse=np.concatenate([features.coarse for features in seen]),
                fine=np.concatenate([features.fine for features in seen]),
                maps=np.stack([_maps(features, *look) for features, look in zip(seen, looks, strict=True)]),
            )
            for number, look in enumerate(looks):
                yield Decoded(*_answer(crop, *look, found, number))

    def _start(self, crop: Encoded, prompts: CropPrompts, wanted: Floats) -> View:
        if prompts.logits is not None and (prompts.logits > 0).any():
            x0, y0, x1, y1 = (
                MEMORY_STEP * edge for edge in extent(prompts.logits > 0, wanted / np.float32(MEMORY_STEP))
            )
            return self._view(crop, (x0, y0, x1, y1))
        if prompts.box is not None:
            return self._view(crop, extent(np.zeros((1, 1), bool), wanted))
        return first_view(wanted, crop.size)

    def _view(self, crop: Encoded, box: Box) -> View:
        """Return a view that was seen before and suits, or a new one."""
        kept = [view for view in reversed(crop.views) if view.suits(box, crop.size)]
        return kept[0] if kept else around(box, crop.size)

    def _look(self, crop: Encoded, view: View, prompts: CropPrompts) -> tuple[Floats, float]:
        features = crop.features.part(view) if view.native else self._closer(crop, view)
        maps = _maps(features, view, prompts)[None]
        return _answer(crop, view, prompts, self._decoder(coarse=features.coarse, fine=features.fine, maps=maps), 0)

    def _closer(self, crop: Encoded, view: View) -> Features:
        if view not in crop.views:
            part = crop.image[view.top : view.top + view.height, view.left : view.left + view.width]
            crop.views[view] = self._features(resample(part, view.size))
            while len(crop.views) > KEPT:
                crop.views.popitem(last=False)
        crop.views.move_to_end(view)
        return crop.views[view]

    def _features(self, image: Image) -> Features:
        found = self._encoder(image=batch(image))
        return Features(found["coarse"], found["fine"], found["similar"])


def _maps(features: Features, view: View, prompts: CropPrompts) -> Floats:
    """Return the prompts drawn as a view of these features shows them."""
    shape = (features.fine.shape[2], features.fine.shape[3])
    inside = view.holds(prompts.points)
    box = None if prompts.box is None else view.placed(prompts.box.reshape(2, 2)).ravel()
    earlier = None if prompts.logits is None else view.cut(prompts.logits, MEMORY_STEP, shape)
    points = view.placed(prompts.points[inside])
    return mini_prompts.draw(points, prompts.labels[inside], box, earlier, features.similar[0])


def _answer(
    crop: Encoded, view: View, prompts: CropPrompts, found: dict[str, Any], number: int
) -> tuple[Floats, float]:
    """Return the crop's logits of one answer, what no positive click touches left out, and the expected IoU."""
    rows, columns = view.size[0] / 2, view.size[1] / 2
    seen = found["mask"][number, 0, : int(np.ceil(rows)), : int(np.ceil(columns))]
    logits = view.pasted(seen, crop.size, EMPTY)
    inside = view.holds(prompts.points)
    here = logits[view.top : view.top + view.height, view.left : view.left + view.width]
    corner = np.array([view.left, view.top], np.float32)
    leave_untouched_parts(here, replace(prompts, points=prompts.points[inside] - corner, labels=prompts.labels[inside]))
    return logits, float(found["score"][number])


def wanted_places(prompts: CropPrompts) -> Floats:
    """Return the places (n, 2) x, y that the object reaches as far as is known: positive clicks, a box's corners."""
    positive = prompts.points[prompts.labels == 1].reshape(-1, 2)
    return positive if prompts.box is None else np.concatenate([positive, prompts.box.reshape(2, 2)])


def extent(mask: Mask, points: Floats) -> Box:
    """Return x0, y0, x1, y1 of a mask (which may be empty) and of at least one point (x, y)."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    places = points
    if len(rows):
        places = np.concatenate([points, [[columns[0], rows[0]], [columns[-1] + 1, rows[-1] + 1]]])
    (x0, y0), (x1, y1) = places.min(0).tolist(), places.max(0).tolist()
    return x0, y0, x1, y1


def leave_untouched_parts(logits: Floats, prompts: CropPrompts) -> None:
    """Make parts of the mask negative that hold no positive click, where at least one part holds one.

    Args:
        logits: (h, w), changed in place.
        prompts: their points lie in the pixels of `logits`.
    """
    from scipy.ndimage import label

    parts, count = label(logits > 0)
    places = prompts.points[prompts.labels == 1].astype(int)
    columns, rows = (np.clip(places[:, axis], 0, logits.shape[1 - axis] - 1) for axis in (0, 1))
    kept = np.zeros(count + 1, np.bool_)
    kept[parts[rows, columns]] = True
    if kept[1:].any():
        kept[0] = True
        left = ~kept[parts]
        logits[left] = -logits[left]
