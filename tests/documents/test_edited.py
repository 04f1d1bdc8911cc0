"""An edited Word file taken back: what changed, and why it cannot be the text of record."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from helpers.made_papers import everything, listed, ruling
from helpers.office import official
from helpers.word_files import changed, docx_of, in_body, opened, related, saved
from zhixing_desktop.documents.edited import Change, Edited, read_edited, take_back
from zhixing_desktop.documents.word import render_docx
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

PAPER = render_docx(ruling(120, paragraphs=2), official())
BODY = "<w:body>"


def shown(edited: Edited) -> list[tuple[str, str]]:
    """Return what changed as a screen would show it: removed in [ ], added in { }."""
    signs = {Change.KEPT: "%s", Change.REMOVED: "[%s]", Change.ADDED: "{%s}"}
    return [
        (item.place, "".join(signs[piece.change] % piece.text for piece in item.pieces))
        for item in edited.changes
    ]


def refused(data: bytes) -> list[str]:
    with pytest.raises(InputRefusedError) as caught:
        take_back(data, PAPER)
    return [problem.sentence for problem in caught.value.problems] or [caught.value.sentence]


# ----------------------------------------------------------------------------- what changed


def test_a_file_that_was_only_saved_again_has_no_changes() -> None:
    again = saved(opened(PAPER))
    edited = take_back(again, PAPER)
    assert edited.changes == ()
    assert edited.words[:2] == ("河南省焦作市山阳区人民法院", "执行裁定书")
    assert edited.words[-1] == "书记员孙㛃"


def test_a_changed_a_new_and_a_removed_paragraph_are_shown_with_their_places() -> None:
    document = opened(PAPER)
    document.paragraphs[2].runs[0].text = "（2024）豫0811执124号之一"
    document.paragraphs[4].insert_paragraph_before("冻结期限为一年。")
    gone = document.paragraphs[-1]
    gone._p.getparent().remove(gone._p)
    edited = take_back(saved(document), PAPER)
    assert shown(edited) == [
        ("正文第3段", "（2024）豫0811执12[3]{4}号之一"),
        ("正文第5段", "{冻结期限为一年。}"),
        ("正文第11段", "[书记员孙㛃]"),
    ]
    assert edited.changes[0].before == "（2024）豫0811执123号之一"
    assert edited.changes[0].after == "（2024）豫0811执124号之一"


def test_kept_and_changed_pieces_give_both_texts_back() -> None:
    document = opened(PAPER)
    text = document.paragraphs[3]
    text.runs[0].text = "现查明，" + text.text[:40].replace("张喆", "张哲") + "等事实。"
    edited = take_back(saved(document), PAPER)
    before = [item.before for item in edited.paragraphs if item.before]
    after = [item.after for item in edited.paragraphs if item.after]
    assert before == [p.text for p in opened(PAPER).paragraphs]
    assert after == list(edited.words)


def test_a_change_in_a_cell_of_a_table_names_the_cell() -> None:
    paper = render_docx(everything(), official())
    document = opened(paper)
    cell = document.tables[0].cell(2, 2)
    cell.paragraphs[0].runs[0].text = "山阳区建设路18号"
    assert shown(take_back(saved(document), paper)) == [
        ("第1个表格第3行第3格", "山阳区建设路1{8}号")
    ]


def test_a_long_list_in_which_every_row_changed_is_compared_row_by_row() -> None:
    paper = render_docx(listed(200), official())
    document = opened(paper)
    for row in document.tables[0]._tbl.tr_lst[1:]:
        row.tc_lst[2].p_lst[0].r_lst[0].text = "王榕"
    edited = take_back(saved(document), paper)
    assert len(edited.changes) == 200
    assert {words for _place, words in shown(edited)} == {"王[镕]{榕}"}


def test_words_in_text_boxes_and_content_controls_count_once() -> None:
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-'
        'compatibility/2006"><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>框内</w:t>'
        "</w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r>"
        "<w:t>框内</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    edited = take_back(in_body(PAPER, BODY, BODY + box), PAPER)
    assert shown(edited) == [("文本框", "{框内}"), ("正文第2段", "{控件}")]


def test_a_box_ticked_with_words_signs_is_a_change() -> None:
    box = (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="{}"/></w:r><w:r><w:t>已办理</w:t></w:r></w:p>'
    )
    empty = in_body(PAPER, BODY, BODY + box.format("F0A8"))
    ticked = in_body(PAPER, BODY, BODY + box.format("F0FE"))
    assert shown(take_back(ticked, empty)) == [("正文第1段", "[□]{☑}已办理")]


# ------------------------------------------------------------------------------ what is refused

TEXT = "<w:r><w:t>增加的字</w:t></w:r>"


def with_paragraph(inside: str) -> bytes:
    return in_body(PAPER, BODY, f"{BODY}<w:p>{inside}</w:p>")


UNSETTLED: dict[str, tuple[bytes, str]] = {
    "inserted": (with_paragraph(f'<w:ins w:id="1" w:author="甲">{TEXT}</w:ins>'), "修订"),
    "deleted": (
        with_paragraph('<w:del w:id="1" w:author="甲"><w:r><w:delText>x</w:delText></w:r></w:del>'),
        "修订",
    ),
    "format change": (
        with_paragraph(
            '<w:r><w:rPr><w:b/><w:rPrChange w:id="2" w:author="甲"><w:rPr/></w:rPrChange></w:rPr>'
            "<w:t>甲</w:t></w:r>"
        ),
        "修订",
    ),
    "comment": (with_paragraph(TEXT + '<w:r><w:commentReference w:id="0"/></w:r>'), "批注"),
    "hidden": (
        with_paragraph("<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗字</w:t></w:r>"),
        "隐藏",
    ),
    "numbered": (
        with_paragraph(f'<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>{TEXT}'),
        "自动编号",
    ),
    "footnote": (with_paragraph(TEXT + '<w:r><w:footnoteReference w:id="1"/></w:r>'), "脚注"),
}


@pytest.mark.parametrize("kind", UNSETTLED)
def test_what_is_not_settled_is_refused_with_its_place(kind: str) -> None:
    data, word = UNSETTLED[kind]
    with pytest.raises(InputRefusedError) as caught:
        take_back(data, PAPER)
    assert [problem.where for problem in caught.value.problems] == ["正文第1段"]
    assert word in caught.value.problems[0].sentence


def encrypted() -> bytes:
    """Return the beginning of a compound file with an encrypted package, as Word writes one."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000
    return head + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100


