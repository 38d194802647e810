"""DiT's sampler."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models.diffusion import DIT  # noqa: E402
from backend.models.iddpm import Iddpm  # noqa: E402


def drawn(seed, *shape):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape, np.float32))


def test_the_schedule_is_dits():
    assert DIT.kept[499] == pytest.approx(0.0785872, abs=5e-8)
    assert Iddpm(1000).taken == tuple(range(1000))


def test_steps_are_spread_as_dit_spreads_them():
    taken = Iddpm(250).taken
    assert (len(taken), taken[:3], taken[-2:]) == (250, (0, 4, 8), (995, 999))
    assert Iddpm(10).taken == tuple(range(0, 1000, 111))
    with pytest.raises(ValueError, match="1 of 1000"):
        Iddpm(1)


@pytest.mark.parametrize("count", [10, 250, 1000])
def test_one_who_knows_the_picture_ends_at_it(count):
    sampler, clean, here = Iddpm(count), drawn(0, 1, 4, 3, 5), drawn(1, 1, 4, 3, 5)
    for step in reversed(range(count)):
        kept = DIT.kept[sampler.taken[step]]
        noise = (here - math.sqrt(kept) * clean) / math.sqrt(1 - kept)
        here = sampler.step_back(here, torch.cat([noise, drawn(step, 1, 4, 3, 5).clamp(-1, 1)], 1), step, noise * 0)
    torch.testing.assert_close(here, clean, atol=2e-4, rtol=0)


def test_noise_on_the_way_is_as_the_schedule_has_it():
    """Of a Gaussian the posterior is known: from step to step the marginal must stay the schedule's."""
    sampler, many = Iddpm(50), 200_000
    clean = torch.full((many, 1, 1, 1), 0.7)
    for step in (49, 20, 3):
        noise = drawn(step, many, 1, 1, 1)
        here = sampler.noised(clean, noise, step)
        predicted = torch.cat([noise, torch.full_like(noise, -1.0)], 1)  # -1: the posterior's own variance
        found = sampler.step_back(here, predicted, step, drawn(99, many, 1, 1, 1))
        kept = DIT.kept[sampler.taken[step - 1]]
        assert float(found.mean()) == pytest.approx(0.7 * math.sqrt(kept), abs=0.01)
        assert float(found.var()) == pytest.approx(1 - kept, rel=0.015)


@pytest.mark.parametrize("count", [10, 50, 250])
def test_steps_are_those_of_diffusers(count):
    diffusers = pytest.importorskip("diffusers")
    ours = Iddpm(count)
    theirs = diffusers.DDPMScheduler(1000, 1e-4, 2e-2, "linear", variance_type="learned_range", clip_sample=False)
    theirs.set_timesteps(timesteps=list(ours.taken[::-1]))
    for step in (count - 1, count // 2, 1, 0):
        noisy, noise = drawn(1, 1, 4, 8, 8), drawn(2, 1, 4, 8, 8)
        predicted = torch.cat([noise, drawn(3, 1, 4, 8, 8).clamp(-1, 1)], 1)
        fresh = torch.randn(noisy.shape, generator=torch.Generator().manual_seed(4))
        expected = theirs.step(predicted, ours.taken[step], noisy, generator=torch.Generator().manual_seed(4))
        torch.testing.assert_close(
            ours.step_back(noisy, predicted, step, fresh), expected.prev_sample, atol=5e-5, rtol=0
        )
