"""Opening a Word file (.docx) that somebody handed in, without trusting anything in it.

Reads it wholly in memory: nothing is unpacked to a disk, nothing outside the file is looked up.
What can be wrong with any Word file (wrong format, password, torn, macros, links out of the file,
embedded objects) is found here, all of it at once; what its words mean is for the caller.
Format: ECMA-376 part 1 (WordprocessingML) and part 2 (packages).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from zhixing_desktop.workflow.errors import Problem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_FORMATS = (
    (b"%pdf", "PDF 文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"<!doctype html", "网页文件"),
    (b"<html", "网页文件"),
    (b"<?xml", "XML 文件"),
    (b"mime-version", "网页文件"),
)
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_STRICT = b"http://purl.oclc.org/ooxml/"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest moment that ZIP knows; no clock is asked
_SAVE_AS = "请用 Word 或者 WPS 打开，另存为“Word 文档（*.docx）”后再试。"
_FILE = "文件"
# Fields that read other files, the network or another program when they are brought up to date.
_FETCHING = re.compile(
    r"^\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|RD|MACROBUTTON)\b",
    re.IGNORECASE,
)
_WEB = re.compile(r"^(https?|mailto):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """What is too large to be a court's paper: bytes of the file and unpacked, number of parts."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 100 * 1024 * 1024
    parts: int = 2000


@dataclass(frozen=True, slots=True)
class WordPackage:
    """A Word file in memory: ``parts`` by name (no slash in front), ``main`` the document's."""

    parts: Mapping[str, bytes]
    main: str

    def tree(self, name: str) -> ElementTree.Element:
        """Return the root element of an XML part that was found whole by ``open_package``."""
        return ElementTree.fromstring(self.parts[name])

    def body(self) -> ElementTree.Element:
        """Return the body of the document."""
        found = self.tree(self.main).find(f"{W}body")
        return ElementTree.Element(f"{W}body") if found is None else found

    def texts(self) -> Iterator[tuple[str, ElementTree.Element]]:
        """Yield name and root of each part with words: the document, its heads, feet and notes."""
        folder = posixpath.dirname(self.main)
        yield self.main, self.tree(self.main)
        for name in sorted(self.parts):
            stem = posixpath.basename(name)
            if posixpath.dirname(name) == folder and _WORDS.fullmatch(stem):
                yield name, self.tree(name)


_WORDS = re.compile(r"(header|footer|footnotes|endnotes|comments)\d*\.xml")
_EMBEDDED = re.compile(r"(^|/)(embeddings|activeX|controls)/", re.IGNORECASE)


def open_package(
    data: bytes, limits: PackageLimits | None = None
) -> tuple[WordPackage | None, tuple[Problem, ...]]:
    """Open a .docx and say all that is wrong with it as a file.

    ``data`` are its bytes.  Returns the package, ``None`` when it cannot be read at all, and the
    problems; a package with problems is only good for finding more of them.
    """
    bounds = limits or PackageLimits()
    sentence = _wrong_size(data, bounds) or _wrong_format(data)
    if sentence:
        return None, (Problem(_FILE, sentence),)
    try:
        parts = _unpack(data, bounds)
    except _RefusedError as error:
        return None, (Problem(_FILE, str(error)),)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        return None, (Problem(_FILE, f"文件不完整或者已经损坏。{_REPAIR}"),)
    return _examine(parts)


_REPAIR = "请重新复制一份，或者用 Word 或者 WPS 打开后另存一份再试。"


class _RefusedError(Exception):
    """An archive that is not read on."""


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package that this program made."""
    return _unpack(data, PackageLimits())


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return parts as a package; the same parts give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else the bytes would differ from system to system
            archive.writestr(entry, data)
    return stream.getvalue()


def _wrong_size(data: bytes, bounds: PackageLimits) -> str:
    if not data:
        return "文件是空的。请重新复制一份再试。"
    if len(data) > bounds.file_bytes:
        most = bounds.file_bytes // 1024 // 1024
        return f"文件超过 {most} MB，不像一份文书。请检查是否选错了文件，或者删去大图片后再试。"
    return ""


def _wrong_format(data: bytes) -> str:
    """Return what the file is instead of a .docx, empty when it may be one."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            return "文件设了打开密码。请在 Word 或者 WPS 中取消密码，保存后再试。"
        return f"这是旧版格式（*.doc 或者 *.wps）的文件。{_SAVE_AS}"
    head = data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    name = next((name for start, name in _OTHER_FORMATS if head.startswith(start)), "")
    if name or not data.startswith(b"PK"):
        return f"这是{name or '其他格式的文件'}，不是 Word 文档。{_SAVE_AS}"
    return ""


