"""What goes into a case's archive package, gathered from its rows: nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.dossier.package_parts import (
    ArchiveRecord,
    PackedCase,
    PackedItem,
    PackedOriginal,
    PageSpan,
    SourceFile,
)
from zhixing_desktop.dossier.retention import Retention, kept_until
from zhixing_desktop.dossier.volume import VolumePlan
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import files
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.dossier_rows import version_of, version_rows
from zhixing_desktop.services.dossier_types import ItemLine, ItemVersion, Medium
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.case_numbers import KIND_LABELS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import NOTHING

_CLOSING, _FILING = (43, subjects.CASE), (2, subjects.CASE)
Versions = Mapping[tuple[int, int], ItemVersion]
Sources = Callable[[str], SourceFile | None]


def sources_of(conn: Connection, bureau: Bureau) -> Sources:
    """Return what finds a kept file by its digest: where it lies and how large it is."""
    folder = files_folder(bureau)

    def find(digest: str) -> SourceFile | None:
        rows = rows_where(conn, files, "digest", digest) if digest else []
        if not rows:
            return None
        path = file_folder.path_of(folder, digest, rows[0]["media_type"])
        return SourceFile(path, digest, rows[0]["bytes"])

    return find


def versions_of(conn: Connection, lines: Iterable[ItemLine]) -> dict[tuple[int, int], ItemVersion]:
    """Return all versions of things by item and number."""
    return {
        (line.id, row["number"]): version_of(row)
        for line in lines
        for row in version_rows(conn, line.id)
    }


def packed_items(
    conn: Connection,
    lines: Sequence[ItemLine],
    plans: Sequence[VolumePlan],
    versions: Versions,
    find: Sources,
) -> list[PackedItem]:
    """Return the things of a side as they are packed, in the order of the volumes."""
    return [
        _packed(conn, number, line, plans, versions, find)
        for number, line in enumerate(lines, start=1)
    ]


def _packed(
    conn: Connection,
    number: int,
    line: ItemLine,
    plans: Sequence[VolumePlan],
    versions: Versions,
    find: Sources,
) -> PackedItem:
    return PackedItem(
        side=line.side,
        number=number,
        name=line.name,
        pages=line.pages,
        pdf=find(line.pdf),
        spans=tuple(_spans(line.id, plans)),
        originals=tuple(_originals(conn, line.id, versions, find)),
        paper_number=line.number,
        day=line.thing_on,
        place=line.place_name,
        origin=line.origin.label,
        version=line.current,
        on_paper_only=line.medium is Medium.PAPER,
        remark=line.medium.label if line.medium is not Medium.BOTH else "",
    )


def _spans(item: int, plans: Sequence[VolumePlan]) -> Iterable[PageSpan]:
    """Return where a thing is bound, each unbroken run of pages by itself."""
    for plan in plans:
        for mine, run in groupby(plan.pages, key=lambda page: page.item_id == item):
            if mine:
                pages = list(run)
                first, last = pages[0].number.words, pages[-1].number.words
                yield PageSpan(plan.number, first, last, len(pages))


def _originals(
    conn: Connection,
    item: int,
    versions: Versions,
    find: Sources,
) -> Iterable[PackedOriginal]:
    seen: set[str] = set()
    for (owner, number), version in sorted(versions.items()):
        if owner != item:
            continue
        for digest in version.originals:
            source = find(digest)
            if digest in seen or source is None:
                continue
            seen.add(digest)
            (row,) = rows_where(conn, files, "digest", digest)
            yield PackedOriginal(row["name"], number, source)


def packed_case(ctx: Context, case: Row, court: str) -> PackedCase:
    """Return what the cover says of a case, whole."""
    closing = ctx.index.values.get(_CLOSING, NOTHING)
    filing = ctx.index.values.get(_FILING, NOTHING)
    basis = ctx.header.get("basis") or filing.get("basis_document") or ""
    return PackedCase(
        court=court,
        number=case["case_no"],
        kind=KIND_LABELS.get(ctx.kind, case["kind"]),
        cause=case["cause"],
        creditors=_names(ctx, "creditor"),
        debtors=_names(ctx, "debtor"),
        basis=str(basis),
        officer=ctx.current_officer() or "",
        clerk=str(ctx.header.get("clerk") or ""),
        filed_on=_day(case["filed_at"]),
        closed_on=_day(case["closed_at"]),
        closing_way=case["closing_way"] or "",
        amount=case["amount"],
        received=_money(closing.get("received_amount")),
    )


def archive_record(
    retention: Retention, closed_on: date | None, today: date, filed_by: str, number: str
) -> ArchiveRecord:
    """Return what the archive wants to know, as far as it is known when the package is made."""
    return ArchiveRecord(
        filed_by=filed_by,
        submitted_by=filed_by,
        submitted_on=today,
        archive_number=number,
        retention=retention.label,
        kept_until=kept_until(retention, closed_on or today),
    )


def _names(ctx: Context, side: str) -> tuple[str, ...]:
    return tuple(
        str(fact.data.get("name") or "")
        for subject, fact in ctx.index.parties.items()
        if subjects.kind_of(subject) == side
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _money(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
