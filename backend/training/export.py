"""Stage 5: from a trained run to the files that ship.

    python -m backend.training.export --run build/training/run --text build/training/text --out backend/weights/mini

Weights are rounded to 16 bits and stored so; the graphs compute with 32 bits, so a 16-bit CPU is not needed and torch
with the same rounded weights agrees with onnxruntime to float precision.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from backend.models.mini_network import MiniNetwork
from backend.training import text_graph

OPSET = 17
SIDE = 256
VECTORS = ("embedding", "gate", "score", "sentences", "queries", "weights", "step", "metres")
ENCODED = ("coarse", "fine", "similar", "level4", "level8", "embedding", "gate", "level16", "level32")


class Encoder(nn.Module):
    """Everything that needs no prompt and no word."""

    def __init__(self, network: MiniNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Return what `ENCODED` names."""
        detail, levels, deepest = self.network.levels(image)
        fused = self.network.gate(levels, deepest)
        return (*self.network.click(detail, levels), levels[0], levels[1], *fused, levels[2], levels[3])


class Click(nn.Module):
    """The click decoder and the mean of its candidates: what training weighs most, and what a person gets."""

    def __init__(self, network: MiniNetwork) -> None:
        super().__init__()
        self.decoder = network.decoder

    def forward(self, coarse: Tensor, fine: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mask's logits (1, 1, 2h, 2w) and its expected IoU (1,)."""
        logits, scores = self.decoder(coarse, fine, maps)
        return logits.mean(1, keepdim=True), scores[:, -1]


class Dense(nn.Module):
    """Dense features in words' space."""

    def __init__(self, network: MiniNetwork) -> None:
        super().__init__()
        self.text = network.text

    def forward(self, level4: Tensor, level8: Tensor) -> Tensor:
        """Return hidden features (n, 64, h, w)."""
        hidden: Tensor = self.text([level4, level8])
        return hidden


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True, help="folder of `distil_text`")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    export(rounded(args.run), args.text, args.out)


def rounded(run: Path) -> MiniNetwork:
    """Return the run's averaged network with weights rounded to 16 bits."""
    network = MiniNetwork()
    network.load_state_dict(load_file(run / "average.safetensors"))
    if (run / "gate.safetensors").exists():
        network.gate.load_state_dict(load_file(run / "gate.safetensors"))
    round_weights(network)
    return network.eval()


@torch.no_grad()
def round_weights(network: nn.Module) -> None:
    """Round weights, in place, to the 16 bits that they ship with."""
    for tensor in (*network.parameters(), *network.buffers()):
        if tensor.is_floating_point():
            tensor.copy_(tensor.half().float())


def export(network: MiniNetwork, text: Path, out: Path) -> None:
    """Write the graphs and the text tower."""
    out.mkdir(parents=True, exist_ok=True)
    image = torch.rand(1, 3, SIDE, SIDE) * 255
    encoder = Encoder(network)
    with torch.no_grad():
        coarse, fine, _, level4, level8, *_ = encoder(image)
    maps = torch.zeros(1, 8, SIDE // 4, SIDE // 4)
    write_graph(encoder, (image,), ["image"], list(ENCODED), out / "encoder.onnx")
    write_graph(
        Click(network),
        (coarse, fine, maps),
        ["coarse", "fine", "maps"],
        ["mask", "score"],
        out / "click.onnx",
    )
    write_graph(Dense(network), (level4, level8), ["level4", "level8"], ["hidden"], out / "dense.onnx")
    head = network.text
    text_graph.write(text, head.weight.detach(), float(head.scale.exp()), float(head.bias), out)


def write_graph(
    module: nn.Module, inputs: tuple[Tensor, ...], names: list[str], outputs: list[str], path: Path
) -> None:
    """Write an ONNX graph with weights of 16 bits; maps may have any height and width, vectors any number."""
    import onnx

    single = {name: {0: "n"} for name in VECTORS}
    axes = {name: single.get(name, {0: "n", 2: f"{name}_h", 3: f"{name}_w"}) for name in (*names, *outputs)}
    torch.onnx.export(
        module,
        inputs,
        str(path),
        input_names=names,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    graph = onnx.load(path)
    halve(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def halve(graph: object) -> None:
    """Store large float weights as 16 bits, cast back to 32 where the graph starts."""
    from onnx import TensorProto, helper, numpy_helper

    body = graph.graph  # type: ignore[attr-defined]
    casts, kept = [], []
    for weight in body.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < 64:
            kept.append(weight)
            continue
        half = f"{weight.name}_half"
        kept.append(numpy_helper.from_array(values.astype(np.float16), half))
        casts.append(helper.make_node("Cast", [half], [weight.name], to=TensorProto.FLOAT))
    nodes = [*casts, *body.node]
    del body.initializer[:], body.node[:]
    body.initializer.extend(kept)
    body.node.extend(nodes)


if __name__ == "__main__":
    main()
