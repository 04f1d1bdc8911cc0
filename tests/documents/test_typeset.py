"""Setting a paper into pages: what stays together, how rows break, where the seal has its room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.drawing import official_layout, stand_in_shelf
from helpers.drawn_papers import (
    COURT,
    lengths,
    list_of_assets,
    notice_with_slip,
    record,
    ruling,
)
from helpers.paper_parts import panel
from zhixing_desktop.documents.blocks import (
    Align,
    Cell,
    PageBreak,
    Paper,
    Paragraph,
    Row,
    Run,
    Signature,
    Signer,
    Space,
    Style,
    Table,
    text_of,
)
from zhixing_desktop.documents.fonts import FontShelf
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.typeset import Page, Typeset, typeset
from zhixing_desktop.documents.typeset_pages import Piece, into_pages
from zhixing_desktop.documents.typeset_text import SetLine

LAYOUT = official_layout()
SHELF = stand_in_shelf(LAYOUT)
DAY = "二〇二四年三月十一日"


def made(paper: Paper, layout: LayoutProfile = LAYOUT, shelf: FontShelf = SHELF) -> Typeset:
    return typeset(paper, layout, shelf)


def paper(*blocks: object, dense: bool = False) -> Paper:
    return Paper("test", "测试", COURT, tuple(blocks), dense=dense)  # type: ignore[arg-type]


def words(line: SetLine) -> str:
    return "".join(span.words for span in line.spans)


def rows_of(page: Page) -> list[str]:
    """Return the words on a page, those that stand side by side as one line."""
    found: dict[float, str] = {}
    for placed in page.lines:
        found[placed.baseline] = found.get(placed.baseline, "") + words(placed.line)
    return list(found.values())


def body(lines: int) -> Paragraph:
    """Return a paragraph of so many full lines."""
    return Paragraph(text_of("字" * (26 + 28 * (lines - 1))))


def test_a_page_holds_22_lines_of_28_characters() -> None:
    pages = made(paper(body(60))).pages
    assert [len(rows_of(page)) for page in pages] == [22, 22, 16]
    assert {len(line) for line in rows_of(pages[1])} == {28}
    assert len(rows_of(pages[0])[0]) == 26


def test_full_lines_end_at_the_right_edge() -> None:
    text = "本院于2024年3月1日立案执行，申请执行人“张喆”（女）向本院提出申请。" * 6
    lines = made(paper(Paragraph(text_of(text)))).pages[0].lines
    width = LAYOUT.official.text_width
    for placed in lines[:-1]:
        last = placed.line.spans[-1]
        table = SHELF.table(LAYOUT.official.styles[Style.BODY].face)
        end = last.x + sum(table[c][1] * last.size + last.extra for c in last.words)
        # Behind the last character there is only the room that fills the line.
        assert end - max(last.extra, 0) - 0.3 <= width <= end + 0.3


def test_a_paragraph_leaves_no_line_alone_at_a_pages_end_or_beginning() -> None:
    first_alone = made(paper(body(21), body(3))).pages
    assert [len(rows_of(page)) for page in first_alone] == [21, 3]
    last_alone = made(paper(body(19), body(4))).pages
    assert [len(rows_of(page)) for page in last_alone] == [21, 2]
    two_lines = made(paper(body(21), body(2))).pages
    assert [len(rows_of(page)) for page in two_lines] == [21, 2]


def test_a_heading_stays_with_what_it_heads() -> None:
    headed = Paragraph(text_of("裁定如下："), Style.HEADING, keep_next=True)
    pages = made(paper(body(21), headed, body(3))).pages
    assert rows_of(pages[1])[0] == "裁定如下："


@settings(max_examples=80)
@given(st.integers(1, 80), st.integers(0, 2))
def test_the_signature_never_stands_alone(lines: int, empty: int) -> None:
    whole = lengths(lines)
    blocks = (*whole.blocks[:-1], Space(empty), whole.blocks[-1])
    pages = made(replace(whole, blocks=blocks)).pages
    last = rows_of(pages[-1])
    day = next(i for i, line in enumerate(last) if line == DAY)
    text = [line for line in last[: day - 3] if set(line) <= set("字行") or lines < 2]
    assert len(text) >= 2
    everything = [line for page in pages for line in rows_of(page)]
    assert everything[-len(last) :] == last
    assert last[-2:] == ["法官助理赵堃", "书记员孙㛃"]


def test_single_lines_before_a_signature_are_pulled_along() -> None:
    one_liners = [Paragraph(text_of(f"第{n}行。")) for n in range(20)]
    pages = made(paper(*one_liners, panel())).pages
    assert rows_of(pages[1])[:2] == ["第18行。", "第19行。"]


def test_a_signature_longer_than_a_page_is_still_set() -> None:
    many = Signature(tuple(Signer("审判员", text_of("李")) for _ in range(60)), text_of(DAY))
    pages = made(paper(body(2), many)).pages
    assert sum(line == "审判员李" for page in pages for line in rows_of(page)) == 60


def test_the_seal_stands_over_the_day_and_never_over_the_text() -> None:
    for whole in (ruling(), notice_with_slip()):
        pages = made(whole).pages
        seal = next(seal for page in pages for seal in page.seals)
        page = pages[seal.page - 1]
        mm = 25.4 / 72
        day = next(p for p in page.lines if words(p.line).startswith("二〇二四年"))
        span = day.line.spans[0]
        middle = LAYOUT.official.margins.left + (span.x + 16 * len(words(day.line)) / 2) * mm
        assert seal.x == pytest.approx(middle, abs=1)
        assert seal.y == pytest.approx((day.baseline - 0.36 * 16) * mm, abs=0.5)
        above = [p for p in page.lines if p.baseline < day.baseline and is_text(p.line)]
        assert max(p.baseline + 3 for p in above) * mm <= seal.y - seal.diameter / 2 + 0.5
        assert seal.x + seal.diameter / 2 <= LAYOUT.official.width - 10


def is_text(line: SetLine) -> bool:
    return words(line).endswith(("。", "份"))


def test_titles_and_short_names_of_signers_are_spread() -> None:
    page = made(ruling()).pages[-1]
    line = next(p.line for p in page.lines if words(p.line) == "书记员")
    name = next(p.line for p in page.lines if words(p.line) == "王镕")
    lay = next(p.line for p in page.lines if words(p.line) == "人民陪审员")
    cell = LAYOUT.official.cell
    assert line.spans[0].extra > 5
    assert name.spans[0].extra == pytest.approx(cell - 16 + cell, abs=0.1)  # to three characters
    assert lay.spans[0].extra == pytest.approx(cell - 16)
    assert line.spans[0].x == lay.spans[0].x


def test_a_name_of_sixty_characters_signs_on_several_lines() -> None:
    name = "买买提·" * 15
    sign = Signature((Signer("申请执行人", text_of(name)),), text_of(DAY))
    lines = rows_of(made(paper(body(2), sign)).pages[0])
    assert "".join(lines[2:-1]) == "申请执行人" + name


def test_a_missing_word_is_drawn_as_a_marked_blank() -> None:
    text = (Run("代码"), Run("", gap="代码"), Run("，住所"), Run("【住所】", gap="住所"), Run("。"))
    line = made(paper(Paragraph(text))).pages[0].lines[0].line
    assert [mark.gap for mark in line.marks] == [True, True]
    cell = LAYOUT.official.cell
    assert line.marks[0].right - line.marks[0].left == pytest.approx(4 * cell)
    assert line.marks[0].left == pytest.approx(4 * cell)


def test_a_blank_longer_than_a_line_goes_on_in_the_next() -> None:
    text = (Run("住所"), Run("\u3000" * 40, gap="住所"))
    lines = made(paper(Paragraph(text))).pages[0].lines
    assert [len(p.line.marks) for p in lines] == [1, 1]


def test_rows_are_not_broken_and_the_head_is_repeated() -> None:
    whole = list_of_assets(60, dense=False)
    pages = made(whole).pages
    assert len(pages) > 2
    for page in pages[1:]:
        repeated = [words(p.line) for p in page.furniture][:5]
        assert repeated == ["序号", "财产", "备注", "名称", "价值（元）"]
    for page in pages:
        found = [words(p.line) for p in page.lines]
        for n in range(1, 61):
            named = any(line.startswith(f"第{n}项财产") for line in found)
            assert named == (f"{n * 1000}.05" in found)


def test_text_stays_inside_its_cell() -> None:
    whole = list_of_assets(12)
    for page in made(whole).pages:
        low = max(rule.y1 for rule in page.rules)
        top = min(rule.y1 for rule in page.rules)
        for placed in page.lines:
            if words(placed.line).startswith("第"):
                assert top < placed.baseline - 9
                assert placed.baseline < low


def test_a_row_higher_than_a_page_goes_on_on_the_next() -> None:
    long = "地" * 2500
    table = Table((1, 1), (Row((Cell((text_of("甲"),)), Cell((text_of(long),)))),))
    pages = made(paper(table, body(1))).pages
    assert len(pages) > 2
    assert sum(words(p.line).count("地") for page in pages for p in page.lines) == 2500
    bottom = (297 - 35) * 72 / 25.4
    assert all(p.baseline < bottom for page in pages for p in page.lines)


def test_a_label_may_span_more_rows_than_a_page_holds() -> None:
    label = Cell((text_of("财产"),), rows=80, label=True)
    first = Row((label, Cell((text_of("第0项"),))))
    rows = [first, *(Row((Cell((text_of(f"第{n}项"),)),)) for n in range(1, 80))]
    pages = made(paper(Table((1, 3), tuple(rows)))).pages
    found = [words(p.line) for page in pages for p in page.lines]
    assert found == ["财产", *(f"第{n}项" for n in range(80))]
    left = [page for page in pages if any(rule.x1 == 0 == rule.x2 for rule in page.rules)]
    assert left == list(pages)


def test_rows_under_one_label_stay_on_one_page() -> None:
    group = (
        Row((Cell((text_of("丙"),), rows=3), Cell((text_of("一"),)))),
        Row((Cell((text_of("二"),)),)),
        Row((Cell((text_of("三"),)),)),
    )
    pages = made(paper(body(20), Table((1, 3), group))).pages
    assert [words(p.line) for p in pages[1].lines] == ["丙", "一", "二", "三"]


def test_a_row_with_more_cells_than_columns_is_a_fault_of_the_form() -> None:
    row = Row(tuple(Cell((text_of("格"),)) for _ in range(3)))
    with pytest.raises(ValueError, match="more cells than columns"):
        made(paper(Table((1, 1), (row,))))


def test_room_to_write_by_hand_is_kept_in_a_cell() -> None:
    table = Table((1,), (Row((Cell((), lines=5),)),))
    rules = made(paper(table)).pages[0].rules
    high = max(rule.y1 for rule in rules) - min(rule.y1 for rule in rules)
    assert high >= 5 * LAYOUT.official.line(Style.TABLE) / 20


def test_a_page_break_begins_a_page() -> None:
    pages = made(paper(body(1), PageBreak(), body(1))).pages
    assert [len(rows_of(page)) for page in pages] == [1, 1]


def test_a_long_title_is_broken_into_lines_of_about_one_length() -> None:
    title = "关于提供被执行人下落及财产线索并告知逾期不提供的法律后果的通知书"
    block = Paragraph(text_of(title), Style.TITLE, Align.CENTER, first=0)
    lines = rows_of(made(paper(block)).pages[0])
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) <= 2


def test_a_record_has_room_to_sign_at_the_foot_of_each_page() -> None:
    for page in made(record()).pages:
        found = [words(p.line) for p in page.furniture]
        assert found == [f"−{page.number}−", "被询问人（签名、捺印）：", "草稿　未签发"]
        foot = page.furniture[1].baseline
        assert any(foot < rule.y1 < foot + 6 and rule.x2 - rule.x1 > 100 for rule in page.rules)


def test_the_outline_names_the_paper_and_its_headings() -> None:
    entries = [(e.title, e.level) for page in made(ruling()).pages for e in page.entries]
    assert entries == [("执行裁定书", 0), ("裁定如下：", 1)]


def test_a_dense_paper_has_its_own_grid() -> None:
    pages = made(paper(Paragraph(text_of("字" * 37 * 40), first=0), dense=True)).pages
    assert [len(rows_of(page)) for page in pages] == [34, 6]


def test_a_character_that_no_font_has_is_named_once() -> None:
    found = made(paper(Paragraph(text_of("张\U000f0001\U000f0001")))).missing
    assert found == ("\U000f0001",)


@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.booleans()), max_size=60),
    st.integers(1, 30),
)
def test_pages_hold_every_piece_once_in_order_and_none_overflows(
    heights: list[tuple[int, bool, bool]], capacity: int
) -> None:
    pieces = [Piece(h, n, glued=g, new_page=b) for n, (h, g, b) in enumerate(heights)]
    pages = into_pages(pieces, capacity)
    assert [standing.piece.what for page in pages for standing in page] == list(range(len(pieces)))
    for page in pages:
        used = sum(standing.piece.height for standing in page)
        assert used <= capacity or len(page) == 1


def test_there_is_room_between_chinese_and_figures_but_none_at_the_end_of_a_line() -> None:
    words = "自2024年" + "字" * 40
    first, second = made(paper(Paragraph(text_of(words), first=0))).pages[0].lines
    told = [(span.words, bool(span.chunk)) for span in first.line.spans][:3]
    assert told == [("自2", True), ("02", False), ("4年", True)]
    places = {span.words: span.x for span in first.line.spans}
    digit = SHELF.table(LAYOUT.official.styles[Style.BODY].face)["0"][1] * 16
    assert places["02"] - places["自2"] > LAYOUT.official.cell + digit + 3
    assert second.line.spans[0].x == 0


def test_a_large_table_is_set_in_the_size_of_the_text() -> None:
    rows = tuple(Row((Cell((text_of("案由"),)),)) for _ in range(3))
    small, large = (
        made(paper(Table((1,), rows, style=style))).pages[0] for style in (Style.TABLE, Style.BODY)
    )
    sizes = [{placed.line.spans[0].size for placed in page.lines} for page in (small, large)]
    grid = LAYOUT.official
    assert sizes == [{grid.styles[Style.TABLE].size}, {grid.styles[Style.BODY].size}]
    low = [page.lines[-1].baseline for page in (small, large)]
    assert low[1] > low[0]
