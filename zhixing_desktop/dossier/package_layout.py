"""Where each file of an archive package lies, and what does not fit before anything is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhixing_desktop.dossier.bag import PAYLOAD
from zhixing_desktop.dossier.file_names import FreeNames, plain_ending, safe_name
from zhixing_desktop.dossier.package_lists import (
    CSV_NAME,
    JSON_NAME,
    Placed,
    content_of,
    csv_bytes,
    json_bytes,
)
from zhixing_desktop.dossier.package_parts import (
    MAIN,
    SIDES,
    CasePackage,
    PackedItem,
    PackedVolume,
    SourceFile,
)
from zhixing_desktop.workflow.errors import Problem

PAGES, ORIGINALS, IMAGES, JOURNAL = "电子卷宗", "原件", "影像卷宗", "日志"
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the payload: its path in the package, its bytes or where to copy them from."""

    path: str
    source: SourceFile | bytes

    @property
    def bytes(self) -> int:
        """How many bytes it has."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.bytes


def entries_of(package: CasePackage) -> tuple[Entry, ...]:
    """Return the payload in the order of its paths, both lists of it included."""
    layout = _Layout(package)
    content = content_of(package, layout.placed())
    lists = [
        Entry(f"{PAYLOAD}{JSON_NAME}", json_bytes(content)),
        Entry(f"{PAYLOAD}{CSV_NAME}", csv_bytes(content)),
    ]
    return tuple(sorted([*layout.entries, *lists], key=lambda entry: entry.path))


def example_of(entries: Sequence[Entry]) -> str:
    """Return a path below ``data/`` to show in the explanations: the first 件 of the 正卷."""
    paths = [entry.path.removeprefix(PAYLOAD) for entry in entries]
    first = f"{PAGES}/{SIDES[MAIN]}/"
    return next((path for path in paths if path.startswith(first)), JSON_NAME)


class _Layout:
    """Gives each file its path, in the order in which the parts were handed in."""

    def __init__(self, package: CasePackage) -> None:
        self._package = package
        self.entries: list[Entry] = []
        self._items: dict[tuple[str, int], str] = {}
        self._originals: dict[tuple[str, int], list[str]] = {}
        self._volumes: dict[tuple[str, int], str] = {}
        self._journal: list[tuple[str, int, str]] = []
        for side in SIDES:
            self._place_side(side, [item for item in package.items if item.side == side])
        self._place_volumes()
        self._place_journal()

    def placed(self) -> Placed:
        return Placed(self._items, self._originals, self._volumes, self._journal)

    def _place_side(self, side: str, items: Sequence[PackedItem]) -> None:
        digits = max([2, *(len(str(item.number)) for item in items)])
        files, folders = FreeNames(), FreeNames()
        for item in items:
            title = f"{item.number:0{digits}}_{item.name}"
            key = (side, item.number)
            if item.pdf is not None:
                path = f"{PAYLOAD}{PAGES}/{SIDES[side]}/{files.take(title, '.pdf')}"
                self._items[key] = path
                self.entries.append(Entry(path, item.pdf))
            self._originals[key] = []
            if item.originals:
                folder = f"{PAYLOAD}{ORIGINALS}/{SIDES[side]}/{folders.take(title)}"
                self._place_originals(item, folder, self._originals[key])

    def _place_originals(self, item: PackedItem, folder: str, paths: list[str]) -> None:
        names = FreeNames()
        for original in item.originals:
            ending = plain_ending(original.name)
            stem = original.name.strip()[: -len(ending) or None]
            path = f"{folder}/{names.take(f'v{original.version}_{stem}', ending)}"
            paths.append(path)
            self.entries.append(Entry(path, original.source))

    def _place_volumes(self) -> None:
        for volume in self._package.volumes:
            path = f"{PAYLOAD}{IMAGES}/{volume_name(volume)}.pdf"
            self._volumes[volume.side, volume.volume] = path
            self.entries.append(Entry(path, volume.pdf))

    def _place_journal(self) -> None:
        for file in self._package.journal:
            path = f"{PAYLOAD}{JOURNAL}/{file.name}"
            digest = hashlib.sha256(file.data).hexdigest()
            self._journal.append((path, len(file.data), digest))
            self.entries.append(Entry(path, file.data))


def volume_name(volume: PackedVolume) -> str:
    """Return how the image dossier of a volume is called: ``正卷第1册``."""
    return f"{SIDES[volume.side]}第{volume.volume}册"


def item_name(item: PackedItem) -> str:
    """Return how a person finds an item: ``正卷第3件“执行通知书”``."""
    return f"{SIDES.get(item.side, item.side)}第{item.number}件“{item.name}”"


def package_problems(package: CasePackage) -> tuple[Problem, ...]:
    """Return everything that does not fit in what is to be packed, all at once."""
    found = [*_of_case(package), *_of_numbers(package), *_of_journal(package)]
    found += _of_volumes(package)
    for item in package.items:
        found += _of_item(item)
    for volume in package.volumes:
        where = f"影像卷宗第{volume.volume}册"
        if volume.side not in SIDES or volume.volume < 1 or volume.pages < 1:
            found.append(Problem(where, "影像卷宗的卷别、册次或者页数有误，请重新转换影像卷宗。"))
        found += _of_source(where, volume.pdf)
    return tuple(found)


def _of_case(package: CasePackage) -> Iterator[Problem]:
    if not package.case.court.strip():
        yield Problem("法院", "没有填写本院名称，请在本院设置中填写。")
    if not package.case.number.strip():
        yield Problem("案号", "没有案号，请先登记案号。")
    if not package.items:
        yield Problem("卷宗", "卷宗里一件材料也没有，不能制作归档包。")


def _of_numbers(package: CasePackage) -> Iterator[Problem]:
    counted = Counter((item.side, item.number) for item in package.items)
    for (side, number), times in counted.items():
        if times > 1:
            where = f"{SIDES.get(side, side)}第{number}件"
            yield Problem(where, f"{where}有{times}份，件号不能重复。请重新编目。")
    volumes = Counter((volume.side, volume.volume) for volume in package.volumes)
    for (side, number), times in volumes.items():
        if times > 1:
            where = f"{SIDES.get(side, side)}第{number}册"
            yield Problem(where, f"{where}的影像卷宗有{times}份，请只保留一份。")


def _of_volumes(package: CasePackage) -> Iterator[Problem]:
    """Each bound 册 has its image dossier (节点四十四 工作内容2), and no other has one."""
    bound = {(item.side, span.volume) for item in package.items for span in item.spans}
    imaged = {(volume.side, volume.volume) for volume in package.volumes}
    for side, number in sorted(bound ^ imaged):
        if side not in SIDES:
            continue
        where = f"{SIDES[side]}第{number}册"
        if (side, number) in bound:
            yield Problem(where, f"{where}没有影像卷宗，请先转换影像卷宗。")
        else:
            yield Problem(where, f"{where}有影像卷宗，却没有一件材料编入这一册。请重新转换。")


def _of_item(item: PackedItem) -> Iterator[Problem]:
    where = item_name(item)
    if item.side not in SIDES:
        yield Problem(where, f"{where}没有写明是正卷还是副卷，请在编目时选定。")
    if item.number < 1 or item.pages < 0 or not item.name.strip():
        yield Problem(where, f"{where}的件号、名称或者页数有误，请重新编目。")
    if item.pages and item.pdf is None and not item.on_paper_only:
        yield Problem(where, f"{where}有{item.pages}页，却没有电子文件。请补扫后再试。")
    bound = sum(span.pages for span in item.spans)
    if item.spans and bound != item.pages:
        words = f"{where}有{item.pages}页，编入各册的却是{bound}页。请重新编页。"
        yield Problem(where, words)
    if any(span.volume < 1 or span.pages < 1 for span in item.spans):
        yield Problem(where, f"{where}的册次或者页数有误，请重新编页。")
    if item.pdf is not None:
        yield from _of_source(where, item.pdf)
    for original in item.originals:
        yield from _of_source(f"{where}的原件“{original.name}”", original.source)


def _of_source(where: str, source: SourceFile) -> Iterator[Problem]:
    if len(source.digest) != 64 or not _HEX.issuperset(source.digest) or source.bytes < 0:
        yield Problem(where, f"{where}的登记有误（校验值“{source.digest}”），请检查数据库。")


def _of_journal(package: CasePackage) -> Iterator[Problem]:
    names = FreeNames()
    for file in package.journal:
        ending = plain_ending(file.name)
        if safe_name(file.name.removesuffix(ending), ending) != file.name:
            yield Problem(file.name, f"日志文件的名称（{file.name}）不能用作文件名，请换一个名称。")
        elif names.take(file.name) != file.name:
            yield Problem(file.name, f"日志文件的名称（{file.name}）重复，请换一个名称。")
