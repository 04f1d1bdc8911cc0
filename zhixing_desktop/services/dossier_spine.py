"""Spine labels (卷脊标签) of a case's paper volumes: cut out and pasted on the back of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.dossier_volumes import volumes
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.permission import permit

if TYPE_CHECKING:
    from zhixing_desktop.dossier.sheet_canvas import SheetCanvas

_HIGH = 240.0
_LEAST, _MOST = 12.0, 45.0
_SHEET_MM = 0.1
_COVERS_MM = 4.0
_LEFT, _TOP, _APART = 15.0, 28.0, 8.0
_LINE = 0.416
"""mm of a line for each point of its letters."""
_PART = re.compile(r"\d+|.")


@dataclass(frozen=True, slots=True)
class _Spine:
    """What stands on a back: from its top to its foot; ``wide`` in mm."""

    wide: float
    court: str
    case_no: str
    volume: str
    pages: str


def spine_labels(bureau: Bureau, actor: Actor, case: str | int, side: str) -> FilePages:
    """Return the labels of all volumes of a side on A4, as wide as each volume is thick.

    Raises ``NotAllowedError``, ``StoreError`` where no font can be used.
    """
    lines = volumes(bureau, actor, case, side)
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        permit(conn, bureau, actor, "dossier.print", case=row["id"])
        settings = read_settings(conn)
    sides_of_sheet = 2 if settings.dossier.printing == "duplex" else 1
    labels = [
        _Spine(
            wide=min(max(len(line.plan.pages) / sides_of_sheet * _SHEET_MM + _COVERS_MM, _LEAST),
                     _MOST),
            court=settings.court.name,
            case_no=row["case_no"],
            volume=f"{SIDES[side]}共{len(lines)}册第{line.number}册",
            pages=f"{len(line.plan.pages)}页",
        )
        for line in lines
    ]  # fmt: skip
    return file_pages(f"卷脊标签-{row['case_no']}", PDF, _drawn(labels))


def _drawn(labels: list[_Spine]) -> bytes:
    from zhixing_desktop.dossier.marks_font import default_font
    from zhixing_desktop.dossier.sheet_canvas import WIDE, SheetCanvas

    canvas = SheetCanvas("卷脊标签", default_font())
    left, begun = _LEFT, False
    for label in labels:
        if begun and left + label.wide > WIDE - _LEFT:
            canvas.next_sheet()
            left, begun = _LEFT, False
        if not begun:
            canvas.words(_LEFT, 18.0, "卷脊标签　沿线剪下，贴在卷册的脊上", 10)
            begun = True
        _label(canvas, label, left)
        left += label.wide + _APART
    if begun or not labels:
        canvas.next_sheet()
    return canvas.bytes()


def _label(canvas: SheetCanvas, label: _Spine, left: float) -> None:
    right, foot = left + label.wide, _TOP + _HIGH
    for x in (left, right):
        canvas.line(x, _TOP, x, foot)
    for y in (_TOP, foot):
        canvas.line(left, y, right, y)
    base = _down(canvas, label, left, label.court, _TOP + 8.0, 10.0)
    base = _down(canvas, label, left, label.case_no, base + 10.0, 14.0)
    base = _down(canvas, label, left, label.volume, base + 10.0, 12.0)
    canvas.fitted(left + 1.5, foot - 5.0, label.pages, 9, wide=label.wide - 3.0)


def _down(
    canvas: SheetCanvas, label: _Spine, left: float, words: str, base: float, size: float
) -> float:
    """Set words from above down, a number in one line; return the last line's base."""
    room = label.wide - 3.0
    for part in _PART.findall(words):
        fits = min(size, size * room / max(canvas.width(part, size), 0.01))
        canvas.words(left + label.wide / 2, base, _UPRIGHT.get(part, part), fits, middle=True)
        base += size * _LINE
    return base


_UPRIGHT = {"（": "︵", "）": "︶", "〔": "︹", "〕": "︺"}
