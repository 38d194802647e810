import os

import pytest

from backend import memory


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not limit a process to some cores")
def test_only_the_cores_this_process_may_use_count(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert memory.threads() == max(1, len(os.sched_getaffinity(0)) - 1)


def test_free_memory_is_part_of_all():
    assert 0 < memory.free_memory() <= memory.total_memory()
