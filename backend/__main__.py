"""`python -m backend COMMAND`: exit code 0, or one line on stderr and 2 (the request is wrong) or 1 (the machine)."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from backend.errors import BadInput, ToposcopeError

COMMANDS = {
    "serve": "the server that the plugin talks to",
    "segment": "polygons of the objects that points or boxes name",
    "ground": "where the things are that phrases name",
    "outline": "masks of what a language model pointed at",
    "embed": "vectors of places, chips or pictures",
    "search": "places that are like examples, or that a phrase names",
    "cluster": "groups of places whose embeddings are alike",
    "fewshot": "classes of every place of embeddings, learnt from a few examples",
    "compare": "what changed between embeddings of two dates",
    "detect-change": "what changed between two pictures of a place",
    "locate": "vectors of coordinates, and what they let predict",
    "compress": "one short vector for those of several embedders and dates",
    "evaluate": "how well vectors tell what labels say, as NeuCo-Bench does it",
    "change": "labelled pairs before and after changes that did not happen",
    "generate": "what coarse imagery may look like from nearer, marked as synthetic",
    "models": "list, pull, import, verify, remove and export models",
    "doctor": "what works here, and what to do about the rest",
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the words in one line; `--help` shows the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = _Parser(prog="python -m backend", description="Toposcope without QGIS.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers = {name: commands.add_parser(name, help=summary) for name, summary in COMMANDS.items()}
    chosen = next((word for word in words if not word.startswith("-")), "")
    if chosen not in COMMANDS:
        parser.parse_args(words)  # exits with the help or the mistake
    module = importlib.import_module(f"backend.commands.{chosen.replace('-', '_')}")
    module.add_arguments(parsers[chosen])
    arguments = parser.parse_args(_joined(words))
    try:
        return int(module.run(arguments))
    except BadInput as error:
        return _fail(error.detail, 2)
    except ToposcopeError as error:
        return _fail(error.detail, 1)
    except KeyboardInterrupt:
        return _fail("Stopped.", 130)


def _joined(words: list[str]) -> list[str]:
    """Return `words` with `--point -122.5,47.6` as one word: argparse takes what starts with a minus for an option."""
    joined: list[str] = []
    for word in words:
        if joined and re.match(r"-[\d.]", word) and re.fullmatch(r"--[a-z-]+", joined[-1]):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _fail(sentence: str, code: int) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
