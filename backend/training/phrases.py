"""The words Mini is trained with. `UNSEEN` are never trained on: the benchmark of phrases uses only those."""

from __future__ import annotations

import hashlib

CLASSES = ("building", "land", "road", "vegetation", "water", "tree")
# fmt: off
TRAINED: dict[str, tuple[str, ...]] = {
    "building": (
        "building", "buildings", "a building", "roof", "roofs of buildings", "house", "home", "residential building",
        "villa", "apartment block", "warehouse", "built structure", "built-up", "built-up area", "settlement",
        "industrial building", "factory", "shed", "hut", "tower block", "commercial building", "architecture",
        "building footprint", "tin roof", "concrete roof", "school building", "urban structures", "dwelling",
    ),
    "land": (
        "land", "bare land", "bare soil", "soil", "sand", "open ground", "unpaved land", "barren land", "dirt",
        "empty plot", "desert", "bare earth", "ground", "vacant land", "sandy area", "earth", "undeveloped land",
        "gravel", "construction site", "dry land", "bare rock",
    ),
    "road": (
        "road", "roads", "a road", "street", "highway", "asphalt road", "paved road", "lane", "motorway",
        "avenue", "driveway", "pavement", "road network", "tarmac", "parking lot", "paved surface", "path", "track",
        "transport route", "carriageway",
    ),
    "vegetation": (
        "vegetation", "plants", "green vegetation", "grass", "bushes", "shrubs", "garden", "lawn", "park",
        "trees and grass", "green area", "forest", "crops", "meadow", "field of grass", "palm trees", "hedge",
        "foliage", "green space", "plant cover", "grassland", "orchard",
    ),
    "water": (
        "water", "water body", "body of water", "sea", "river", "pond", "canal", "swimming pool", "ocean", "stream",
        "reservoir", "open water", "surface water", "harbour", "lagoon", "bay", "marina", "flooded area", "creek",
    ),
    "tree": ("tree", "trees", "a tree", "tree crown", "tree canopy", "street tree", "palm", "oak", "single tree"),
}
UNSEEN: dict[str, tuple[str, ...]] = {
    "building": ("houses", "rooftops"),
    "land": ("bare ground", "sandy soil"),
    "road": ("streets", "paved roads"),
    "vegetation": ("greenery", "woods"),
    "water": ("lake", "waterway"),
}
SCENES: dict[str, tuple[str, ...]] = {
    "AnnualCrop": ("annual crop", "arable field", "cropland", "ploughed field", "wheat field"),
    "Forest": ("forest", "dense forest", "woodland", "tree cover"),
    "HerbaceousVegetation": ("herbaceous vegetation", "scrubland", "wild grass", "heath", "shrubland"),
    "Highway": ("highway", "motorway", "major road", "road junction"),
    "Industrial": ("industrial area", "industrial buildings", "factories and warehouses", "commercial zone"),
    "Pasture": ("pasture", "grazing land", "green meadow", "grass pasture"),
    "PermanentCrop": ("permanent crop", "orchard", "vineyard", "olive grove", "fruit plantation"),
    "Residential": ("residential area", "suburb", "housing", "residential neighbourhood", "town"),
    "River": ("river", "stream", "watercourse", "flowing river"),
    "SeaLake": ("sea", "open sea", "ocean", "large water body"),
}
ABSENT = (
    "giraffe", "elephant", "dog", "cat", "horse", "cow", "airplane", "helicopter", "rocket", "banana", "pizza",
    "apple", "guitar", "piano", "book", "laptop", "telephone", "shoe", "shirt", "hat", "chair", "table", "bed",
    "lamp", "clock", "spoon", "bottle of wine", "cup of coffee", "face of a person", "hand", "eye", "football",
    "music", "love", "mathematics", "money", "politics", "snow leopard", "volcano", "glacier", "iceberg",
    "train", "cargo ship", "submarine", "wind turbine", "satellite dish", "statue", "fire", "rainbow", "moon",
    "bicycle", "umbrella", "teddy bear", "toothbrush", "keyboard", "penguin", "shark", "butterfly", "spider",
)
# fmt: on
TEMPLATES = ("{}", "{}", "{}", "an aerial photo of {}", "satellite image of {}", "{} seen from above", "the {}")


def held_out(name: str) -> bool:
    """Say whether an EuroSAT file belongs to the fifth that nothing here is ever trained on."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 0
