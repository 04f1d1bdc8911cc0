"""The PDF of a paper: the same words, embedded subsets, the same bytes, what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.drawing import (
    drawn_words,
    official_layout,
    opened,
    squeezed,
    stand_in_shelf,
    texts,
    wanted_words,
)
from helpers.drawn_papers import (
    COURT,
    all_papers,
    list_of_assets,
    notice_with_slip,
    record,
    ruling,
)
from helpers.paper_parts import NUMBER
from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Cell,
    Face,
    PageBreak,
    Paper,
    Paragraph,
    Row,
    Ruled,
    Run,
    Signature,
    Signer,
    Space,
    Style,
    Table,
    Tear,
    text_of,
    words_of,
)
from zhixing_desktop.documents.fonts import FontShelf
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.lines import NO_END, NO_START, drawable
from zhixing_desktop.documents.pdf import page_count, render_pdf, seal_places
from zhixing_desktop.documents.typeset import typeset
from zhixing_desktop.documents.typeset_text import EMPTY_GAP
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

RARE = "喆堃昇珺龘镕𬭚旻玥珩琀㛃"
HEAD = "序号财产备注名称价值（元）"


LAYOUT = official_layout()
SHELF = stand_in_shelf(LAYOUT)


@pytest.fixture
def layout() -> LayoutProfile:
    return LAYOUT


@pytest.fixture
def shelf() -> FontShelf:
    return SHELF


def of(*blocks: object) -> Paper:
    return Paper("test", "测试", COURT, tuple(blocks))  # type: ignore[arg-type]


@pytest.mark.parametrize("paper", all_papers(), ids=lambda paper: paper.form)
def test_copied_text_is_the_papers_own_in_the_order_of_reading(
    paper: Paper, layout: LayoutProfile, shelf: FontShelf
) -> None:
    data = render_pdf(paper, layout, shelf)
    head = HEAD if paper.form == "assets" else ""
    assert drawn_words(data, paper, layout, head) == wanted_words(paper)


@pytest.mark.parametrize(
    "words",
    [
        "本院于2024年3月1日作出（2024）豫0192执1234号之一裁定，查封豫A·12345号车辆1辆。" * 3,
        "字" * 24 + "410101199001011234" + "字" * 22 + "107,000.53元" + "字" * 30,  # spread lines
        "A座B单元，张三Zhang San公司，第3-5层。" * 5,
        "字" * 10 + "李𬭚" + "字" * 13 + "410101199001011234" + "与𬭚2024年" * 6,
    ],
)
def test_room_between_characters_is_not_copied_as_spaces(
    layout: LayoutProfile, shelf: FontShelf, words: str
) -> None:
    copied = texts(render_pdf(of(Paragraph(text_of(words))), layout, shelf))[0]
    assert copied.replace("\n", "") == words + "−1−"


def test_a_spread_name_is_copied_without_spaces(layout: LayoutProfile, shelf: FontShelf) -> None:
    signers = tuple(Signer("审判员", text_of(name)) for name in ("李𬭚", "王镕", "李㛃"))
    copied = texts(render_pdf(of(Signature(signers, ())), layout, shelf))[0]
    assert copied.split("\n")[:3] == ["审判员 李𬭚", "审判员 王镕", "审判员 李㛃"]


@pytest.mark.parametrize("face", list(Face))
def test_rare_characters_copy_back_in_every_face(
    layout: LayoutProfile, shelf: FontShelf, face: Face
) -> None:
    paper = of(Paragraph((Run(f"张{RARE}，𬭚𬭚", face=face),)))
    assert drawn_words(render_pdf(paper, layout, shelf), paper, layout) == f"张{RARE}，𬭚𬭚"


def test_more_characters_than_one_subset_holds_copy_back(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    many = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 900))
    paper = of(Paragraph(text_of(many)))
    assert drawn_words(render_pdf(paper, layout, shelf), paper, layout) == many


@pytest.mark.parametrize(
    "words",
    [
        "审　判　长　　　　王　镕",
        "　　　　年　　月　　日",
        "<张>&李 {{ name }} {% raw %} \\(x\\) %",
        "买买提·阿不都拉·" * 7,
        "豫A·12345、107,000.53元、〔2024〕49号——“甲（乙）《丙》”……",
    ],
)
def test_whatever_words_there_are_copy_back(
    layout: LayoutProfile, shelf: FontShelf, words: str
) -> None:
    paper = of(Paragraph(text_of(words)))
    assert drawn_words(render_pdf(paper, layout, shelf), paper, layout) == squeezed(words)


_WORDS = st.text(
    st.sampled_from("本院执行申请人张喆𬭚㛃龘，。、；：“”（）《》——……·2024.5,%AbZ<&{}\u3000\n\t"),
    max_size=90,
)
_RUNS = st.lists(
    st.builds(
        Run,
        _WORDS,
        face=st.sampled_from([None, *Face]),
        bold=st.booleans(),
        underline=st.booleans(),
        gap=st.sampled_from(["", "", "姓名"]),
    ),
    max_size=3,
).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 4))
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        left, cells = columns, []
        while left:
            wide = draw(st.integers(1, left))
            found = tuple(draw(st.lists(_RUNS, max_size=2)))
            cells.append(Cell(found, columns=wide, align=draw(st.sampled_from(Align))))
            left -= wide
        rows.append(Row(tuple(cells), keep_next=draw(st.booleans())))
    return Table(tuple([1] * columns), tuple(rows), head=draw(st.integers(0, 1)))


_SIGNERS = st.lists(st.builds(Signer, _WORDS, _RUNS), max_size=4).map(tuple)
_BLOCKS = st.one_of(
    st.builds(
        Paragraph,
        _RUNS,
        st.sampled_from(Style),
        st.sampled_from(Align),
        first=st.integers(-2, 4),
        left=st.integers(2, 6),
        right=st.integers(0, 6),
        keep_next=st.booleans(),
    ),
    tables(),
    st.builds(Signature, _SIGNERS, _RUNS, st.sampled_from(["", "院印"]), _SIGNERS),
    st.builds(Tear, _WORDS, _RUNS),
    st.builds(Ruled, st.integers(0, 30)),
    st.builds(Space, st.integers(0, 3)),
    st.just(PageBreak()),
)


@settings(max_examples=60)
@given(st.lists(_BLOCKS, max_size=12).map(tuple), st.booleans())
def test_whatever_blocks_a_paper_has_its_words_are_all_there(
    blocks: tuple[Block, ...], dense: bool
) -> None:
    paper = Paper("test", "测试", COURT, blocks, dense=dense)
    made = typeset(paper, LAYOUT, SHELF)
    placed = [line for page in made.pages for line in page.lines]
    drawn = "".join(span.words for line in placed for span in line.line.spans)
    wanted = "".join(drawable(words) for words in words_of(paper))
    assert drawn.replace(EMPTY_GAP, "") == wanted.replace(EMPTY_GAP, "")
    grid = LAYOUT.grid(dense=dense)
    foot = (grid.height - grid.margins.bottom) * 72 / 25.4
    assert all(line.baseline <= foot for line in placed)
    for span in (span for line in placed for span in line.line.spans):
        seen = span.words.rstrip(" \u3000")
        widths = SHELF.typeface(span.font).face.charWidths
        wide = sum(widths[ord(c)] / 1000 * span.size + span.extra for c in seen)
        assert span.x >= -0.1
        assert span.x + wide - max(span.extra, 0) <= grid.text_width + 0.5
    with opened(render_pdf(paper, LAYOUT, SHELF)) as document:
        assert len(document) == len(made.pages)


def test_breaks_and_tabs_of_an_address_are_spaces(layout: LayoutProfile, shelf: FontShelf) -> None:
    address = "示例路\r\n1号\t2栋\x00"
    table = Table((1, 1), (Row((Cell((text_of(address),)), Cell((text_of("丁"),)))),))
    data = render_pdf(of(Paragraph(text_of(address)), table), layout, shelf)
    assert squeezed(texts(data)[0]).startswith("示例路1号2栋示例路1号2栋丁")


def test_no_line_begins_or_ends_against_the_rules(layout: LayoutProfile, shelf: FontShelf) -> None:
    for paper in (ruling(12), record()):
        lines = "\n".join(texts(render_pdf(paper, layout, shelf))).split("\n")
        whole = [line for line in lines if len(line) > 24]
        assert len(whole) > 20
        for line in whole:
            assert line[0] not in NO_START
            assert line[-1] not in NO_END


def test_only_subsets_of_the_fonts_used_are_embedded(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    data = render_pdf(ruling(), layout, shelf)
    names = re.findall(rb"/BaseFont /([^\s/]+)", data)
    assert names
    assert all(re.fullmatch(rb"[A-Z]{6}\+.+", name) for name in names)
    assert data.count(b"/FontFile2 ") == len(names)
    assert len(data) < 100_000


def test_the_same_paper_gives_the_same_bytes(layout: LayoutProfile, shelf: FontShelf) -> None:
    once = render_pdf(ruling(), layout, shelf)
    other_shelf = stand_in_shelf(layout)
    render_pdf(notice_with_slip(), layout, other_shelf)
    assert render_pdf(ruling(), layout, other_shelf) == once
    changed = replace(ruling(), number="（2024）豫0192执9号")
    assert render_pdf(changed, layout, shelf) != once


def test_papers_of_one_title_are_told_apart_by_their_identifiers(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    found = set()
    for paper in (ruling(1), ruling(2)):
        tail = render_pdf(paper, layout, shelf)[-600:]
        found.add(tail[tail.index(b"/ID") :].split(b"]")[0])
    assert len(found) == 2


def test_the_file_says_what_it_is(layout: LayoutProfile, shelf: FontShelf) -> None:
    paper = replace(ruling(), author="", day=date(2024, 12, 31))
    with opened(render_pdf(paper, layout, shelf)) as document:
        told = document.get_metadata_dict()
        outline = [(entry.get_title(), entry.level) for entry in document.get_toc()]
    assert told["Title"] == f"执行裁定书 {NUMBER}"
    assert told["Author"] == told["Subject"] == COURT
    assert told["Keywords"] == "执行，终本"
    assert told["CreationDate"] == "D:20241231000000+08'00'"
    assert outline == [("执行裁定书", 0), ("裁定如下：", 1)]


def test_a_paper_without_a_title_line_is_in_the_outline(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    with opened(render_pdf(of(Paragraph(text_of("正文"))), layout, shelf)) as document:
        assert [entry.get_title() for entry in document.get_toc()] == ["测试"]


def test_the_page_is_a4_and_pages_are_counted_without_drawing(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    for paper in all_papers():
        with opened(render_pdf(paper, layout, shelf)) as document:
            assert len(document) == page_count(paper, layout, shelf)
            assert document[0].get_size() == pytest.approx((595.28, 841.89), abs=0.1)


def test_two_hundred_rows_with_names_of_sixty_characters(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    name = "某某" * 30
    rows = tuple(Row((Cell((text_of(str(n)),)), Cell((text_of(name),)))) for n in range(200))
    head = Row((Cell((text_of("序"),), label=True), Cell((text_of("名"),), label=True)))
    paper = of(Table((1, 3), (head, *rows), head=1))
    data = render_pdf(paper, layout, shelf)
    assert drawn_words(data, paper, layout, "序名") == wanted_words(paper)


def test_a_character_that_nobody_has_is_refused_before_anything_is_drawn(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    paper = of(Paragraph(text_of("张\U000f0001与\u0e01")), Paragraph(text_of("李\U000f0001")))
    for work in (render_pdf, page_count):
        with pytest.raises(InputRefusedError, match=r"U\+F0001.*U\+0E01"):
            work(paper, layout, shelf)


def test_without_any_font_nothing_is_drawn(layout: LayoutProfile, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="字体"):
        render_pdf(ruling(), layout, FontShelf(layout.fonts, [tmp_path], tmp_path))


def test_where_seals_go_is_told(layout: LayoutProfile, shelf: FontShelf) -> None:
    places = seal_places(notice_with_slip(), layout, shelf)
    assert [place.seal for place in places] == ["院印", "协助单位公章"]
    assert all(place.diameter == 42 for place in places)


def test_a_gap_is_marked_in_the_picture(layout: LayoutProfile, shelf: FontShelf) -> None:
    def greys(paper: Paper) -> int:
        with opened(render_pdf(paper, layout, shelf)) as document:
            picture = document[0].render(scale=1).to_pil().convert("L")
        return sum(picture.histogram()[220:236])

    filled = of(Paragraph((Run("住所"), Run("\u3000" * 8))))
    empty = of(Paragraph((Run("住所"), Run("\u3000" * 8, gap="住所"))))
    assert greys(empty) > greys(filled) + 1000


def test_an_empty_paper_is_one_page(layout: LayoutProfile, shelf: FontShelf) -> None:
    assert page_count(of(), layout, shelf) == 1
    assert texts(render_pdf(of(), layout, shelf)) == ["−1−"]


def test_a_list_of_the_dense_grid_has_the_words_of_the_official_one(
    layout: LayoutProfile, shelf: FontShelf
) -> None:
    dense, official = list_of_assets(30), list_of_assets(30, dense=False)
    first = drawn_words(render_pdf(dense, layout, shelf), dense, layout, HEAD)
    second = drawn_words(render_pdf(official, layout, shelf), official, layout, HEAD)
    assert first == second
    assert page_count(dense, layout, shelf) < page_count(official, layout, shelf)
