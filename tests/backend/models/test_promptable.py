"""What every promptable PyTorch model must do: agree with its transformers class, from loading to the mask."""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import SamImageProcessor, SamProcessor

from backend.errors import Unavailable
from backend.models import torch_runtime
from backend.models.preprocess import fit, lay_out, normalise, prompt_tokens
from backend.models.spec import IMAGENET
from tests.backend.models.promptable import FAMILIES, PROMPTS, loaded, picture, prompts, saved

SHAPES = [(90, 100), (37, 112), (112, 112)]


@pytest.fixture(scope="module", params=FAMILIES)
def pair(request, tmp_path_factory):
    """A family, its transformers model and our segmenter loaded from the same files."""
    folder = tmp_path_factory.mktemp(request.param)
    model = saved(request.param, folder)
    return FAMILIES[request.param], model, loaded(request.param, folder)


def pixels(form, image, valid):
    geometry = lay_out(image.shape[:2], form)
    return torch.from_numpy(normalise(*fit(image, valid, geometry), form.normalisation)), geometry


def reference(model, values, geometry, asked):
    """Run the transformers class as its documentation says, box as a box and points as points."""
    sent = {"multimask_output": len(asked.points) == 1 and asked.box is None and asked.logits is None}
    if len(asked.points):
        sent["input_points"] = torch.from_numpy(geometry.to_input(asked.points))[None, None]
        sent["input_labels"] = torch.from_numpy(asked.labels.astype(np.int64))[None, None]
    if asked.box is not None:
        sent["input_boxes"] = torch.from_numpy(geometry.to_input(asked.box.reshape(2, 2)).reshape(1, 1, 4))
    if asked.logits is not None:
        sent["input_masks"] = torch.from_numpy(asked.logits)[None, None]
    with torch.no_grad():
        output = model(pixel_values=values, **sent)
    best = int(output.iou_scores[0, 0].argmax())
    return output.pred_masks[0, 0, best].numpy(), float(output.iou_scores[0, 0, best])


