"""The authority file: read strictly, held against rulebook and guideline, every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from helpers.desk import rulebook
from zhixing_desktop import paths
from zhixing_desktop.services.rules import guideline_text, load_matrix, read_text
from zhixing_desktop.workflow.authority import DECIDE, Matrix
from zhixing_desktop.workflow.authority_acts import ACTS
from zhixing_desktop.workflow.authority_reader import read_matrix
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.guideline import plain

ADMINISTRATORS = {"系统管理员", "安全管理员", "审计员"}
CASE_ACTS = {
    "fact.add",
    "fact.correct",
    "fact.withdraw",
    "node.start",
    "node.work",
    "node.complete",
}


@cache
def text() -> str:
    return read_text(paths.resources_dir() / "authority" / "authority.yaml")


@cache
def matrix() -> Matrix:
    return load_matrix(paths.resources_dir(), rulebook())


def faults(changed: str, **more: set[str]) -> list[str]:
    """Read a damaged file; return place and sentence of each fault."""
    with pytest.raises(InputRefusedError) as caught:
        read_matrix(changed, rulebook(), guideline_text(paths.resources_dir()), **more)
    assert f"有{len(caught.value.problems)}处错误" in caught.value.sentence
    return [f"{p.where} {p.sentence}" for p in caught.value.problems]


def line_of(changed: str, words: str) -> int:
    """The line of the row in which ``words`` stand: that of its first key."""
    before = changed[: changed.index(words)].splitlines()
    return max(n for n, line in enumerate(before, start=1) if line.startswith("  - id:"))


def test_every_row_rests_on_words_of_the_guideline_or_on_something_named() -> None:
    whole = plain(guideline_text(paths.resources_dir()))
    for row in matrix().rows:
        assert row.why(), row.id
        if row.cite is not None:
            assert plain(row.cite.quote) in whole, row.id


def test_every_act_of_the_services_has_a_row_and_every_row_an_act_of_the_services() -> None:
    assert {row.act for row in matrix().rows} == set(ACTS)


def test_no_administrator_has_a_row_about_a_case() -> None:
    for row in matrix().rows:
        if ADMINISTRATORS.intersection(row.roles):
            assert row.act not in CASE_ACTS | {DECIDE, "case.view", "case.register", "case.import"}
            assert not row.nodes | row.events | row.matters, row.id


def test_who_decides_stands_in_the_same_list_with_ids_that_say_what() -> None:
    rows = {row.id: row for row in matrix().rows}
    assert len(rows) == len(matrix().rows)
    assert rows["M-unfreeze-7"].roles == ("执行局长", "主管院领导")
    assert not rows["M-unfreeze-7"].sequence
    assert rows["M-payout-33"].roles == ("执行局长", "主管院领导")
    assert rows["M-payout-33"].sequence
    assert rows["M-closing_review-43"].roles == ("审判管理办公室",)
    assert (rows["M-unfreeze-43"].roles, rows["M-unfreeze-43"].level) == ((), "high_court")
    # 恢复执行 with the same officer freezes the filing of the new case.
    assert rows["M-unfreeze-46"].nodes == {2, 46}


FIRST = "    act: case.register\n"
DAMAGE: list[tuple[str, Callable[[str], str], str]] = [
    (
        "unknown role",
        lambda t: t.replace("roles: [立案人员]", "roles: [立案员]", 1),
        "不认识的角色“立案员”",
    ),
    ("no role", lambda t: t.replace("roles: [立案人员]", "roles: []", 1), "M-01没有写明角色"),
    ("unknown key", lambda t: t.replace(FIRST, f"{FIRST}    rolle: x\n", 1), "不认识的键：rolle"),
    ("missing key", lambda t: t.replace(FIRST, "", 1), "缺少键：act"),
    (
        "quote",
        lambda t: t.replace("予以立案，并纳入", "予以登记，并纳入", 1),
        "指引原文中没有这句话",
    ),
    (
        "no basis",
        lambda t: t.replace(
            "    basis: 释义 A10；本院设置：批复须经登记人以外的第二人核对方为有效\n", ""
        ),
        "M-58没有引用指引原文（cite），也没有写明依据（basis）",
    ),
    ("reading", lambda t: t.replace("reading: A13", "reading: A99", 1), "没有释义“A99”"),
    (
        "relation",
        lambda t: t.replace("relation: any", "relation: near", 1),
        "“relation”的值“near”不认识",
    ),
    ("barred", lambda t: t.replace("barred: [applicant", "barred: [enemy", 1), "“enemy”不认识"),
    (
        "event",
        lambda t: t.replace("events: [archived]", "events: [shredded]", 1),
        "没有事实“shredded”",
    ),
    ("node", lambda t: t.replace("nodes: [44]", "nodes: [47]", 1), "没有节点“47”"),
    (
        "field",
        lambda t: t.replace("[paid_out_on,", "[paid_in_on,", 1),
        "节点中没有字段“paid_in_on”",
    ),
    (
        "matter",
        lambda t: t.replace("matters: [closing_review]", "matters: [closing]"),
        "没有审批事项“closing”",
    ),
    ("id twice", lambda t: t.replace("id: M-02", "id: M-01", 1), "编号“M-01”重复"),
    (
        "deciding",
        lambda t: t.replace(FIRST, "    act: approval.decide\n", 1),
        "谁决定申请写在节点规则中",
    ),
    (
        "三员",
        lambda t: t.replace("roles: [档案员]", "roles: [档案员, 审计员]", 1),
        "审计员不得办理案件事项（三员分立）",
    ),
]


@pytest.mark.parametrize(
    ("change", "words"), [(c, w) for _, c, w in DAMAGE], ids=[d[0] for d in DAMAGE]
)
def test_each_fault_is_named_with_its_line(change: Callable[[str], str], words: str) -> None:
    changed = change(text())
    assert changed != text()
    found = faults(changed)
    assert any(words in entry for entry in found), found
    assert all(entry.startswith("authority.yaml:") for entry in found)


def test_all_faults_are_named_at_once_and_where_they_stand() -> None:
    changed = text().replace("relation: any", "relation: near", 1)
    changed = changed.replace("nodes: [44]", "nodes: [47]", 1)
    found = faults(changed)
    assert len(found) == 2
    line = line_of(changed, "nodes: [47]")
    assert any(entry.startswith(f"authority.yaml:{line} M-26") for entry in found)


def test_an_act_of_the_services_without_a_row_is_refused() -> None:
    (found,) = faults(text(), acts={*ACTS, "case.shred"})
    assert "“case.shred”没有一行权限" in found


def test_a_file_that_is_no_yaml_is_refused() -> None:
    assert "无法读取" in faults("rows: [")[0]
