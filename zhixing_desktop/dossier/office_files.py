"""Office files that are not what they should be: torn ones, open ones, what Word leaves beside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhixing_desktop.dossier.containers import zip_whole
from zhixing_desktop.dossier.incoming import fault, note
from zhixing_desktop.dossier.media_types import OFFICE, ZIP
from zhixing_desktop.workflow.errors import Problem

_CALLED = {
    ".docx": "Word 文件",
    ".docm": "Word 文件",
    ".wps": "WPS 文件",
    ".xlsx": "Excel 表格",
    ".xlsm": "Excel 表格",
    ".et": "WPS 表格",
    ".pptx": "演示文稿",
    ".odt": "文字文件（ODT）",
    ".ods": "表格（ODS）",
    ".ofd": "OFD 版式文件",
}
_LARGEST_OWNER_FILE = 4096
"""Bytes: a note of who has a file open is some 160 bytes; anything larger is a file of its own."""


def is_owner_file(name: str, size: int) -> bool:
    """Tell whether a file only says who has another one open (Word, WPS, LibreOffice)."""
    left = name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))
    return left and size <= _LARGEST_OWNER_FILE


def owner_file(name: str) -> Problem:
    """Return why such a file is no material and what to bring in its place."""
    return fault(
        name,
        "这是 Word 或者 WPS 打开文件时留下的临时文件，不是材料本身。请保存并关闭文档，"
        "再放入原来的文件（名称前面不带“~$”的那一个）。",
        "owner_file",
    )


def torn_package(content: Path | bytes, media_type: str, name: str) -> Problem | None:
    """Return what to say of a ZIP whose list cannot be read; ``None`` for a whole one.

    A Word file that was not copied to its end is such a ZIP, so it is told by its name.
    """
    if media_type != ZIP or zip_whole(content):
        return None
    called = _CALLED.get(Path(name).suffix.lower())
    if called is None:
        sentence = "这个压缩包已经损坏或者没有传完。请重新取得并解压，把里面的文件放入。"
    else:
        sentence = (
            f"这个{called}已经损坏或者没有传完。请在原来的电脑上打开检查，重新另存或者重新复制，"
            "再放入一次。"
        )
    return fault(name, sentence, "file_damaged")


def open_elsewhere(content: Path | bytes, media_type: str, name: str) -> Iterator[Problem]:
    """Yield a note where a word processor has the file open: what it holds may not be saved."""
    if not isinstance(content, Path) or media_type not in OFFICE:
        return
    try:
        is_open = any(content.with_name(one).exists() for one in _owner_names(content.name))
    except OSError:
        return
    if is_open:
        yield note(
            name,
            "这个文件可能正在 Word 或者 WPS 中打开，放入的是最后一次保存的内容。"
            "请核对；有改动没有保存的，请保存并关闭后再放入一次。",
            "open_elsewhere",
        )


def _owner_names(name: str) -> tuple[str, ...]:
    """The names beside an open file: Word writes over the first two signs of a long name."""
    return f"~${name}", f"~${name[1:]}", f"~${name[2:]}", f".~lock.{name}#"
