"""Where what comes in at a node is filed: each material of the rulebook, in each kind of case."""

from __future__ import annotations

import pytest

from helpers.bureau import rules
from zhixing_desktop import paths
from zhixing_desktop.dossier.catalogue import SIDE, load_catalogues
from zhixing_desktop.dossier.places import Place, load_places, read_places
from zhixing_desktop.workflow.errors import InputRefusedError

FOLDER = paths.resources_dir() / "dossier"
CATALOGUES = load_catalogues(FOLDER)
PLACES = load_places(FOLDER, CATALOGUES)
MATERIALS = [
    (number, material.name)
    for number, spec in rules().book.nodes.items()
    for material in spec.materials
]
SAID: dict[str, tuple[str, ...]] = {
    "送达": ("送达",),
    "查询": ("财产查询",),
    "查控": ("财产查询",),
    "线索": ("财产查询",),
    "和解": ("执行和解协议、", "其他", "询问笔录"),
    "拍卖公告": ("财产处置",),
    "评估报告": ("财产处置",),
    "案款": ("执行款物", "其他"),
    "身份证明": ("主体资格",),
    "授权委托": ("主体资格",),
    "签发件": ("签发稿",),
    "拘传": ("强制措施", "其他"),
    "终本约谈": ("终本约谈笔录",),
    "期限变更": ("延长执行期限", "其他"),
    "撤回执行申请": ("撤回执行申请书", "其他"),
}
"""Words of a material, and those of which one stands in the name of the item it is filed under."""


def kinds_of(node: int) -> list[str]:
    """The kinds of case that a node occurs in."""
    applies = rules().book.nodes[node].applies
    return ["first", "resumed", *([] if "not_preservation" in applies else ["preservation"])]


def name_of(place: Place) -> str:
    return CATALOGUES.of(place.catalogue).item(place.item).name


@pytest.mark.parametrize(("node", "material"), MATERIALS)
def test_every_material_has_a_place_that_fits_it_in_each_kind_of_case(
    node: int, material: str
) -> None:
    assert (node, material) in PLACES.of_materials
    for kind in kinds_of(node):
        place = PLACES.place_of(kind, node, material)
        assert place is not None, kind
        assert place.catalogue in (kind, SIDE)
        for words, names in SAID.items():
            # 询价网络查询 and the like: the thing served, not that it was served, comes first.
            if words in material and not ("询价" in material and words != "送达"):
                assert any(name in name_of(place) for name in names), (material, name_of(place))


def test_nothing_stands_in_the_table_that_the_rulebook_does_not_know() -> None:
    assert set(PLACES.of_materials) == set(MATERIALS)
    assert set(PLACES.of_nodes) == set(rules().book.nodes)


@pytest.mark.parametrize("node", range(1, 47))
def test_things_without_a_name_go_where_their_node_does(node: int) -> None:
    for kind in ("first", "resumed", "preservation"):
        place = PLACES.place_of_node(kind, node)
        assert (place is not None) == (kind in kinds_of(node))
        assert PLACES.place_of(kind, node, "以后的规则才有的材料") == place
        assert PLACES.place_of(kind, node) == place


def test_the_map_of_nodes_to_items_holds_for_the_first_catalogue() -> None:
    wanted = {
        **dict.fromkeys((3, 8, 9, 10, 11, 14, 15, 16, 45), 12),
        **dict.fromkeys((13, 18), 11),
        **dict.fromkeys((19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30), 13),
        **dict.fromkeys((12, 36, 37, 39, 40, 41), 15),
        **dict.fromkeys((31, 32, 33, 34, 35), 23),
        **{7: 8, 38: 16, 42: 26, 43: 28},
    }
    found = {node: PLACES.of_nodes[node]["first"] for node in wanted}
    assert found == wanted


def test_what_the_president_signs_lies_in_the_side_volume_of_every_case() -> None:
    for kind in ("first", "resumed"):
        assert PLACES.place_of(kind, 37, "院长签发件") == Place(SIDE, 3)


def test_controls_of_an_earlier_preservation_have_their_own_item_in_a_resumed_case() -> None:
    place = PLACES.place_of("resumed", 2, "保全裁定及控制措施材料")
    assert place is not None
    assert name_of(place) == "财产保全材料"


def test_all_faults_of_a_table_are_told_at_once() -> None:
    bad = """nodes:
  - node: 1
    first: 40
    materials:
      - {name: 申请执行书, first: 3, side: 2}
      - {name: 申请执行书, first: 0}
      - {name: 身份证明}
      - {name: 其他, frist: 3}
  - node: 1
    side: 5
  - materials: []
"""
    with pytest.raises(InputRefusedError, match="材料编目表有") as refused:
        read_places(bad, CATALOGUES)
    told = [(problem.where, problem.sentence) for problem in refused.value.problems]
    assert ("places.yaml:2", "“first”的目录没有第40项（1至31）") in told
    assert ("places.yaml:5", "归入副卷的不再写明正卷的位置") in told
    assert ("places.yaml:6", "节点1的材料“申请执行书”重复") in told
    assert ("places.yaml:6", "“first”的目录没有第0项（1至31）") in told
    assert any(where == "places.yaml:7" and "没有写明位置" in words for where, words in told)
    assert ("places.yaml:8", "不认识的键：frist") in told
    assert ("places.yaml:9", "节点1重复") in told
    assert ("places.yaml:9", "“side”的目录没有第5项（1至4）") in told
    assert ("places.yaml:11", "缺少键：node") in told
