"""The journal leaves the house: as an Excel list for reading, as a signed bundle for proof.

A file gets its name only after the journal holds who took it, with which filter, how many rows and
which digest: what cannot be journalled does not leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop import __version__
from zhixing_desktop.exchange.journal_bundle import (
    README,
    SCRIPT,
    BundleAbout,
    BundleHead,
    BundleRow,
    Signer,
    write_bundle,
)
from zhixing_desktop.exchange.journal_sheet import SheetRow, write_journal_sheet
from zhixing_desktop.models import chain, upgrades
from zhixing_desktop.models.hashing import GENESIS
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import cases, journal
from zhixing_desktop.services import journal_keys, journal_rights, journal_search, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.journal_search import JournalQuery
from zhixing_desktop.services.journal_view import general_teller, row_in_words
from zhixing_desktop.services.journal_words import ACTIONS, JournalChange
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError, ZhixingError

SLICE = 2000
Progress = Callable[[int, int], object]
Cancelled = Callable[[], bool]
_ACT = "journal.export"
_NOTHING = JournalChange("", "", "")


class JournalExportCancelledError(ZhixingError):
    """Somebody gave up an export; no file was left."""

    def __init__(self) -> None:
        super().__init__("导出已取消，没有留下文件。")


@dataclass(frozen=True, slots=True)
class JournalExported:
    """What was written: rows of the journal with their content, and the file's SHA-256."""

    path: Path
    rows: int
    left_out: int
    digest: str
    fingerprint: str = ""


def export_sheet(
    bureau: Bureau,
    actor: Actor,
    path: Path,
    query: JournalQuery,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled = lambda: False,
) -> JournalExported:
    """Write what a query finds as an Excel workbook, oldest first, numbers of persons covered.

    ``progress(done, all)`` counts numbers of the journal.  Raises ``NotAllowedError``,
    ``InputRefusedError``, ``StoreError`` and :class:`JournalExportCancelledError`.
    """
    counted = [0]
    with traces.leaving(bureau, actor, _ACT, path) as (draft, told):
        with bureau.database.reading() as conn:
            journal_rights.ask(conn, bureau, actor, _ACT)
            words = query_words(conn, query)
            about = [
                f"{bureau.database.meta('bureau') or ''}　办案日志",
                f"导出时间：{bureau.database.now(conn):%Y-%m-%d %H:%M:%S}　导出人：{actor.name}",
                f"条件：{words}",
                "证件号码、电话、账号已遮盖。本表供阅读；要证明日志没有被改动，请用验证包。",
            ]
            found = _found(bureau, conn, query, counted, progress, cancelled)
            write_journal_sheet(draft, about, found)
        told.update(
            {
                "方式": "Excel",
                "条件": words,
                "条数": counted[0],
            }
        )
    return JournalExported(path, counted[0], 0, told["校验值"])


def export_bundle(
    bureau: Bureau,
    actor: Actor,
    path: Path,
    *,
    case_id: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled = lambda: False,
) -> JournalExported:
    """Write the whole journal, or the rows of one case, as a bundle that anybody can check.

    The chain is walked on the way: of one that is broken no bundle is made.  Raises as above, and
    ``StoreError`` (``chain``) for a broken chain.
    """
    with bureau.database.reading() as conn:
        journal_rights.ask(conn, bureau, actor, _ACT)
    with traces.leaving(bureau, actor, _ACT, path) as (draft, told):
        return _bundled(bureau, actor, path, draft, told, case_id, progress, cancelled)


