"""Papers for tests, made byte by byte: real PDFs of several pages, real pictures, damaged ones."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

Colour = tuple[int, int, int]
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
A4 = (595, 842)


def pdf(*pages: Colour, seal: Colour | None = None, size: tuple[int, int] = A4) -> bytes:
    """Return a PDF whose pages are filled with a colour each.

    ``seal`` puts the picture of an electronic signature, a form field, into the middle of each.
    """
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    catalogue, tree, form = add(b""), add(b""), add(b"")
    across, down = size
    kids, fields = [], []
    for colour in pages:
        content = add(_stream(_filled(colour, across, down)))
        page = add(b"")
        widget = 0
        if seal is not None:
            look = add(
                _stream(
                    _filled(seal, 100, 100),
                    b"/Type /XObject /Subtype /Form /BBox [0 0 100 100]",
                )
            )
            left, low = across // 2 - 50, down // 2 - 50
            widget = add(
                f"<< /Type /Annot /Subtype /Widget /FT /Sig /T (s{page}) /F 4 /P {page} 0 R "
                f"/Rect [{left} {low} {left + 100} {low + 100}] /AP << /N {look} 0 R >> >>".encode()
            )
            fields.append(widget)
        notes = f"/Annots [{widget} 0 R]" if widget else ""
        objects[page - 1] = (
            f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {across} {down}] "
            f"/Contents {content} 0 R /Resources << >> {notes} >>"
        ).encode()
        kids.append(page)
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[tree - 1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    named = " ".join(f"{field} 0 R" for field in fields)
    objects[form - 1] = f"<< /Fields [{named}] /SigFlags 3 >>".encode()
    more = f"/AcroForm {form} 0 R" if fields else ""
    objects[catalogue - 1] = f"<< /Type /Catalog /Pages {tree} 0 R {more} >>".encode()
    return _file(objects, catalogue)


def _filled(colour: Colour, across: int, down: int) -> bytes:
    red, green, blue = (part / 255 for part in colour)
    return f"{red:g} {green:g} {blue:g} rg 0 0 {across} {down} re f".encode()


def _stream(content: bytes, more: bytes = b"") -> bytes:
    head = b"<< /Length " + str(len(content)).encode() + b" " + more + b" >>"
    return head + b"\nstream\n" + content + b"\nendstream"


def _file(objects: Sequence[bytes], root: int) -> bytes:
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    made += f"trailer\n<< /Size {len(objects) + 1} /Root {root} 0 R >>\n".encode()
    made += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(made)


def png(colour: Colour, width: int, height: int) -> bytes:
    """Return a picture of one colour."""
    row = b"\0" + bytes(colour) * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(row * height))
        + _chunk(b"IEND", b"")
    )


def broken_png() -> bytes:
    """Return a picture that goes on to its end and yet cannot be decoded: nothing of it is left."""
    head = struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiff(*shades: int) -> bytes:
    """Return a TIFF of one grey page of 2 by 2 pixels for each shade."""
    made = bytearray(b"II*\0" + b"\0\0\0\0")
    link = 4
    for shade in shades:
        strip = len(made)
        made += bytes([shade] * 4)
        entries = [
            (256, 3, 1, 2), (257, 3, 1, 2), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, strip), (277, 3, 1, 1), (278, 3, 1, 2), (279, 4, 1, 4),
        ]  # fmt: skip
        struct.pack_into("<I", made, link, len(made))
        made += struct.pack("<H", len(entries))
        for entry in entries:
            made += struct.pack("<HHII", *entry)
        link = len(made)
        made += struct.pack("<I", 0)
    return bytes(made)
