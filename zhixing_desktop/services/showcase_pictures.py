"""Things for the sample bureau's dossier, drawn: sheets with a seal, a photograph, a scan.

All of it is made up and says so (样本): no document of a real person is copied.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from zhixing_desktop.paths import resources_dir

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    from zhixing_desktop.dossier.pdf_pages import Raster

A4 = (1240, 1754)
"""Pixels of an A4 page at 150 to the inch."""
_SCAN_DPI = 150
_INK, _RED, _PEN = (25, 25, 30), (190, 30, 35), (30, 40, 120)
_MARGIN, _LINE = 150, 54


def sheet(title: str, lines: Sequence[str], signed: str, day: str, *, seal: str = "") -> bytes:
    """Return a page as a scanner delivers it (JPEG): title, text, who signed, a round seal.

    Every page bears 样本 in pale letters.
    """
    from PIL import Image, ImageDraw

    page = Image.new("RGB", A4, (252, 251, 248))
    pen = ImageDraw.Draw(page)
    _watermark(page)
    heading = _font("NotoSerifSC-Bold.ttf", 52)
    pen.text((A4[0] / 2, 190), title, _INK, heading, anchor="mm")
    body = _font("NotoSerifSC-Regular.ttf", 30)
    down = 300.0
    for words in lines:
        down = _paragraph(pen, words, body, down) + 12
    foot = max(down + 80, 1150)
    hand = _font("LXGWWenKai-Regular.ttf", 46)
    pen.text((A4[0] - _MARGIN, foot), signed, _PEN, hand, anchor="rm")
    pen.text((A4[0] - _MARGIN, foot + 80), day, _INK, body, anchor="rm")
    if seal:
        _seal(pen, A4[0] - _MARGIN - 190, foot + 30, seal)
    return _jpeg(page)


def id_card(name: str, number: str, address: str) -> bytes:
    """Return both sides of a specimen of an identity card on one copied page (JPEG).

    It is no copy of a real one: other colours, no arms, 样本 across it.
    """
    from PIL import Image, ImageDraw

    page = Image.new("RGB", A4, (250, 250, 250))
    pen = ImageDraw.Draw(page)
    small, large = _font("NotoSansSC-Regular.ttf", 27), _font("NotoSansSC-Regular.ttf", 44)
    for top, rows in (
        (260, (f"姓名　{name}", f"住址　{address}", f"公民身份号码　{number}")),
        (850, ("居民身份证（样本）", "签发机关　（样本，不是真实证件）", "有效期限　样本")),
    ):
        pen.rounded_rectangle((300, top, 940, top + 404), 24, (236, 240, 236), (120, 130, 120), 3)
        for place, words in enumerate(rows):
            room = 900 if place == len(rows) - 1 else 750
            _paragraph(pen, words, small, top + 60 + place * 110, left=340, right=room)
        pen.rectangle((770, top + 60, 900, top + 240), (215, 220, 222), (150, 155, 160), 2)
        pen.text((835, top + 150), "样本", (150, 150, 150), large, anchor="mm")
    pen.text((A4[0] / 2, 1400), "与原件核对无异（样本）", _PEN, _font("LXGWWenKai-Regular.ttf", 42),
             anchor="mm")  # fmt: skip
    return _jpeg(page)


def on_desk(page: bytes) -> bytes:
    """Return a page (JPEG) as a telephone takes it: on a dark desk, seen from one side."""
    import cv2
    import numpy as np

    flat = cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_COLOR)
    assert flat is not None
    high, wide = flat.shape[:2]
    desk = np.full((2000, 1600, 3), (58, 74, 96), np.uint8)
    grain = np.random.default_rng(7).normal(0, 5, desk.shape[:2])
    desk = np.clip(desk + grain[..., None], 0, 255).astype(np.uint8)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = np.array([[230, 210], [1340, 150], [1480, 1800], [130, 1850]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, seen)
    laid = cv2.warpPerspective(flat, turn, (1600, 2000), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), turn, (1600, 2000))
    desk[mask > 127] = laid[mask > 127]
    light = np.linspace(1.0, 0.82, 1600)[None, :, None]
    return _encoded(np.clip(desk * light, 0, 255).astype(np.uint8))


def signed(pdf: bytes, seal: str) -> bytes:
    """Return a paper (PDF) as a colour scanner gives it back (PDF), sealed on its last page."""
    import img2pdf
    from PIL import Image, ImageDraw

    from zhixing_desktop.dossier.pdf_pages import page_count, page_raster

    pages = page_count(pdf)
    made = []
    for place in range(pages):
        raster = page_raster(pdf, place, A4[0])
        size = (raster.width, raster.height)
        page = Image.frombytes("RGB", size, raster.data, "raw", "BGRX", raster.stride)
        if place == pages - 1:
            _seal(ImageDraw.Draw(page), page.width - 330, page.height * 0.6, seal)
        made.append(_jpeg(page.rotate(0.3 * (-1) ** place, fillcolor=(252, 251, 248))))
    size_of = img2pdf.get_fixed_dpi_layout_fun((_SCAN_DPI, _SCAN_DPI))
    volume: bytes = img2pdf.convert(made, layout_fun=size_of, nodate=True)
    return volume


def scanned(pages: Iterable[Raster], turned: float = 0.4) -> bytes:
    """Return pages as the office's scanner gives them back (PDF): grey, slightly turned, noisy.

    ``turned`` in degrees, one page so and the next the other way.
    """
    import cv2
    import img2pdf
    import numpy as np

    from zhixing_desktop.dossier.pictures import gray

    # The same grain on every page, shifted: making it anew for each takes longer than all else.
    grain = np.random.default_rng(11).normal(0, 3, (2 * A4[1], A4[0])).astype(np.float32)
    made = []
    for place, raster in enumerate(pages):
        page = gray(raster)
        high, wide = page.shape
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), turned * (-1) ** place, 1.0)
        leaning = cv2.warpAffine(page, turn, (wide, high), borderValue=(250,))
        noisy = leaning.astype(np.float32) * 0.97
        rows, columns = min(high, A4[1]), min(wide, A4[0])
        noisy[:rows, :columns] += grain[place * 37 % A4[1] :][:rows, :columns]
        made.append(_encoded(np.clip(noisy, 0, 255).astype(np.uint8)))
    size = img2pdf.get_fixed_dpi_layout_fun((_SCAN_DPI, _SCAN_DPI))
    volume: bytes = img2pdf.convert(made, layout_fun=size, nodate=True)
    return volume


def _paragraph(
    pen: ImageDraw,
    words: str,
    font: FreeTypeFont,
    down: float,
    left: int = _MARGIN,
    right: int = A4[0] - _MARGIN,
) -> float:
    """Set words in lines from ``down`` on; return where the next line would stand."""
    line = ""
    for letter in words:
        if line and pen.textlength(line + letter, font) > right - left:
            pen.text((left, down), line, _INK, font)
            down, line = down + _LINE, ""
        line += letter
    pen.text((left, down), line, _INK, font)
    return down + _LINE


def _watermark(page: Image) -> None:
    from PIL import Image, ImageDraw

    pale = Image.new("RGBA", page.size, (0, 0, 0, 0))
    words = ImageDraw.Draw(pale)
    font = _font("NotoSansSC-Regular.ttf", 210)
    words.text((page.width / 2, page.height / 2), "样　本", (205, 208, 212, 120), font, anchor="mm")
    turned = pale.rotate(35)
    page.paste(turned, (0, 0), turned)


def _seal(pen: ImageDraw, across: float, down: float, words: str) -> None:
    """Draw a round seal: no star and no arms, so that nobody takes it for a real one."""
    for edge in (0, 8):
        size = 110 - edge
        pen.ellipse((across - size, down - size, across + size, down + size), None, _RED, 5)
    pen.text((across, down - 20), words, _RED, _font("NotoSerifSC-Bold.ttf", 30), anchor="mm")
    pen.text((across, down + 35), "（样本）", _RED, _font("NotoSerifSC-Bold.ttf", 26), anchor="mm")


def _font(name: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(resources_dir() / "fonts" / name), size)


def _jpeg(page: Image) -> bytes:
    file = io.BytesIO()
    page.save(file, "JPEG", quality=72, dpi=(_SCAN_DPI, _SCAN_DPI))
    return file.getvalue()


def _encoded(page: NDArray[np.uint8]) -> bytes:
    import cv2

    return bytes(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 72])[1])
