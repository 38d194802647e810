"""The head that ships, on questions it never saw, in two languages."""

from types import SimpleNamespace

import numpy as np
import pytest

from backend.errors import BadInput
from backend.models.mini_graphs import FOLDER
from backend.models.mini_text import TextTower
from backend.protocol import codes
from backend.tasks.ground_policy.granularity import FILE, NAMES, Head, granularity, load_head

# fmt: off
ASKED = {
    "image": (
        "what is this place?", "Describe what you see here", "What kind of landscape is shown?",
        "Is this a city or the countryside?", "give me a short caption", "summarize this aerial photo",
        "which season was it when this was taken", "what sort of area are we looking at", "is this place rural",
        "what is the overall land use of this region?", "What climate zone could this be?",
        "write a title for the image", "这是什么地方？", "描述一下这张图像", "这里是城市还是乡村？",
        "这张影像的主要内容是什么", "概括这个场景", "这个地区属于什么类型", "这是什么季节", "给这张图起个标题",
    ),
    "region": (
        "where are the ships?", "Find all airplanes on the apron", "how many cars are parked here?",
        "Is there a helicopter in the picture?", "locate the wind turbines", "show me the tennis courts",
        "count the storage tanks please", "Can you find any swimming pools?", "detect vehicles on the road",
        "put bounding boxes around every ship", "airplane", "swimming pools", "parked aircraft", "red roofs",
        "wind turbine", "houses near the river", "船在哪里？", "图中有几架飞机？", "找出所有的储罐", "有没有游泳池",
        "请标出每个网球场", "检测道路上的车辆", "游泳池", "停着的飞机", "统计停车场里的汽车",
    ),
    "pixel": (
        "segment the lake", "Outline every building", "flooded fields", "how much of the area is forest?",
        "map the water bodies", "what percentage is covered by vegetation", "Extract the road network",
        "give me a mask of the burnt area", "Trace the coastline exactly", "vegetation", "bare soil", "farmland",
        "delineate the glacier", "pixel mask for the landslide", "area of the reservoir in hectares",
        "polygons of all the fields", "分割所有建筑", "提取水体", "森林的面积有多大？", "被淹没的农田",
        "勾画湖泊的轮廓", "植被占多少", "裸地", "把道路提取出来", "洪水淹没的范围",
    ),
}
# fmt: on


@pytest.fixture(scope="module")
def shipped():
    if not (FOLDER / "text.onnx").exists() or not FILE.exists():
        pytest.skip("the weights are not in this checkout")
    return SimpleNamespace(tower=TextTower(FOLDER), head=load_head())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_people_are_understood(shipped, language):
    asked = [(phrase, name) for name, phrases in ASKED.items() for phrase in phrases]
    mine = [(phrase, name) for phrase, name in asked if phrase.isascii() == (language == "en")]
    wrong = [phrase for phrase, name in mine if granularity(phrase, shipped.tower, shipped.head).name != name]
    assert len(wrong) <= 0.2 * len(mine), wrong


def test_probabilities_sum_to_one(shipped):
    found = granularity("segment the lake", shipped.tower, shipped.head)
    assert sum(found.probabilities) == pytest.approx(1, abs=1e-5)
    assert found.name == NAMES[int(np.argmax(found.probabilities))]


def test_the_file_is_small():
    if not FILE.exists():
        pytest.skip("the weights are not in this checkout")
    assert FILE.stat().st_size < 400_000


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("swimming pool", "region"),
        ("large blue swimming pools near houses", "region"),
        ("oil storage tanks", "region"),
        ("游泳池", "region"),
        ("parking lot", "pixel"),
        ("the flooded lakes", "pixel"),
    ],
)
def test_a_bare_noun_that_is_known_needs_no_head(phrase, name):
    def never(phrases):
        raise AssertionError("asked")

    assert granularity(phrase, never, Head(zeros())).name == name


def test_what_is_asked_of_a_known_noun_is_for_the_head(shipped):
    assert granularity("segment the swimming pool", shipped.tower, shipped.head).name == "pixel"
    assert granularity("where are the lakes", shipped.tower, shipped.head).name == "region"


def zeros():
    shapes = [(256, 384), (128, 256), (3, 128)]
    tensors = {f"{i}.weight": np.zeros(shape, np.float32) for i, shape in enumerate(shapes)}
    return tensors | {f"{i}.bias": np.zeros(shape[0], np.float32) for i, shape in enumerate(shapes)}


def test_the_user_overrules_the_head():
    def never(phrases):
        raise AssertionError("asked")

    found = granularity("segment the lake", never, Head(zeros()), "image")
    assert (found.name, found.probabilities) == ("image", (1, 0, 0))


def test_a_granularity_that_does_not_exist_is_refused():
    with pytest.raises(BadInput, match="no granularity “pixels”") as raised:
        granularity("lake", lambda phrases: np.zeros((1, 384), np.float32), Head(zeros()), "pixels")
    assert raised.value.code == codes.PARAMETER_INVALID


def test_the_head_is_three_layers_with_relu_and_softmax():
    tensors = zeros()
    tensors["0.weight"][0, 0], tensors["1.weight"][0, 0], tensors["2.weight"][2, 0] = 2, 3, 1
    tensors["1.bias"][0] = -1
    up, down = np.zeros((2, 1, 384), np.float32)
    up[0, 0], down[0, 0] = 0.5, -0.5
    assert Head(tensors)(up)[0] == pytest.approx(np.exp([0, 0, 2]) / (2 + np.exp(2)), abs=1e-5)
    assert Head(tensors)(down)[0] == pytest.approx([1 / 3] * 3)


def test_a_head_is_read_from_numbers_of_16_bits(tmp_path):
    numpy = pytest.importorskip("safetensors.numpy")
    drawn = np.random.default_rng(0)
    tensors = {name: drawn.normal(0, 0.1, values.shape).astype(np.float16) for name, values in zeros().items()}
    numpy.save_file(tensors, tmp_path / "head.safetensors")
    vectors = drawn.normal(0, 1, (4, 384)).astype(np.float32)
    wanted = Head({name: values.astype(np.float32) for name, values in tensors.items()})(vectors)
    assert np.array_equal(load_head(tmp_path / "head.safetensors")(vectors), wanted)


def test_chinese_reaches_the_tower_as_english():
    given = []

    def tower(phrases):
        given.extend(phrases)
        return np.zeros((1, 384), np.float32)

    granularity("摩天轮在哪里", tower, Head(zeros()))
    granularity("白色的池塘", tower, Head(zeros()))
    assert given == ["where is the", "pond"]
