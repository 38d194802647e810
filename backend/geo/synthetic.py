"""What says, within a file, that its pixels were made by a network: GDAL tags and an XMP packet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

SOFTWARE = "Toposcope"
TITLE = "SYNTHETIC – "
"""Begins the name of whatever shows such pixels: layers, tile sets."""
WHOLLY = "SYNTHETIC (AI-generated), not an observation"
PARTLY = "SYNTHETIC (AI-generated in part), not an observation"
KIND = "http://cv.iptc.org/newscodes/digitalsourcetype/"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
PACKET = "W5M0MpCehiHzreSzNTczkc9d"
"""The id every XMP packet has."""


@dataclass(frozen=True)
class Synthetic:
    """Where synthetic pixels come from.

    Attributes:
        model: id.
        sha256: of its weights; `weights_digest` gives one for several files.
        run_id: follows from what was asked for, so that the same run gives the same bytes.
        composite: part of the pixels are an observation's.
        prompt: what was asked for in words, if anything.
    """

    model: str
    sha256: str
    run_id: str
    seed: int
    composite: bool = False
    prompt: str = ""

    def tags(self) -> dict[str, str]:
        """Return GDAL's tags; those with `TIFFTAG_` are tags of TIFF itself, which any program shows."""
        return {
            "AI_GENERATED": "YES",
            "AI_MODEL": f"{self.model}@{self.sha256}",
            "AI_RUN_ID": self.run_id,
            "AI_SEED": str(self.seed),
            **({"AI_PROMPT": self.prompt} if self.prompt else {}),
            "TIFFTAG_SOFTWARE": SOFTWARE,
            "TIFFTAG_IMAGEDESCRIPTION": self.description,
        }

    def xmp(self) -> str:
        """Return the XMP packet: IPTC's digital source type, and the system and prompt as IPTC 2025.1 has them."""
        told = {
            "xmp:CreatorTool": SOFTWARE,
            "Iptc4xmpExt:DigitalSourceType": self.digital_source_type,
            "Iptc4xmpExt:AISystemUsed": f"{SOFTWARE} {self.model}",
            "Iptc4xmpExt:AISystemVersionUsed": self.sha256,
            **({"Iptc4xmpExt:AIPromptInformation": self.prompt} if self.prompt else {}),
        }
        spaces = " ".join(f'xmlns:{short}="{escape(long)}"' for short, long in NAMESPACES.items())
        lines = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in told.items())
        words = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(self.description)}</rdf:li></rdf:Alt>'
        return (
            f'<?xpacket begin="" id="{PACKET}"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'<rdf:Description rdf:about="" {spaces}>{lines}<dc:description>{words}</dc:description>'
            '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
        )

    @property
    def description(self) -> str:
        """Return the sentence that any viewer shows."""
        return PARTLY if self.composite else WHOLLY

    @property
    def digital_source_type(self) -> str:
        """Return the term of IPTC's vocabulary, as a URI."""
        return KIND + ("compositeWithTrainedAlgorithmicMedia" if self.composite else "trainedAlgorithmicMedia")


def weights_digest(checksums: Mapping[str, str]) -> str:
    """Return one sha256 for a model's files, given theirs by name: a single file's own, else that of their list."""
    if len(checksums) == 1:
        return next(iter(checksums.values()))
    listed = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(checksums.items()))
    return hashlib.sha256(listed.encode()).hexdigest()
