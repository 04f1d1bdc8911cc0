"""Pages for measuring the proof: what is bound in dossiers, and what may have become of it.

Text is set letter by letter in cells of its own, so that a page with another figure differs in
this figure and in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from helpers.bound_volumes import PRINTED_DPI, count, drawn, page_picture, papers
from zhixing_desktop.dossier.proof_measure import WORKING_DPI
from zhixing_desktop.paths import resources_dir

Picture = NDArray[np.uint8]
_A4 = (210.0, 297.0)
_DRAWN = 600
"""Dots per inch in which pages are drawn before they are made smaller."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: as the electronic dossier draws it and as it lies on paper (``PRINTED_DPI``)."""

    name: str
    electronic: Picture
    printed: Picture


@dataclass(frozen=True, slots=True)
class Text:
    """A page of text: lines, the size of the letters in points, whether a seal stands on it."""

    name: str
    lines: tuple[str, ...]
    points: float = 12.0
    seal: bool = False

    def sheet(self) -> Sheet:
        """Return it drawn."""
        fine = _drawn(self)
        return Sheet(self.name, _sized(fine, WORKING_DPI), _sized(fine, PRINTED_DPI))

    def with_(self, old: str, new: str) -> Text:
        """Return it with the first ``old`` made ``new``, of the same length."""
        assert len(old) == len(new)
        whole = "\n".join(self.lines)
        assert old in whole
        return replace(self, lines=tuple(whole.replace(old, new, 1).split("\n")))


def _sized(fine: Picture, dpi: int) -> Picture:
    size = (round(fine.shape[1] * dpi / _DRAWN), round(fine.shape[0] * dpi / _DRAWN))
    return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.uint8)


@cache
def _drawn(text: Text) -> Picture:
    px = _DRAWN / 25.4
    page = Image.new("L", (round(_A4[0] * px), round(_A4[1] * px)), 255)
    draw = ImageDraw.Draw(page)
    size = round(text.points * _DRAWN / 72)
    font = ImageFont.truetype(str(resources_dir() / "fonts" / "NotoSansSC-Regular.ttf"), size)
    for row, line in enumerate(text.lines):
        x, y = 25 * px, 28 * px + row * size * 1.75
        for letter in line:
            draw.text((x, y), letter, font=font, fill=0)
            x += size if ord(letter) > 0x2E7F else size * 0.56
    if text.seal:
        _seal(draw, (round(140 * px), round(235 * px)), px)
    return np.asarray(page, np.uint8)


def _seal(draw: ImageDraw.ImageDraw, middle: tuple[int, int], px: float) -> None:
    """A round seal of 42 mm with a star; red is a middle grey."""
    x, y = middle
    out, inner = 21 * px, 19.6 * px
    draw.ellipse((x - out, y - out, x + out, y + out), outline=105, width=round(out - inner))
    corners = []
    for tip in range(10):
        reach = (7.0 if tip % 2 == 0 else 2.7) * px
        angle = np.pi * tip / 5 - np.pi / 2
        corners.append((x + reach * np.cos(angle), y + reach * np.sin(angle)))
    draw.polygon(corners, fill=105)


LEDGER = Text(
    "ledger",
    tuple(
        f"{row}. 2024年{row % 12 + 1}月{row + 3}日收到案款{row * 31834 + 5017:,}."
        f"{row * 7 % 90 + 10}元，发放{row * 28613 + 9466:,}.30元，余额{row * 3228 + 171:,}.80元。"
        for row in range(1, 28)
    ),
    points=12,
)
ORDER = Text(
    "order",
    (
        "　　　　　　　　　执行裁定书",
        "（2024）豫0811执1386号",
        "申请执行人：张建国，男，1971年3月8日出生，住焦作市山阳区。",
        "被执行人：李春明，男，1968年10月5日出生，住焦作市解放区。",
        "本院在执行张建国与李春明民间借贷纠纷一案中，责令被执行人",
        "履行生效法律文书确定的义务，但被执行人未履行。依照《中华人民",
        "共和国民事诉讼法》第二百五十三条的规定，裁定如下：",
        "一、冻结被执行人李春明在中国银行的存款人民币叁拾捌万陆仟",
        "伍佰元（386500元），期限一年。",
        "二、扣划被执行人应当负担的案件执行费伍仟陆佰玖拾柒元整。",
        "三、查封被执行人名下位于建设路18号的房屋，期限三年。",
        "本裁定立即执行。",
        "",
        "　　　　　　　　　　　审　判　员　　王　镕",
        "　　　　　　　　　　　二〇二四年三月十一日",
        "　　　　　　　　　　　书　记　员　　赵　敏",
    ),
    points=14,
    seal=True,
)
NOTE = Text("a few words", ("本页以下无正文。", "共计人民币壹万贰仟元。"), points=12)


def photo(seed: int, shade: float = 120.0) -> Picture:
    """Return a page that is a photograph from edge to edge, at ``PRINTED_DPI``."""
    chance = np.random.default_rng(seed)
    picture = np.full((3508, 2480), shade, np.float32)
    for size, strength in ((9, 45.0), (30, 25.0), (140, 12.0)):
        rough = chance.normal(0, 1, (round(1.414 * size), size)).astype(np.float32)
        picture += strength * cv2.resize(rough, (2480, 3508), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture, 0, 255).astype(np.uint8)


def plain(shade: int, slope: float = 0.0) -> Picture:
    """Return a page nearly of one shade (a photo of a wall), a little lighter down the page."""
    rows = np.linspace(-slope / 2, slope / 2, 3508, dtype=np.float32)[:, None]
    return np.clip(np.full((3508, 2480), shade, np.float32) + rows, 0, 255).astype(np.uint8)


