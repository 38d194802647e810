"""What tells generated imagery from real: steps across borders, power of fine detail, distance of vectors."""

import numpy as np

from backend.models.geoembed import GeoEmbed

SCALE, PART, STEP, NEAR = 4, 128, 96, 16


def smaller(picture):
    """Return the means (h / 4, w / 4, 3) of a picture's cells, rounded."""
    height, width = picture.shape[0] // SCALE, picture.shape[1] // SCALE
    cells = picture.reshape(height, SCALE, width, SCALE, 3).astype(np.float32)
    return np.round(cells.mean(axis=(1, 3))).astype(np.uint8)


def psnr(one, other):
    """Return the peak signal to noise ratio in dB."""
    error = np.mean((one.astype(np.float64) - other) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def seams(pictures, every):
    """Return the mean step between neighbours across columns and rows at multiples of `every`, by that near by.

    Near by is within `NEAR` pixels: what is seen there is alike, but for a seam.
    """
    across, elsewhere = [], []
    for picture in pictures:
        for turned in (picture, picture.transpose(1, 0, 2)):
            steps = np.abs(np.diff(turned.astype(np.float32), axis=1)).mean(axis=(0, 2))
            for border in range(every, turned.shape[1], every):
                across.append(steps[border - 1])
                elsewhere.append((steps[border - 1 - NEAR : border + NEAR].sum() - across[-1]) / (2 * NEAR))
    return float(np.mean(across) / np.mean(elsewhere))


def beyond(pictures, frequency):
    """Return the power of brightness at and above a frequency (cycles a pixel, in any direction)."""
    total = 0.0
    for picture in pictures:
        bright = picture.astype(np.float64).mean(axis=2)
        window = np.hanning(len(bright))[:, None] * np.hanning(bright.shape[1])
        power = np.abs(np.fft.fft2((bright - bright.mean()) * window)) ** 2
        down, right = (np.fft.fftfreq(length) for length in bright.shape)
        total += float(power[np.hypot(down[:, None], right) >= frequency].sum())
    return total


def vectors(pictures, path):
    """Return GeoEmbed's vectors (n, 256) of all parts of pictures."""
    embedder = GeoEmbed(path, PART)
    found = []
    for picture in pictures:
        for top in range(0, picture.shape[0] - PART + 1, STEP):
            for left in range(0, picture.shape[1] - PART + 1, STEP):
                part = np.ascontiguousarray(picture[top : top + PART, left : left + PART])
                found.append(embedder.embed(part)[0])
    return np.stack(found).astype(np.float64)


def frechet(one, other):
    """Return the Frechet distance of normal distributions with the means and covariances of two sets of vectors.

    |m - n|^2 + tr(A + B - 2 (A B)^(1/2)); the last trace is the nuclear norm of the centred sets' product.
    """
    first, second = (set_ - set_.mean(0) for set_ in (one, other))
    first, second = first / np.sqrt(len(first)), second / np.sqrt(len(second))
    shared = np.linalg.svd(first @ second.T, compute_uv=False).sum()
    apart = ((one.mean(0) - other.mean(0)) ** 2).sum()
    return float(apart + (first**2).sum() + (second**2).sum() - 2 * shared)
