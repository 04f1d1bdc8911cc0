"""Refusals and other people's changes, put into lines for the dialog of a node."""

from __future__ import annotations

from collections.abc import Sequence

from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.fact_words import fact_title, fact_words, value_words
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.node_form import NodeForm
from zhixing_desktop.ui.forms.notices import Line
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError
from zhixing_desktop.workflow.facts import Fact


def refusal_lines(error: ZhixingError) -> list[Line]:
    """Return a refusal line by line, each with the place it speaks of."""
    lines: list[Line] = []
    if isinstance(error, InputRefusedError) and error.problems:
        lines = [Line(p.where, p.sentence) for p in error.problems]
    elif "missing" in error.data:
        cite = error.cite.words() if error.cite is not None else ""
        lines = [
            Line(_place_of(entry), f"还缺少“{entry['label']}”", cite)
            for entry in error.data["missing"]
        ]
    elif "blockers" in error.data:
        lines = [Line("", b["sentence"], b["cite"]) for b in error.data["blockers"]]
    else:
        cite = error.cite.words() if error.cite is not None else ""
        lines = [Line("", error.sentence, cite)]
    return lines


def _place_of(entry: dict[str, str]) -> str:
    return entry["name"] if entry["kind"] in ("field", "item") else entry["label"]


def changes_by_others(case: CaseDetail, new: Sequence[Fact]) -> list[str]:
    """Return what others entered, with time and name."""
    book, names = case.context.rulebook, case.context.index.name_of
    return [
        f"{fact.entered_at:%H:%M} {fact.entered_by}　{fact_title(book, names, fact)}　"
        f"{fact_words(book, names, fact)}"
        for fact in new
    ]


def both_words(case: CaseDetail, form: NodeForm, label: str) -> str:
    """Return both versions of what two people changed at the same time."""
    place = form.place_of(label)
    if not isinstance(place, FieldRow):
        return f"“{label}”：双方都有改动；保存后以您填写的为准"
    names = case.context.index.name_of
    theirs = value_words(names, place.spec, place.baseline)
    mine = value_words(names, place.spec, place.editor.value())
    return f"“{label}”：现在是“{theirs}”，您填写的是“{mine}”；保存后以您填写的为准"
