"""What a file is, by its content; a name proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from zhixing_desktop.dossier import containers
from zhixing_desktop.dossier.incoming import opened

PDF = "application/pdf"
JPEG, PNG, TIFF = "image/jpeg", "image/png", "image/tiff"
BMP, GIF, WEBP = "image/bmp", "image/gif", "image/webp"
HEIC = "image/heic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
ODT, ODS = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
)
RTF, OFD = "application/rtf", "application/ofd"
LOCKED_OFFICE = "application/x-encrypted-office"
"""A Word or Excel file with a password: an OLE file around encrypted bytes."""
OLE, ZIP = "application/x-ole-storage", "application/zip"
RAR, SEVEN = "application/vnd.rar", "application/x-7z-compressed"
TEXT, HTML = "text/plain", "text/html"
UNKNOWN = "application/octet-stream"

PICTURES = frozenset({JPEG, PNG, TIFF, BMP, GIF, WEBP})
"""Pictures that pages can be made of."""
OFFICE = frozenset({DOCX, XLSX, PPTX, DOC, XLS, PPT, ODT, ODS, RTF})
"""What a word processor can turn into PDF."""
PACKED = frozenset({ZIP, RAR, SEVEN})

WORDS = MappingProxyType(
    {
        PDF: "PDF",
        JPEG: "JPEG 图片",
        PNG: "PNG 图片",
        TIFF: "TIFF 图片",
        BMP: "BMP 图片",
        GIF: "GIF 图片",
        WEBP: "WebP 图片",
        HEIC: "HEIC 照片",
        DOCX: "Word 文件",
        DOC: "Word 文件",
        XLSX: "Excel 表格",
        XLS: "Excel 表格",
        PPTX: "演示文稿",
        PPT: "演示文稿",
        ODT: "文字文件（ODT）",
        ODS: "表格（ODS）",
        RTF: "文字文件（RTF）",
        OFD: "OFD 版式文件",
        LOCKED_OFFICE: "有打开密码的 Word 或者 Excel 文件",
        OLE: "Office 文件",
        ZIP: "压缩包",
        RAR: "压缩包",
        SEVEN: "压缩包",
        TEXT: "文本文件",
        HTML: "网页文件",
    }
)
_ENDINGS = MappingProxyType(
    {
        PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif", BMP: ".bmp", GIF: ".gif",
        WEBP: ".webp", HEIC: ".heic", DOCX: ".docx", XLSX: ".xlsx", PPTX: ".pptx", DOC: ".doc",
        XLS: ".xls", PPT: ".ppt", ODT: ".odt", ODS: ".ods", RTF: ".rtf", OFD: ".ofd",
        LOCKED_OFFICE: ".doc", OLE: ".ole", ZIP: ".zip", RAR: ".rar", SEVEN: ".7z", TEXT: ".txt",
        HTML: ".html", "audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/mp4": ".m4a",
        "audio/amr": ".amr", "audio/aac": ".aac", "audio/flac": ".flac", "audio/aiff": ".aiff",
        "audio/ogg": ".ogg", "video/mp4": ".mp4", "video/quicktime": ".mov", "video/3gpp": ".3gp",
        "video/x-msvideo": ".avi", "video/x-ms-asf": ".wmv", "video/x-flv": ".flv",
        "video/x-matroska": ".mkv", "video/mpeg": ".mpg", "video/mp2t": ".ts",
        "video/x-dahua": ".dav", "video/x-hikvision": ".mp4",
    }
)  # fmt: skip
_HEAD = 4096
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"{\\rtf", RTF),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"\0\0\x01\xba", "video/mpeg"),
    (b"\0\0\x01\xb3", "video/mpeg"),
    # Recorders of the two makers whose cameras hang nearly everywhere.
    (b"DHAV", "video/x-dahua"),
    (b"IMKH", "video/x-hikvision"),
)
_RIFF = MappingProxyType({b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": WEBP})
_BRANDS: tuple[tuple[bytes, str], ...] = (
    (b"M4A", "audio/mp4"),
    (b"M4B", "audio/mp4"),
    (b"qt", "video/quicktime"),
    (b"3g", "video/3gpp"),
    (b"hei", HEIC),
    (b"hev", HEIC),
    (b"mif1", HEIC),
    (b"msf1", HEIC),
    (b"avif", HEIC),
)


def media_type_of(content: Path | bytes) -> str:
    """Return what a file is by what stands in it; ``UNKNOWN`` where nothing is recognised.

    Raises :class:`StoreError` when the file cannot be read.
    """
    with opened(content) as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _ZIPPED.get(containers.zip_kind(content), ZIP)
    if head.startswith(containers.OLE_HEAD):
        return _OLE.get(containers.ole_kind(content), OLE)
    for look in (_pdf, _start, _riff, _film, _stream, _bitmap, _text):
        found = look(head)
        if found is not None:
            return found
    return UNKNOWN


def has_no_pages(media_type: str) -> bool:
    """Tell whether a file is a recording: kept as it is, never pages."""
    return media_type.startswith(("audio/", "video/"))


def words_for(media_type: str) -> str:
    """Return what a person calls such a file."""
    if media_type.startswith("audio/"):
        return "录音"
    if media_type.startswith("video/"):
        return "录像"
    return WORDS.get(media_type, "不认识的文件")


def ending_of(media_type: str) -> str:
    """Return the ending such a file is kept and handed out under; ``.bin`` for the unknown."""
    return _ENDINGS.get(media_type, ".bin")


_ZIPPED = MappingProxyType(
    {"word": DOCX, "xl": XLSX, "ppt": PPTX, "odt": ODT, "ods": ODS, "ofd": OFD}
)
_OLE = MappingProxyType({"word": DOC, "xl": XLS, "ppt": PPT, "locked": LOCKED_OFFICE})


def _pdf(head: bytes) -> str | None:
    # Readers accept a header anywhere in the first kilobyte; mail gateways put lines before it.
    return PDF if b"%PDF-" in head[:1024] else None


def _start(head: bytes) -> str | None:
    return next((kind for start, kind in _STARTS if head.startswith(start)), None)


def _riff(head: bytes) -> str | None:
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "audio/aiff"
    return _RIFF.get(head[8:12]) if head[:4] == b"RIFF" else None


def _film(head: bytes) -> str | None:
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free") and len(head) > 16:
        return "video/quicktime"
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    return next((kind for start, kind in _BRANDS if brand.startswith(start)), "video/mp4")


def _stream(head: bytes) -> str | None:
    """A stream without a header of its own: known by frames that follow one another."""
    if len(head) > 3 * 188 and all(head[at] == 0x47 for at in (0, 188, 376, 564)):
        return "video/mp2t"
    if len(head) > 4 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        length = (head[3] & 3) << 11 | head[4] << 3 | (head[5] >> 5 if len(head) > 5 else 0)
        return "audio/aac" if _follows(head, length) else None
    length = _mp3_frame(head)
    return "audio/mpeg" if length and _follows(head, length) else None


_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_LOW_RATES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_SAMPLES = (44100, 48000, 32000, 0)


def _mp3_frame(head: bytes) -> int:
    """How long the first frame of an MP3 without a tag is in bytes; 0 where it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version = head[1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5, 1: none
    samples = _SAMPLES[head[2] >> 2 & 3]
    rate = (_RATES if version == 3 else _LOW_RATES)[head[2] >> 4]
    if version == 1 or not samples or not rate:
        return 0
    if version == 3:
        return 144_000 * rate // samples + (head[2] >> 1 & 1)
    return 72_000 * rate // (samples >> (2 if version == 0 else 1)) + (head[2] >> 1 & 1)


def _follows(head: bytes, length: int) -> bool:
    return length > 6 and head[length : length + 1] == b"\xff" and head[length + 1] & 0xE0 == 0xE0


def _bitmap(head: bytes) -> str | None:
    # "BM" alone begins many a text.
    if head[:2] == b"BM" and head[6:10] == bytes(4) and len(head) > 26:
        return BMP
    return None


def _text(head: bytes) -> str | None:
    if not head:
        return None
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return HTML
    coding: Callable[[str], str] = head.decode
    for name in ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "gb18030"):
        try:
            words = coding(name)
        except UnicodeDecodeError as error:
            if error.end < len(head) - 4:  # else only the last character is cut
                continue
            words = head[: error.start].decode(name)
        if all(sign.isprintable() or sign in "\r\n\t\f\ufeff" for sign in words):
            return TEXT
    return None
