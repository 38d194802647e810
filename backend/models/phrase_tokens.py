"""Phrases to token ids, with the tokenizer files that lie beside a detector's weights."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from tokenizers import Tokenizer

from backend.errors import BadInput, Unavailable
from backend.protocol import codes

TOKENIZER, VOCABULARY, MERGES = "tokenizer.json", "vocab.json", "merges.txt"
FIRST, LAST = "<|startoftext|>", "<|endoftext|>"


def from_folder(folder: Path) -> Tokenizer:
    """Return the tokenizer of the model in `folder`: tokenizer.json, else CLIP's vocab.json and merges.txt.

    Raises:
        Unavailable: WEIGHTS_MISMATCH, the files are missing or damaged.
    """
    try:
        if (folder / TOKENIZER).is_file():
            return Tokenizer.from_file(str(folder / TOKENIZER))
        return _clip(folder)
    except Exception as error:  # the library raises nothing narrower
        detail = f"The tokenizer files of {folder.name} cannot be read; remove the model and install it again."
        raise Unavailable(codes.WEIGHTS_MISMATCH, detail) from error


def clip_tokens(tokenizer: Tokenizer, phrase: str, most: int) -> list[int]:
    """Return the ids of a phrase between CLIP's tokens for beginning and end.

    Raises:
        BadInput: PROMPT_INVALID, the phrase is not English or has more than `most` tokens.
    """
    ids = plain_tokens(tokenizer, phrase)
    if len(ids) + 2 > most:
        raise too_long(phrase, len(ids), most - 2)
    return [token_id(tokenizer, FIRST), *ids, token_id(tokenizer, LAST)]


def plain_tokens(tokenizer: Tokenizer, phrase: str) -> list[int]:
    """Return the ids of a phrase alone.

    Raises:
        BadInput: PROMPT_INVALID, the phrase is not English as far as letters show, or empty.
    """
    letters = [letter for letter in phrase if letter.isalpha()]
    foreign = [letter for letter in letters if not unicodedata.name(letter, "").startswith("LATIN")]
    if foreign or not any(letter.isalnum() for letter in phrase):
        what = f"has letters it does not know ({''.join(foreign[:5])})" if foreign else "has no word in it"
        raise BadInput(codes.PROMPT_INVALID, f"This detector reads English and {phrase!r} {what}; write it in English.")
    return list(tokenizer.encode(phrase, add_special_tokens=False).ids)


def token_id(tokenizer: Tokenizer, token: str) -> int:
    """Return the id of a token every vocabulary of its kind has."""
    return cast(int, tokenizer.token_to_id(token))


def too_long(phrase: str, tokens: int, most: int) -> BadInput:
    """Return the error for a phrase that would have to be cut."""
    start = phrase if len(phrase) <= 40 else f"{phrase[:40]}…"
    detail = f"The phrase {start!r} has {tokens} tokens and this detector reads {most} at a time; shorten it."
    return BadInput(codes.PROMPT_INVALID, detail)


def packed(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Return indices in groups whose lengths add up to at most `most`, in order."""
    groups: list[list[int]] = []
    room = 0
    for index, length in enumerate(lengths):
        if not groups or length > room:
            groups.append([])
            room = most
        groups[-1].append(index)
        room -= length
    return groups


def _clip(folder: Path) -> Tokenizer:
    from transformers import CLIPTokenizer

    vocabulary = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
    lines = (folder / MERGES).read_text(encoding="utf-8").splitlines()
    merges: Any = [tuple(line.split()) for line in lines if line and not line.startswith("#version")]
    tokenizer: Tokenizer = CLIPTokenizer(vocabulary, merges).backend_tokenizer
    return tokenizer
