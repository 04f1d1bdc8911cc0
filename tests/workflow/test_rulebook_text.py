"""The rulebook against the guideline's text, by tables typed in from the text."""

from __future__ import annotations

import re

import pytest

from helpers.desk import rulebook
from helpers.guideline_tables import (
    FREEZES,
    LIMITS,
    NAMES,
    WORKDAYS_ONLY,
    Limit,
    differences,
)
from zhixing_desktop import paths
from zhixing_desktop.services.rules import guideline_text
from zhixing_desktop.workflow.anchors import ANCHORS
from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.guideline import chinese_number, plain
from zhixing_desktop.workflow.openers import OPENERS
from zhixing_desktop.workflow.rulebook_names import conditions_of

TEXT = plain(guideline_text(paths.resources_dir()))
NODES = TEXT[TEXT.index("节点一：") :]


def chapter(number: int) -> str:
    """The words of one node, from its heading to the next one's."""
    start = NODES.index(f"节点{chinese_number(number)}：{NAMES[number - 1]}")
    if number == len(NAMES):
        return NODES[start : NODES.index("附件：", start)]
    following = NODES.index(f"节点{chinese_number(number + 1)}：", start)
    return re.split(r"第[一二三四五六七八]部分", NODES[start:following])[0]


def test_the_tables_are_whole() -> None:
    assert len(NAMES) == 46
    assert len(LIMITS) == len({entry.id for entry in LIMITS}) == 55
    assert len(FREEZES) == 11


def test_the_rulebook_is_what_the_tables_say() -> None:
    assert differences(rulebook()) == []


@pytest.mark.parametrize("said", LIMITS, ids=lambda said: said.id)
def test_a_limit_stands_in_its_node(said: Limit) -> None:
    node = int(said.id.partition("-")[0])
    words = plain(said.words)
    assert words in chapter(node)
    # The number as the court writes it.
    digits = str(said.amount) if said.unit == "hour" else chinese_number(said.amount)
    shown = {
        "same_day": "当天",
        "immediate": "立即",
        "hour": f"{digits}小时",
        "workday": f"{digits}个工作日",
        "month": f"{digits}个月",
        "day": f"{digits}天" if said.id == "44-a" else f"{digits}日",
    }[said.unit]
    tail = "前" if said.direction == "before" else ""
    assert re.search(rf"(?<![一二三四五六七八九十]){shown}{tail}", words)
    assert ("个工作日" in words) is (said.id in WORKDAYS_ONLY)


@pytest.mark.parametrize("number", FREEZES)
def test_a_freeze_and_its_authority_stand_in_the_node(number: int) -> None:
    said = FREEZES[number]
    note = chapter(number).partition("注意事项")[2]
    assert plain(said.words) in note
    assert plain(said.authority) in note
    assert ("经预警后" in plain(said.words)) is (said.warned and bool(said.limits))


def test_no_other_node_speaks_of_freezing() -> None:
    speaking = {number for number in range(1, 47) if "自动冻结" in chapter(number)}
    speaking |= {number for number in range(1, 47) if "冻结立案节点" in chapter(number)}
    assert speaking == set(FREEZES)


_TIME = re.compile(
    r"(?<![一二三四五六七八九十])"
    r"(?:[一二三四五六七八九十]+(?:日|天|个工作日|个月|年)(?=内|前|的)|48小时|当天|立即"
    r"|满五日|债之日起十日)"
)
_NO_LIMIT_OF_ITS_OWN = ("立案当天未及时提起", "五年内，每六个月")


def test_every_period_in_the_text_is_some_limit() -> None:
    """Whatever the text measures in time is cited by a limit; nothing is left out."""
    cited = {
        number: "|".join(plain(limit.cite.quote) for limit in spec.time_limits)
        for number, spec in rulebook().nodes.items()
    }
    lacking = []
    for number in range(1, 47):
        words = chapter(number)
        for found in _TIME.finditer(words):
            around = words[max(0, found.start() - 8) : found.end() + 10]
            if any(known in around for known in map(plain, _NO_LIMIT_OF_ITS_OWN)):
                continue
            if not any(
                found.group() in piece and _near(piece, words, found.start())
                for piece in cited[number].split("|")
            ):
                lacking.append((number, around))
    assert lacking == []


def _near(piece: str, words: str, at: int) -> bool:
    """Whether the cited sentence covers this very place."""
    return any(m.start() <= at < m.end() for m in re.finditer(re.escape(piece), words))


def test_the_items_of_a_limit_are_those_its_words_name() -> None:
    """第1、2项 and the like, where the text names items."""
    named = {
        "3-a": "第1、2项",
        "3-b": "第3、4项",
        "8-a": "第1项、第2项",
        "8-c": "第4项、第5项",
        "15-a": "第1项",
        "35-a": "第3项",
        "43-c": "第4项",
        "43-d": "第3、4、5项",
    }
    by_id = {entry.id: entry for entry in LIMITS}
    for limit_id, words in named.items():
        numbers = tuple(int(digit) for digit in re.findall(r"\d", words))
        items = tuple(item % 10 for item in by_id[limit_id].items)
        assert items == numbers
        assert words in plain(rulebook().limit(limit_id).cite.quote)


def test_every_work_item_stands_in_its_node_and_none_is_left_out() -> None:
    for number, spec in rulebook().nodes.items():
        words = chapter(number)
        for item in spec.work_items:
            # Two items are put together from two places of the same node (reading A14).
            for piece in re.split(r"(?<=。)", item.text):
                assert plain(piece) in words, (number, item.item)
        body = re.split(r"完成时限|注意事项", words)[0]
        if number not in (4, 30, 43):
            joined = "".join(plain(item.text) for item in spec.work_items)
            rest = body.partition("工作内容")[2]
            assert plain(joined) == re.sub(r"^[：:]|\d\.", "", rest), number


def test_every_condition_and_opener_is_used_and_explained() -> None:
    used = {name for spec in rulebook().nodes.values() for name in conditions_of(spec)}
    used |= {str(gate.params["if"]) for gate in rulebook().gates if "if" in gate.params}
    assert set(CONDITIONS) - {"always"} == used
    openers = {rule.condition for spec in rulebook().nodes.values() for rule in spec.opens}
    assert set(OPENERS) == openers - {None}
    page = (paths.resources_dir().parent / "docs" / "rulebook-format.md").read_text("utf-8")
    unexplained = {*CONDITIONS, *OPENERS, *ANCHORS} - set(re.findall(r"\w+", page))
    assert unexplained == set()


def test_who_must_be_told_is_named_in_the_item() -> None:
    """Every channel the text names (短信、微信、智慧法院APP) is asked for, and no other item is."""
    for spec in rulebook().nodes.values():
        for item in spec.work_items:
            channels = {c for duty in item.notify for c in duty.channels}
            messaged = "智慧法院APP" in plain(item.text)
            assert messaged is ({"短信", "微信", "智慧法院APP"} <= channels), (
                spec.number,
                item.item,
            )


def test_uploading_to_the_dossier_is_asked_where_the_words_ask_it() -> None:
    for spec in rulebook().nodes.values():
        for item in spec.work_items:
            words = plain(item.text)
            asked = "电子卷宗" in words or "记录入卷" in words or "上传至流程管理系统" in words
            assert item.dossier is asked, (spec.number, item.item)
