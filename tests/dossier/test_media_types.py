"""What a file is stands in it: no ending, however it was renamed, decides."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from helpers.foreign_files import RED, ole_file, pdf_of, word_file, zip_file
from helpers.papers import png, tiff
from zhixing_desktop.dossier.media_types import ending_of, has_no_pages, media_type_of, words_for
from zhixing_desktop.workflow.errors import StoreError

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
FILES = {
    "pdf": (pdf_of(RED), "PDF"),
    "pdf after some lines of a mail gateway": (b"X-Mail: 1\r\n" + pdf_of(RED), "PDF"),
    "png": (png((9, 9, 9), 3, 3), "PNG 图片"),
    "tiff": (tiff(1, 2), "TIFF 图片"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(40), "JPEG 图片"),
    "word": (word_file(), "Word 文件"),
    "old word": (ole_file("WordDocument", "1Table"), "Word 文件"),
    "old word, its stream far down the list": (
        ole_file(*(f"part{number}" for number in range(30)), "WordDocument"),
        "Word 文件",
    ),
    "excel": (zip_file("[Content_Types].xml", "xl/workbook.xml"), "Excel 表格"),
    "old excel": (ole_file("Workbook"), "Excel 表格"),
    "word with a password": (ole_file("EncryptedPackage"), "有打开密码的 Word 或者 Excel 文件"),
    "ofd": (zip_file("OFD.xml"), "OFD 版式文件"),
    "zip": (zip_file("a.txt"), "压缩包"),
    "torn zip": (zip_file("a.txt")[:30], "压缩包"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "压缩包"),
    "iphone photo": (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC 照片"),
    "mp3 with a tag": (b"ID3\x04\0\0" + bytes(40), "录音"),
    "mp3 without": (MP3_FRAME * 3, "录音"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "录音"),
    "amr of an old phone": (b"#!AMR\n" + bytes(9), "录音"),
    "m4a": (b"\0\0\0\x18ftypM4A " + bytes(20), "录音"),
    "mp4": (b"\0\0\0\x18ftypisom" + bytes(20), "录像"),
    "avi": (b"RIFF\x24\0\0\0AVI LIST", "录像"),
    "recorder of a camera": (b"DHAV\xfd\0\0\0", "录像"),
    "transport stream": ((b"\x47" + bytes(187)) * 5, "录像"),
    "text in utf-8": ("证据说明\n".encode() * 900, "文本文件"),
    "text in gb18030": ("证据说明\r\n".encode("gb18030"), "文本文件"),
    "text in utf-16": ("证据说明".encode("utf-16"), "文本文件"),
    "nonsense": (bytes(range(256)) * 3, "不认识的文件"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_known_by_its_content(kind: str, tmp_path: Path) -> None:
    data, words = FILES[kind]
    assert words_for(media_type_of(data)) == words
    place = tmp_path / "scan.pdf"
    place.write_bytes(data)
    assert media_type_of(place) == media_type_of(data)


def test_recordings_have_no_pages_and_an_ending_of_their_own() -> None:
    film = media_type_of(FILES["mp4"][0])
    assert (has_no_pages(film), ending_of(film)) == (True, ".mp4")
    assert not has_no_pages(media_type_of(FILES["pdf"][0]))


def test_a_list_of_streams_that_never_ends_is_given_up() -> None:
    data = bytearray(ole_file("a", "b"))
    struct.pack_into("<I", data, 512 + 4, 1)  # the directory's sector follows itself
    assert words_for(media_type_of(bytes(data))) == "Office 文件"


def test_a_file_that_is_gone_or_in_use_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"找不到这个文件（scan\.pdf）。请确认"):
        media_type_of(tmp_path / "scan.pdf")
    with pytest.raises(StoreError, match=r"(不能读取|读取这个文件时出错).*。请"):
        media_type_of(tmp_path)
