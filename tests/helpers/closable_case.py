"""A case ready for 报结: every gate holds, and node, electronic and paper dossier agree."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import pikepdf

from helpers.bound_volumes import drawn
from helpers.bureau import CLERK, OFFICER, Office
from helpers.filling import full_entry
from helpers.made_papers import ruling
from helpers.offices import open_at
from helpers.paper_desk import paper_desk
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.services import approvals, dossier_printing, dossier_volumes, work
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_proving import prove_volume, record_proof
from zhixing_desktop.services.dossier_store import Taken, take_in
from zhixing_desktop.services.dossier_triangle import HoleKind, Triangle, triangle
from zhixing_desktop.services.dossier_types import MAIN, SIDE, Filing, ItemLine, Piece
from zhixing_desktop.services.steps import Outcome
from zhixing_desktop.workflow.views import Key

_NUMBERS = count(1)
CLOSING, EVIDENCE = Key(43, "case"), 10
NOW = "2024-03-05T11:00"
_AFTER = (14, 15)
"""What follows the closing of a completed case within seven days (节点四十三)."""
_MATERIAL = (HoleKind.MATERIAL_MISSING, HoleKind.MATERIAL_REPORTED)


def build(folder: Path) -> None:
    """Make the bureau with its one case below a folder; :func:`opened` opens a copy of it."""
    office = paper_desk(folder)
    (case,) = office.case_ids
    admin = office.actor("何管理")
    change_setting(office.bureau, admin, "dossier.since", "2024-03-01", "启用逐件核对")
    office.at(NOW)
    file_pages(office, case, "银行流水", 3)
    file_pages(office, case, "合议笔录", 2, side=SIDE, place=1)
    _closing_data(office, case)
    for hole in looked(office, case).holes:
        if hole.kind in _MATERIAL and hole.key is not None:
            filing = Filing(hole.material, hole.key, material=hole.material)
            file_item(office.bureau, office.actor(), case, filing, taken(office))
    on_paper(office, case, folder)
    office.close()


def _closing_data(office: Office, case: int) -> None:
    wanted = {
        "closing_way": "执行完毕",
        "completion_acceptance": "没有认可，制作结案通知书",
        "closing_requested_on": None,
    }
    officer = office.actor(OFFICER)
    for _ in range(3):
        ctx = office.detail(case).context
        values, items = full_entry(ctx, CLOSING, wanted, leave=_AFTER)
        if values or items:
            work.record_work(office.bureau, officer, case, CLOSING, values, items)
        wanted = {"closing_requested_on": None}


def opened(built: Path, folder: Path) -> tuple[Office, int]:
    """Open a copy of the bureau that was built; return it with its case."""
    shutil.copytree(built, folder)
    clock = FixedClock(datetime.fromisoformat(NOW))
    return Office(open_at(f"sqlite:///{folder / 'bureau.db'}", clock), clock, [1]), 1


def _sheet(number: int) -> Paper:
    """Return a ruling of one page, however many were made before it."""
    made = ruling(60 + 7 * (number % 12), paragraphs=1)
    return replace(made, number=f"（2024）豫0811执{number}号")


def taken(office: Office, pages: int = 1) -> Taken:
    """Take in something written, a sheet for each of ``pages``; never the same twice."""
    sheets = tuple(drawn(_sheet(next(_NUMBERS))) for _ in range(pages))
    pieces = [Piece(f"扫描{number}.pdf", data) for number, data in enumerate(sheets)]
    return take_in(office.bureau, pieces)


def file_pages(
    office: Office,
    case: int,
    name: str,
    pages: int = 1,
    *,
    side: str = MAIN,
    place: int | None = EVIDENCE,
    key: Key | None = None,
    material: str = "",
    by: str = OFFICER,
) -> ItemLine:
    """File a scan as the case's officer."""
    filing = Filing(name, key, material=material, place=place, side=side)
    if key is not None and material:
        filing = Filing(name, key, material=material)
    return file_item(office.bureau, office.actor(by), case, filing, taken(office, pages)).item


def on_paper(office: Office, case: int, folder: Path) -> None:
    """Print every volume of both sides as it is now."""
    bureau, actor = office.bureau, office.actor(CLERK)
    for side in (MAIN, SIDE):
        for line in dossier_volumes.volumes(bureau, actor, case, side):
            out = folder / f"{side}-{line.number}.pdf"
            made = dossier_printing.prepare(bureau, actor, case, side, line.number, out)
            dossier_printing.record_print(bureau, actor, made, printer="PDF")


def looked(office: Office, case: int) -> Triangle:
    """Return the triangle as the case's officer sees it."""
    return triangle(office.bureau, office.actor(), case)


def report_closed(office: Office, case: int) -> Outcome:
    """报结, by the officer."""
    return work.request_approval(
        office.bureau, office.actor(), case, CLOSING, "closing_review", "已经全部执行完毕"
    )


def closed(office: Office, case: int) -> None:
    """报结, and 审判管理办公室 confirms it."""
    asked = report_closed(office, case).facts[0].seq
    reviewer = office.actor("郑审管")
    approvals.decide_application(office.bureau, reviewer, case, asked, "granted", "符合报结条件")


def proven(office: Office, case: int, folder: Path, *, without: int | None = None) -> None:
    """Hold the printed volumes against the electronic pages, as they lie or with a page lost."""
    bureau, clerk = office.bureau, office.actor(CLERK)
    for side in (MAIN, SIDE):
        path = folder / "scan.pdf"
        with pikepdf.open(folder / f"{side}-1.pdf") as printed:
            if without is not None and side == MAIN:
                del printed.pages[without]
            printed.save(path)
        record_proof(bureau, clerk, prove_volume(bureau, clerk, case, side, 1, path))