def bomb() -> bytes:
    def huge(_xml: str) -> str:
        return "<a>" + " " * (101 * 1024 * 1024) + "</a>"

    return changed(PAPER, "word/huge.xml", huge)


def entity_bomb(xml: str) -> str:
    start = xml.index("<w:document")
    return '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]>' + xml[start:]


def as_kind(kind: str) -> bytes:
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return changed(PAPER, "[Content_Types].xml", lambda xml: xml.replace(plain, kind))


FOREIGN: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "空的"),
    "password": (encrypted, "打开密码"),
    "old format": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版格式"),
    "pdf": (lambda: b"%PDF-1.7\n...", "PDF 文件"),
    "rtf": (lambda: b"{\\rtf1 ...", "RTF 文件"),
    "web page": (lambda: b"\xef\xbb\xbf<HTML>...", "网页文件"),
    "text": ("执行裁定书".encode, "不是 Word 文档"),
    "torn": (lambda: PAPER[: len(PAPER) // 2], "损坏"),
    "torn xml": (lambda: changed(PAPER, "word/document.xml", lambda xml: xml[:-30]), "损坏"),
    "entities": (lambda: changed(PAPER, "word/document.xml", entity_bomb), "损坏"),
    "zip bomb": (bomb, "过大"),
    "no document": (lambda: changed(PAPER, "_rels/.rels", lambda _x: "<a/>"), "不是 Word 文档"),
    "macros": (lambda: changed(PAPER, "word/vbaProject.bin", lambda _x: "Sub"), "宏"),
    "docm": (
        lambda: as_kind("application/vnd.ms-word.document.macroEnabled.main+xml"),
        "宏",
    ),
    "dotx": (
        lambda: as_kind(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
        ),
        "模板",
    ),
    "linked picture": (lambda: related(PAPER, "image", "http://a.example/x.png"), "外部的图片"),
    "remote template": (
        lambda: related(
            changed(PAPER, "word/_rels/settings.xml.rels", lambda _x: EMPTY_RELATIONS),
            "attachedTemplate",
            "http://a.example/evil.dotm",
            "word/settings.xml",
        ),
        "外部的模板",
    ),
    "link to a file": (lambda: related(PAPER, "hyperlink", "file:///etc/passwd"), "外部的文件"),
    "embedded object": (
        lambda: changed(PAPER, "word/embeddings/oleObject1.bin", lambda _x: "x"),
        "嵌入了对象",
    ),
    "other file inside": (
        lambda: in_body(PAPER, BODY, BODY + "<w:altChunk/>"),
        "嵌入了文件",
    ),
    "field that runs": (
        lambda: with_paragraph(
            "<w:r><w:instrText>DDE</w:instrText></w:r>"
            "<w:r><w:instrText>AUTO c:\\x</w:instrText></w:r>"
        ),
        "DDEAUTO",
    ),
    "no words": (lambda: docx_of("", " "), "没有文字"),
}  # fmt: skip
EMPTY_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "</Relationships>"
)


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_plain_word_file_is_refused_in_a_sentence(kind: str) -> None:
    make, word = FOREIGN[kind]
    sentences = refused(make())
    assert any(word in sentence for sentence in sentences), sentences
    assert all(sentence.endswith("。") for sentence in sentences)


