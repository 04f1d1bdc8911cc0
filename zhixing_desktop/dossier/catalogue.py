"""The catalogues by which dossiers are arranged (目录): of each kind of case, and of the 副卷.

Source: ``resources/dossier/catalogues.yaml``.  Which thing of which node goes where: ``places``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow.errors import InputRefusedError, StoreError
from zhixing_desktop.workflow.yaml_reading import LINE, Reader

SIDE = "side"
"""The catalogue of the 副卷, whatever the kind of the case."""
KINDS = ("first", "resumed", "preservation", SIDE)
FILE = "catalogues.yaml"


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One line of a catalogue (目录项), numbered from 1."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue: ``kind`` is one of :data:`KINDS`, ``name`` what the dossier is called.

    ``basis`` says where its items come from; ``reading`` that something had to be decided there.
    """

    kind: str
    name: str
    items: tuple[CatalogueItem, ...]
    basis: str = ""
    reading: bool = False

    def item(self, number: int) -> CatalogueItem:
        """Return an item by its number; :class:`InputRefusedError` for one that there is not."""
        if not 0 < number <= len(self.items):
            raise InputRefusedError(
                f"{self.name}的目录没有第{number}项，请填写1至{len(self.items)}。"
            )
        return self.items[number - 1]


@dataclass(frozen=True, slots=True)
class Catalogues:
    """All catalogues by kind."""

    by_kind: Mapping[str, Catalogue]

    def of(self, kind: str) -> Catalogue:
        """Return the catalogue of a kind of case, or of the 副卷; ``KeyError`` for any other."""
        return self.by_kind[kind]


def load_catalogues(folder: Path) -> Catalogues:
    """Read the catalogues of a folder (``resources/dossier``).

    Raises ``StoreError`` where the file cannot be read, :class:`InputRefusedError` naming every
    fault with its line.
    """
    return read_catalogues(read_text(folder / FILE))


def read_catalogues(text: str, *, file: str = FILE) -> Catalogues:
    """Read catalogues from their text; raises :class:`InputRefusedError` as the file's loader."""
    reader = _CatalogueReader()
    found = reader.read(file, text)
    if reader.problems:
        sentence = f"卷宗目录有{len(reader.problems)}处错误，程序不能使用它"
        raise InputRefusedError(sentence, reader.problems)
    return found


def read_text(path: Path) -> str:
    """Return a data file's text; ``StoreError`` where it is missing or cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"读不到卷宗目录文件“{path.name}”，请重新安装程序。") from error


class _CatalogueReader(Reader):
    def read(self, file: str, text: str) -> Catalogues:
        data = self.load(file, text)
        found: dict[str, Catalogue] = {}
        if data and self.keys(data, ("catalogues",)):
            for entry in self.maps(data, "catalogues"):
                self._take(entry, found)
            missing = [kind for kind in KINDS if kind not in found]
            if missing and not self.problems:
                self.complain(1, f"缺少目录：{'、'.join(missing)}")
        return Catalogues(MappingProxyType(found))

    def _take(self, entry: Mapping[str, Any], found: dict[str, Catalogue]) -> None:
        line = int(entry.get(LINE, 1))
        if not self.keys(entry, ("kind", "name", "basis", "items"), ("reading",)):
            return
        kind = str(entry["kind"])
        if kind not in KINDS:
            self.complain(line, f"“kind”的值“{kind}”不认识，应为：{'、'.join(KINDS)}")
        elif kind in found:
            self.complain(line, f"目录“{kind}”重复")
        found[kind] = Catalogue(
            kind,
            str(entry["name"]),
            self._items(entry, line),
            str(entry["basis"]),
            self.flag(entry, "reading"),
        )

    def _items(self, entry: Mapping[str, Any], line: int) -> tuple[CatalogueItem, ...]:
        """Numbers go on from 1 without a gap: they are printed, and the database keeps them."""
        items: list[CatalogueItem] = []
        for row in self.maps(entry, "items"):
            if not self.keys(row, ("number", "name")):
                continue
            number, name = self.number(row, "number"), str(row["name"] or "").strip()
            if number != len(items) + 1:
                self.complain(int(row[LINE]), f"第{len(items) + 1}项的编号写成了{number}")
            if not name or name in {item.name for item in items}:
                self.complain(int(row[LINE]), f"第{number}项的名称空着或者与前面重复")
            items.append(CatalogueItem(len(items) + 1, name))
        if not items:
            self.complain(line, "目录没有一项")
        return tuple(items)
