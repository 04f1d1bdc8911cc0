"""Where a thing of a node is filed: by the material's name, else by the node.

Source: ``resources/dossier/places.yaml``.  A paper of the program says its own place (the head of
its form); this is for what comes in otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zhixing_desktop.dossier.catalogue import KINDS, SIDE, Catalogues, read_text
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.yaml_reading import LINE, Reader

FILE = "places.yaml"
_ByKind = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a dossier: ``catalogue`` is a kind of case or ``side``, ``item`` its number."""

    catalogue: str
    item: int


@dataclass(frozen=True, slots=True)
class Places:
    """The places by node number, and by node number and the material's name."""

    of_nodes: Mapping[int, _ByKind]
    of_materials: Mapping[tuple[int, str], _ByKind]

    def place_of(self, kind: str, node: int, material: str = "") -> Place | None:
        """Return where a material of a node goes in a case of a kind.

        Where the material has no place of its own (none is named, or one that a later rulebook
        brought) it is the node's; ``None`` where the node does not occur in such a case.
        """
        return _place(self.of_materials.get((node, material), {}), kind) or self.place_of_node(
            kind, node
        )

    def place_of_node(self, kind: str, node: int) -> Place | None:
        """Return where things of a node go that are no named material; ``None`` as above."""
        return _place(self.of_nodes.get(node, {}), kind)


def _place(given: _ByKind, kind: str) -> Place | None:
    """What is of the 副卷 is so in every kind of case."""
    found = SIDE if SIDE in given else kind
    return Place(found, given[found]) if found in given else None


def load_places(folder: Path, catalogues: Catalogues) -> Places:
    """Read the places of a folder (``resources/dossier``) and hold them against the catalogues.

    Raises ``StoreError`` where the file cannot be read, :class:`InputRefusedError` naming every
    fault with its line.
    """
    return read_places(read_text(folder / FILE), catalogues)


def read_places(text: str, catalogues: Catalogues, *, file: str = FILE) -> Places:
    """Read places from their text; raises :class:`InputRefusedError` as the file's loader."""
    reader = _PlaceReader(catalogues)
    found = reader.read(file, text)
    if reader.problems:
        sentence = f"材料编目表有{len(reader.problems)}处错误，程序不能使用它"
        raise InputRefusedError(sentence, reader.problems)
    return found


class _PlaceReader(Reader):
    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self._catalogues = catalogues

    def read(self, file: str, text: str) -> Places:
        data = self.load(file, text)
        nodes: dict[int, _ByKind] = {}
        materials: dict[tuple[int, str], _ByKind] = {}
        if data and self.keys(data, ("nodes",)):
            for entry in self.maps(data, "nodes"):
                self._node(entry, nodes, materials)
        return Places(MappingProxyType(nodes), MappingProxyType(materials))

    def _node(
        self,
        entry: Mapping[str, Any],
        nodes: dict[int, _ByKind],
        materials: dict[tuple[int, str], _ByKind],
    ) -> None:
        line = int(entry.get(LINE, 1))
        if not self.keys(entry, ("node",), (*KINDS, "materials")):
            return
        number = self.number(entry, "node")
        if number in nodes:
            self.complain(line, f"节点{number}重复")
        nodes[number] = self._by_kind(entry, line)
        for row in self.maps(entry, "materials"):
            at = int(row.get(LINE, line))
            if not self.keys(row, ("name",), KINDS):
                continue
            name = str(row["name"])
            if (number, name) in materials:
                self.complain(at, f"节点{number}的材料“{name}”重复")
            materials[number, name] = self._by_kind(row, at)

    def _by_kind(self, entry: Mapping[str, Any], line: int) -> _ByKind:
        given = [kind for kind in KINDS if kind in entry]
        if SIDE in given and len(given) > 1:
            self.complain(line, "归入副卷的不再写明正卷的位置")
        if not given:
            self.complain(line, f"没有写明位置（{'、'.join(KINDS)}）")
        found = {kind: self.number(entry, kind) for kind in given}
        for kind, item in found.items():
            most = len(self._catalogues.of(kind).items)
            if not 0 < item <= most:
                self.complain(line, f"“{kind}”的目录没有第{item}项（1至{most}）")
        return MappingProxyType(found)
