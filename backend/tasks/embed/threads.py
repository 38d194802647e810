"""Reading ahead of the model and writing behind it, each in a thread of its own, a bounded number of steps away."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
Coming = Generator[tuple[Given, Made], None, None]


def ahead(given: Iterable[Given], work: Callable[[Given], Made], depth: int) -> Coming[Given, Made]:
    """Yield each of `given` with what `work` makes of it in another thread, at most `depth` made in advance.

    `given` itself is gone through in the caller's thread. Raises what `work` raises. Close it to stop early.
    """
    pool = ThreadPoolExecutor(1, "reading ahead")
    coming: deque[tuple[Given, Future[Made]]] = deque()
    try:
        for one in given:
            coming.append((one, pool.submit(work, one)))
            if len(coming) > depth:
                first, made = coming.popleft()
                yield first, made.result()
        while coming:
            first, made = coming.popleft()
            yield first, made.result()
    finally:
        pool.shutdown(cancel_futures=True)


class Behind:
    """Does things in order in another thread while the block goes on; what one raises, a later call or the end does."""

    def __init__(self, depth: int) -> None:
        """Let at most `depth` things wait."""
        self._pool = ThreadPoolExecutor(1, "writing behind")
        self._waiting: deque[Future[None]] = deque()
        self._depth = depth

    def __enter__(self) -> Behind:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            while kind is None and self._waiting:
                self._waiting.popleft().result()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def do(self, work: Callable[[], None]) -> None:
        """Do `work` some time, after all that came before."""
        self._waiting.append(self._pool.submit(work))
        while len(self._waiting) > self._depth:
            self._waiting.popleft().result()
