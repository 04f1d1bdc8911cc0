"""Copies for parties: of the 正卷 only, personal data of others covered for good, each recorded.

A copy is made of pictures (``dossier.masked_copy``) and kept in the store beside its row, so that
it can be said later what left the house.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.blocks import Face
from zhixing_desktop.dossier.masked_copy import CopiedPage, CopyCancelledError, write_copy
from zhixing_desktop.dossier.masking_areas import Area, Proposal, proposals
from zhixing_desktop.dossier.whole_files import copy_checked, refused, settle, temporary
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_copies
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_filing import recorder
from zhixing_desktop.services.dossier_rows import current_pdfs, item_row
from zhixing_desktop.services.dossier_store import KeptPiece, enter_rows
from zhixing_desktop.services.dossier_types import FILED, MAIN
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.papers import looked, open_case, see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import (
    Cite,
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StoreError,
)

__all__ = (
    "Area",
    "CopyLine",
    "CopyPage",
    "CopyParty",
    "CopyWish",
    "Proposal",
    "copies",
    "export_copy",
    "make_copy",
    "parties",
    "preview",
    "proposed",
)

COPY = "dossier.copy"
CITE = Cite("人民法院诉讼文书立卷归档办法", "副卷单独装订，不对外公开；当事人可以查阅、复制正卷")
_LONGEST = 200
_TOLD = ("id_number", "address", "telephone", "phone", "mobile", "account", "service_address")
"""What a party's own record says of it that others need not learn."""
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class CopyPage:
    """A page to copy: the thing and its page from 0 on, with what is covered on it."""

    item: int
    page: int
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyWish:
    """What somebody gets: who, on what ground, which pages in which order."""

    recipient: str
    basis: str
    pages: tuple[CopyPage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A copy that was given: ``covered`` counts the areas, ``digest`` is the kept file's."""

    id: int
    recipient: str
    basis: str
    pages: int
    covered: int
    digest: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CopyParty:
    """A party that may get a copy: its subject (``creditor/1``) and name."""

    subject: str
    name: str


def parties(bureau: Bureau, actor: Actor, case: str | int) -> tuple[CopyParty, ...]:
    """Return the parties of a case; raises as :func:`make_copy`."""
    with bureau.database.reading() as conn:
        row = _asked(conn, bureau, actor, case)
        ctx = open_case(conn, bureau, row["id"]).ctx
    return tuple(
        CopyParty(subject, str(fact.data.get("name") or ""))
        for subject, fact in ctx.index.parties.items()
    )


def proposed(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    pages: Sequence[tuple[int, int]],
    party: str = "",
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> dict[tuple[int, int], tuple[Proposal, ...]]:
    """Return by page (thing, page from 0 on) what had better be covered.

    ``party`` is the subject of the party that gets the copy (``creditor/1``): what is his own is
    left out.  Numbers, addresses and what the case knows of the others are looked for in the text
    layer; a scan has none and must be looked at.  Not for the window's thread.  Raises as
    :func:`make_copy`.
    """
    with bureau.database.reading() as conn:
        row = _asked(conn, bureau, actor, case)
        sources = _sources(conn, bureau, row, [item for item, _ in pages])
        own, others = _words(open_case(conn, bureau, row["id"]).ctx, party)
    found = {}
    for done, (item, page) in enumerate(pages, start=1):
        if cancelled():
            break
        found[item, page] = proposals(sources[item].path, page, own, others)
        progress(done, len(pages))
    return found


def make_copy(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    wish: CopyWish,
    out: Path,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> CopyLine:
    """Make a copy, keep it, record it, and write it to ``out``.

    Raises ``NotAllowedError``, ``RuleRefusedError`` for a page of the 副卷, of another case, of a
    thing taken out, :class:`InputRefusedError` naming everything that is wrong with the wish,
    ``StoreError`` (stopped by the person, disk full, a page that cannot be read).
    """
    _refuse(wish, out)
    with bureau.database.reading() as conn:
        row = _asked(conn, bureau, actor, case)
        sources = _sources(conn, bureau, row, [page.item for page in wish.pages])
        _refuse_pages(wish, sources)
        sight = see_whole(conn, bureau, actor, row["id"])
        now = bureau.database.now(conn)
    looked(bureau, actor, row["id"], sight, f"制作复制件（{wish.recipient}）")
    foot = f"{row['case_no']}　供{wish.recipient.strip()}　{now:%Y-%m-%d}"
    folder = files_folder(bureau)
    folder.mkdir(parents=True, exist_ok=True)
    made = [CopiedPage(sources[p.item].path, p.page, p.areas) for p in wish.pages]
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as room:
            path = Path(room) / "copy.pdf"
            write_copy(path, made, _mark(bureau), foot, progress, cancelled)
            digest, size = file_folder.keep_from(folder, path, PDF)
    except CopyCancelledError as stopped:
        words = "已经停止，没有制作复制件。"
        raise StoreError(words, data={"kind": "cancelled"}) from stopped
    except OSError as error:
        raise refused(folder, error) from error
    kept = KeptPiece(digest, f"复制件（{wish.recipient.strip()}）.pdf", PDF, size)
    line = _recorded(bureau, actor, row["id"], wish, sources, kept)
    _written(file_folder.path_of(folder, digest, PDF), out, digest)
    return line


def preview(bureau: Bureau, actor: Actor, case: str | int, page: CopyPage) -> bytes:
    """Return a page as it would be in the copy, a JPEG; raises as :func:`make_copy`."""
    from zhixing_desktop.dossier.masked_copy import masked_picture

    with bureau.database.reading() as conn:
        row = _asked(conn, bureau, actor, case)
        source = _sources(conn, bureau, row, [page.item])[page.item]
        sight = see_whole(conn, bureau, actor, row["id"])
    looked(bureau, actor, row["id"], sight, "预览复制件")
    return masked_picture(
        CopiedPage(source.path, page.page, page.areas), _mark(bureau), row["case_no"]
    )


def copies(bureau: Bureau, actor: Actor, case: str | int) -> tuple[CopyLine, ...]:
    """Return the copies that were given of a case, newest first; raises ``NotAllowedError``."""
    with bureau.database.reading() as conn:
        row = _asked(conn, bureau, actor, case)
        found = rows_where(conn, dossier_copies, "case_id", row["id"], order="id")
    return tuple(_line(one) for one in reversed(found))


def export_copy(bureau: Bureau, actor: Actor, copy_id: int, out: Path) -> None:
    """Write a copy that was made before to ``out`` once more; raises as :func:`make_copy`."""
    with bureau.database.reading() as conn:
        found = rows_where(conn, dossier_copies, "id", copy_id)
        if not found:
            raise InputRefusedError(f"没有第{copy_id}号复制件。", [Problem("复制件", "请核对编号")])
        permit(conn, bureau, actor, COPY, case=found[0]["case_id"])
        sight = see_whole(conn, bureau, actor, found[0]["case_id"])
    looked(bureau, actor, found[0]["case_id"], sight, "复制件")
    digest = found[0]["digest"]
    _written(file_folder.path_of(files_folder(bureau), digest, PDF), out, digest)


# ------------------------------------------------------------------------------------- the parts


@dataclass(frozen=True, slots=True)
class _Source:
    """The pages of record of a thing of the 正卷."""

    path: Path
    version: int
    pages: int
    name: str


def _asked(conn: Connection, bureau: Bureau, actor: Actor, case: str | int) -> Row:
    row = case_store.find_case(conn, case)
    permit(conn, bureau, actor, COPY, case=row["id"])
    see_whole(conn, bureau, actor, row["id"])
    return row


def _sources(
    conn: Connection, bureau: Bureau, case: Row, items: Sequence[int]
) -> Mapping[int, _Source]:
    pdfs = current_pdfs(conn, case["id"])
    folder = files_folder(bureau)
    found = {}
    for number in dict.fromkeys(items):
        row = item_row(conn, number)
        if row["case_id"] != case["id"] or row["side"] != MAIN:
            raise RuleRefusedError(
                "复制件只能从本案正卷中复制，副卷不对外提供。请重新选择页面。",
                cite=CITE,
                data={"kind": "not_main", "item": number},
            )
        if row["state"] != FILED or not pdfs.get(number):
            raise RuleRefusedError(
                f"“{row['name']}”没有可以复制的页面（已经撤出，或者仅有纸质、没有页面）。",
                data={"kind": "no_pages", "item": number},
            )
        path = file_folder.path_of(folder, pdfs[number], PDF)
        found[number] = _Source(path, row["current"], row["pages"], row["name"])
    return found


def _refuse(wish: CopyWish, out: Path) -> None:
    found = []
    for where, words in (("提供给谁", wish.recipient), ("依据", wish.basis)):
        if not words.strip() or len(words) > _LONGEST:
            found.append(Problem(where, f"请填写“{where}”，不超过{_LONGEST}个字"))
    if not wish.pages:
        found.append(Problem("页面", "请选择要复制的页面"))
    if any(not area.sound for page in wish.pages for area in page.areas):
        found.append(Problem("遮盖", "有遮盖的范围不在页面之内，请重新画"))
    if out.exists():
        found.append(Problem("文件", f"这个位置已经有同名的文件（{out}），请换一个名称"))
    if not out.parent.is_dir():
        found.append(Problem("文件", f"没有这个文件夹（{out.parent}），请换一个位置"))
    if found:
        listed = "；".join(problem.sentence for problem in found)
        raise InputRefusedError(f"没有制作复制件：{listed}。", found)


def _refuse_pages(wish: CopyWish, sources: Mapping[int, _Source]) -> None:
    bad = [
        f"“{sources[page.item].name}”没有第{page.page + 1}页"
        for page in wish.pages
        if not 0 <= page.page < sources[page.item].pages
    ]
    if bad:
        problems = [Problem("页面", words) for words in bad]
        raise InputRefusedError(f"没有制作复制件：{'；'.join(bad)}。", problems)


def _words(ctx: Context, party: str) -> tuple[set[str], set[str]]:
    """Return what the case knows of the party itself, and of the others."""
    own: set[str] = set()
    others: set[str] = set()
    for subject, fact in ctx.index.parties.items():
        told = {str(fact.data.get(name) or "") for name in _TOLD}
        (own if subject == party else others).update(words for words in told if words)
    return own, others - own


def _mark(bureau: Bureau) -> tuple[Path, int]:
    with bureau.database.reading() as conn:
        layout = bureau.papers.layout(read_overrides(conn))
    shelf = bureau.papers.fonts(layout)
    for face in (Face.HEI, Face.SONG, Face.FANGSONG):
        for font in shelf.fitting(face):
            return font.path, font.index
    raise StoreError("本机没有中文字体，不能在复制件上加“复制件”字样。请安装宋体或者黑体后再试。")


def _recorded(
    bureau: Bureau,
    actor: Actor,
    case_id: int,
    wish: CopyWish,
    sources: Mapping[int, _Source],
    kept: KeptPiece,
) -> CopyLine:
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, COPY, case=case_id)
        with recorder(conn, bureau, actor, COPY, case_id) as record:
            enter_rows(conn, record, bureau, actor, [kept])
            row: Row = {
                "id": record.new_id(dossier_copies),
                "case_id": case_id,
                "recipient": wish.recipient.strip(),
                "basis": wish.basis.strip(),
                "content": [[p.item, sources[p.item].version, p.page] for p in wish.pages],
                "masked": [_numbers(page) for page in wish.pages],
                "pages": len(wish.pages),
                "digest": kept.digest,
                "who": actor.name,
                "at": bureau.database.now(conn),
            }
            record.insert(dossier_copies, row)
    return _line(row)


def _numbers(page: CopyPage) -> list[list[float]]:
    """Return the covered areas as they are kept, in ten-thousandths so that they compare."""
    return [
        [round(side * 10_000) for side in (area.left, area.top, area.right, area.bottom)]
        for area in page.areas
    ]


def _line(row: Mapping[str, Any]) -> CopyLine:
    covered = sum(len(areas) for areas in row["masked"])
    return CopyLine(
        row["id"], row["recipient"], row["basis"], row["pages"], covered, row["digest"],
        row["who"], row["at"],
    )  # fmt: skip


def _written(kept: Path, out: Path, digest: str) -> None:
    try:
        with temporary(out.parent, ".new-") as fresh:
            copy_checked(kept, fresh, digest)
            fresh.rename(out)
        settle(out.parent)
    except OSError as error:
        raise refused(out, error) from error
