"""Files as they come from outside: forms, scripts, odd boxes, thousands of pages, torn ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String

RED, GREEN, BLUE = (1, 0, 0), (0, 1, 0), (0, 0, 1)
Ink = tuple[float, float, float]


def filled(pdf: Pdf, ink: Ink, box: tuple[float, float, float, float]) -> Any:
    """Return a stream that fills a rectangle (left, low, width, height)."""
    red, green, blue = ink
    left, low, width, height = box
    return pdf.make_stream(
        f"{red:g} {green:g} {blue:g} rg {left:g} {low:g} {width:g} {height:g} re f".encode()
    )


def pdf_of(*inks: Ink, change: Callable[[Pdf], None] = lambda _pdf: None) -> bytes:
    """Return a PDF of A4 pages, the left half of each filled with an ink; ``change`` adds to it."""
    with Pdf.new() as pdf:
        for ink in inks:
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Contents = filled(pdf, ink, (0, 0, 297, 842))
        change(pdf)
        return saved(pdf)


def saved(pdf: Pdf, **how: Any) -> bytes:
    made = io.BytesIO()
    pdf.save(made, static_id=True, **how)
    return made.getvalue()


def locked(data: bytes, *, owner: str, user: str) -> bytes:
    """Return a PDF encrypted with two passwords."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        made = io.BytesIO()
        pdf.save(made, encryption=Encryption(owner=owner, user=user))
        return made.getvalue()


def look(pdf: Pdf, ink: Ink) -> Any:
    """Return the picture of a field or a seal, 100 points each way."""
    drawn = filled(pdf, ink, (0, 0, 100, 100))
    drawn.Type, drawn.Subtype = Name.XObject, Name.Form
    drawn.BBox = [0, 0, 100, 100]
    return drawn


def mark(pdf: Pdf, page: int, **entries: Any) -> Any:
    """Add a note, a field or a seal to a page, 400 to 500 points right and up."""
    made = pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=[400, 400, 500, 500], F=4, **entries))
    target = pdf.pages[page].obj
    if "/Annots" not in target:
        target.Annots = Array()
    target.Annots.append(made)
    return made


def field(pdf: Pdf, page: int, kind: str, **entries: Any) -> Any:
    """Add a form field to a page."""
    made = mark(pdf, page, Subtype=Name.Widget, FT=Name(kind), T=String("f"), **entries)
    if "/AcroForm" not in pdf.Root:
        pdf.Root.AcroForm = Dictionary(Fields=Array())
    pdf.Root.AcroForm.Fields.append(made)
    return made


def script(pdf: Pdf) -> Any:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))


def word_file() -> bytes:
    """Return a ZIP with the parts by which a .docx is known."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<w:document/>")
    return made.getvalue()


def zip_file(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return made.getvalue()


def ole_file(*streams: str) -> bytes:
    """Return an OLE file with these streams in its directory (sectors of 512 bytes)."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", head, 44, 1, 1)  # one table sector; the directory begins at sector 1
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    names = ["Root Entry", *streams]
    sectors = -(-len(names) // 4)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    directory = b""
    for name in names:
        raw = name.encode("utf-16-le") + b"\0\0"
        directory += raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + bytes(62)
    return bytes(head) + table + directory.ljust(sectors * 512, b"\0")


def heavy_pdf(place: Path, pages: int, size: int) -> None:
    """Write a PDF of ``pages`` pages and some ``size`` bytes, most of them a hole in the file.

    Each page shows a picture of its own, whose bytes are zeros that take no room on the disk.
    """
    each = max(size // pages, 64)
    width = 1000
    height = each // width + 1
    places = [0] * (3 * pages + 3)
    with place.open("wb") as file:
        file.write(b"%PDF-1.7\n")

        def begin(number: int) -> None:
            places[number] = file.tell()
            file.write(f"{number} 0 obj\n".encode())

        begin(1)
        file.write(b"<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
        begin(2)
        kids = " ".join(f"{3 * page + 3} 0 R" for page in range(pages))
        file.write(f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>\nendobj\n".encode())
        for page in range(pages):
            one = 3 * page + 3
            begin(one)
            file.write(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {one + 1} 0 R "
                f"/Resources << /XObject << /I {one + 2} 0 R >> >> >>\nendobj\n".encode()
            )
            begin(one + 1)
            shown = b"q 595 0 0 842 0 0 cm /I Do Q"
            file.write(b"<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(shown), shown))
            begin(one + 2)
            file.write(
                f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} "
                f"/BitsPerComponent 8 /ColorSpace /DeviceGray /Length {width * height} >>\n"
                "stream\n".encode()
            )
            # The first bytes tell the pages apart, the rest is a hole.
            file.write(struct.pack(">I", page))
            file.seek(width * height - 4, 1)
            file.write(b"\nendstream\nendobj\n")
        start = file.tell()
        file.write(f"xref\n0 {len(places)}\n0000000000 65535 f \n".encode())
        for where in places[1:]:
            file.write(f"{where:010d} 00000 n \n".encode())
        file.write(f"trailer\n<< /Size {len(places)} /Root 1 0 R >>\n".encode())
        file.write(f"startxref\n{start}\n%%EOF\n".encode())
