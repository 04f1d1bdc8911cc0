"""Reading a layout strictly: the program's file, a court's settings over it, all faults at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from zhixing_desktop.documents.blocks import Face, Style
from zhixing_desktop.documents.layout import (
    TWIPS,
    DraftSpec,
    FaceFonts,
    FootSpec,
    Grid,
    LayoutProfile,
    Margins,
    PageNumber,
    SignatureSpec,
    StyleSpec,
    TableSpec,
    TearSpec,
    twips,
)
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError
from zhixing_desktop.workflow.yaml_reading import LINE, Reader

_FILE = "official.yaml"
_NOTHING: Mapping[str, Any] = {}
_PARTS = (
    *("name", "page", "zero", "grids", "table", "page_number"),
    *("signature", "seal", "tear", "signed_foot", "draft", "fonts"),
)
_LEAST_MARGIN = 5.0  # mm; printers do not reach the edge


def load_layout(folder: Path, overrides: Mapping[str, Any] = _NOTHING) -> LayoutProfile:
    """Return the layout of ``folder`` (``resources/layout``) with a court's settings over it.

    ``overrides`` has the file's structure and only what differs (``{"zero": "零"}``).

    Raises ``StoreError`` when the file cannot be read, ``InputRefusedError`` with every fault of
    the file and the settings at once.
    """
    path = folder / _FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"文书版式文件读不出来：{path.name}。请把程序文件夹完整地重新复制一份后再打开。",
            data={"missing": str(path)},
        ) from error
    return read_layout(text, overrides)


def read_layout(text: str, overrides: Mapping[str, Any] = _NOTHING) -> LayoutProfile:
    """Return the layout that a YAML text describes, with a court's settings over it.

    Raises ``InputRefusedError`` with every fault at once.
    """
    reader = _LayoutReader()
    data = reader.load(_FILE, text)
    reader.unreadable()
    profile = reader.profile(_without_lines(_over(data, overrides)))
    if profile is None or reader.problems:
        listed = "；".join(f"{problem.where}：{problem.sentence}" for problem in reader.problems)
        raise InputRefusedError(
            f"文书版式有 {len(reader.problems)} 处不对，请改正后再用：{listed}", reader.problems
        )
    return profile


def layout_json(profile: LayoutProfile) -> dict[str, Any]:
    """Return a layout in the structure of its file, ready for JSON."""
    page = profile.official
    return {
        "name": profile.name,
        "page": {"width": page.width, "height": page.height},
        "zero": profile.zero,
        "grids": {"official": _grid_json(profile.official), "dense": _grid_json(profile.dense)},
        "table": {**_plain(profile.table), "label_face": profile.table.label_face.value},
        "page_number": _plain(profile.page_number),
        "signature": _plain(profile.signature),
        "seal": {"diameter": profile.seal},
        "tear": _plain(profile.tear),
        "signed_foot": _plain(profile.signed_foot),
        "draft": _plain(profile.draft),
        "fonts": {
            face.value: {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in _plain(fonts).items()
            }
            for face, fonts in profile.fonts.items()
        },
    }


def layout_yaml(profile: LayoutProfile) -> str:
    """Return a layout as a YAML text that ``read_layout`` reads back to the same layout."""
    return yaml.safe_dump(layout_json(profile), allow_unicode=True, sort_keys=False, width=100)


def _plain(spec: object) -> dict[str, Any]:
    """Return the fields of a small dataclass, faces by their names."""
    names: Collection[str] = getattr(spec, "__slots__", ())
    values = {name: getattr(spec, name) for name in names}
    return {
        name: value.value if isinstance(value, Face) else value for name, value in values.items()
    }


def _grid_json(grid: Grid) -> dict[str, Any]:
    return {
        "margins": _plain(grid.margins),
        "lines": grid.lines,
        "characters": grid.characters,
        "ruled": grid.ruled,
        "styles": {style.value: _plain(spec) for style, spec in grid.styles.items()},
    }


def _over(data: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` with ``overrides`` laid over it, mapping by mapping."""
    merged = dict(data)
    for key, value in overrides.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _over(below, value)
        else:
            merged[key] = value
    return merged


def _without_lines(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_lines(inner) for key, inner in value.items() if key != LINE}
    return value


