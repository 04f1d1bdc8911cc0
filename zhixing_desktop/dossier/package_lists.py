"""The lists of an archive package: 目录.json for programs, 目录.csv for people, from one content.

The keys are the words of the court's own lists, so that the file explains itself when this program
is long gone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhixing_desktop.dossier.package_parts import (
    MAIN,
    SIDES,
    ArchiveRecord,
    CasePackage,
    PackedCase,
    PackedItem,
    SourceFile,
)

SCHEMA, SCHEMA_VERSION = "zhixing-archive-package", 1
CSV_NAME, JSON_NAME = "目录.csv", "目录.json"
FILE, BYTES, DIGEST = "文件", "字节", "SHA-256"
ITEMS, VOLUMES, JOURNAL, ORIGINALS, SPANS = "件", "卷册", "日志", "原件", "起止"
COLUMNS = (
    "卷", "件号", "名称", "文号", "日期", "类目", "来源", "册", "起页", "止页", "页数", "版本",
    "原件数", "仅有纸质", FILE, DIGEST, "备注",
)  # fmt: skip
_NO_DATE_DASH = "\u2011"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the files of a package lie in it: by side and 件号, by side and 册, in order."""

    items: Mapping[tuple[str, int], str]
    originals: Mapping[tuple[str, int], Sequence[str]]
    volumes: Mapping[tuple[str, int], str]
    journal: Sequence[tuple[str, int, str]]
    """Path, bytes, SHA-256."""


def content_of(package: CasePackage, placed: Placed) -> dict[str, Any]:
    """Return what 目录.json says, as plain values."""
    return {
        "格式": SCHEMA,
        "版本": SCHEMA_VERSION,
        "制作": {
            "日期": _day(package.made_on),
            "制作人": package.made_by,
            "程序": package.program,
        },
        "案件": _case(package.case),
        "归档": _archive(package.archive) | _counts(package),
        VOLUMES: [
            {
                "卷": SIDES[volume.side],
                "册": volume.volume,
                "页数": volume.pages,
                **_file(placed.volumes[volume.side, volume.volume], volume.pdf),
            }
            for volume in package.volumes
        ],
        ITEMS: [_item(item, placed) for item in package.items],
        JOURNAL: [
            {FILE: path, BYTES: size, DIGEST: digest} for path, size, digest in placed.journal
        ],
    }


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return a content as the bytes of 目录.json: UTF-8, readable lines."""
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()


def csv_bytes(content: Mapping[str, Any]) -> bytes:
    """Return a content as the bytes of 目录.csv: UTF-8 with BOM, so that Excel and WPS read it.

    An item that is bound in several parts has a line for each.  The dash of an inserted page
    (12-1) is one that a sheet program does not take for a date; 目录.json has the plain one.
    """
    words = io.StringIO(newline="")
    sheet = csv.writer(words, lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    for item in content[ITEMS]:
        shared = {**item, "原件数": len(item[ORIGINALS]), "仅有纸质": _yes(item["仅有纸质"])}
        for span in item[SPANS] or ({"册": "", "起页": "", "止页": ""},):
            pages = {key: str(span[key]).replace("-", _NO_DATE_DASH) for key in ("起页", "止页")}
            row = {**shared, **span, **pages}
            sheet.writerow([_cell(row[column]) for column in COLUMNS])
    return b"\xef\xbb\xbf" + words.getvalue().encode()


def _yes(value: object) -> str:
    return "是" if value else ""


def _cell(value: object) -> str:
    """A cell as words; a sheet program must not take a name for a formula."""
    words = "" if value is None else str(value)
    return f"'{words}" if words.startswith(_FORMULA) else words


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _case(case: PackedCase) -> dict[str, Any]:
    return {
        "法院": case.court,
        "案号": case.number,
        "案件类型": case.kind,
        "案由": case.cause,
        "申请执行人": list(case.creditors),
        "被执行人": list(case.debtors),
        "执行依据": case.basis,
        "承办人": case.officer,
        "书记员": case.clerk,
        "立案日期": _day(case.filed_on),
        "结案日期": _day(case.closed_on),
        "结案方式": case.closing_way,
        "执行标的": _money(case.amount),
        "执行到位": _money(case.received),
    }


def _archive(record: ArchiveRecord) -> dict[str, Any]:
    return {
        "立卷人": record.filed_by,
        "提交人": record.submitted_by,
        "提交日期": _day(record.submitted_on),
        "接收人": record.received_by,
        "接收日期": _day(record.received_on),
        "归档日期": _day(record.archived_on),
        "目录号": record.catalogue_number,
        "卷宗号": record.dossier_number,
        "归档号": record.archive_number,
        "全宗号": record.fonds_number,
        "密级": record.secrecy,
        "保管期限": record.retention,
        "保管至": _day(record.kept_until),
        "其他卷": record.other_dossiers,
        "并卷": record.merged_dossiers,
    }


def _counts(package: CasePackage) -> dict[str, Any]:
    """How many 册 and content pages each side has, by what is bound."""
    counts: dict[str, Any] = {}
    for side, word in SIDES.items():
        spans = [span for item in package.items if item.side == side for span in item.spans]
        volumes = {span.volume for span in spans}
        volumes |= {volume.volume for volume in package.volumes if volume.side == side}
        counts[f"{word}册数"] = len(volumes)
        counts[f"{word}页数"] = sum(span.pages for span in spans)
    return counts


def _file(path: str | None, source: SourceFile | None) -> dict[str, Any]:
    if path is None or source is None:
        return {FILE: None, BYTES: None, DIGEST: None}
    return {FILE: path, BYTES: source.bytes, DIGEST: source.digest}


def _item(item: PackedItem, placed: Placed) -> dict[str, Any]:
    key = (item.side, item.number)
    originals = zip(item.originals, placed.originals[key], strict=True)
    return {
        "卷": SIDES[item.side],
        "件号": item.number,
        "名称": item.name,
        "文号": item.paper_number,
        "日期": _day(item.day),
        "类目": item.place,
        "来源": item.origin,
        "版本": item.version,
        "页数": item.pages,
        "仅有纸质": item.on_paper_only,
        "备注": item.remark,
        **_file(placed.items.get(key), item.pdf),
        SPANS: [
            {"册": span.volume, "起页": span.first, "止页": span.last, "页数": span.pages}
            for span in item.spans
        ],
        ORIGINALS: [
            {"名称": one.name, "版本": one.version, **_file(path, one.source)}
            for one, path in originals
        ],
    }


def heading_of(package: CasePackage) -> str:
    """Return one line that names the package: court, number, what it is."""
    counts = _counts(package)
    said = [f"{word}{counts[f'{word}册数']}册{counts[f'{word}页数']}页" for word in SIDES.values()
            if counts[f"{word}册数"] or word == SIDES[MAIN]]  # fmt: skip
    return f"{package.case.court}{package.case.number}执行案件归档包（{'、'.join(said)}）"
