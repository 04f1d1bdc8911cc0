"""Files as officers bring them: scans, photographs, a recording, a torn one."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw

from helpers.papers import pdf

RECORDING = b"ID3\x03\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x00" + bytes(2000)
TORN = b"%PDF-1.4 kaput"


def pages(count: int, *, blank: tuple[int, ...] = ()) -> bytes:
    """Return a PDF of so many coloured pages, some of them blank."""
    return pdf(*((255, 255, 255) if n in blank else (150, 3 * n % 60, 30) for n in range(count)))


def photograph() -> bytes:
    """Return a JPEG of a sheet of paper that lies askew on a dark table."""
    image = Image.new("RGB", (900, 1300), (60, 50, 40))
    draw = ImageDraw.Draw(image)
    draw.polygon([(100, 120), (800, 90), (830, 1200), (80, 1180)], fill=(240, 240, 235))
    for y in range(200, 1100, 40):
        draw.line([(150, y), (740, y - 8)], fill=(20, 20, 20), width=6)
    made = io.BytesIO()
    image.save(made, "JPEG", quality=90)
    return made.getvalue()


def write(folder: Path, name: str, data: bytes) -> Path:
    """Write a file; return where it lies."""
    path = folder / name
    path.write_bytes(data)
    return path
