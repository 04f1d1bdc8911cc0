"""Pictures of pages as arrays of grey pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhixing_desktop.dossier.pdf_pages import Raster

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def gray(raster: Raster) -> NDArray[np.uint8]:
    """Return a picture as rows × columns of grey, 0 black to 255 white."""
    import cv2
    import numpy as np

    rows = np.frombuffer(raster.data, dtype=np.uint8).reshape(raster.height, raster.stride)
    pixels = rows[:, : raster.width * 4].reshape(raster.height, raster.width, 4)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), dtype=np.uint8)
