import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.mini_heads import COARSE, FINE, HIDDEN, SIMILARITY, TEXT, ClickDecoder, TextHead  # noqa: E402
from backend.training.click_losses import answer_loss, click_loss, overlap, start  # noqa: E402
from backend.training.embed_losses import contrast  # noqa: E402
from backend.training.pictures import NOT_BUILDING, UNKNOWN  # noqa: E402
from backend.training.text_losses import STRANGERS, text_loss, truth_table  # noqa: E402


def test_the_right_mask_costs_less_than_a_wrong_one():
    truth = torch.zeros(1, 16, 16)
    truth[:, 4:12, 4:12] = 1
    right = (truth[:, None] * 16 - 8).expand(1, 3, 16, 16)
    sure = torch.ones(1, 4)
    assert answer_loss(right, sure, truth) < 0.05 < answer_loss(-right, 1 - sure, truth)


def test_the_mean_counts_most_and_a_good_candidate_a_little():
    truth = torch.zeros(1, 16, 16)
    truth[:, 4:12, 4:12] = 1
    right, wrong = truth * 16 - 8, 8 - truth * 16

    def loss(*masks):
        logits = torch.stack(masks, 1)
        return answer_loss(logits, overlap(torch.cat([logits, logits.mean(1, keepdim=True)], 1) > 0, truth), truth)

    assert loss(wrong, right, right) < 0.5 * loss(wrong, wrong, right) < 0.5 * loss(wrong, wrong, wrong)


def test_playing_clicks_gives_a_gradient_to_features_and_decoder():
    torch.manual_seed(0)
    drawn = np.random.default_rng(0)
    mask = np.zeros((64, 64), bool)
    mask[20:40, 10:50] = True
    features = [torch.randn(1, c, s, s, requires_grad=True) for c, s in ((COARSE, 8), (FINE, 16), (SIMILARITY, 16))]
    decoder = ClickDecoder()
    loss, log = click_loss(decoder, tuple(features), [start(0, mask, drawn) for _ in range(2)], drawn)
    loss.backward()
    assert all(feature.grad is not None and feature.grad.abs().sum() > 0 for feature in features[:2])
    assert 0 <= log["iou1"] <= 1


def test_truth_of_words_knows_what_is_unknown():
    table = truth_table()
    assert table[3, 3] == 1
    assert table[3, 5] == -1
    assert table[5, 5] == table[5, 3] == 1
    assert table[NOT_BUILDING].tolist() == [0, -1, -1, -1, -1, -1]
    assert (table[UNKNOWN] == -1).all()


def test_words_are_learnt():
    torch.manual_seed(0)
    head, phrases = TextHead(), torch.nn.functional.normalize(torch.randn(6 + STRANGERS, TEXT), dim=1)
    hidden = torch.randn(1, HIDDEN, 8, 8, requires_grad=True)
    classes = torch.arange(64).reshape(1, 8, 8).remainder(5).to(torch.uint8)
    optimiser = torch.optim.Adam([hidden, *head.parameters()], lr=0.05)
    for _ in range(60):
        loss = text_loss(head, head.unit(hidden), phrases, classes, truth_table())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    found = head.logits(head.unit(hidden), phrases)[0]
    assert (found[:5].argmax(0) == classes[0]).float().mean() > 0.95
    assert (found[6:] < 0).float().mean() > 0.9


def test_contrast_wants_partners():
    vectors = torch.nn.functional.normalize(torch.randn(8, 32), dim=1)
    assert contrast(vectors, vectors) < contrast(vectors, vectors.roll(1, 0))
