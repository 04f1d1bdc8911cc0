"""Taking a file in: what it is, how many pages, and everything a person ought to know first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from zhixing_desktop.dossier import media_types as kinds
from zhixing_desktop.dossier.incoming import Examined, PageShape, fault, note, size_of
from zhixing_desktop.dossier.intake_pdf import examine_pdf
from zhixing_desktop.dossier.intake_pictures import examine_picture
from zhixing_desktop.dossier.office_files import (
    is_owner_file,
    open_elsewhere,
    owner_file,
    torn_package,
)
from zhixing_desktop.workflow.errors import Problem

_TO_PDF = "卷宗页须另外加入由它转成的 PDF"

_KEPT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        kinds.OFD: (
            "ofd",
            "OFD 文件照原样保存。请用本机的 OFD 阅读器另存为 PDF，补入作为卷宗页。",
        ),
        kinds.HEIC: (
            "heic",
            "这是苹果手机的 HEIC 照片，照原样保存。请在手机或者看图软件中另存为 JPEG，"
            "补入作为卷宗页。",
        ),
        kinds.LOCKED_OFFICE: (
            "file_locked",
            "这个 Word 或者 Excel 文件设有打开密码。请向交来的人要密码，取消密码后再放入一次。",
        ),
        kinds.OLE: (
            "office",
            f"这是旧格式的 Office 文件，照原样保存；{_TO_PDF}。",
        ),
        kinds.TEXT: ("text", "文本文件照原样保存。请打印成 PDF，补入作为卷宗页。"),
        kinds.HTML: ("text", "网页文件照原样保存。请打印成 PDF，补入作为卷宗页。"),
        kinds.UNKNOWN: (
            "unknown",
            "不认识的文件格式。请核对是不是放错了文件；确实要入卷的，请打印成 PDF "
            "或者扫描后再放入。",
        ),
    }
)
_REFUSED = frozenset({kinds.LOCKED_OFFICE, kinds.UNKNOWN})
_NO_MATERIAL = frozenset({kinds.UNKNOWN, kinds.TEXT})


def examine(content: Path | bytes, name: str) -> Examined:
    """Return what a file is by its content, its pages and its problems, all of them at once.

    ``name`` is what the person calls it: it is only compared with the content, never believed.
    A file on the disk is read in pieces, whatever its size.  Raises :class:`StoreError` only where
    the file cannot be read at all (gone, locked, a failing disk).
    """
    size = size_of(content)
    if size == 0:
        empty = fault(name, "这个文件是空的。请重新取得，再放入一次。", "empty")
        return Examined(name, kinds.UNKNOWN, 0, 0, (), (empty,), clean=False)
    media_type = kinds.media_type_of(content)
    if media_type in _NO_MATERIAL and is_owner_file(name, size):
        return Examined(name, kinds.UNKNOWN, size, 0, (), (owner_file(name),), clean=False)
    torn = torn_package(content, media_type, name)
    if torn is not None:
        return Examined(name, media_type, size, 0, (), (torn,), clean=False)
    shapes: tuple[PageShape, ...] = ()
    problems, clean = _without_pages(media_type, name), False
    if media_type == kinds.PDF:
        pdf = examine_pdf(content, name)
        shapes, problems, clean = pdf.shapes, pdf.problems, pdf.clean
    elif media_type in kinds.PICTURES:
        seen = examine_picture(content, name, media_type)
        shapes, problems = seen.shapes, seen.problems
    told = (*_misnamed(media_type, name), *problems, *open_elsewhere(content, media_type, name))
    return Examined(name, media_type, size, len(shapes), shapes, told, clean)


def _without_pages(media_type: str, name: str) -> tuple[Problem, ...]:
    if kinds.has_no_pages(media_type):
        sentence = f"{kinds.words_for(media_type)}照原样保存在视听资料中，没有卷宗页。"
        return (note(name, sentence, "recording"),)
    if media_type in kinds.PACKED:
        sentence = "这是压缩包。请先解压，把里面的文件放入。"
        return (fault(name, sentence, "packed"),)
    if media_type in kinds.OFFICE:
        sentence = f"{kinds.words_for(media_type)}照原样保存；{_TO_PDF}。"
        return (note(name, sentence, "office"),)
    if media_type not in _KEPT:
        return ()
    kind, sentence = _KEPT[media_type]
    say: Callable[[str, str, str], Problem] = fault if media_type in _REFUSED else note
    return (say(name, sentence, kind),)


_SAME = (
    frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    frozenset({".tif", ".tiff"}),
    frozenset({".heic", ".heif", ".avif"}),
    frozenset({".doc", ".wps", ".dot", ".xls", ".et", ".ppt", ".dps", ".ole"}),
    frozenset({".docx", ".docm", ".wps"}),
    frozenset({".xlsx", ".xlsm", ".et"}),
    frozenset({".pptx", ".pptm", ".dps"}),
    frozenset({".htm", ".html"}),
    frozenset({".mpg", ".mpeg", ".vob"}),
    frozenset({".wmv", ".wma", ".asf"}),
    frozenset({".mkv", ".webm"}),
    frozenset({".mp4", ".m4v", ".m4a", ".mov", ".3gp"}),
    frozenset({".txt", ".csv", ".log", ".md", ".xml", ".json"}),
)


def _misnamed(media_type: str, name: str) -> tuple[Problem, ...]:
    """A note where the name says something else than the content: somebody renamed the file."""
    said, real = Path(name).suffix.lower(), kinds.ending_of(media_type)
    known = said in _KNOWN
    if media_type == kinds.UNKNOWN or not known or said == real:
        return ()
    if media_type == kinds.LOCKED_OFFICE or any(said in one and real in one for one in _SAME):
        return ()
    sentence = (
        f"文件名以“{said}”结尾，内容其实是{kinds.words_for(media_type)}，按内容处理。"
        "请核对是不是放错了文件。"
    )
    return (note(name, sentence, "misnamed"),)


_KNOWN = frozenset().union(*_SAME) | {
    ".pdf", ".png", ".bmp", ".gif", ".webp", ".ofd", ".zip", ".rar", ".7z", ".rtf", ".mp3", ".wav",
    ".avi", ".odt", ".ods",
}  # fmt: skip