def test_every_reason_is_said_at_once() -> None:
    data = UNSETTLED["comment"][0]
    data = in_body(data, BODY, f"{BODY}<w:p><w:ins w:id='3' w:author='甲'>{TEXT}</w:ins></w:p>")
    data = changed(data, "word/vbaProject.bin", lambda _x: "Sub")
    data = related(data, "image", "http://a.example/x.png")
    sentences = "".join(refused(data))
    assert all(word in sentences for word in ("宏", "图片", "修订", "批注"))


def test_an_address_to_click_on_is_only_words() -> None:
    data = related(PAPER, "hyperlink", "https://sf.example.cn/auction")
    assert take_back(data, PAPER).changes == ()


def test_a_password_of_the_archive_is_named() -> None:
    head, flag = PAPER, PAPER.index(b"PK\x01\x02") + 8
    locked = bytearray(head)
    locked[flag] |= 1
    assert "密码" in refused(bytes(locked))[0]


# ------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("裁定书.docx", "~$裁定书.docx"),
        ("2024执123号执行裁定书.docx", "~$24执123号执行裁定书.docx"),
        ("裁定书.docx", ".~lock.裁定书.docx#"),
    ],
)
def test_a_file_that_is_still_open_is_not_read(tmp_path: Path, name: str, owner: str) -> None:
    (tmp_path / name).write_bytes(PAPER)
    (tmp_path / owner).write_bytes(b"")
    with pytest.raises(StoreError, match="关闭后再取回"):
        read_edited(tmp_path / name)
    (tmp_path / owner).unlink()
    assert read_edited(tmp_path / name) == PAPER


def test_a_file_that_is_gone_or_locked_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"找不到“没有\.docx”"):
        read_edited(tmp_path / "没有.docx")
    (tmp_path / "夹.docx").mkdir()
    with pytest.raises(StoreError, match="其他程序"):
        read_edited(tmp_path / "夹.docx")
    assert [path.name for path in tmp_path.iterdir()] == ["夹.docx"]


def test_a_file_of_another_program_on_the_same_standard_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("甲")
    document.add_heading("乙", 1)
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert zipfile.is_zipfile(path)
    assert take_back(read_edited(path), PAPER).words == ("甲", "乙")