def _unpack(data: bytes, bounds: PackageLimits) -> dict[str, bytes]:
    """Read all parts; what an entry claims to hold is the most that is read of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise _RefusedError("文件设了压缩密码。请取消密码后再试。")
        if len(entries) > bounds.parts or sum(e.file_size for e in entries) > bounds.unpacked_bytes:
            raise _RefusedError(
                "文件展开以后过大，不像一份文书，可能是有意做成的。请检查文件的来源。"
            )
        names = [entry.filename.lower() for entry in entries]
        if len(set(names)) != len(names) or any(map(_is_astray, names)):
            raise _RefusedError(f"文件内部的名称不合规则，可能是有意做成的。{_SAVE_AS}")
        return {entry.filename: archive.read(entry) for entry in entries}


def _is_astray(name: str) -> bool:
    """Return whether a part's name leads out of the package."""
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _examine(parts: dict[str, bytes]) -> tuple[WordPackage | None, tuple[Problem, ...]]:
    torn = [name for name, data in parts.items() if _is_xml(name) and not _is_plain_xml(data)]
    if torn:
        return None, (Problem(_FILE, f"文件的内容已经损坏。{_REPAIR}", data={"parts": torn}),)
    main, kind = _main_part(parts)
    if not main:
        return None, (Problem(_FILE, f"这不是 Word 文档。{_SAVE_AS}"),)
    if _STRICT in parts[main][:4000]:
        sentence = f"这是“Strict Open XML”格式的文件。{_SAVE_AS}"
        return None, (Problem(_FILE, sentence),)
    package = WordPackage(parts, main)
    return package, (
        *_macros(parts, kind),
        *_links(parts),
        *_objects(package),
        *_fields(package),
    )


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _is_plain_xml(data: bytes) -> bool:
    """Return whether a part is whole XML that defines no entities (they can grow without end)."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return False
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:100]:
        return False  # UTF-16 would hide such a definition; no word processor writes it
    try:
        ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError):
        return False
    return True


def _main_part(parts: Mapping[str, bytes]) -> tuple[str, str]:
    """Return name and content type of the document, empty when the file has none."""
    if "_rels/.rels" not in parts or "[Content_Types].xml" not in parts:
        return "", ""
    kinds = {
        item.get("PartName", "").lstrip("/"): item.get("ContentType", "")
        for item in ElementTree.fromstring(parts["[Content_Types].xml"]).iter(f"{_TYPES}Override")
    }
    for item in ElementTree.fromstring(parts["_rels/.rels"]).iter(f"{_RELS}Relationship"):
        name = item.get("Target", "").lstrip("/")
        kind = kinds.get(name, "")
        if item.get("Type", "").endswith("/officeDocument") and name in parts and "word" in kind:
            return name, kind
    return "", ""


def _macros(parts: Mapping[str, bytes], kind: str) -> Iterator[Problem]:
    found = [name for name in parts if "vba" in name.rsplit("/", 1)[-1].lower()]
    if found or "macroEnabled" in kind:
        sentence = f"文件带有宏（程序代码），不能采用。{_SAVE_AS}"
        yield Problem(_FILE, sentence, data={"parts": found})
    elif kind != _DOCUMENT:
        wanted = "模板（*.dotx）" if kind == _DOTX else "其他格式"
        yield Problem(_FILE, f"这是 Word 的{wanted}，不是文档。{_SAVE_AS}")


def _links(parts: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find what the file would fetch from outside; an address to click on is only words."""
    for name in sorted(parts):
        if not name.endswith(".rels"):
            continue
        for item in ElementTree.fromstring(parts[name]).iter(f"{_RELS}Relationship"):
            target, kind = item.get("Target", ""), item.get("Type", "").rsplit("/", 1)[-1]
            if item.get("TargetMode") != "External":
                continue
            if kind == "hyperlink" and _WEB.match(target):
                continue
            sentence = (
                f"文件链接到外部的{_LINKED.get(kind, '内容')}“{target[:60]}”，不能采用。"
                "请断开链接（图片改为直接插入，其他的删去），保存后再试。"
            )
            yield Problem(_FILE, sentence, data={"target": target, "kind": kind})


_LINKED = {
    "attachedTemplate": "模板",
    "image": "图片",
    "oleObject": "对象",
    "hyperlink": "文件",
    "subDocument": "子文档",
    "frame": "框架",
}


def _objects(package: WordPackage) -> Iterator[Problem]:
    tags = {f"{W}object": "对象", f"{W}altChunk": "文件", f"{W}control": "控件"}
    kinds = {
        tags[item.tag]
        for _name, root in package.texts()
        for item in root.iter()
        if item.tag in tags
    }
    if any(_EMBEDDED.search(name) for name in package.parts):
        kinds.add("对象")
    for kind in sorted(kinds):
        yield Problem(_FILE, f"文件里嵌入了{kind}，不能采用。请删去，或者改为文字、图片后再试。")


def _fields(package: WordPackage) -> Iterator[Problem]:
    found = set()
    for _name, root in package.texts():
        for paragraph in root.iter(f"{W}p"):
            codes = ["".join(item.itertext()) for item in paragraph.iter(f"{W}instrText")]
            codes.append("".join(codes))  # a code may be cut into several runs
            codes += [item.get(f"{W}instr", "") for item in paragraph.iter(f"{W}fldSimple")]
            found |= {match[1].upper() for match in map(_FETCHING.match, codes) if match}
    for code in sorted(found):
        sentence = (
            f"文件里有会读取外部内容的域（{code}），不能采用。"
            "请选中后按 Ctrl+Shift+F9 转为文字再试。"
        )
        yield Problem(_FILE, sentence, data={"field": code})
