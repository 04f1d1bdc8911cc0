"""A paper in Word: what a clerk finds who opens it and goes on writing."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from helpers.made_papers import everything, listed, record, ruling
from helpers.office import official
from helpers.paper_parts import head, panel, words
from helpers.word_files import opened, part, squeezed, words_in
from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Cell,
    PageBreak,
    Paper,
    Paragraph,
    Row,
    Run,
    Signature,
    Signer,
    Style,
    Table,
    text_of,
    words_of,
)
from zhixing_desktop.documents.word import render_docx
from zhixing_desktop.documents.word_package import W


def made(*blocks: Block, **properties: object) -> Paper:
    return replace(ruling(60), blocks=blocks, **properties)  # type: ignore[arg-type]


def docx_of(*blocks: Block, **properties: object) -> bytes:
    return render_docx(made(*blocks, **properties), official())


@pytest.mark.parametrize("paper", [ruling(400), everything(), listed(30), record(9)])
def test_it_has_the_words_of_the_paper_in_their_order(paper: Paper) -> None:
    found = words_in(render_docx(paper, official()))
    assert squeezed("".join(found)) == squeezed("".join(words_of(paper)))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_docx(everything(), official()) == render_docx(everything(), official())


def test_the_page_is_that_of_the_layout() -> None:
    section = opened(render_docx(ruling(60), official())).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = official().official.margins
    assert abs(section.top_margin - Mm(margins.top)) < Pt(0.1)
    assert abs(section.left_margin - Mm(margins.left)) < Pt(0.1)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"
    assert grid.get(qn("w:linePitch")) == str(official().official.pitch)


def test_its_styles_are_called_what_a_clerk_calls_them() -> None:
    document = opened(render_docx(ruling(60), official()))
    names = [paragraph.style.name for paragraph in document.paragraphs]
    assert names[:4] == ["法院名称", "文书名称", "案号", "文书正文"]
    assert names[-1] == "落款"
    named = {style.name for style in document.styles}
    assert {"文内标题", "表格文字", "附注", "骑缝", "页码"} <= named
    # A Chinese Word shows these names for styles of its own.
    assert not named & {"正文", "标题"}


def test_chinese_characters_are_set_in_the_fonts_of_the_layout() -> None:
    document = opened(render_docx(ruling(60), official()))
    fonts = {
        style.name: style.element.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for style in document.styles
        if style.name in {"法院名称", "文书正文", "文内标题", "文书副题", "页码"}
    }
    assert fonts == {
        "法院名称": "方正小标宋简体",
        "文书正文": "仿宋",
        "文内标题": "黑体",
        "文书副题": "楷体",
        "页码": "宋体",
    }
    table = part(render_docx(ruling(60), official()), "word/fontTable.xml")
    assert re.search('w:name="仿宋"><w:altName w:val="仿宋_GB2312,FangSong', table)


def test_nothing_is_left_of_an_english_word() -> None:
    whole = "".join(
        part(render_docx(ruling(60), official()), f"word/{name}.xml")
        for name in ("document", "styles", "settings", "fontTable")
    )
    assert not re.search("Calibri|Times New Roman|Cambria", whole)
    assert 'w:eastAsia="zh-CN"' in whole
    line = opened(render_docx(ruling(60), official())).styles["文书正文"].paragraph_format
    assert line.line_spacing == Pt(official().official.pitch / 20)
    assert (line.first_line_indent.pt, line.space_after) == (pytest.approx(31.6, abs=0.1), None)


def test_a_paragraph_keeps_its_indents_in_characters() -> None:
    data = docx_of(
        Paragraph(text_of("收件人："), first=0), Paragraph(text_of("甲"), first=-2, left=4)
    )
    flush, hanging = (p._p.pPr.find(qn("w:ind")) for p in opened(data).paragraphs)
    assert flush.get(qn("w:firstLineChars")) == "0"
    assert (hanging.get(qn("w:leftChars")), hanging.get(qn("w:hangingChars"))) == ("400", "200")


def test_a_missing_datum_is_underlined_and_marked() -> None:
    data = docx_of(Paragraph((Run("被执行人"), Run("［姓名］", gap="姓名"), Run("。"))))
    before, gap, _after = opened(data).paragraphs[0].runs
    assert gap.text == "［姓名］"
    assert gap.style.name == "待补"
    assert gap.style.font.underline
    assert gap.font.highlight_color is not None
    assert not before.font.underline


def test_a_gap_without_words_is_room_to_write_in() -> None:
    data = docx_of(Paragraph((Run("", gap="电话"),)))
    assert opened(data).paragraphs[0].text == "\u3000" * 4


def test_bold_and_underlined_words_stay_so() -> None:
    data = docx_of(Paragraph((Run("冻结", bold=True), Run("存款", underline=True))))
    bold, underlined = opened(data).paragraphs[0].runs
    assert (bold.bold, bold.underline) == (True, None)
    assert (underlined.bold, underlined.underline) == (None, True)


@pytest.mark.parametrize(
    "name",
    ["张喆 & <某>公司", "{{ 7 * 7 }}{% if %}", '"引号"', "王　镕", "𬭚㛃", "a\ufffeb\x00c\x07"],
)
def test_odd_characters_do_no_harm(name: str) -> None:
    data = docx_of(Paragraph(text_of(name)), Table((1,), (Row((Cell((text_of(name),)),)),)))
    expected = "abc" if "\x00" in name else name
    assert words_in(data) == [expected, expected]


def test_breaks_and_tabs_in_a_datum_become_blanks_as_in_the_pdf() -> None:
    data = docx_of(Paragraph(text_of("山阳区\n建设路\t1号")))
    assert words_in(data) == ["山阳区 建设路 1号"]


def test_a_head_of_a_table_is_repeated_and_rows_stay_whole() -> None:
    table = opened(render_docx(listed(30), official())).tables[0]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True] + [False] * 30
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert sum(column.width for column in table.columns) == pytest.approx(Mm(156), abs=Mm(0.2))


def test_cells_span_rows_and_columns() -> None:
    table = opened(render_docx(everything(), official())).tables[0]
    label = table.cell(1, 0)
    assert label._tc is table.cell(2, 0)._tc is table.cell(3, 0)._tc
    assert table.cell(2, 1).text == "住址"
    assert table.cell(0, 1)._tc is table.cell(0, 3)._tc
    assert table.cell(2, 2).text == "山阳区建设路1号\n（经常居住地）解放区2号"


def test_two_tables_one_after_the_other_stay_two() -> None:
    table = Table((1,), (Row((Cell((text_of("一"),)),)),))
    assert len(opened(docx_of(table, table)).tables) == 2


def test_rows_that_do_not_fit_their_columns_are_a_fault_of_the_form() -> None:
    table = Table((1, 1), (Row((Cell(columns=2), Cell())),))
    with pytest.raises(ValueError, match="more cells than columns"):
        docx_of(table)


def test_a_draft_says_so_in_the_head_of_each_page_and_an_issued_paper_does_not() -> None:
    draft = opened(render_docx(ruling(60, draft=True), official()))
    issued = opened(render_docx(ruling(60), official()))
    assert "未签发" in draft.sections[0].header.paragraphs[0].text
    assert "未签发" not in "".join(p.text for p in issued.sections[0].header.paragraphs)


def test_pages_are_numbered() -> None:
    footer = opened(render_docx(ruling(60), official())).sections[0].footer
    assert footer.paragraphs[-1].text == "−1−"
    assert " PAGE " in footer._element.xml
    assert footer.paragraphs[-1].style.font.size == Pt(14)


def test_a_record_has_room_for_a_signature_on_each_page() -> None:
    footer = opened(render_docx(record(3), official())).sections[0].footer
    assert "签名" in footer.paragraphs[0].text
    assert len(opened(render_docx(ruling(60), official())).sections[0].footer.paragraphs) == 1


def test_the_file_says_what_it_is() -> None:
    properties = opened(render_docx(ruling(60), official())).core_properties
    assert properties.title == "执行裁定书（（2024）豫0811执123号之一）"
    assert (properties.author, properties.subject) == ("王镕", "河南省焦作市山阳区人民法院")
    assert properties.keywords == "执行、冻结"
    assert properties.language == "zh-CN"


def test_a_new_page_begins_where_one_is_wanted() -> None:
    data = docx_of(Paragraph(text_of("甲")), PageBreak(), Paragraph(text_of("乙")))
    first, second = opened(data).paragraphs
    assert not first.paragraph_format.page_break_before
    assert second.paragraph_format.page_break_before


def test_a_table_may_begin_a_page() -> None:
    table = Table((1,), (Row((Cell((text_of("一"),)),)),))
    data = docx_of(Paragraph(text_of("甲")), PageBreak(), table)
    assert [bool(p.paragraph_format.page_break_before) for p in opened(data).paragraphs] == [
        False,
        True,
        False,
    ]


def test_the_signature_holds_together_and_takes_two_lines_of_text_along() -> None:
    data = docx_of(Paragraph(text_of(words(60))), Paragraph(text_of("此令。")), panel())
    kept = [bool(p.paragraph_format.keep_with_next) for p in opened(data).paragraphs]
    # The short paragraph is one line only: the one before it goes along.  The last line is free.
    assert kept == [True, True, *[True] * 5, False]


def test_a_long_paragraph_is_held_only_where_the_signature_would_stand_alone() -> None:
    def held(length: int) -> bool:
        paper = made(*head(), Paragraph(text_of(words(length))), panel())
        document = opened(render_docx(paper, official()))
        return bool(document.paragraphs[3].paragraph_format.keep_with_next)

    # 22 lines a page, 5 for the head, 8 for the signature: it fits, does not fit, fits on page 2.
    assert [held(150), held(420), held(620)] == [False, True, False]


def test_titles_and_names_of_signers_stand_in_columns_without_added_spaces() -> None:
    data = docx_of(panel())
    lines = opened(data).paragraphs
    assert [line.text for line in lines] == [
        "审判长王镕",
        "审判员李旻玥",
        "人民陪审员欧阳珩琀",
        "二〇二四年三月十一日",
        "法官助理赵堃",
        "书记员孙㛃",
    ]
    lefts = {line.paragraph_format.left_indent for line in lines if "二〇" not in line.text}
    assert len(lefts) == 1
    spread = lines[0].runs[0]._r.rPr.find(qn("w:spacing")).get(qn("w:val"))
    assert int(spread) > 100  # three characters on the width of four


def test_one_who_signs_by_hand_stands_over_the_day() -> None:
    data = docx_of(Signature((Signer("被询问人"),), text_of("二〇二四年三月十一日")))
    signer, day = opened(data).paragraphs
    assert signer.alignment == day.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert signer.paragraph_format.left_indent == day.paragraph_format.left_indent


def test_a_long_title_is_set_close_instead_of_on_two_lines() -> None:
    def spacing(title: str) -> str | None:
        data = docx_of(Paragraph(text_of(title), Style.TITLE, Align.CENTER, first=0))
        properties = opened(data).paragraphs[0].runs[0]._r.rPr
        found = None if properties is None else properties.find(qn("w:spacing"))
        return None if found is None else found.get(qn("w:val"))

    assert spacing("执行裁定书") is None  # as its style has it
    assert spacing("提供被执行人下落及财产线索通知书") == "0"


def test_ruled_lines_and_the_line_of_a_slip_are_borders_of_paragraphs() -> None:
    xml = part(render_docx(everything(), official()), "word/document.xml")
    borders = re.findall('<w:pBdr><w:bottom w:val="([a-z]+)"', xml)
    assert borders == ["dashed", "single", "single", "single"]
    assert not re.search("txbx|w:drawing|w:pict", xml)


def test_a_form_of_tables_is_set_on_the_dense_grid() -> None:
    section = opened(render_docx(listed(5, dense=True), official())).sections[0]
    assert section.top_margin.mm == pytest.approx(official().dense.margins.top, abs=0.1)


# ECMA-376 part 1, annex A: the order of those elements that are written here.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr tabs kinsoku overflowPunct"
    " snapToGrid spacing ind jc outlineLvl",
    "rPr": "rStyle rFonts b color spacing sz szCs highlight u lang",
    "tblPr": "tblW tblInd tblBorders tblLayout tblCellMar",
    "tcPr": "tcW gridSpan vMerge vAlign",
    "sectPr": "headerReference footerReference pgSz pgMar docGrid",
    "style": "name basedOn uiPriority semiHidden qFormat pPr rPr tblPr",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang",
}


@pytest.mark.parametrize("name", ["document", "styles", "settings", "footer1", "header1"])
def test_elements_stand_in_the_order_that_word_wants(name: str) -> None:
    """Word calls a file damaged whose elements stand in another order than the schema's."""
    papers = [replace(paper, draft=True) for paper in (everything(), record(3), listed(3))]
    for paper in papers:
        root = ElementTree.fromstring(part(render_docx(paper, official()), f"word/{name}.xml"))
        for item in root.iter():
            order = ORDERS.get(item.tag.removeprefix(W), "").split()
            children = [child.tag.removeprefix(W) for child in item]
            if order:
                assert children == sorted(children, key=order.index)
