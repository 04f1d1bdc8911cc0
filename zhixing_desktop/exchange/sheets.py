"""Opening a workbook that somebody handed in, and its rows as they stand.

Everything that can be wrong with the file itself is refused here with a sentence that says what to
do (wrong format, password, torn, too large).  Rows are streamed; what they mean is for the caller.
"""

from __future__ import annotations

import posixpath
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from zhixing_desktop.exchange.cells import UNCOMPUTED
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

if TYPE_CHECKING:
    from openpyxl import Workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB = (b"<html", b"<table", b"<!doctype", b"<meta", b"<?xml", b"<style", b"mime-version")
_CHUNK = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
# Longer than any match, so that none is lost between two pieces.
_TAIL = 200
# What a torn archive or torn XML raises (lxml's error is a SyntaxError), and what openpyxl does on
# XML that is whole but no workbook.
_TORN = (zipfile.BadZipFile, zlib.error, EOFError, SyntaxError)
_BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError)
_SAVE_AS = "请用 Excel 或者 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再导入。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too large to be a case list."""

    file_bytes: int = 200 * 1024 * 1024
    unpacked_bytes: int = 2 * 1024 * 1024 * 1024
    rows: int = 200_000


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range: rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Book:
    """An opened workbook; only for use inside ``opened``."""

    path: Path
    titles: tuple[str, ...]
    epoch: datetime
    _values: Any
    _archive: zipfile.ZipFile
    _parts: dict[str, str] = field(default_factory=dict)

    def rows(self, title: str) -> Iterator[tuple[int, tuple[object, ...]]]:
        """Yield row numbers from 1 with the cells' values.

        A formula gives its stored result, ``UNCOMPUTED`` where the file holds none.
        """
        try:
            yield from self._rows(title)
        except _BROKEN as error:
            raise refused(self.path, f"工作表《{title}》的内容已损坏。{_SAVE_AS}") from error

    def _rows(self, title: str) -> Iterator[tuple[int, tuple[object, ...]]]:
        sheet = self._values[title]
        sheet.reset_dimensions()  # many exporters write a wrong one
        if not self._has(title, _FORMULA):
            yield from enumerate(sheet.iter_rows(values_only=True), start=1)
            return
        with _workbook(self.path, data_only=False) as formulas:
            other = formulas[title]
            other.reset_dimensions()
            pairs = zip(sheet.iter_rows(), other.iter_rows(), strict=True)
            for number, (results, cells) in enumerate(pairs, start=1):
                yield number, tuple(map(_result, results, cells))

    def merged(self, title: str) -> tuple[Merged, ...]:
        """Return the merged ranges of a sheet."""
        from openpyxl.utils import column_index_from_string

        found = []
        for left, top, right, bottom in self._find(title, _MERGED):
            columns = [column_index_from_string(c.decode()) - 1 for c in (left, right)]
            found.append(Merged(int(top), columns[0], int(bottom), columns[1]))
        return tuple(found)

    def _has(self, title: str, pattern: re.Pattern[bytes]) -> bool:
        return next(self._find(title, pattern), None) is not None

    def _find(self, title: str, pattern: re.Pattern[bytes]) -> Iterator[tuple[bytes, ...]]:
        """Yield the groups of all matches in the sheet's own XML, read piece by piece."""
        part = self._parts.get(title)
        if part is None:
            return
        with self._archive.open(part) as stream:
            rest = b""
            while chunk := stream.read(_CHUNK):
                text = rest + chunk
                end = 0
                for match in pattern.finditer(text):
                    end = match.end()
                    yield match.groups()
                # A match may be cut in two; what was matched must not match again.
                rest = text[max(end, len(text) - _TAIL) :]


def _result(result: Any, cell: Any) -> object:
    """Return the stored result of a cell, or ``UNCOMPUTED``; ``str`` is a stored empty text."""
    missing = result.value is None and result.data_type != "str" and cell.data_type == "f"
    return UNCOMPUTED if missing else result.value