def archive_bundle(
    bureau: Bureau,
    actor: Actor,
    path: Path,
    case_id: int,
    *,
    cancelled: Cancelled = lambda: False,
) -> JournalExported:
    """Write the bundle of one case for its archive package, whose maker need not be an auditor.

    Raises as :func:`export_bundle`.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "archive.pack", case=case_id)
    with traces.leaving(bureau, actor, _ACT, path, case_id=case_id) as (draft, told):
        told["用途"] = "归档包"
        return _bundled(bureau, actor, path, draft, told, case_id, None, cancelled)


def _bundled(
    bureau: Bureau,
    actor: Actor,
    path: Path,
    draft: Path,
    told: dict[str, Any],
    case_id: int | None,
    progress: Progress | None,
    cancelled: Cancelled,
) -> JournalExported:
    key = journal_keys.signing_key(bureau, actor)
    signer = Signer(key.public.fingerprint, key.public.pem.encode(), key.sign)
    with bureau.database.reading() as conn:
        sound = chain.verify(conn, progress=lambda _: _go_on(cancelled))
        if not sound.ok:
            raise StoreError(
                f"日志有问题，没有导出验证包：{sound.sentence}",
                data={"kind": "chain", "first_bad_id": sound.first_bad_id},
            )
        about, heads = _about(bureau, conn, case_id)
        rows = _bundle_rows(conn, about, case_id, sound.rows, progress, cancelled)
        done = write_bundle(draft, about, rows, heads, signer, _tools(bureau.resources))
    told.update(
        {
            "方式": "验证包",
            "条件": f"案号：{about.case}" if about.case else "全部",
            "条数": done.rows,
            "只含校验值的条数": done.left_out,
            "末条": f"{done.last_id}:{done.last_hash}",
            "签名密钥指纹": signer.fingerprint,
            "含未遮盖的个人信息": "是",
        }
    )
    return JournalExported(path, done.rows, done.left_out, done.digest, signer.fingerprint)


def query_words(conn: Connection, query: JournalQuery) -> str:
    """Return a filter in words."""
    case_no = ""
    if query.case_id is not None:
        wanted = select(cases.c.case_no).where(cases.c.id == query.case_id)
        case_no = str(conn.execute(wanted).scalar() or query.case_id)
    first = query.first.isoformat() if query.first else ""
    last = query.last.isoformat() if query.last else ""
    parts = {
        "人员": query.actor,
        "事项": ACTIONS.get(query.action, query.action),
        "案号": case_no,
        "日期": f"{first}至{last}" if first or last else "",
        "工作站": query.workstation,
        "查找": query.words,
    }
    return "；".join(f"{name}：{words}" for name, words in parts.items() if words) or "全部"


def _found(
    bureau: Bureau,
    conn: Connection,
    query: JournalQuery,
    counted: list[int],
    progress: Progress | None,
    cancelled: Cancelled,
) -> Iterator[SheetRow]:
    """Yield the rows of a query in slices; ``counted[0]`` becomes their number."""
    first, last = journal_search.bounds(conn, query)
    conditions = journal_search.conditions_of(conn, query)
    teller = general_teller(bureau, conn)
    for low in range(first, last + 1, SLICE):
        _go_on(cancelled)
        if progress is not None:
            progress(low - first, last - first + 1)
        wanted = select(journal).where(
            journal.c.id.between(low, min(low + SLICE - 1, last)), *conditions
        )
        for found in conn.execute(wanted.order_by(journal.c.id)):
            counted[0] += 1
            row = row_in_words(found, teller, teller.cases.get(found.case_id or 0, ""))
            for change in row.changes or (_NOTHING,):
                yield SheetRow(
                    row.id,
                    row.at,
                    row.actor,
                    row.on_behalf_of,
                    row.workstation,
                    row.action,
                    row.case_no,
                    change.what,
                    change.before,
                    change.after,
                    row.algorithm,
                    row.hash,
                )


def _about(
    bureau: Bureau, conn: Connection, case_id: int | None
) -> tuple[BundleAbout, list[BundleHead]]:
    first_id, before, case_no = 1, GENESIS, None
    if case_id is not None:
        case_no = conn.execute(select(cases.c.case_no).where(cases.c.id == case_id)).scalar()
        rows = ask(
            conn,
            "SELECT id, prev_hash FROM journal WHERE case_id = ? ORDER BY id LIMIT 1",
            (case_id,),
        )
        if not rows:
            raise InputRefusedError("这件案件没有日志，没有可以导出的。")
        first_id, before = rows[0]
    now = bureau.database.now(conn)
    about = BundleAbout(
        bureau=bureau.database.meta("bureau") or "",
        program=f"知行 {__version__}",
        schema=len(upgrades.STEPS),
        created=now,
        first_id=first_id,
        first_prev_hash=before,
        case=case_no,
    )
    heads = journal_search.day_heads(conn, *_days(conn, now))
    return about, [
        BundleHead(head.day.isoformat(), head.id, head.hash)
        for head in heads
        if head.id >= first_id
    ]


def _days(conn: Connection, now: datetime) -> tuple[date, date]:
    found = conn.execute(select(journal.c.at).order_by(journal.c.at).limit(1)).scalar()
    last = conn.execute(select(journal.c.at).order_by(journal.c.at.desc()).limit(1)).scalar()
    return (found or now).date(), (last or now).date()


def _bundle_rows(
    conn: Connection,
    about: BundleAbout,
    case_id: int | None,
    total: int,
    progress: Progress | None,
    cancelled: Cancelled,
) -> Iterator[BundleRow]:
    for batch in chain.raw_batches(conn, after=about.first_id - 1):
        _go_on(cancelled)
        if progress is not None:
            progress(batch[0][0], total)
        mine = [row for row in batch if about.case is None or row[chain.CASE_ID] == case_id]
        texts = dict(zip((row[0] for row in mine), chain.row_texts(mine), strict=True))
        for row in batch:
            yield BundleRow(row[0], row[chain.HASH], row[chain.ALGORITHM], texts.get(row[0]))


def _tools(resources: Path) -> dict[str, bytes]:
    folder = resources / "verify"
    try:
        readme = (folder / README).read_text(encoding="utf-8")
        script = (folder / SCRIPT).read_bytes()
    except OSError as error:
        raise StoreError("程序文件“verify”缺失，请重新安装程序。") from error
    # With a mark at its beginning, by which Windows' own editor knows the encoding.
    return {SCRIPT: script, README: readme.replace("\n", "\r\n").encode("utf-8-sig")}


def _go_on(cancelled: Cancelled) -> None:
    if cancelled():
        raise JournalExportCancelledError
