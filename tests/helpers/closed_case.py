"""A case that is closed and whose dossier waits for the archive: papers, scans, a sound recording,
things on paper only, a 副卷."""

from __future__ import annotations

from pathlib import Path

from helpers.bureau import OFFICER, Office
from helpers.paper_desk import paper_desk
from helpers.papers import pdf
from zhixing_desktop.services import dossier_printing, dossier_volumes, steps
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import MAIN, SIDE, Filing, Medium, Piece
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.services.permission import About
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.views import Key

CLERK = "周书记"
ARCHIVIST = "马档案"
NOTICE, CLOSING = Key(7, "case"), Key(43, "case")
SOUND = b"RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + b"\x01\x02" * 1024


def closed_case(folder: Path, *, side: bool = True) -> tuple[Office, int]:
    """Make a bureau with one closed case: 3 things with pages in the 正卷, 1 in the 副卷."""
    office = paper_desk(folder)
    (case,) = office.case_ids
    issue(office.bureau, office.actor(), PaperWish(case, "07-talk-record", NOTICE))
    file_pages(office, case, "银行流水", 3, place=10)
    file_item(
        office.bureau, office.actor(), case,
        Filing("委托书原件", place=9, medium=Medium.PAPER, paper_pages=2),
    )  # fmt: skip
    sound = take_in(office.bureau, [Piece("谈话录音.wav", SOUND)])
    filing = Filing("谈话录音", place=11, medium=Medium.ELECTRONIC)
    file_item(office.bureau, office.actor(), case, filing, sound)
    if side:
        file_pages(office, case, "合议笔录", 2, place=1, side=SIDE)
    close_case(office, case)
    return office, case


def file_pages(
    office: Office, case: int, name: str, pages: int, place: int, side: str = MAIN
) -> None:
    data = pdf(*((255, 250 - 10 * number, 200) for number in range(pages)))
    taken = take_in(office.bureau, [Piece(f"{name}.pdf", data)])
    file_item(office.bureau, office.actor(), case, Filing(name, place=place, side=side), taken)


def close_case(office: Office, case: int) -> None:
    """Report it closed and have that confirmed, as facts."""
    for event in ("closing_requested", "closing_confirmed"):
        steps.take(
            office.bureau,
            office.actor(),
            case,
            "node.work",
            lambda ctx, _view, event=event: [NewFact(event, "case", ctx.now)],
            about=About(key=CLOSING),
        )


def printed(office: Office, case: int, folder: Path) -> None:
    """Print every volume of both sides, to files."""
    bureau, actor = office.bureau, office.actor()
    for side in (MAIN, SIDE):
        for line in dossier_volumes.volumes(bureau, actor, case, side):
            out = folder / f"{side}-{line.number}.pdf"
            made = dossier_printing.prepare(bureau, actor, case, side, line.number, out)
            dossier_printing.record_print(bureau, actor, made, printer="PDF")


def clerk(office: Office) -> Actor:
    return office.actor(CLERK)


def who(bureau_office: Office) -> tuple[Bureau, Actor]:
    return bureau_office.bureau, bureau_office.actor(OFFICER)
