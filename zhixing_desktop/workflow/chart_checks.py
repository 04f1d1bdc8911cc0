"""What a chart file must fulfil before ``charts`` builds anything from it.

First the shape (keys, kinds of values), then, when that stands, how the entries fit each other.
Each function appends to the list of problems; none raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import yaml

from zhixing_desktop.workflow.errors import Problem

_TOP = ("chart", "title", "size", "first", "groups", "nodes", "edges")
_GROUP = ("id", "title", "at", "kind")
_NODE = ("id", "title", "at")
_NODE_OPTIONAL = ("group", "kind", "initials", "nodes", "break_after")
_EDGE = ("code", "from", "to", "label", "when", "basis", "kind", "route")
_EDGE_OPTIONAL = ("label_at",)

_GROUP_KINDS = frozenset({"frame", "lane"})
_NODE_KINDS = frozenset({"node", "phase", "terminal", "any"})
_EDGE_KINDS = frozenset({"main", "branch", "loop", "side"})
_BASES = frozenset({"S", "L", "I"})
_CODE = re.compile(r"[AB][1-9][0-9]?")


class _StrictLoader(yaml.CSafeLoader):
    """The safe loader, but a key given twice is a mistake and not the last one's victory."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key given twice: {key.value}", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_mapping(text: str) -> Any:
    """Parse YAML text; ``yaml.YAMLError`` on bad syntax and on keys given twice."""
    return yaml.load(text, Loader=_StrictLoader)


# ------------------------------------------------------------------------------------- shape


