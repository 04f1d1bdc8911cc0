"""A case's dossier as files on the disk, ready to be packed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from helpers.papers import BLUE, GREEN, RED, WHITE, Colour, pdf
from zhixing_desktop.dossier.package_parts import (
    MAIN,
    SIDE,
    ArchiveRecord,
    CasePackage,
    JournalFile,
    PackedCase,
    PackedItem,
    PackedOriginal,
    PackedVolume,
    PageSpan,
    SourceFile,
)

NUMBER = "（2024）豫0811执1号"
CASE = PackedCase(
    court="焦作市山阳区人民法院",
    number=NUMBER,
    kind="首次执行",
    cause="买卖合同纠纷",
    creditors=("王喆", "焦作华远商贸有限公司"),
    debtors=("张𬭚",),
    basis="（2023）豫0811民初100号民事判决书",
    officer="张承办",
    clerk="李书记",
    filed_on=date(2024, 3, 1),
    closed_on=date(2024, 8, 30),
    closing_way="执行完毕",
    amount=Decimal("120000.5"),
    received=Decimal("120000.50"),
)
ARCHIVE = ArchiveRecord(
    filed_by="李书记",
    submitted_by="李书记",
    submitted_on=date(2024, 9, 5),
    archived_on=date(2024, 9, 6),
    archive_number="2024-执-0001",
    fonds_number="0811",
    retention="长期（六十年）",
    kept_until=date(2084, 12, 31),
)
MADE_ON = date(2024, 9, 6)


def source(folder: Path, name: str, data: bytes) -> SourceFile:
    """Write a file and return it as the store would name it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return SourceFile(path, hashlib.sha256(data).hexdigest(), len(data))


def made(folder: Path) -> CasePackage:
    """Return the package of a small case: eight things that an archive meets."""

    def paper(name: str, *pages: Colour) -> SourceFile:
        return source(folder, name, pdf(*pages))

    items = (
        PackedItem(MAIN, 1, "执行案件登记表", 1, paper("1.pdf", RED), _at(1, 1)),
        PackedItem(
            MAIN,
            2,
            "执行通知书",
            2,
            paper("2.pdf", RED, GREEN),
            _at(2, 3),
            originals=(
                PackedOriginal("执行通知书.docx", 1, source(folder, "2.docx", b"PK word")),
                PackedOriginal("扫描件.PDF", 2, source(folder, "2a.pdf", pdf(RED, BLUE))),
                PackedOriginal("扫描件.pdf", 2, source(folder, "2b.pdf", pdf(BLUE))),
            ),
            paper_number="（2024）豫0811执1号之一",
            day=date(2024, 3, 5),
            place="8 执行通知书、报告财产令",
            origin="本院制作",
            version=2,
        ),
        # A name with signs that Windows reserves, and one that a sheet would take for a formula.
        PackedItem(MAIN, 3, 'A/B公司: 流水*"明细"?', 1, paper("3.pdf", BLUE), _at(4, 4)),
        PackedItem(MAIN, 4, "=1+1", 1, paper("4.pdf", WHITE), _at(5, 5), remark="-见第3件"),
        # Bound in two volumes.
        PackedItem(
            MAIN, 5, "财产查询反馈", 3, paper("5.pdf", RED, RED, GREEN),
            (PageSpan(1, "6", "6-1", 2), PageSpan(2, "1", "1", 1)),
        ),
        PackedItem(
            MAIN, 6, "现场执行录像", 0, None,
            originals=(PackedOriginal("录像.mp4", 1, source(folder, "film", b"film" * 999)),),
        ),
        PackedItem(
            MAIN, 7, "大幅图纸", 1, None, (PageSpan(2, "2", "2", 1),), on_paper_only=True,
        ),
        PackedItem(SIDE, 1, "合议庭评议笔录", 1, paper("8.pdf", GREEN), _at(1, 1)),
    )  # fmt: skip
    volumes = (
        PackedVolume(MAIN, 1, 9, source(folder, "v1.pdf", pdf(*[WHITE] * 9))),
        PackedVolume(MAIN, 2, 4, source(folder, "v2.pdf", pdf(*[RED] * 4))),
        PackedVolume(SIDE, 1, 3, source(folder, "v3.pdf", pdf(*[BLUE] * 3))),
    )
    journal = (
        JournalFile("本案日志.zip", b"PK bundle"),
        JournalFile("verify_journal.py", b"print()\n"),
    )
    return CasePackage(CASE, ARCHIVE, items, volumes, journal, MADE_ON, "档案员", "知行 0.2.0")


def _at(first: int, last: int) -> tuple[PageSpan, ...]:
    return (PageSpan(1, str(first), str(last), last - first + 1),)


def with_items(package: CasePackage, items: Sequence[PackedItem]) -> CasePackage:
    """Return the package with other items."""
    return replace(package, items=tuple(items))
