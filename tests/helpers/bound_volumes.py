"""A bound volume: made papers put together with numbers and stamps, printed, its pages scanned."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers.drawing import opened
from helpers.made_papers import head, listed, mixed, panel, record, ruling
from helpers.office import official, shelf
from helpers.scanner import scan
from zhixing_desktop.documents.blocks import Paper, Paragraph, text_of
from zhixing_desktop.documents.pdf import render_pdf
from zhixing_desktop.dossier.assembly import assemble
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.dossier.corners import Corner
from zhixing_desktop.dossier.page_marks import NumberSide
from zhixing_desktop.dossier.pdf_pages import page_raster
from zhixing_desktop.dossier.pictures import gray
from zhixing_desktop.dossier.proof import ExpectedPage, ScannedPage
from zhixing_desktop.dossier.proof_measure import WORKING_DPI
from zhixing_desktop.dossier.stamp import Stamp, encode, short_line

Picture = NDArray[np.uint8]
PRINTED_DPI = 300


@dataclass(frozen=True, slots=True)
class BoundVolume:
    """``printed`` are the sides as they lie on paper (300 dpi), ``expected`` what they should be.

    ``front`` is how many sides come before the first content page.
    """

    expected: tuple[ExpectedPage, ...]
    printed: tuple[Picture, ...]
    front: int

    def at(self, page: int) -> int:
        """Return the place (from 0) of the content page with a number."""
        return self.front + page - 1


def amounts(shift: int = 0) -> Paper:
    """Return a record of payments: a page full of figures."""
    lines = [
        f"{day}. 2024年{day % 12 + 1}月{day + shift}日收到案款{day * 3183 + shift:,}.{day + 13}元，"
        f"发放申请执行人{day * 2861:,}.3{day % 10}元，余额{day * 322:,}.80元。"
        for day in range(1, 15)
    ]
    return Paper(
        form="amounts",
        title="案款收付记录",
        court="河南省焦作市山阳区人民法院",
        blocks=(*head("案款收付记录"), *(Paragraph(text_of(line)) for line in lines), panel()),
    )


def drawn(paper: Paper) -> bytes:
    """Return a paper as PDF with the fonts that come with the program."""
    return render_pdf(paper, official(), shelf())


def page_picture(data: bytes, page: int, dpi: int) -> Picture:
    """Return a page of a PDF of A4 sheets in grey; may be asked from several threads."""
    return gray(page_raster(data, page, round(_A4_WIDE * dpi / 72)))


_A4_WIDE = 595.28


def count(data: bytes) -> int:
    with opened(data) as document:
        return len(document)


def stamp_of(number: int, item: int, item_page: int, data: bytes, **more: object) -> Stamp:
    """Return the stamp of a content page of 正卷第1册 of case 7."""
    digest = hashlib.sha256(data).hexdigest()[:6]
    known = Stamp(7, "a1b2", "main", 1, number, 0, item, 1, item_page, digest)
    return replace(known, **more)  # type: ignore[arg-type] # the fields of a stamp


def papers() -> tuple[Paper, ...]:
    """Return what lies in the volume: rulings, lists, records, forms: about twenty pages."""
    return (
        ruling(900, paragraphs=2),
        amounts(),
        listed(30),
        record(24),
        mixed(3),
        mixed(5),
        ruling(400),
        mixed(11),
        ruling(350, paragraphs=3),
        amounts(3),
    )


def printed_page(source: bytes, page: int, stamp: Stamp, *, back: bool = False) -> Picture:
    """Return a single content page as it is printed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "page.pdf"
        side = NumberSide.LEFT if back else NumberSide.RIGHT
        number = str(stamp.page)
        marked = OutPage("a", page, number, side, encode(stamp), short_line(stamp))
        assemble(out, {"a": source}, [marked])  # type: ignore[dict-item] # bytes will do
        return page_picture(out.read_bytes(), 0, PRINTED_DPI)


@cache
def bound_volume(*, two_sided: bool = False) -> BoundVolume:
    """Return a volume with cover, catalogue, some twenty content pages and a 备考表.

    ``two_sided``: printed on both sides, with empty backs behind cover, catalogue and 备考表.
    """
    cover, catalogue, note = (drawn(ruling(n)) for n in (60, 130, 90))
    expected: list[ExpectedPage] = []
    pictures: list[Picture] = []

    def add(page: ExpectedPage, picture: Picture) -> None:
        sheet = len(expected) // 2 if two_sided else None
        expected.append(replace(page, sheet=sheet))
        pictures.append(picture)

    def plain(name: str, data: bytes) -> None:
        draw = partial(page_picture, data, 0, WORKING_DPI)
        add(ExpectedPage(name, None, draw, label=name), page_picture(data, 0, PRINTED_DPI))
        if two_sided:
            empty = partial(np.full, (1754, 1240), 255, np.uint8)
            white = np.full((3508, 2480), 255, np.uint8)
            add(ExpectedPage(f"{name}背面", None, empty, label=f"{name}背面"), white)

    plain("封面", cover)
    plain("卷内目录", catalogue)
    front, number = len(expected), 0
    for item, paper in enumerate(papers(), start=1):
        data = drawn(paper)
        for page in range(count(data)):
            number += 1
            stamp = stamp_of(number, item, page + 1, data)
            back = two_sided and len(expected) % 2 == 1
            known = ExpectedPage(
                f"p{number}",
                stamp,
                partial(page_picture, data, page, WORKING_DPI),
                corner=Corner.BOTTOM_RIGHT,
                number_side=NumberSide.LEFT if back else NumberSide.RIGHT,
            )
            add(known, printed_page(data, page, stamp, back=back))
    if two_sided and len(expected) % 2 == 1:
        empty = partial(np.full, (1754, 1240), 255, np.uint8)
        add(ExpectedPage("末页背面", None, empty), np.full((3508, 2480), 255, np.uint8))
    plain("备考表", note)
    return BoundVolume(tuple(expected), tuple(pictures), front)


def scanned(pictures: Sequence[Picture], seed: int = 1, dpi: int = 150) -> list[Picture]:
    """Return printed pages as an office scanner delivers them, each lying a little otherwise."""
    chance = np.random.default_rng(seed)
    return [
        scan(
            picture, PRINTED_DPI, dpi,
            skew_degrees=float(chance.uniform(-2, 2)),
            noise=5,
            blur=float(chance.uniform(0.3, 0.7)),
            contrast=float(chance.uniform(0.75, 1)),
            shift_mm=(float(chance.uniform(-2, 2)), float(chance.uniform(-2, 2))),
            jpeg_quality=75,
            seed=seed * 1000 + number,
        )
        for number, picture in enumerate(pictures)
    ]  # fmt: skip


def as_scan(pictures: Sequence[Picture]) -> list[ScannedPage]:
    """Return pictures as the pages of a scan."""
    return [
        ScannedPage(place, partial(np.copy, picture))
        for place, picture in enumerate(pictures, start=1)
    ]