def form(shade: int) -> Picture:
    """Return a form whose fields are filled with a shade, with few words on it."""
    page = np.full((3508, 2480), 255, np.uint8)
    for top in range(400, 3000, 520):
        cv2.rectangle(page, (250, top), (2230, top + 420), shade, -1)
        cv2.rectangle(page, (250, top), (2230, top + 420), 0, 4)
    fine = _sized(_drawn(replace(NOTE, name="form words")), PRINTED_DPI)
    return np.asarray(np.minimum(page, fine), np.uint8)


def of_picture(name: str, printed: Picture) -> Sheet:
    """Return the sheet of a picture."""
    size = (1240, 1754)
    small = np.asarray(cv2.resize(printed, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Sheet(name, small, printed)


@cache
def texts() -> tuple[Sheet, ...]:
    """Return the program's own papers page by page, and pages of figures and words."""
    found = [LEDGER.sheet(), replace(LEDGER, name="small ledger", points=10.5).sheet()]
    found += [ORDER.sheet(), NOTE.sheet()]
    for number, paper in enumerate(papers()):
        data = drawn(paper)
        for page in range(count(data)):
            both = (page_picture(data, page, dpi) for dpi in (WORKING_DPI, PRINTED_DPI))
            found.append(Sheet(f"paper {number}/{page}", *both))
    return tuple(found)


@cache
def pictures() -> tuple[Sheet, ...]:
    """Return photographs, plain ones too, and forms with shaded fields."""
    return (
        of_picture("photo", photo(1)),
        of_picture("light photo", photo(2, 190)),
        of_picture("plain light", plain(205)),
        of_picture("plain grey", plain(128, 20)),
        of_picture("plain dark", plain(60, 10)),
        of_picture("form", form(200)),
        of_picture("dark form", form(120)),
    )


@dataclass(frozen=True, slots=True)
class Damage:
    """What has become of a page: what it was, what lies on paper now."""

    kind: str
    was: Sheet
    now: Picture


_FIGURES = ("38", "17", "06", "56", "68", "90", "41", "35", "89", "27")


def _altered(text: Text, kind: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[Damage]:
    was = text.sheet()
    for old, new in pairs:
        yield Damage(kind, was, text.with_(old, new).sheet().printed)


def damages() -> Iterator[Damage]:
    """Yield pages that are not what they were, from one figure to the whole page."""
    figures = tuple(pair for one, other in _FIGURES for pair in ((one, other), (other, one)))
    yield from _altered(LEDGER, "figure, 12 pt", figures)
    small = replace(LEDGER, name="small ledger", points=10.5)
    yield from _altered(small, "figure, 10.5 pt", figures)
    yield from _altered(
        ORDER, "amount in words",
        (
            ("叁拾捌", "贰拾捌"), ("陆仟", "柒仟"), ("伍佰", "伍拾"), ("玖拾", "叁拾"),
            ("捌万", "玖万"), ("一年", "二年"), ("三年", "二年"),
        ),
    )  # fmt: skip
    yield from _altered(
        ORDER, "name", (("李春明", "李春朋"), ("张建国", "张建园"), ("张建国", "王建国"))
    )
    yield from _altered(NOTE, "amount on a page of two lines", (("贰仟", "叁仟"), ("壹万", "柒万")))
    yield Damage("seal erased", ORDER.sheet(), replace(ORDER, seal=False).sheet().printed)
    yield Damage("seal added", replace(ORDER, seal=False).sheet(), ORDER.sheet().printed)
    for sheet in (ORDER.sheet(), *texts()[5:20:3]):
        yield Damage("handwriting", sheet, written_on(sheet.printed, 60))
        yield Damage("pencil", sheet, written_on(sheet.printed, 140))
        yield Damage("struck out", sheet, _struck(sheet.printed))
        yield Damage("lines exchanged", sheet, _exchanged(sheet.printed))
    yield Damage("another page", texts()[6], texts()[9].printed)
    yield Damage("another photo", pictures()[0], photo(7))
    yield Damage("plain photo, other shade", pictures()[2], plain(120))
    yield Damage("plain photo, text instead", pictures()[3], LEDGER.sheet().printed)
    yield Damage("plain photo, photo instead", pictures()[3], photo(9))
    yield Damage("plain photo, empty paper instead", pictures()[3], plain(250))
    yield Damage("shaded field filled in", pictures()[5], _filled_in(pictures()[5].printed))


def written_on(sheet: Picture, shade: int) -> Picture:
    """Return a sheet with four signs written on it by hand."""
    chance = np.random.default_rng(4)
    changed = sheet.copy()
    for letter in range(4):
        for _ in range(4):
            stroke = chance.integers(0, 60, (3, 2)) + np.array([500 + 70 * letter, 3000])
            cv2.polylines(changed, [stroke.astype(np.int32)], False, shade, 4, cv2.LINE_AA)
    return np.asarray(np.minimum(changed, sheet), np.uint8)


def _struck(sheet: Picture) -> Picture:
    inked = (sheet[500:2900, 300:2200] < 128).sum(axis=1)
    y = 500 + int(np.argmax(inked > 60)) + 12
    return np.asarray(cv2.line(sheet.copy(), (500, y), (1000, y + 5), 30, 5), np.uint8)


def _exchanged(sheet: Picture) -> Picture:
    changed = sheet.copy()
    changed[900:1100, 300:2200] = sheet[1200:1400, 300:2200]
    changed[1200:1400, 300:2200] = sheet[900:1100, 300:2200]
    return changed


def _filled_in(sheet: Picture) -> Picture:
    changed = sheet.copy()
    cv2.putText(changed, "386,500", (500, 700), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 30, 5)
    return np.asarray(changed, np.uint8)