class _LayoutReader(Reader):
    """Takes a layout apart; a fault is named by its place, as ``grids.official.lines``."""

    def unreadable(self) -> None:
        """Stop where the text is no YAML at all: nothing else can be said about it."""
        if self.problems:
            raise InputRefusedError(
                "文书版式文件写法不对，请改正后再用：" + self.problems[0].sentence, self.problems
            )

    def profile(self, data: Mapping[str, Any]) -> LayoutProfile | None:
        part = self._part(data, "", _PARTS)
        page = self._part(part("page"), "page", ("width", "height"))
        width = self._number(page("width"), "page.width", 100, 500)
        height = self._number(page("height"), "page.height", 100, 600)
        grids = self._part(part("grids"), "grids", ("official", "dense"))
        official = self._grid(grids("official"), "grids.official", width, height)
        dense = self._grid(grids("dense"), "grids.dense", width, height)
        zero = self._word(part("zero"), "zero")
        if zero not in {"〇", "零"}:
            self._fault("zero", "日期中的零只能写“〇”或者“零”")
        profile = LayoutProfile(
            name=self._word(part("name"), "name"),
            zero=zero,
            official=official,
            dense=dense,
            table=self._table(part("table")),
            page_number=self._page_number(part("page_number")),
            signature=self._signature(part("signature")),
            seal=self._seal(part("seal")),
            tear=self._tear(part("tear")),
            signed_foot=self._foot(part("signed_foot")),
            draft=self._draft(part("draft")),
            fonts=self._fonts(part("fonts")),
        )
        if self.problems:
            return None
        self._fits(profile)
        return None if self.problems else profile

    # ------------------------------------------------------------------------------- the parts

    def _grid(self, data: object, place: str, width: float, height: float) -> Grid:
        part = self._part(data, place, ("margins", "lines", "characters", "ruled", "styles"))
        sides = ("top", "bottom", "left", "right")
        inner = self._part(part("margins"), f"{place}.margins", sides)
        margins = Margins(
            *(
                self._number(inner(side), f"{place}.margins.{side}", _LEAST_MARGIN, 100)
                for side in sides
            )
        )
        named = self._part(part("styles"), f"{place}.styles", [style.value for style in Style])
        styles = {
            style: self._style(named(style.value), f"{place}.styles.{style.value}")
            for style in Style
        }
        return Grid(
            width=width,
            height=height,
            margins=margins,
            lines=self._whole(part("lines"), f"{place}.lines", 5, 80),
            characters=self._whole(part("characters"), f"{place}.characters", 5, 90),
            ruled=self._number(part("ruled"), f"{place}.ruled", 0.5, 5),
            styles=styles,
        )

    def _style(self, data: object, place: str) -> StyleSpec:
        part = self._part(data, place, ("face", "size", "lines"), ("tracking",))
        return StyleSpec(
            face=self._face(part("face"), f"{place}.face"),
            size=self._number(part("size"), f"{place}.size", 5, 72),
            lines=self._number(part("lines"), f"{place}.lines", 0.3, 6),
            tracking=self._number(part("tracking", 0), f"{place}.tracking", -2, 40),
        )

    def _table(self, data: object) -> TableSpec:
        part = self._part(data, "table", ("border", "padding_x", "padding_y", "label_face"))
        return TableSpec(
            border=self._number(part("border"), "table.border", 0.1, 4),
            padding_x=self._number(part("padding_x"), "table.padding_x", 0, 20),
            padding_y=self._number(part("padding_y"), "table.padding_y", 0, 20),
            label_face=self._face(part("label_face"), "table.label_face"),
        )

    def _page_number(self, data: object) -> PageNumber:
        part = self._part(data, "page_number", ("pattern", "face", "size", "below"))
        pattern = self._word(part("pattern"), "page_number.pattern")
        if pattern.count("{n}") != 1:
            self._fault("page_number.pattern", "页码样式里要有且只有一个 {n}，例如 −{n}−")
        return PageNumber(
            pattern=pattern,
            face=self._face(part("face"), "page_number.face"),
            size=self._number(part("size"), "page_number.size", 5, 30),
            below=self._number(part("below"), "page_number.below", 0, 60),
        )

    def _signature(self, data: object) -> SignatureSpec:
        keys = ("title", "gap", "name", "right", "before", "between")
        part = self._part(data, "signature", keys)
        return SignatureSpec(*(self._whole(part(key), f"signature.{key}", 0, 12) for key in keys))

    def _seal(self, data: object) -> float:
        part = self._part(data, "seal", ("diameter",))
        return self._number(part("diameter"), "seal.diameter", 10, 60)

    def _tear(self, data: object) -> TearSpec:
        part = self._part(data, "tear", ("lines", "face", "size"))
        return TearSpec(
            lines=self._number(part("lines"), "tear.lines", 1, 6),
            face=self._face(part("face"), "tear.face"),
            size=self._number(part("size"), "tear.size", 5, 30),
        )

    def _foot(self, data: object) -> FootSpec:
        part = self._part(data, "signed_foot", ("words", "face", "size", "below", "room"))
        return FootSpec(
            words=self._word(part("words"), "signed_foot.words"),
            face=self._face(part("face"), "signed_foot.face"),
            size=self._number(part("size"), "signed_foot.size", 5, 30),
            below=self._number(part("below"), "signed_foot.below", 0, 60),
            room=self._number(part("room"), "signed_foot.room", 10, 150),
        )

    def _draft(self, data: object) -> DraftSpec:
        part = self._part(data, "draft", ("words", "face", "size", "above"))
        return DraftSpec(
            words=self._word(part("words"), "draft.words"),
            face=self._face(part("face"), "draft.face"),
            size=self._number(part("size"), "draft.size", 5, 40),
            above=self._number(part("above"), "draft.above", 0, 60),
        )

    def _fonts(self, data: object) -> dict[Face, FaceFonts]:
        part = self._part(data, "fonts", [face.value for face in Face])
        return {face: self._face_fonts(part(face.value), f"fonts.{face.value}") for face in Face}

    def _face_fonts(self, data: object, place: str) -> FaceFonts:
        lists = ("word_instead", "files", "families", "stand_in")
        part = self._part(data, place, ("word", *lists))
        return FaceFonts(
            self._word(part("word"), f"{place}.word"),
            *(self._names(part(key), f"{place}.{key}") for key in lists),
        )

    def _fits(self, profile: LayoutProfile) -> None:
        """Hold against each other what each may be alone."""
        for name, grid in (("official", profile.official), ("dense", profile.dense)):
            place = f"grids.{name}"
            if grid.text_width < 100 or grid.text_height < 100 * TWIPS:
                self._fault(f"{place}.margins", "页边距太大，正文放不下")
                continue
            body = grid.styles[Style.BODY].size
            if not 0.9 * body <= grid.cell <= 2 * body:
                self._fault(
                    f"{place}.characters",
                    f"每行 {grid.characters} 字时每字宽 {grid.cell:.2f} 磅，"
                    f"与 {body:g} 磅的字不相配",
                )
            for style, spec in grid.styles.items():
                if grid.line(style) < spec.size * TWIPS:
                    self._fault(
                        f"{place}.styles.{style.value}.lines",
                        f"行高 {grid.line(style) / TWIPS:g} 磅，放不下 {spec.size:g} 磅的字",
                    )
            deepest = profile.number_below(signed=True) + 3
            if deepest > grid.margins.bottom:
                self._fault(f"{place}.margins.bottom", "下边距放不下页码和每页签名处")
            if profile.draft.above + 3 > grid.margins.top:
                self._fault(f"{place}.margins.top", "上边距放不下“草稿”标记")
            if twips(profile.seal) > grid.text_height:
                self._fault("seal.diameter", "印章比版心还高")

    # ------------------------------------------------------------------------------ the values

    def _fault(self, place: str, sentence: str) -> None:
        self.problems.append(Problem(place, sentence))

    def _part(
        self, data: object, place: str, needed: Collection[str], allowed: Collection[str] = ()
    ) -> _Part:
        if not isinstance(data, Mapping):
            if data is not _MISSING:
                self._fault(place, "应当是键值结构")
            return _Part({})
        dot = f"{place}." if place else ""
        for key in needed:
            if key not in data:
                self._fault(f"{dot}{key}", "没有填写")
        for key in data:
            if key not in needed and key not in allowed:
                self._fault(f"{dot}{key}", "不认识这一项")
        return _Part(data)

    def _number(self, value: object, place: str, low: float, high: float) -> float:
        if value is _MISSING:
            return low
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._fault(place, f"应当是数字，现在是“{value}”")
            return low
        if not low <= value <= high:
            self._fault(place, f"应当在 {low:g} 和 {high:g} 之间，现在是 {value:g}")
            return low
        return float(value)

    def _whole(self, value: object, place: str, low: int, high: int) -> int:
        number = self._number(value, place, low, high)
        if number != int(number):
            self._fault(place, f"应当是整数，现在是 {number:g}")
        return int(number)

    def _word(self, value: object, place: str) -> str:
        if value is _MISSING:
            return ""
        if not isinstance(value, str) or not value.strip():
            self._fault(place, "应当是文字，不能空")
            return ""
        if any(ord(character) < 32 for character in value):
            self._fault(place, "不能有换行和制表符")
        return value

    def _face(self, value: object, place: str) -> Face:
        if value is _MISSING:
            return Face.FANGSONG
        try:
            return Face(str(value))
        except ValueError:
            known = "、".join(f"{face.value}（{face.label}）" for face in Face)
            self._fault(place, f"没有“{value}”这种字体，应为：{known}")
            return Face.FANGSONG

    def _names(self, value: object, place: str) -> tuple[str, ...]:
        if value is _MISSING:
            return ()
        if not isinstance(value, list | tuple):
            self._fault(place, "应当是名称的列表")
            return ()
        for entry in value:
            if not isinstance(entry, str) or not entry.strip():
                self._fault(place, f"“{entry}”不是名称")
        return tuple(str(entry) for entry in value)


class _Missing:
    """Stands for what is not there and has been complained about where it should be."""


_MISSING = _Missing()


class _Part:
    """The entries of a mapping; one that is not there is ``_MISSING``."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def __call__(self, key: str, default: object = _MISSING) -> object:
        return self._data.get(key, default)