@contextmanager
def opened(path: Path, limits: Limits | None = None) -> Iterator[Book]:
    """Open a workbook for reading and close it again, also after an error.

    Raises ``InputRefusedError`` when the file is not a readable .xlsx workbook, also while its rows
    are read; ``StoreError`` when the system does not let it be read.
    """
    bounds = limits or Limits()
    try:
        _check_kind(path, bounds)
        with _workbook(path, data_only=True) as values, zipfile.ZipFile(path) as archive:
            yield Book(
                path=path,
                titles=tuple(sheet.title for sheet in values.worksheets),
                epoch=values.epoch,
                _values=values,
                _archive=archive,
                _parts=_sheet_parts(archive),
            )
    except OSError as error:
        raise StoreError(
            f"读不了文件“{path.name}”：可能正被其他程序占用或者没有权限，请关闭后重试。",
            data={"path": str(path), "reason": str(error)},
        ) from error
    except _TORN as error:
        raise refused(path, "文件已损坏或者没有下载完整，请重新导出一份。") from error


def refused(path: Path, sentence: str) -> InputRefusedError:
    """Return the refusal of a whole file."""
    return InputRefusedError(f"不能导入“{path.name}”：{sentence}", (Problem(path.name, sentence),))


@contextmanager
def _workbook(path: Path, *, data_only: bool) -> Iterator[Workbook]:
    """Open with openpyxl, quietly: what it warns of (styles, validation) does not concern us."""
    from openpyxl import load_workbook

    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
        except _BROKEN as error:
            raise refused(path, f"文件内容不是完整的工作簿。{_SAVE_AS}") from error
        try:
            yield book
        finally:
            book.close()


def _check_kind(path: Path, limits: Limits) -> None:
    """Refuse what is no workbook, by its first bytes and its contents, not by its name."""
    if not path.is_file():
        raise refused(path, "文件不存在，请重新选择。")
    size = path.stat().st_size
    if size > limits.file_bytes:
        allowed = limits.file_bytes // (1024 * 1024)
        raise refused(path, f"文件超过{allowed}MB，请按年度或者承办人分成几个文件。")
    with path.open("rb") as stream:
        head = stream.read(4096)
    sentence = _kind_refusal(path, head)
    if sentence is not None:
        raise refused(path, sentence)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        unpacked = sum(info.file_size for info in archive.infolist())
    if "xl/workbook.bin" in names:
        raise refused(path, f"这是二进制工作簿（.xlsb）。{_SAVE_AS}")
    if "mimetype" in names:
        raise refused(path, f"这是 OpenDocument 文件。{_SAVE_AS}")
    if not any(name.startswith("xl/") for name in names):
        raise refused(path, "这不是 Excel 工作簿，请选择导出的 .xlsx 文件。")
    if unpacked > limits.unpacked_bytes:
        raise refused(path, "文件展开后过大，请按年度或者承办人分成几个文件。")


def _kind_refusal(path: Path, head: bytes) -> str | None:
    """Return why a file that begins like this is no .xlsx workbook; None when it may be one."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    sentence: str | None = "这不是 Excel 工作簿，请选择导出的 .xlsx 文件。"
    if not head:
        sentence = "文件是空的（0字节），请重新导出一份。"
    elif head.startswith(b"PK\x03\x04"):
        sentence = None
    elif head.startswith(_OLE) and _contains(path, _ENCRYPTED):
        sentence = "工作簿设了打开密码。请在 Excel 或者 WPS 中取消密码，保存后再导入。"
    elif head.startswith(_OLE):
        sentence = f"这是旧格式的工作簿（.xls）。{_SAVE_AS}"
    elif start.startswith(_WEB):
        sentence = f"这其实是网页格式的表格。{_SAVE_AS}"
    elif head.startswith(b"%PDF"):
        sentence = "这是 PDF 文件，请从系统中导出 Excel 格式的列表。"
    elif path.suffix.lower() in (".csv", ".txt"):
        sentence = f"这是文本文件。{_SAVE_AS}"
    return sentence


def _contains(path: Path, needle: bytes) -> bool:
    """Tell whether a file holds some bytes, reading it piece by piece."""
    with path.open("rb") as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            if needle in rest + chunk:
                return True
            rest = chunk[-len(needle) :]
    return False


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return where in the archive the XML of each sheet lies."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    parts = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not element.tag.endswith("}sheet"):
            continue
        key = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
        target = targets.get(key, "")
        part = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if part in names:
            parts[element.get("name", "")] = part
    return parts
