"""Pictures as pages of a PDF, without loss: a JPEG stays the JPEG it is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import opened
from zhixing_desktop.dossier.picture_files import Frame, frame

if TYPE_CHECKING:
    from PIL.Image import Image

_EMBEDDED = ("JPEG", "MPO", "PNG")
_MIRRORED = (2, 4, 5, 7)


def page_of(content: Path | bytes, image: Image) -> bytes:
    """Return a PDF of one page with the picture that was last sought in ``image``.

    What a PDF can hold goes in as it is (JPEG, plain PNG); anything else is stored without loss.
    """
    import img2pdf

    one = frame(image)
    if image.format in _EMBEDDED and one.orientation not in _MIRRORED and not _see_through(image):
        with opened(content) as file:
            data = file.read()
        try:
            return _laid(data, one)
        except (
            img2pdf.AlphaChannelError,
            img2pdf.JpegColorspaceError,
            img2pdf.ImageOpenError,
            img2pdf.UnsupportedColorspaceError,
            NotImplementedError,
        ):
            pass
    data, upright = _plain(image)
    return _laid(data, Frame(*upright.size, _turned(one)))


def _see_through(image: Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _turned(one: Frame) -> tuple[float, float] | None:
    if one.dpi is not None and one.orientation in (5, 6, 7, 8):
        return one.dpi[1], one.dpi[0]
    return one.dpi


def _laid(data: bytes, one: Frame) -> bytes:
    import img2pdf

    def lay(_width: int, _height: int, _dpi: object) -> tuple[float, float, float, float]:
        return *one.sheet(), *one.laid()

    made = img2pdf.convert(
        data,
        layout_fun=lay,
        rotation=img2pdf.Rotation.ifvalid,
        nodate=True,
        first_frame_only=True,
    )
    return bytes(made)


def _plain(image: Image) -> tuple[bytes, Image]:
    """The picture upright, on white, as a PNG; in black and white, grey or colour as it was."""
    from PIL import Image as Pictures
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image)
    profile = upright.info.get("icc_profile") if upright.mode in ("L", "RGB") else None
    if _see_through(upright):
        layered = upright.convert("RGBA")
        upright = Pictures.new("RGBA", layered.size, "white")
        upright.alpha_composite(layered)
        upright = upright.convert("RGB")
    elif upright.mode.startswith("I;16"):
        upright = upright.point(lambda shade: shade / 256).convert("L")
    elif upright.mode not in ("1", "L", "RGB"):
        upright = upright.convert("RGB")
    made = io.BytesIO()
    upright.save(made, "PNG", compress_level=6, icc_profile=profile)
    return made.getvalue(), upright
