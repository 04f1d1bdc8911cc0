"""The catalogues as data: complete, in order, and every fault of a file told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhixing_desktop import paths
from zhixing_desktop.dossier.catalogue import KINDS, SIDE, load_catalogues, read_catalogues
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

FOLDER = paths.resources_dir() / "dossier"
TEXT = (FOLDER / "catalogues.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "count", "first", "last"),
    [
        ("first", 31, "案件执行流程管理信息表、案件登记表", "其他与执行工作相关的材料"),
        ("resumed", 30, "案件执行流程管理信息表、案件登记表", "其他与执行工作相关的材料"),
        ("preservation", 12, "案件执行流程管理信息表、案件登记表", "其他与执行工作相关的材料"),
        (SIDE, 4, "合议庭评议笔录、汇报笔录", "结案相关材料"),
    ],
)
def test_each_catalogue_is_whole(kind: str, count: int, first: str, last: str) -> None:
    catalogue = load_catalogues(FOLDER).of(kind)
    assert [item.number for item in catalogue.items] == list(range(1, count + 1))
    assert (catalogue.items[0].name, catalogue.items[-1].name) == (first, last)
    assert catalogue.basis


def test_what_makes_a_resumed_case_different() -> None:
    both = load_catalogues(FOLDER)
    first, resumed = ([item.name for item in both.of(k).items] for k in ("first", "resumed"))
    assert resumed[2] == "恢复执行申请书"
    assert "财产保全材料" in set(resumed) - set(first)
    assert not [name for name in resumed if name.startswith(("移送执行函", "委托执行函等"))]
    assert both.of("resumed").reading, "the list calls itself 29 items and has 30"


def test_an_item_is_found_by_its_number_and_a_wrong_number_is_said() -> None:
    catalogue = load_catalogues(FOLDER).of("first")
    assert catalogue.item(6).name == "执行依据"
    for number in (0, -1, 32):
        with pytest.raises(InputRefusedError, match=f"没有第{number}项，请填写1至31"):
            catalogue.item(number)


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    bad = """catalogues:
  - kind: first
    name: 首次执行卷
    basis: 出处
    items:
      - {number: 1, name: 申请执行书}
      - {number: 3, name: 执行依据}
      - {number: 3, name: 执行依据}
      - {number: 4, name: "", page: 7}
  - kind: second
    name: 二次
    basis: 出处
    colour: 红
    items: []
"""
    with pytest.raises(InputRefusedError) as refused:
        read_catalogues(bad)
    told = {(p.where, p.sentence) for p in refused.value.problems}
    assert ("catalogues.yaml:7", "第2项的编号写成了3") in told
    assert ("catalogues.yaml:8", "第3项的名称空着或者与前面重复") in told
    assert ("catalogues.yaml:9", "不认识的键：page") in told
    assert ("catalogues.yaml:10", "不认识的键：colour") in told
    assert any("second" in sentence for _, sentence in told)
    assert ("catalogues.yaml:10", "目录没有一项") in told


@pytest.mark.parametrize("kind", KINDS)
def test_a_catalogue_that_is_missing_is_named(kind: str) -> None:
    lines, kept, keep = TEXT.splitlines(), [], True
    for line in lines:
        if line.startswith("  - kind: "):
            keep = line != f"  - kind: {kind}"
        if keep:
            kept.append(line)
    with pytest.raises(InputRefusedError) as refused:
        read_catalogues("\n".join(kept))
    assert [p.sentence for p in refused.value.problems] == [f"缺少目录：{kind}"]


def test_a_file_that_is_missing_or_is_no_yaml(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"读不到卷宗目录文件“catalogues\.yaml”"):
        load_catalogues(tmp_path)
    (tmp_path / "catalogues.yaml").write_text("catalogues: [", encoding="utf-8")
    with pytest.raises(InputRefusedError, match="卷宗目录有1处错误"):
        load_catalogues(tmp_path)
