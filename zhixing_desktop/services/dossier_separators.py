"""What is printed for scanning: separator sheets, and stick-on stamps for paper of its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zhixing_desktop.dossier.separators import Place, Separator
from zhixing_desktop.dossier.volume_types import PlannedPage
from zhixing_desktop.models.dossier_tables import dossier_prints
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_front import volume_title
from zhixing_desktop.services.dossier_rows import catalogue_of, item_row, version_rows
from zhixing_desktop.services.dossier_sheets import case_mark, page_stamp
from zhixing_desktop.services.dossier_types import FILED, MAIN, SIDE, SIDES
from zhixing_desktop.services.dossier_volume_rows import printed_plans
from zhixing_desktop.services.dossier_volumes import volumes
from zhixing_desktop.services.paper_types import PaperFile
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.services.stack_targets import NO_DIGEST
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

_FILE, _PRINT = "dossier.file", "dossier.print"
_MOST = 100


@dataclass(frozen=True, slots=True)
class SeparatorWish:
    """What a separator is for: a thing that is filed, else a place in a catalogue, else the case.

    With none of them the pages behind it wait in the tray as pages of this case.
    """

    item_id: int | None = None
    side: str = MAIN
    place: int | None = None


def separator_file(
    bureau: Bureau, actor: Actor, case: str | int, wishes: Sequence[SeparatorWish]
) -> PaperFile:
    """Return the PDF of separator sheets of a case, one for each wish; the journal says so.

    Raises ``NotAllowedError`` (also for a 副卷 that he may not see), :class:`InputRefusedError`
    naming everything that is wrong.
    """
    from zhixing_desktop.dossier.marks_font import default_font
    from zhixing_desktop.dossier.sheets import SeparatorSheet, separator_sheets

    if len(wishes) > _MOST:
        words = f"一次最多打印{_MOST}张分隔页"
        raise InputRefusedError(f"{words}，请分几次打印。", [Problem("分隔页", words)])
    with bureau.database.writing() as conn:
        row = case_store.find_case(conn, case)
        permit(conn, bureau, actor, _FILE, case=row["id"])
        problems: list[Problem] = []
        sheets = []
        for wish in wishes:
            found = _target(conn, bureau, row, wish, problems)
            if found is None:
                continue
            side, number, name = found
            if side == SIDE:
                permit(conn, bureau, actor, "dossier.side", case=row["id"])
            place = catalogue_of(bureau, row, side).item(number).name if number else ""
            words = f"{SIDES[side]}　第{number}项　{place}" if number else ""
            code = Separator(
                row["id"],
                case_mark(row["case_no"]),
                wish.item_id,
                Place(side, number) if number else None,
                secrets.token_hex(4),
            )
            court = read_settings(conn).court.name
            sheets.append(SeparatorSheet(code, court, row["case_no"], words, name))
        if problems:
            listed = "；".join(one.sentence for one in problems)
            raise InputRefusedError(f"没有打印：{listed}。", problems)
        data = separator_sheets(sheets, default_font())
        with recorder(conn, bureau, actor, "dossier.separators", row["id"]) as record:
            record.note({"打印": "分隔页", "张数": len(sheets)})
    return PaperFile(f"{row['case_no']}分隔页.pdf", PDF, data)


def _target(
    conn: Connection, bureau: Bureau, case: Row, wish: SeparatorWish, problems: list[Problem]
) -> tuple[str, int, str] | None:
    """Return side, place and name of what a separator is for; add what is wrong with it."""
    if wish.item_id is not None:
        item = item_row(conn, wish.item_id)
        if item["case_id"] != case["id"] or item["state"] != FILED:
            problems.append(Problem("分隔页", f"本案卷宗中现在没有第{wish.item_id}号材料"))
            return None
        return item["side"], item["place"], item["name"]
    if wish.side not in SIDES:
        problems.append(Problem("正副卷", "请选择正卷或者副卷"))
        return None
    if wish.place is not None:
        numbers = {item.number for item in catalogue_of(bureau, case, wish.side).items}
        if wish.place not in numbers:
            problems.append(Problem("目录项", f"{SIDES[wish.side]}的目录没有第{wish.place}项"))
            return None
    return wish.side, wish.place or 0, ""


def label_file(
    bureau: Bureau, actor: Actor, case: str | int, side: str, volume: int, start_at: int = 1
) -> PaperFile:
    """Return the PDF of stick-on stamps (3 × 8 on A4) for a volume's pages of paper of its own.

    These are not printed from the electronic dossier: what is on paper only, and originals that
    have a scan.  As the volume was printed last, else as it is planned.  ``start_at`` (1 to 24) is
    the first label of the sheet that is still there.  The print is recorded.  Raises
    ``NotAllowedError``, :class:`InputRefusedError` for no such volume, or no such pages.
    """
    from zhixing_desktop.dossier.marks_font import default_font
    from zhixing_desktop.dossier.sheets import Label, label_sheet

    planned = volumes(bureau, actor, case, side)
    plan = next((line.plan for line in planned if line.number == volume), None)
    if plan is None:
        raise InputRefusedError(f"{SIDES[side]}没有第{volume}册。", [Problem("册次", "请核对册次")])
    with bureau.database.writing() as conn:
        row = case_store.find_case(conn, case)
        permit(conn, bureau, actor, _PRINT, case=row["id"])
        printed = {one.number: one for one in printed_plans(conn, row["id"], side)}
        pages = [page for page in printed.get(volume, plan).pages if page.own_paper]
        mark = case_mark(row["case_no"])
        labels = []
        for page in pages:
            name, pdf = _page_of(conn, page)
            stamp = page_stamp(row["id"], mark, side, page, pdf or NO_DIGEST)
            labels.append(Label(stamp, row["case_no"], name))
        data = label_sheet(labels, default_font(), start_at)
        with recorder(conn, bureau, actor, _PRINT, row["id"]) as record:
            record.insert(dossier_prints, _print_row(bureau, conn, actor, row, side, volume, pages))
    title = volume_title(side, volume, len(planned))
    return PaperFile(f"{row['case_no']}{title}粘贴用页标.pdf", PDF, data)


def _page_of(conn: Connection, page: PlannedPage) -> tuple[str, str]:
    """Return the name of a page's thing and the digest of its pages of record."""
    name = item_row(conn, page.item_id)["name"]
    for version in version_rows(conn, page.item_id):
        if version["number"] == page.version:
            return name, version["pdf"]
    return name, ""


def _print_row(
    bureau: Bureau,
    conn: Connection,
    actor: Actor,
    case: Row,
    side: str,
    volume: int,
    pages: Sequence[PlannedPage],
) -> Row:
    layout = [
        [page.number.page, page.number.insert, page.item_id, page.version, page.item_page]
        for page in pages
    ]
    return {
        "case_id": case["id"],
        "side": side,
        "volume": volume,
        "kind": "labels",
        "pages": layout,
        "printer": "",
        "copies": 1,
        "who": actor.name,
        "at": bureau.database.now(conn),
    }
