"""Strange names, amounts, days and addresses go through previews and issues; what cannot, refuses.

A full disk and a file held by another program: ``test_paper_batch``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.drawing import texts
from helpers.offices import contents
from helpers.paper_forms import RULING, lend
from helpers.paper_office import notice, paper_office, received
from helpers.word_files import squeezed, words_in
from zhixing_desktop.services import papers
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperLine, PaperWish
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

LIST, AMOUNT, PLACE = "17-list", "07-amount", "07-place"
_HEAD = """---
name: {name}
kind: {kind}
nodes: [{node}]
number: none
signs: 承办人
dossier: {{first: 8, resumed: 8, preservation: 11}}
basis: 试验用
{asks}---
@name {name}
"""
_FORMS = {
    LIST: _HEAD.format(name="查封清单", kind="table", node=17, asks="")
    + "@table 2 9\n|! 序号 | 财产 |\n{% for a in assets %}\n| {{ loop.index }} | {{ a.name }} |\n"
    "{% endfor %}\n@end\n",
    AMOUNT: _HEAD.format(
        name="收条", kind="notice", node=7,
        asks='asks:\n  - {name: sum, label: 金额, type: money, example: "1.00"}\n',
    )
    + "收到{{ ask.sum|yuan }}，{{ ask.sum|daxie }}，计{{ ask.sum|figures }}。\n",
    PLACE: _HEAD.format(
        name="地址确认书", kind="notice", node=7,
        asks="asks:\n  - {name: place, label: 地址, type: longtext, example: 建设路1号}\n"
        "  - {name: more, label: 备注, required: false, example: 无}\n",
    )
    + "{{ ask.place|paragraphs }}\n{% if ask.more %}\n备注：{{ ask.more }}\n{% endif %}\n"
    "送达即可。\n",
}  # fmt: skip


@pytest.fixture
def court(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    lend(made.bureau, tmp_path / "papers", **_FORMS)
    yield made
    made.close()


def said(court: Office, line: PaperLine) -> tuple[str, str]:
    """Return the words of a paper's Word file and of its PDF, without spaces and line ends."""
    word = papers.paper_file(court.bureau, court.actor(), line.id, ".docx").data
    pdf = papers.paper_file(court.bureau, court.actor(), line.id).data
    return squeezed("".join(words_in(word))), squeezed("".join(texts(pdf)))


@pytest.mark.parametrize(
    "name",
    [
        "李𬭚㛃",
        "甲" * 60,
        "{{ case.number }}",
        "<b>乙</b>&丙",
        "{% if x %}“丁”",
        "@sign 戊|//**己__",
    ],
)
def test_a_strange_name_stands_on_the_paper_as_it_was_entered(court: Office, name: str) -> None:
    case = received(court, 9, debtors=(name,), cause="买卖合同纠纷")
    assert papers.preview(court.bureau, court.actor(), notice(case)).gaps == ()
    line = issue(court.bureau, court.actor(), notice(case)).paper
    for words in said(court, line):
        assert squeezed(f"{name}：") in words
    assert check_all(court.bureau) == []


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "收到0元，人民币零元整，计0.00。"),
        ("0.05", "收到0.05元，人民币伍分，计0.05。"),
        ("107000.53", "收到107000.53元，人民币壹拾万柒仟元零伍角叁分，计107,000.53。"),
        ("100000000.00", "收到100000000元，人民币壹亿元整，计100,000,000.00。"),
    ],
)
def test_an_amount_at_the_edge_is_written_in_full(court: Office, amount: str, words: str) -> None:
    (case,) = court.case_ids
    wish = PaperWish(case, AMOUNT, asked={"sum": amount})
    assert papers.preview(court.bureau, court.actor(), wish).gaps == ()
    line = issue(court.bureau, court.actor(), wish).paper
    for drawn in said(court, line):
        assert words in drawn


def test_a_list_of_two_hundred_has_every_line_and_its_head_on_each_page(court: Office) -> None:
    (case,) = court.case_ids
    for number in range(1, 201):
        court.event(case, "asset_found", f"asset/{number}", name=f"山阳路{number}号房屋",
                    category="不动产", online=False)  # fmt: skip
    line = issue(court.bureau, court.actor(), PaperWish(case, LIST, about="")).paper
    word, pdf = said(court, line)
    for number in (1, 2, 99, 199, 200):
        assert f"{number}山阳路{number}号房屋" in word
        assert f"{number}山阳路{number}号房屋" in pdf
    data = papers.paper_file(court.bureau, court.actor(), line.id).data
    pages = texts(data)
    assert len(pages) > 4
    assert all("序号" in page for page in pages)


def test_a_paper_of_the_last_day_of_the_year_bears_that_day(court: Office) -> None:
    (case,) = court.case_ids
    court.event(case, "asset_found", "asset/1", name="轿车", category="车辆", online=False)
    court.at("2024-12-31T23:50")
    line = issue(court.bureau, court.actor(), PaperWish(case, RULING, about="asset/1")).paper
    assert line.day == date(2024, 12, 31)
    for words in said(court, line):
        assert "二〇二四年十二月三十一日" in words
    with pytest.raises(InputRefusedError, match="文书日期不能在将来（2025年1月1日）"):
        issue(court.bureau, court.actor(), PaperWish(case, RULING, about="asset/1",
                                                     day=date(2025, 1, 1)))  # fmt: skip


def test_an_address_with_line_ends_and_tabs_is_lines_and_what_is_empty_leaves_nothing(
    court: Office,
) -> None:
    (case,) = court.case_ids
    place = "焦作市山阳区\t建设路1号\r\n2号楼\n\n\n　3单元\t"
    wish = PaperWish(case, PLACE, asked={"place": place, "more": ""})
    line = issue(court.bureau, court.actor(), wish).paper
    for words in said(court, line):
        assert "焦作市山阳区建设路1号2号楼3单元送达即可。" in words
        assert "备注" not in words


def test_without_any_font_a_sentence_says_so_and_nothing_is_written(
    court: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = court.case_ids
    bare = tmp_path / "bare"
    lend(court.bureau, bare)
    (bare / "fonts").unlink()
    # A workstation whose own folder of fonts is empty, whatever this one has.
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("WINDIR", str(tmp_path / "nothing"))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    before = contents(court.bureau)
    with pytest.raises(StoreError, match=r"没有可以用来生成文书的字体.*重新复制一份"):
        papers.preview_file(court.bureau, court.actor(), notice(case))
    with pytest.raises(StoreError, match="没有可以用来生成文书的字体"):
        issue(court.bureau, court.actor(), notice(case))
    assert contents(court.bureau) == before


def test_a_character_that_no_font_has_is_named_and_nothing_is_written(court: Office) -> None:
    (case,) = court.case_ids
    before = contents(court.bureau)
    wish = notice(case, duty="交付\U000323af号房屋")
    with pytest.raises(InputRefusedError, match=r"没有一种字体有这些字"):
        issue(court.bureau, court.actor(), wish)
    assert contents(court.bureau) == before
