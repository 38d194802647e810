"""What can be clicked on in a picture whose objects nobody drew: parts of classes, and pieces of even colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def parts_of_classes(label: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number the connected parts of every class above 0."""
    from scipy.ndimage import label as connect

    objects, count = np.zeros(label.shape, np.int32), 0
    for value in range(1, int(label.max()) + 1):
        parts, found = connect(label == value)
        objects[parts > 0] = parts[parts > 0] + count
        count += found
    return objects


def even_pieces(image: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Number pieces of even colour (Felzenszwalb & Huttenlocher 2004): stand-ins for objects where none are known."""
    from skimage.segmentation import felzenszwalb

    pieces: NDArray[np.int64] = felzenszwalb(image, scale=250, sigma=0.8, min_size=150)
    return (pieces + 1).astype(np.int32)
