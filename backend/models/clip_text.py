"""Words to CLIP's vectors: 80 sentences a word, as Radford et al., ICML 2021 (arXiv:2103.00020) evaluate on ImageNet.

The sentences (`templates_imagenet.json`) and the merges of CLIP's tokeniser (`clip_merges.txt.gz`) are OpenAI's, MIT.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import CLIPTokenizer

from backend.errors import BadInput
from backend.protocol import codes

FOLDER = Path(__file__).parent
LAST_LATIN = 0x24F
REMEMBERED = 4096


class TextEncoder:
    """Unit vectors (n, channels) of words; a word is encoded once."""

    def __init__(self, model: Any) -> None:
        self._tower: nn.Module = model.text_model
        self._projection: nn.Module = model.text_projection
        self._longest: int = model.config.text_config.max_position_embeddings
        self._known: dict[str, Tensor] = {}

    def to(self, device: torch.device) -> None:
        """Move the tower to `device`."""
        self._tower.to(device)
        self._projection.to(device)
        self._known.clear()

    @torch.inference_mode()
    def __call__(self, words: list[str]) -> Tensor:
        """Return (n, channels).

        Raises:
            BadInput: PROMPT_INVALID, a word CLIP cannot read: another script, or too long.
        """
        if len(self._known) > REMEMBERED:
            self._known.clear()
        for word in words:
            if word not in self._known:
                self._known[word] = self._encode(word)
        return torch.stack([self._known[word] for word in words])

    def _encode(self, word: str) -> Tensor:
        _refuse_other_scripts(word)
        rows = [tokens(template.format(word)) for template in templates()]
        if max(map(len, rows)) > self._longest:
            shown = word if len(word) < 40 else f"{word[:40]}..."
            detail = f"The phrase {shown!r} is longer than CLIP reads (about 60 words); shorten it."
            raise BadInput(codes.PROMPT_INVALID, detail)
        vectors = self._projection(self._tower(self._padded(rows)).pooler_output)
        mean = nn.functional.normalize(vectors.float(), dim=-1).mean(0)
        return nn.functional.normalize(mean, dim=-1)

    def _padded(self, rows: list[list[int]]) -> Tensor:
        """Return (n, longest row): attention is causal, so the tokens CLIP pads to 77 change nothing."""
        longest, device = max(map(len, rows)), next(self._tower.parameters()).device
        return torch.tensor([row + row[-1:] * (longest - len(row)) for row in rows], device=device)


@cache
def templates() -> tuple[str, ...]:
    """Return the 80 sentences, each with `{}` where the word goes."""
    return tuple(json.loads((FOLDER / "templates_imagenet.json").read_text(encoding="utf-8")))


def tokens(sentence: str) -> list[int]:
    """Return CLIP's token ids with the beginning's and the end's."""
    found: list[int] = _tokenizer()(sentence)["input_ids"]
    return found


@cache
def _tokenizer() -> Any:
    merges = gzip.decompress((FOLDER / "clip_merges.txt.gz").read_bytes()).decode("utf-8").split("\n")
    letters = _byte_letters()
    words = [*letters, *(f"{letter}</w>" for letter in letters), *(merge.replace(" ", "") for merge in merges)]
    vocabulary = {word: index for index, word in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
    pairs: Any = [tuple(merge.split()) for merge in merges]
    return CLIPTokenizer(vocab=vocabulary, merges=pairs)


def _byte_letters() -> list[str]:
    """Return the letter that stands for each byte in byte-level BPE: printable ones first, as they are."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = len([byte for byte in range(256) if byte not in printable])
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(others)]


def _refuse_other_scripts(word: str) -> None:
    strange = next((letter for letter in word if letter.isalpha() and ord(letter) > LAST_LATIN), "")
    if strange:
        detail = f"CLIP reads English only, and {word!r} holds {strange!r}; translate the phrase, or choose Mini."
        raise BadInput(codes.PROMPT_INVALID, detail)
