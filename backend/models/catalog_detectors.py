"""The detectors' part of the catalogue: models that answer phrases with boxes, and SAM 3, which also outlines.

Memory is computed from the parameters and the activations of one picture of the input's size. All are slow on a CPU:
many seconds for a picture on two cores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from .spec import FULL, IMAGENET, ModelSpec, Normalisation, WeightFile, Weights
from .switches import REFINE, SWITCHES, from_score, left_out

Row = tuple[str, str, str, int, int, int]
Pin = Callable[[str, Weights], Weights]
MB = 1_000_000
GROUNDING = "Liu et al., Grounding DINO, ECCV 2024"
MM_GROUNDING = "Zhao et al., An Open and Comprehensive Pipeline for Unified Object Grounding and Detection, 2024"
LLMDET = "Fu et al., LLMDet, CVPR 2025"
OWL = "Minderer et al., Scaling Open-Vocabulary Object Detection, NeurIPS 2023"
SAM3 = "Carion et al., SAM 3: Segment Anything with Concepts, 2025"
CLIP = Normalisation((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
HALF = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
SHARED = "sam3-tracker"
"""The model whose files SAM 3's detector reads: one file holds both."""

TOKENIZER = (WeightFile("tokenizer.json", 711_396, ""),)
BOXES = "Finds what English phrases name, as boxes; an installed segmenter outlines them."
MASKS = "Finds and outlines what short English phrases name; installed and removed with the SAM 3 tracker."
MM = "openmmlab-community/mm_grounding_dino"

ROWS = MappingProxyType(
    {  # by module and paper: id, title, repository, millions of parameters, MB of memory at float32, side of the input
        ("grounding_dino", GROUNDING): (
            ("grounding-dino-tiny", "Grounding DINO tiny", "IDEA-Research/grounding-dino-tiny", 172, 2500, 800),
            ("grounding-dino-base", "Grounding DINO base", "IDEA-Research/grounding-dino-base", 232, 3000, 800),
        ),
        ("mm_grounding_dino", MM_GROUNDING): (
            ("mm-grounding-dino-tiny", "MM-Grounding-DINO tiny", f"{MM}_tiny_o365v1_goldg_v3det", 172, 2500, 800),
            ("mm-grounding-dino-base", "MM-Grounding-DINO base", f"{MM}_base_all", 232, 3000, 800),
            ("mm-grounding-dino-large", "MM-Grounding-DINO large", f"{MM}_large_all", 342, 4500, 800),
        ),
        ("mm_grounding_dino", LLMDET): (
            ("llmdet-tiny", "LLMDet tiny", "iSEE-Laboratory/llmdet_tiny", 172, 2500, 800),
            ("llmdet-base", "LLMDet base", "iSEE-Laboratory/llmdet_base", 232, 3000, 800),
            ("llmdet-large", "LLMDet large", "iSEE-Laboratory/llmdet_large", 342, 4500, 800),
        ),
        ("owlv2", OWL): (
            ("owlv2-base", "OWLv2 base", "google/owlv2-base-patch16-ensemble", 155, 1400, 960),
            ("owlv2-large", "OWLv2 large", "google/owlv2-large-patch14-ensemble", 438, 2900, 1008),
        ),
        ("sam3_concepts", SAM3): (("sam3-concepts", "SAM 3 concepts", "facebook/sam3", 860, 5000, 1008),),
    }
)
KINDS: Mapping[str, tuple[tuple[WeightFile, ...], Normalisation, Mapping[str, object]]] = MappingProxyType(
    {  # tokenizer files, normalisation, options: nothing scored below the floor is returned, and of two boxes of one
        # phrase that overlap by more than this IoU the better one stays
        "grounding_dino": (TOKENIZER, IMAGENET, {"floor": 0.05, "overlap": 0.7}),
        "mm_grounding_dino": (TOKENIZER, IMAGENET, {"floor": 0.05, "overlap": 0.7}),
        "owlv2": (
            (WeightFile("vocab.json", 862_328, ""), WeightFile("merges.txt", 524_619, "")),
            CLIP,
            {"floor": 0.05, "overlap": 0.5},
        ),
        "sam3_concepts": (
            (WeightFile("tokenizer.json", 0, ""),),
            HALF,
            {"floor": 0.1, "overlap": 0.7, "weights_of": SHARED},
        ),
    }
)


FROM_SCORE = MappingProxyType({"grounding_dino": 0.3, "mm_grounding_dino": 0.3, "owlv2": 0.2, "sam3_concepts": 0.5})
"""By module: the score from which an object counts, where a request says nothing."""


def detectors(pin: Pin) -> tuple[ModelSpec, ...]:
    """Return the detectors; `pin` turns a model's id and estimated weights into what is known of them."""
    return tuple(_detector(module, paper, row, pin) for (module, paper), rows in ROWS.items() for row in rows)


def _detector(module: str, paper: str, row: Row, pin: Pin) -> ModelSpec:
    name, title, repo, millions, memory, side = row
    tokenizer, normalisation, options = KINDS[module]
    gated = module == "sam3_concepts"
    licence = "SAM License" if gated else "Apache-2.0"
    files = (WeightFile("config.json", 0, ""), WeightFile("model.safetensors", 4 * millions * MB, ""), *tokenizer)
    return ModelSpec(
        id=name,
        title=title,
        tasks=("ground",),
        loader=f"backend.models.{module}:load",
        tier=FULL,
        input_size=side,
        speed="slow",
        memory=memory * MB,
        weights=pin(name, Weights(files, licence, repo, gated=gated)),
        licence=licence,
        normalisation=normalisation,
        hover=False,
        paper=paper,
        summary=MASKS if gated else BOXES,
        parameters=(from_score(FROM_SCORE[module]), *left_out(*SWITCHES, REFINE)),
        options=MappingProxyType(dict(options)),
    )
