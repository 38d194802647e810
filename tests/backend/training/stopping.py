"""What every run in a folder holds: stopped and made again, it ends as one that never stopped."""

import torch

FIRST, STEPS = 1, 3


def check_stopping(make, folder):
    """Compare a run of `make(folder)` with one that was stopped on its way."""
    whole = make(folder / "whole")
    whole.until(STEPS)
    make(folder / "parts").until(FIRST)
    parts = make(folder / "parts")
    assert len(parts.losses) == FIRST
    parts.until(STEPS)
    assert parts.losses == whole.losses
    for name, tensors in whole._parts().items():
        for key, value in tensors.items():
            assert torch.equal(value, parts._parts()[name][key]), (name, key)
