"""What is printed for scanning: separator sheets, and stick-on stamps for paper of its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.dossier.separators import Place, Separator
from zhixing_desktop.dossier.volume import Numbering
from zhixing_desktop.dossier.volume_types import PlannedPage
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_front import volume_title
from zhixing_desktop.services.dossier_printing import Printed, enter_print
from zhixing_desktop.services.dossier_rows import catalogue_of, item_row, version_rows
from zhixing_desktop.services.dossier_sheets import case_mark, page_stamp
from zhixing_desktop.services.dossier_types import FILED, MAIN, SIDE, SIDES
from zhixing_desktop.services.dossier_volume_rows import (
    layout_of,
    open_side,
    planned,
    printed_plans,
)
from zhixing_desktop.services.paper_types import PaperFile
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.services.stack_targets import NO_DIGEST
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StaleEditError

if TYPE_CHECKING:
    from zhixing_desktop.dossier.sheets import SeparatorSheet

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
    from zhixing_desktop.dossier.sheets import separator_sheets

    if len(wishes) > _MOST:
        words = f"一次最多打印{_MOST}张分隔页"
        raise InputRefusedError(f"{words}，请分几次打印。", [Problem("分隔页", words)])
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        permit(conn, bureau, actor, _FILE, case=row["id"])
        sheets, sides = _sheets(conn, bureau, row, wishes)
        if SIDE in sides:
            permit(conn, bureau, actor, "dossier.side", case=row["id"])
    # Drawn here: the step that writes is held up by nothing.
    data = separator_sheets(sheets, default_font())
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, _FILE, case=row["id"])
        if SIDE in sides:
            permit(conn, bureau, actor, "dossier.side", case=row["id"])
        with recorder(conn, bureau, actor, "dossier.separators", row["id"]) as record:
            record.note({"打印": "分隔页", "张数": len(sheets)})
    return PaperFile(f"{row['case_no']}分隔页.pdf", PDF, data)


def _sheets(
    conn: Connection, bureau: Bureau, case: Row, wishes: Sequence[SeparatorWish]
) -> tuple[list[SeparatorSheet], set[str]]:
    """Return what stands on each sheet, and the sides that they lead to.

    Raises :class:`InputRefusedError` naming everything that is wrong with the wishes.
    """
    from zhixing_desktop.dossier.sheets import SeparatorSheet

    problems: list[Problem] = []
    court = read_settings(conn).court.name
    sheets, sides = [], set()
    for wish in wishes:
        found = _target(conn, bureau, case, wish, problems)
        if found is None:
            continue
        side, number, name = found
        place = catalogue_of(bureau, case, side).item(number).name if number else ""
        words = f"{SIDES[side]}　第{number}项　{place}" if number else ""
        code = Separator(
            case["id"],
            case_mark(case["case_no"]),
            wish.item_id,
            Place(side, number) if number else None,
            secrets.token_hex(4),
        )
        sheets.append(SeparatorSheet(code, court, case["case_no"], words, name))
        sides.add(side)
    if problems:
        listed = "；".join(one.sentence for one in problems)
        raise InputRefusedError(f"没有打印：{listed}。", problems)
    return sheets, sides


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
    ``NotAllowedError``, :class:`InputRefusedError` for no such volume, or no such pages,
    ``StaleEditError`` where the volume was changed while the labels were drawn.
    """
    from zhixing_desktop.dossier.marks_font import default_font
    from zhixing_desktop.dossier.sheets import Label, label_sheet

    with bureau.database.reading() as conn:
        row = open_side(conn, bureau, actor, case, side)
        permit(conn, bureau, actor, _PRINT, case=row["id"])
        pages, title = _own_paper(conn, bureau, row, side, volume)
        mark = case_mark(row["case_no"])
        labels = []
        for page in pages:
            name, pdf = _page_of(conn, page)
            stamp = page_stamp(row["id"], mark, side, page, pdf or NO_DIGEST)
            labels.append(Label(stamp, row["case_no"], name))
    # Drawn here: the step that writes is held up by nothing.
    data = label_sheet(labels, default_font(), start_at)
    with bureau.database.writing() as conn:
        found = case_store.find_case(conn, row["id"], lock=True)
        permit(conn, bureau, actor, _PRINT, case=found["id"])
        if _own_paper(conn, bureau, found, side, volume)[0] != pages:
            raise StaleEditError(
                "准备页标的时候，这一册又有材料入卷或者变动，没有打印。请再打印一次。",
                data={"kind": "stale", "side": side, "volume": volume},
            )
        printed = Printed(found["id"], side, volume, "labels", [layout_of(one) for one in pages])
        with recorder(conn, bureau, actor, _PRINT, found["id"]) as record:
            enter_print(conn, record, bureau, actor, printed)
    return PaperFile(f"{row['case_no']}{title}粘贴用页标.pdf", PDF, data)


def _own_paper(
    conn: Connection, bureau: Bureau, case: Row, side: str, volume: int
) -> tuple[list[PlannedPage], str]:
    """Return a volume's pages of paper of its own, and the volume's title.

    Raises :class:`InputRefusedError` for no such volume.
    """
    plans = planned(conn, bureau, case, side, Numbering.APPEND)
    plan = next((one for one in plans if one.number == volume), None)
    if plan is None:
        raise InputRefusedError(f"{SIDES[side]}没有第{volume}册。", [Problem("册次", "请核对册次")])
    printed = {one.number: one for one in printed_plans(conn, case["id"], side)}
    pages = [page for page in printed.get(volume, plan).pages if page.own_paper]
    return pages, volume_title(side, volume, len(plans))


def _page_of(conn: Connection, page: PlannedPage) -> tuple[str, str]:
    """Return the name of a page's thing and the digest of its pages of record."""
    name = item_row(conn, page.item_id)["name"]
    for version in version_rows(conn, page.item_id):
        if version["number"] == page.version:
            return name, version["pdf"]
    return name, ""