@pytest.mark.parametrize("name", PROMPTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_masks_are_those_of_the_class(pair, name, shape):
    _, model, ours = pair
    image, valid = picture(*shape)
    values, geometry = pixels(ours.form, image, valid)
    decoded = ours.decode(ours.encode(image, valid), PROMPTS[name])
    mask, score = reference(model, values, geometry, PROMPTS[name])
    np.testing.assert_allclose(decoded.memory, mask, rtol=0, atol=2e-4 * np.abs(mask).max())
    assert decoded.score == pytest.approx(min(max(score, 0), 1), abs=1e-4)
    assert decoded.logits.shape == shape
    assert decoded.logits.dtype == decoded.memory.dtype == np.float32


def test_an_earlier_mask_refines(pair):
    _, model, ours = pair
    image, valid = picture(90, 100)
    embedding = ours.encode(image, valid)
    first = ours.decode(embedding, prompts())
    again = prompts(logits=first.memory)
    values, geometry = pixels(ours.form, image, valid)
    mask, _ = reference(model, values, geometry, again)
    refined = ours.decode(embedding, again)
    np.testing.assert_allclose(refined.memory, mask, rtol=0, atol=2e-4 * np.abs(mask).max())
    assert np.abs(refined.memory - first.memory).max() > 1e-2


def test_the_torch_path_prepares_what_the_numpy_path_does(pair):
    _, _, ours = pair
    image, valid = picture(61, 90)
    values, geometry = pixels(ours.form, image, valid)
    mine = ours._model._normalise(*fit(image, valid, geometry))
    np.testing.assert_allclose(mine.numpy(), values.numpy(), atol=2e-6)


def test_pixels_without_data_do_not_matter(pair):
    family, _, ours = pair
    image, valid = picture(family.side, family.side)
    other = image.copy()
    other[~valid] = 200
    results = [ours.decode(ours.encode(i, valid), prompts()).logits for i in (image, other)]
    np.testing.assert_array_equal(*results)
    assert np.abs(ours.decode(ours.encode(other, valid | True), prompts()).logits - results[0]).max() > 1e-4


def test_an_embedding_counts_its_bytes(pair):
    _, _, ours = pair
    embedding = ours.encode(*picture(90, 100))
    assert embedding.nbytes == sum(4 * feature.numel() for feature in embedding.features) > 0


def test_missing_weights_are_refused(pair, tmp_path):
    """transformers would go on with random numbers in their place."""
    family, model, _ = pair
    model.save_pretrained(tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    del tensors[next(key for key in tensors if "mask_decoder.iou_token" in key)]
    save_file(tensors, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(Unavailable, match=r"1 tensors are missing.*iou_token"):
        family.module.parts(tmp_path)


def test_a_damaged_file_is_refused(pair, tmp_path):
    family, model, _ = pair
    model.save_pretrained(tmp_path)
    data = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(data[: len(data) // 2])
    with pytest.raises(Unavailable, match="cannot be used") as error:
        family.module.parts(tmp_path)
    assert error.value.code == "weights-mismatch"


def test_a_pickle_is_never_read(pair, tmp_path):
    family, model, _ = pair
    model.config.save_pretrained(tmp_path)
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(Unavailable):
        family.module.parts(tmp_path)


def test_bfloat16_encoders_keep_points_exact(pair, tmp_path):
    """Only the encoder may run in bfloat16; masks then stay close and prompts stay float32."""
    family, model, ours = pair
    model.save_pretrained(tmp_path)
    encoder, decoder, form = family.module.parts(tmp_path)
    buffers = {name: buffer.clone() for name, buffer in encoder.named_buffers()}
    half = torch_runtime.ComputeDevice("cpu", "test", "bfloat16")
    segmenter = torch_runtime.TorchSegmenter(encoder, decoder, form, half)
    image, valid = picture(90, 100)
    embedding = segmenter.encode(image, valid)
    assert all(feature.dtype == torch.bfloat16 for feature in embedding.features)
    assert all(torch.equal(buffer, buffers[name]) for name, buffer in encoder.named_buffers())
    mask, full = (s.decode(s.encode(image, valid), PROMPTS["box"]).memory for s in (segmenter, ours))
    assert np.abs(mask - full).mean() < 0.05 * full.std()


@pytest.mark.parametrize("name", ["sam", "sam_hq"])
@pytest.mark.parametrize("shape", [(128, 128), (90, 100), (100, 37)])
def test_sam_prepares_and_finishes_as_its_processor_does(name, shape, tmp_path):
    side = FAMILIES[name].side
    images = SamImageProcessor(size={"longest_edge": side}, pad_size={"height": side, "width": side})
    processor = SamProcessor(images)
    saved(name, tmp_path)
    form = loaded(name, tmp_path).form
    image, _ = picture(*shape)
    box, points = [[4.0, 6.0, 30.0, 33.0]], [[[10.0, 20.0], [31.5, 7.0]]]
    theirs = processor(image, input_points=points, input_boxes=[box], return_tensors="pt")
    values, geometry = pixels(form, image, np.ones(shape, bool))
    np.testing.assert_allclose(values.numpy(), theirs["pixel_values"].numpy(), atol=1e-5)
    asked = prompts(points[0], [1, 0], box[0])
    coords, _ = prompt_tokens(asked, geometry, form)
    given = np.concatenate([theirs["input_points"].reshape(-1, 2), theirs["input_boxes"].reshape(-1, 2)])
    # they count pixels from 0 at a centre and we from 0.5, before and after scaling alike
    np.testing.assert_allclose(coords[0, 0] + 0.5, given, atol=1e-4)
    low = torch.randn(1, 1, side // 4, side // 4, generator=torch.Generator().manual_seed(0))
    sizes = theirs["original_sizes"], theirs["reshaped_input_sizes"]
    full = processor.post_process_masks([low], *sizes, binarize=False)[0][0, 0]
    np.testing.assert_allclose(torch_runtime.to_crop(low[0, 0], geometry).numpy(), full.numpy(), atol=1e-5)


def test_the_documented_numbers_of_sam():
    processor = SamImageProcessor()
    assert (processor.size["longest_edge"], processor.pad_size["height"]) == (1024, 1024)
    assert (tuple(processor.image_mean), tuple(processor.image_std)) == (IMAGENET.mean, IMAGENET.std)
