"""A device where there is none: tensors that say they lie on `meta`, have their values, and refuse to meet the CPU's.

As on CUDA, numbers without dimensions and indices may come from the CPU, `copy_` crosses over, and `numpy` does not.
"""

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

DEVICE = torch.device("meta")
INDEXING = (torch.ops.aten.index.Tensor, torch.ops.aten.index_put_.default)


class Elsewhere(torch.Tensor):
    """A tensor on the pretended device; `held` has its values."""

    @staticmethod
    def __new__(cls, held):
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            held.shape,
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            device=DEVICE,
        )
        made.held = held
        return made

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return computed(function, args, kwargs or {})


class Pretence(TorchDispatchMode):
    """Within it, tensors can be made on the device."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        return computed(function, args, kwargs or {})


def computed(function, args, kwargs):
    """Compute with the values; the answer lies where a device would leave it."""
    tensors = [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, torch.Tensor)]
    there = any(isinstance(value, Elsewhere) for value in tensors)
    if there and function is not torch.ops.aten.copy_.default:
        bound = args[::2] if function in INDEXING else tensors
        strays = [tuple(value.shape) for value in bound if not isinstance(value, Elsewhere) and value.dim()]
        assert not strays, f"{function} meets tensors {strays} that were left on the CPU"
    wanted = kwargs.get("device")
    if wanted is not None:
        there, kwargs = torch.device(wanted).type == DEVICE.type, {**kwargs, "device": torch.device("cpu")}
    found = function(*tree_map(_held, args), **tree_map(_held, kwargs))
    if function._schema.is_mutable and isinstance(found, torch.Tensor):
        return args[0]
    return tree_map(lambda value: _placed(value, there), found)


def _held(value):
    return value.held if isinstance(value, Elsewhere) else value


def _placed(value, there):
    return Elsewhere(value) if there and isinstance(value, torch.Tensor) else value
