"""The clerk's list (插放清单): which printed sheet goes where in a paper volume."""

from __future__ import annotations

from zhixing_desktop.documents.blocks import (
    Align,
    Cell,
    Paper,
    Paragraph,
    Row,
    Style,
    Table,
    text_of,
)
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_printing import Prepared
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.paper_files import draw_one
from zhixing_desktop.services.paper_types import PDF_ENDING
from zhixing_desktop.services.permission import permit


def steps_sheet(bureau: Bureau, actor: Actor, prepared: Prepared) -> FilePages:
    """Return the list of a prepared print to lie beside the printer, with boxes to tick.

    Raises ``NotAllowedError``, ``StoreError`` where no font can be used.
    """
    title = f"{SIDES[prepared.side]}第{prepared.volume.number}册"
    with bureau.database.reading() as conn:
        case = case_store.find_case(conn, prepared.case_id)
        permit(conn, bureau, actor, "dossier.print", case=case["id"])
        court = read_settings(conn).court.name
        words = [step.sentence for step in prepared.plan.steps]
        paper = _paper(court, case["case_no"], title, words)
        data = draw_one(conn, bureau, paper, PDF_ENDING)
    return file_pages(f"插放清单-{title}", PDF, data)


def _paper(court: str, case_no: str, title: str, steps: list[str]) -> Paper:
    head = [_row("序号", "怎样办", "办好画√", label=True)]
    rows = [_row(str(at), words, "□") for at, words in enumerate(steps, start=1)]
    blocks = (
        Paragraph(text_of("卷宗插放清单"), Style.TITLE, Align.CENTER, first=0),
        Paragraph(text_of(f"案号：{case_no}　{title}"), first=0, align=Align.LEFT),
        Table((3, 30, 5), tuple(head + rows), head=1),
    )
    return Paper("dossier-steps", "卷宗插放清单", court, blocks, dense=True, unnumbered=True)


def _row(number: str, words: str, done: str, *, label: bool = False) -> Row:
    middle = Align.CENTER
    return Row(
        (
            Cell((text_of(number),), label=label, align=middle),
            Cell((text_of(words),), label=label, align=middle if label else Align.LEFT),
            Cell((text_of(done),), label=label, align=middle),
        )
    )
