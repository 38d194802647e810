"""Small matrices on one thread: on a busy machine, handing them out to several costs ten times what they take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra within the block run on the calling thread; the setting is put back after."""
    with _controller().limit(limits=1):
        yield


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    import scipy.linalg  # noqa: F401 # libraries that are loaded after the controller is made are not held
    import sklearn  # noqa: F401

    return ThreadpoolController()


@contextmanager
def numpy_on_one_thread() -> Iterator[None]:
    """Do the same for NumPy's own products alone, without loading anything."""
    with _numpy().limit(limits=1, user_api="blas"):
        yield


@lru_cache(maxsize=1)
def _numpy() -> ThreadpoolController:
    return ThreadpoolController()
