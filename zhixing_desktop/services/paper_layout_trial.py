"""A layout before it is saved: its faults, how a paper would look in it, which fonts are here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.paper_types import PaperFile

if TYPE_CHECKING:
    from zhixing_desktop.documents.layout import LayoutProfile


@dataclass(frozen=True, slots=True)
class LayoutState:
    """The layout in three forms, each in the structure of its file.

    ``shipped`` comes with the program, ``overrides`` is what the court has set otherwise,
    ``standing`` what counts.
    """

    shipped: Mapping[str, Any]
    overrides: Mapping[str, Any]
    standing: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FaceLine:
    """A face on this workstation: the name in Word files, the font that plays it here.

    ``stands_in`` says that it is another than those the layout names.
    """

    face: str
    label: str
    wanted: str
    used: str
    stands_in: bool


@dataclass(frozen=True, slots=True)
class LayoutTrial:
    """A paper in a layout that is not saved: its pages, the fonts, what to say of them."""

    pages: PaperFile
    faces: tuple[FaceLine, ...]
    warnings: tuple[str, ...]


def layout_state(bureau: Bureau) -> LayoutState:
    """Return the layout as it stands."""
    from zhixing_desktop.documents.layout_reader import layout_json

    with bureau.database.reading() as conn:
        overrides = read_overrides(conn)
    rules = bureau.papers
    return LayoutState(layout_json(rules.layout()), overrides, layout_json(rules.layout(overrides)))


def try_layout(bureau: Bureau, overrides: Mapping[str, Any], form: str) -> LayoutTrial:
    """Return a form with sample data as it would look with some settings; nothing is kept.

    Raises :class:`InputRefusedError` naming every fault of the settings at once.
    """
    from zhixing_desktop.documents.fonts_warnings import font_warnings
    from zhixing_desktop.documents.making import Making, make_paper
    from zhixing_desktop.documents.pdf import render_pdf
    from zhixing_desktop.documents.sample_data import SAMPLE_DAY, sample_data

    layout = bureau.papers.unkept_layout(overrides)
    known = bureau.papers.library(bureau.rules).form(form)
    data = sample_data(bureau.papers.dictionary(bureau.rules), known)
    how = Making(day=SAMPLE_DAY, zero=layout.zero)
    paper = make_paper(known, data, bureau.papers.laws(bureau.rules), how)
    fonts = bureau.papers.fonts(layout)
    pdf = render_pdf(paper, layout, fonts)
    warnings = font_warnings(paper, layout, fonts)
    return LayoutTrial(PaperFile(f"{known.name}.pdf", PDF, pdf), faces(bureau, layout), warnings)


def faces(bureau: Bureau, layout: LayoutProfile) -> tuple[FaceLine, ...]:
    """Return which font of this workstation plays each face of a layout."""
    fonts = bureau.papers.fonts(layout)
    instead = {found.face: found.used for found in fonts.substitutions(tuple(layout.fonts))}
    return tuple(
        FaceLine(
            face.value,
            face.label,
            named.word,
            instead.get(face) or fonts.file(fonts.primary(face)).label,
            face in instead,
        )
        for face, named in layout.fonts.items()
    )


def overrides_of(shipped: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs between two layouts in the structure of the file, part by part."""
    found: dict[str, Any] = {}
    for key, value in wanted.items():
        own = shipped.get(key)
        if isinstance(value, Mapping) and isinstance(own, Mapping):
            inner = overrides_of(own, value)
            if inner:
                found[key] = inner
        elif value != own:
            found[key] = value
    return found


def set_at(tree: Mapping[str, Any], place: str, value: Any) -> dict[str, Any]:
    """Return settings with one value set at a place as ``grids.official.lines``."""
    head, _, rest = place.partition(".")
    if not rest:
        return {**tree, head: value}
    below = tree.get(head)
    return {**tree, head: set_at(below if isinstance(below, Mapping) else {}, rest, value)}


def value_at(tree: Mapping[str, Any], place: str) -> Any:
    """Return the value at a place; ``KeyError`` when there is none."""
    value: Any = tree
    for part in place.split("."):
        value = value[part]
    return value
