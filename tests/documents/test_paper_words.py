"""Words around a paper: its number, where a missing datum is entered, what a form names."""

from __future__ import annotations

import pytest

from helpers.bureau import rules
from zhixing_desktop import paths
from zhixing_desktop.documents.blocks import Gap
from zhixing_desktop.documents.gap_places import place_of
from zhixing_desktop.documents.naming import Naming
from zhixing_desktop.documents.numbering import series_number, suffix_number
from zhixing_desktop.services.forms import PaperRules

CASE_NO = "（2024）豫0811执1号"


@pytest.mark.parametrize(
    ("serial", "plain", "one"),
    [
        (1, "", "之一"),
        (2, "之一", "之二"),
        (11, "之十", "之十一"),
        (22, "之二十一", "之二十二"),
    ],
)
def test_the_rulings_of_a_case_are_counted_in_chinese(serial: int, plain: str, one: str) -> None:
    assert suffix_number(CASE_NO, serial, first_plain=True) == CASE_NO + plain
    assert suffix_number(CASE_NO, serial, first_plain=False) == CASE_NO + one


def test_a_series_names_year_court_and_kind() -> None:
    assert series_number(2024, "豫0811", "执调令", 7) == "（2024）豫0811执调令7号"


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("node/7/case.report_until", "节点7“执行通知”"),
        ("node/17/asset/2.control_until", "节点17“查封、扣押、冻结”（财产2）"),
        ("party/debtor/2.address", "当事人资料（被执行人2）"),
        ("subject/asset/1.value", "案件中的财产1"),
        ("case.cause", "案件登记信息"),
        ("case.account", "节点2“执行立案”的一案一账号"),
        (
            "case.held",
            "节点17“查封、扣押、冻结”的控制措施；没有尚在控制中的财产的，不需要制作本文书",
        ),
        ("court.phone", "本院设置"),
        ("people/officer.phone", "人员名册（承办人）；有几人任此角色的，在本院设置中写明"),
        ("ask.fee", "本文书的填写项"),
        ("law", "法条表"),
    ],
)
def test_whoever_looks_for_a_missing_datum_is_told_where_it_is_entered(
    source: str, place: str
) -> None:
    assert place_of(Gap("数据", source), rules().book) == place


def test_every_datum_of_every_form_has_words() -> None:
    papers = PaperRules(paths.resources_dir())
    library, dictionary = papers.library(rules()), papers.dictionary(rules())
    for key, form in library.forms.items():
        words = Naming(dictionary, form)
        for path in library.needs[key].names:
            said = words.of(path)
            named = any("\u4e00" <= sign <= "\u9fff" for sign in said)
            # A loop's own name for a thing has none: the list it goes through is named instead.
            assert named or not words.knows(path), (key, path, said)
