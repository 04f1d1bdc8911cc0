"""What the stamps and separators of a stack mean in this bureau: which thing, which place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zhixing_desktop.dossier.separators import Separator
from zhixing_desktop.dossier.stack import StackPage
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.models.dossier_tables import dossier_items
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import cases
from zhixing_desktop.services.bureau import Row
from zhixing_desktop.services.dossier_rows import version_rows
from zhixing_desktop.services.dossier_sheets import case_mark
from zhixing_desktop.services.dossier_tray_rows import page_words
from zhixing_desktop.services.dossier_types import FILED, SIDES
from zhixing_desktop.workflow.errors import ZhixingError

NO_DIGEST = "000000"
"""What the label of a page says that is on paper only: there is no file yet."""


class UnclearError(ZhixingError):
    """Pages that cannot go where their mark says; the sentence is the tray's hint.

    ``case_id`` is whose they are, where that is certain.
    """

    def __init__(self, sentence: str, case_id: int | None = None) -> None:
        super().__init__(sentence)
        self.case_id = case_id


@dataclass(frozen=True, slots=True)
class PageFrom:
    """A page of a new version: a page (from 0 on) of the scan, else of the version before."""

    page: int
    turn: int
    scanned: bool


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A thing's new version as it is to be: its row now, the pages, the PDF of the one before."""

    case: Row
    item: Row
    pages: tuple[PageFrom, ...]
    before: str
    reason: str


def marked_case(conn: Connection, mark: Stamp | Separator) -> Row:
    """Return the case that a mark names; :class:`UnclearError` where it is another bureau's."""
    found = rows_where(conn, cases, "id", mark.case_id)
    if not found or case_mark(found[0]["case_no"]) != mark.case_mark:
        raise UnclearError(
            "页标或者分隔页不是本系统现有案件的，请核对是否属于别的法院或者旧的数据库"
        )
    return found[0]


def marked_item(conn: Connection, case: Row, item_id: int) -> Row:
    """Return the thing of a case that a mark names; :class:`UnclearError` where it is gone."""
    found = rows_where(conn, dossier_items, "id", item_id)
    if not found or found[0]["case_id"] != case["id"]:
        raise UnclearError(f"{case['case_no']}的卷宗中没有页标所指的材料", case["id"])
    if found[0]["state"] != FILED:
        raise UnclearError(
            f"{case['case_no']}“{found[0]['name']}”已经撤出卷宗（{found[0]['reason']}）",
            case["id"],
        )
    return found[0]


def new_version(conn: Connection, stamp: Stamp, pages: Sequence[StackPage]) -> NewVersion:
    """Return the version that stamped pages make of their thing.

    Pages that did not come are taken from the version before.  Raises :class:`UnclearError` for
    pages that came twice, that are not of this thing, or of which a newer picture is filed.
    """
    case = marked_case(conn, stamp)
    item = marked_item(conn, case, stamp.item_id)
    name = f"{case['case_no']}“{item['name']}”"
    came = [page.item_page or 0 for page in pages]
    doubled = sorted({number for number in came if came.count(number) > 1})
    if doubled:
        raise UnclearError(f"{name}{page_words(doubled)}扫描了不止一次，请选定一份", case["id"])
    rows = {row["number"]: row for row in version_rows(conn, item["id"])}
    of, current = rows.get(stamp.version), rows[item["current"]]
    if of is None or (of["pdf"][:6] or NO_DIGEST) != stamp.digest:
        raise UnclearError(f"{name}的页标与卷宗中登记的不符，请人工核对", case["id"])
    count = item["pages"]
    if max(came) > count:
        raise UnclearError(f"{name}现有{count}页，扫描件是第{max(came)}页，请核对", case["id"])
    outdated = [n for n in came if of is not current and not _still(of, current, n)]
    if outdated:
        raise UnclearError(
            f"{name}{page_words(outdated)}是第{of['number']}版的页，"
            f"卷宗中已是第{current['number']}版，请核对后决定是否更换",
            case["id"],
        )
    missing = [number for number in range(1, count + 1) if number not in came]
    if missing and not current["pdf"]:
        raise UnclearError(f"{name}仅有纸质，共{count}页，缺{page_words(missing)}", case["id"])
    by_number = {page.item_page: page for page in pages}
    made = []
    for number in range(1, count + 1):
        page = by_number.get(number)
        scanned = page is not None
        at, turn = (page.at, page.turn) if page is not None else (number - 1, 0)
        made.append(PageFrom(at, turn, scanned))
    return NewVersion(case, item, tuple(made), current["pdf"], _reason(missing, came, current))


def _still(of: Row, current: Row, number: int) -> bool:
    """Tell whether a page of the current version is that of an older one, taken over unchanged."""
    if number > len(current["cuts"]):
        return False
    source, page, _ = current["cuts"][number - 1]
    return bool(current["originals"][source] == of["pdf"] and page == number - 1)


def _reason(missing: Sequence[int], came: Sequence[int], current: Row) -> str:
    words = "签名盖章后的扫描件"
    if missing:
        return f"{words}（{page_words(sorted(came))}；其余各页沿用第{current['number']}版）"
    return words


def mark_words(conn: Connection, mark: Stamp | Separator) -> str:
    """Return whose a mark is, in words for a hint: the case's number, nothing of its content."""
    try:
        case = marked_case(conn, mark)
    except UnclearError:
        return "不是本系统案件的页标"
    if isinstance(mark, Stamp):
        return f"{case['case_no']}{SIDES[mark.side]}第{mark.volume}册第{mark.page}页"
    place = f"{SIDES[mark.place.side]}第{mark.place.number}项" if mark.place else ""
    return f"{case['case_no']}{place}的分隔页"
