"""Copies for parties: of the 正卷 only, personal data of others covered for good, each recorded.

A copy is made of pictures (``dossier.masked_copy``) and kept in the store beside its row, so that
it can be said later what left the house.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from zhixing_desktop.documents.blocks import Face
from zhixing_desktop.dossier.masked_copy import CopiedPage, CopyCancelledError, write_copy
from zhixing_desktop.dossier.masking_areas import Proposal, proposals
from zhixing_desktop.dossier.whole_files import copy_checked, refused, settle, temporary
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_copies
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_copy_checks import (
    COPY,
    CopySource,
    asked_case,
    copy_sources,
    refuse_pages,
    refuse_wish,
)
from zhixing_desktop.services.dossier_copy_types import (
    Cancelled,
    CopyLine,
    CopyPage,
    CopyParty,
    CopyWish,
    Progress,
)
from zhixing_desktop.services.dossier_store import KeptPiece, enter_rows
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.papers import looked, open_case, see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    StoreError,
)

_TOLD = ("id_number", "address", "telephone", "phone", "mobile", "account", "service_address")
"""What a party's own record says of it that others need not learn."""


def parties(bureau: Bureau, actor: Actor, case: str | int) -> tuple[CopyParty, ...]:
    """Return the parties of a case; raises as :func:`make_copy`."""
    with bureau.database.reading() as conn:
        row = asked_case(conn, bureau, actor, case)
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
        row = asked_case(conn, bureau, actor, case)
        sources = copy_sources(conn, bureau, row, [item for item, _ in pages])
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
    refuse_wish(wish, out)
    with bureau.database.reading() as conn:
        row = asked_case(conn, bureau, actor, case)
        sources = copy_sources(conn, bureau, row, [page.item for page in wish.pages])
        refuse_pages(wish, sources)
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
        row = asked_case(conn, bureau, actor, case)
        source = copy_sources(conn, bureau, row, [page.item])[page.item]
        sight = see_whole(conn, bureau, actor, row["id"])
    looked(bureau, actor, row["id"], sight, "预览复制件")
    return masked_picture(
        CopiedPage(source.path, page.page, page.areas), _mark(bureau), row["case_no"]
    )


def copies(bureau: Bureau, actor: Actor, case: str | int) -> tuple[CopyLine, ...]:
    """Return the copies that were given of a case, newest first; raises ``NotAllowedError``."""
    with bureau.database.reading() as conn:
        row = asked_case(conn, bureau, actor, case)
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
    sources: Mapping[int, CopySource],
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