def check_shape(raw: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
    """Check keys and kinds of values of everything in ``raw``."""
    _keys(raw, _TOP, (), where, problems)
    for name in ("chart", "title"):
        if name in raw:
            _text(raw, name, where, problems)
    if "size" in raw and not _numbers(raw["size"], 2):
        problems.append(Problem(where, "size 应为 [宽, 高] 两个数。"))
    for name, check in (("groups", _group), ("nodes", _node), ("edges", _edge)):
        entries = raw.get(name, [])
        if not isinstance(entries, list):
            problems.append(Problem(where, f"{name} 应为列表。"))
            continue
        for position, entry in enumerate(entries, start=1):
            place = f"{where} {name} 第{position}项"
            if isinstance(entry, dict):
                check(entry, f"{place}（{_name_of(entry)}）", problems)
            else:
                problems.append(Problem(place, "应为键值结构。"))


def _name_of(entry: Mapping[str, Any]) -> str:
    if "code" in entry:
        return f"{entry.get('code')} {entry.get('from')}→{entry.get('to')}"
    return str(entry.get("id", "无编号"))


def _group(entry: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
    _keys(entry, _GROUP, (), where, problems)
    for name in ("id", "title"):
        _text(entry, name, where, problems)
    _box(entry, where, problems)
    _choice(entry, "kind", _GROUP_KINDS, where, problems)


def _node(entry: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
    _keys(entry, _NODE, _NODE_OPTIONAL, where, problems)
    _id(entry, "id", where, problems)
    _text(entry, "title", where, problems)
    _box(entry, where, problems)
    if "kind" in entry:
        _choice(entry, "kind", _NODE_KINDS, where, problems)
    if "initials" in entry and not re.fullmatch(r"[a-z0-9]*", str(entry["initials"])):
        problems.append(Problem(where, "initials 只能是小写字母和数字。"))
    cut = entry.get("break_after", 1)
    if not _is_int(cut) or not 0 < cut < max(2, len(str(entry.get("title", "")))):
        problems.append(Problem(where, "break_after 应为首行字数，小于名称的字数。"))
    numbers = entry.get("nodes", [])
    if not isinstance(numbers, list) or not all(_is_int(number) for number in numbers):
        problems.append(Problem(where, "nodes 应为节点号的列表。"))


def _edge(entry: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
    _keys(entry, _EDGE, _EDGE_OPTIONAL, where, problems)
    for name in ("from", "to"):
        _id(entry, name, where, problems)
    for name in ("label", "when"):
        _text(entry, name, where, problems)
    _choice(entry, "basis", _BASES, where, problems)
    _choice(entry, "kind", _EDGE_KINDS, where, problems)
    if not _CODE.fullmatch(str(entry.get("code", "A1"))):
        problems.append(Problem(where, "code 应为 A 或 B 加序号，如 B12。"))
    route = entry.get("route", [])
    if not isinstance(route, list) or not all(_numbers(point, 2) for point in route):
        problems.append(Problem(where, "route 应为 [x, y] 点的列表。"))
    elif "route" in entry and len(route) < 2:
        problems.append(Problem(where, "route 至少要有起点和终点两个点。"))
    if "label_at" in entry and not _numbers(entry["label_at"], 2):
        problems.append(Problem(where, "label_at 应为 [x, y]。"))


def _keys(
    entry: Mapping[str, Any],
    needed: tuple[str, ...],
    optional: tuple[str, ...],
    where: str,
    problems: list[Problem],
) -> None:
    problems.extend(Problem(where, f"缺少键 {name}。") for name in needed if name not in entry)
    unknown = [str(name) for name in entry if name not in needed and name not in optional]
    problems.extend(Problem(where, f"有不认识的键 {name}。") for name in sorted(unknown))


def _text(entry: Mapping[str, Any], name: str, where: str, problems: list[Problem]) -> None:
    value = entry.get(name, "-")
    if not isinstance(value, str) or not value.strip():
        problems.append(Problem(where, f"{name} 应为非空文字。"))


def _id(entry: Mapping[str, Any], name: str, where: str, problems: list[Problem]) -> None:
    value = entry.get(name, 1)
    if not _is_int(value) and not (isinstance(value, str) and value):
        problems.append(Problem(where, f"{name} 应为节点号或名称。"))


def _choice(
    entry: Mapping[str, Any],
    name: str,
    allowed: frozenset[str],
    where: str,
    problems: list[Problem],
) -> None:
    if name in entry and entry[name] not in allowed:
        problems.append(Problem(where, f"{name} 应为 {'、'.join(sorted(allowed))} 之一。"))


def _box(entry: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
    if "at" not in entry:
        return  # already told as a missing key
    if not _numbers(entry["at"], 4) or entry["at"][2] <= 0 or entry["at"][3] <= 0:
        problems.append(Problem(where, "at 应为 [x, y, 宽, 高]，宽、高大于 0。"))


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _numbers(value: object, count: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == count
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in value)
    )


# -------------------------------------------------------------------------- fitting each other


def check_against_each_other(
    raw: Mapping[str, Any], where: str, numbers: tuple[int, ...], problems: list[Problem]
) -> None:
    """Check names, places and lines; ``raw`` has passed ``check_shape``."""
    groups = {group["id"]: group for group in raw["groups"]}
    boxes = {node["id"]: node for node in raw["nodes"]}
    _doubled([group["id"] for group in raw["groups"]], "分区", where, problems)
    _doubled([node["id"] for node in raw["nodes"]], "节点", where, problems)
    inner = [number for node in raw["nodes"] for number in node.get("nodes", ())]
    _doubled(inner, "阶段内节点", where, problems)
    keys = [f"{edge['code']} {edge['from']}→{edge['to']}" for edge in raw["edges"]]
    _doubled(keys, "连线", where, problems)
    if raw["first"] not in boxes:
        problems.append(Problem(where, f"first 指向未放置的节点 {raw['first']}。"))
    placed = {*boxes, *inner}
    problems.extend(
        Problem(where, f"节点{number}没有放到图上。") for number in numbers if number not in placed
    )
    for node in raw["nodes"]:
        _check_place(node, groups, raw["size"], f"{where} 节点 {node['id']}", problems)
    for edge, key in zip(raw["edges"], keys, strict=True):
        _check_line(edge, boxes, raw["size"], f"{where} 连线 {key}", problems)


def _doubled(values: list[Any], what: str, where: str, problems: list[Problem]) -> None:
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            problems.append(Problem(where, f"{what} {value} 出现了不止一次。"))
        seen.add(value)


def _check_place(
    node: Mapping[str, Any],
    groups: Mapping[str, Any],
    size: list[float],
    where: str,
    problems: list[Problem],
) -> None:
    if not _inside(node["at"], [0, 0, *size]):
        problems.append(Problem(where, "画到了图的外面。"))
    name = node.get("group")
    if name is None:
        return
    if name not in groups:
        problems.append(Problem(where, f"所属分区 {name} 不存在。"))
    elif not _inside(node["at"], groups[name]["at"]):
        problems.append(Problem(where, f"画到了所属分区 {name} 的外面。"))


def _check_line(
    edge: Mapping[str, Any],
    boxes: Mapping[Any, Any],
    size: list[float],
    where: str,
    problems: list[Problem],
) -> None:
    route = edge["route"]
    for name, point in (("from", route[0]), ("to", route[-1])):
        if edge[name] not in boxes:
            problems.append(Problem(where, f"{name} 指向未放置的节点 {edge[name]}。"))
        elif not _on_border(point, boxes[edge[name]]["at"]):
            problems.append(Problem(where, f"{name} 一端 {point} 不在节点 {edge[name]} 的边框上。"))
    for (x1, y1), (x2, y2) in pairwise(route):
        if (x1 != x2) == (y1 != y2):
            problems.append(Problem(where, f"[{x1}, {y1}] 到 [{x2}, {y2}] 不是横线或竖线。"))
    if not all(_inside([x, y, 0, 0], [0, 0, *size]) for x, y in route):
        problems.append(Problem(where, "线画到了图的外面。"))


def _inside(box: list[float], frame: list[float]) -> bool:
    x, y, w, h = box
    left, top, width, height = frame
    return left <= x and top <= y and x + w <= left + width and y + h <= top + height


def _on_border(point: list[float], box: list[float]) -> bool:
    px, py = point
    x, y, w, h = box
    if not (x <= px <= x + w and y <= py <= y + h):
        return False
    return px in (x, x + w) or py in (y, y + h)
