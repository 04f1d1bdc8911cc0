"""Taking YAML apart strictly: every fault is collected with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from zhixing_desktop.workflow.errors import Cite, Problem

LINE = "__line__"
_T = TypeVar("_T")
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_E = TypeVar("_E", bound=StrEnum)


class _LineLoader(_SafeLoader):  # type: ignore[misc]
    """A safe loader that remembers the line of every mapping and refuses a key given twice."""

    problems: list[tuple[int, str]]

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - the parent's signature
    ) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable) or key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"键“{key}”重复", problem_mark=key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping[LINE] = node.start_mark.line + 1
        return mapping


def text_of(value: object) -> str | None:
    """Return a value as text, ``None`` where there is none."""
    return None if value is None else str(value)


class Reader:
    """Takes mappings apart strictly and collects what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.file = ""

    def complain(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(f"{self.file}:{line}", sentence))

    def load(self, file: str, text: str) -> Mapping[str, Any]:
        self.file = file
        try:
            data = yaml.load(text, Loader=_LineLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            words = getattr(error, "problem", None) or str(error)
            self.complain(mark.line + 1 if mark else 1, f"规则文件无法读取：{words}")
            return {}
        if not isinstance(data, dict):
            self.complain(1, "规则文件应当是键值结构")
            return {}
        return data

    def keys(
        self, data: Mapping[str, Any], needed: Sequence[str], allowed: Sequence[str] = ()
    ) -> bool:
        line = int(data.get(LINE, 1))
        missing = [key for key in needed if key not in data]
        unknown = [str(key) for key in data if key not in (*needed, *allowed, LINE)]
        if missing:
            self.complain(line, f"缺少键：{'、'.join(missing)}")
        if unknown:
            self.complain(line, f"不认识的键：{'、'.join(unknown)}")
        return not missing

    def listing(self, data: Mapping[str, Any], key: str) -> list[Any]:
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.complain(int(data.get(LINE, 1)), f"“{key}”应当是列表")
            return []
        return value

    def maps(self, data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        found = []
        for entry in self.listing(data, key):
            if isinstance(entry, dict):
                found.append(entry)
            else:
                self.complain(int(data.get(LINE, 1)), f"“{key}”的每一项应当是键值结构")
        return found

    def words(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        return tuple(str(entry) for entry in self.listing(data, key))

    def enum(self, data: Mapping[str, Any], key: str, kind: type[_E], default: _E) -> _E:
        try:
            return kind(str(data.get(key)))
        except ValueError:
            allowed = "、".join(kind)
            self.complain(
                int(data.get(LINE, 1)), f"“{key}”的值“{data.get(key)}”不认识，应为：{allowed}"
            )
            return default

    def number(self, data: Mapping[str, Any], key: str) -> int:
        value = data.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            self.complain(int(data.get(LINE, 1)), f"“{key}”应当是整数")
            return 0
        return value

    def numbers(self, data: Mapping[str, Any], key: str) -> tuple[int, ...]:
        found = []
        for entry in self.listing(data, key):
            if isinstance(entry, int) and not isinstance(entry, bool):
                found.append(entry)
            else:
                self.complain(int(data.get(LINE, 1)), f"“{key}”应当是整数列表")
        return tuple(found)

    def flag(self, data: Mapping[str, Any], key: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.complain(int(data.get(LINE, 1)), f"“{key}”应当是 true 或 false")
            return False
        return value

    def cite(self, data: Mapping[str, Any], key: str = "cite") -> Cite | None:
        entry = data.get(key)
        if entry is None:
            return None
        if not isinstance(entry, dict) or not self.keys(
            entry, ("paragraph", "quote"), ("reading",)
        ):
            self.complain(int(data.get(LINE, 1)), f"“{key}”应当写明 paragraph 与 quote")
            return None
        return Cite(str(entry["paragraph"]), str(entry["quote"]), text_of(entry.get("reading")))

    def must_cite(self, data: Mapping[str, Any]) -> Cite:
        found = self.cite(data)
        if found is None:
            self.complain(int(data.get(LINE, 1)), "规则没有引用指引原文（cite）")
            return Cite("", "")
        return found

    def each(
        self, data: Mapping[str, Any], key: str, make: Callable[[Mapping[str, Any]], _T | None]
    ) -> tuple[_T, ...]:
        made = (make(entry) for entry in self.maps(data, key))
        return tuple(entry for entry in made if entry is not None)
