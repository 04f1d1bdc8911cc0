"""The form of a node, made from the rulebook: a section per work item, fields under their item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.node_forms import only_by_decision, recorded_event
from zhixing_desktop.services.people import Person
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.item_parts import Materials
from zhixing_desktop.ui.forms.item_section import ItemSection
from zhixing_desktop.ui.forms.making import Surroundings
from zhixing_desktop.ui.forms.parts import Box, Mark, keep_if
from zhixing_desktop.workflow.completeness import (
    current_value,
    fields_in_play,
    items_in_play,
    materials_in_play,
    notices_in_play,
    papers_in_play,
)
from zhixing_desktop.workflow.decide import ItemEntry, with_draft
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import FieldSpec, NodeSpec, Unit
from zhixing_desktop.workflow.views import Key


class PlainSection(Box):
    """Fields (and materials) that belong to no single work item."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__("calm", parent)
        self.label = title
        self.rows: list[FieldRow] = []
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(12, 10, 12, 10)
        self.box.setSpacing(2)
        self.box.addWidget(Mark(title, bold=True))

    def add_row(self, row: FieldRow) -> None:
        """Take a field."""
        self.rows.append(row)
        self.box.addWidget(row)

    def focus(self) -> None:
        """Put the cursor on the first field."""
        if self.rows:
            self.rows[0].focus()


class NodeForm(QWidget):
    """All fields and work items of a node instance.

    ``changed`` after every change by a person; ``shape_changed`` when sections or fields came or
    went; ``correction_wanted`` with the number of a recorded fact.
    """

    changed = Signal()
    shape_changed = Signal()
    correction_wanted = Signal(int)

    def __init__(
        self,
        case: CaseDetail,
        key: Key,
        people: Sequence[Person],
        parent: QWidget | None = None,
        *,
        closed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.key = key
        self._closed = closed or {}
        self._ctx = case.context
        self.spec: NodeSpec = self._ctx.rulebook.nodes[key.node]
        self._around = Surroundings(self._ctx, people)
        self.rows: dict[str, FieldRow] = {}
        self.sections: dict[int, ItemSection] = {}
        self.plain: list[PlainSection] = []
        self.loose: Materials | None = None
        self._loose_baseline: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 2, 10, 2)
        self._column.setSpacing(10)
        self._build()
        self._column.addStretch(1)
        self.load(case)
        self._connect()

    def _connect(self) -> None:
        for row in self.rows.values():
            row.changed.connect(self._changed)
            row.correction_wanted.connect(self.correction_wanted)
        for section in self.sections.values():
            section.changed.connect(self._changed)
        if self.loose is not None:
            self.loose.edited.connect(self._changed)

    # ------------------------------------------------------------------------------ building

    def _build(self) -> None:
        first_item = next(
            (at for at, f in enumerate(self.spec.fields) if f.item is not None),
            len(self.spec.fields),
        )
        self._plain("基本信息", self.spec.fields[:first_item])
        hours = {
            number
            for limit in self.spec.time_limits
            if limit.unit is Unit.HOUR
            for number in (limit.met_by.items or limit.items)
        }
        for item in self.spec.work_items:
            mine = [m for m in self.spec.materials if m.item == item.item]
            section = ItemSection(item, mine, self._ctx.now, hours=item.item in hours, parent=self)
            self.sections[item.item] = section
            self._column.addWidget(section)
            for spec in self.spec.fields:
                if spec.item == item.item:
                    section.add_row(self._row(spec))
        rest = [f for f in self.spec.fields[first_item:] if f.item is None]
        loose = [m for m in self.spec.materials if m.item is None]
        last = self._plain("其他信息", rest, always=bool(loose))
        if loose and last is not None:
            self.loose = Materials(loose, self)
            last.box.addWidget(self.loose)

    def _plain(
        self, title: str, specs: Sequence[FieldSpec], *, always: bool = False
    ) -> PlainSection | None:
        if not specs and not always:
            return None
        section = PlainSection(title, self)
        for spec in specs:
            section.add_row(self._row(spec))
        self.plain.append(section)
        self._column.addWidget(section)
        return section

    def _row(self, spec: FieldSpec) -> FieldRow:
        row = FieldRow(spec, self._around, self)
        self.rows[spec.name] = row
        return row

    def ordered(self) -> list[ItemSection | PlainSection]:
        """Return the sections as they stand on the screen."""
        found: list[ItemSection | PlainSection] = []
        for at in range(self._column.count()):
            entry = self._column.itemAt(at)
            widget = entry.widget() if entry is not None else None
            if isinstance(widget, (ItemSection, PlainSection)):
                found.append(widget)
        return found

    # ------------------------------------------------------------------------------- content

    def load(self, case: CaseDetail) -> None:
        """Show the case as it stands; nothing counts as changed."""
        self._ctx = case.context
        done = self._ctx.index.items.get(self.key, {})
        for name, row in self.rows.items():
            row.load(current_value(self._ctx, self.key, self.spec.field(name)))
        for number, section in self.sections.items():
            section.load(done.get(number))
        self._load_loose(done)
        self._lock()
        self.refresh()

    def rebase(self, case: CaseDetail) -> list[str]:
        """Take over what others did since; return the labels where both changed something."""
        self._ctx = case.context
        done = self._ctx.index.items.get(self.key, {})
        both = [
            row.spec.label
            for name, row in self.rows.items()
            if row.rebase(current_value(self._ctx, self.key, self.spec.field(name)))
        ]
        both += [s.label for n, s in self.sections.items() if s.rebase(done.get(n))]
        if self.loose is not None and self.loose.body() == self._loose_baseline:
            self._load_loose(done)
        self._lock()
        self.refresh()
        return both

    def _load_loose(self, done: Mapping[int, Fact]) -> None:
        if self.loose is not None:
            filed = [n for fact in done.values() for n in fact.data.get("materials", ())]
            self.loose.put(filed)
            self._loose_baseline = self.loose.body()

    def _lock(self) -> None:
        for name, row in self.rows.items():
            if not row.dirty:
                fact = recorded_event(self._ctx, self.key, self.spec.field(name))
                row.lock(fact.seq if fact is not None else None)
            decided = only_by_decision(self._ctx, self.key, self.spec.field(name))
            closed = self._closed.get(name) or decided
            if closed:
                row.leave_to(closed)

    def _loose_changed(self) -> bool:
        return self.loose is not None and self.loose.body() != self._loose_baseline

    @property
    def dirty(self) -> bool:
        """Whether there is anything that is not saved."""
        return (
            any(row.dirty or row.overriding for row in self.rows.values())
            or any(section.dirty for section in self.sections.values())
            or self._loose_changed()
        )

    def values(self) -> dict[str, Any]:
        """Return the fields that a person changed and that concern the case, as typed."""
        return {n: r.editor.value() for n, r in self.rows.items() if r.dirty and r.in_play}

    def overrides(self) -> dict[str, str]:
        """Return the reasons for words that the rules would refuse."""
        return {n: r.overriding for n, r in self.rows.items() if r.overriding and r.in_play}

    def items(self) -> dict[int, ItemEntry]:
        """Return the work items that a person changed and that concern the case."""
        shown = {n: s for n, s in self.sections.items() if s.isVisibleTo(self)}
        loose = self.loose.body() if self.loose is not None else []
        wanted = {number for number, section in shown.items() if section.dirty}
        if self._loose_changed() and not wanted:
            # A material of no item is kept with the first item that is done.
            wanted = {n for n, s in shown.items() if s.done.isChecked()}
            wanted = set(sorted(wanted)[:1])
        found = {}
        for number in sorted(wanted):
            entry = shown[number].entry(loose)
            if entry is not None:
                found[number] = entry
        return found

    def problems(self) -> list[Problem]:
        """Return all faults of what was typed, in reading order."""
        found = []
        for section in self.ordered():
            if not section.isVisibleTo(self):
                continue
            for row in section.rows:
                row.judge()
                if row.in_play and row.problem is not None and (row.dirty or row.overriding):
                    found.append(row.problem)
            if isinstance(section, ItemSection) and section.dirty:
                found += section.problems()
        return found

    def body(self) -> dict[str, Any]:
        """Return what is not saved, JSON-ready, for a draft."""
        return {
            "values": {n: r.editor.value() for n, r in self.rows.items() if r.dirty},
            "overrides": {n: r.overriding for n, r in self.rows.items() if r.overriding},
            "items": {str(n): s.body() for n, s in self.sections.items() if s.dirty},
            "loose": self.loose.body() if self.loose is not None and self._loose_changed() else [],
        }

    def put(self, body: Mapping[str, Any]) -> None:
        """Show a draft on top of what is saved."""
        for name, value in dict(body.get("values", {})).items():
            row = self.rows.get(name)
            if row is not None and not row.locked:
                row.put(value)
        for name, reason in dict(body.get("overrides", {})).items():
            if name in self.rows:
                self.rows[name].put_override(str(reason))
        for number, content in dict(body.get("items", {})).items():
            section = self.sections.get(int(number))
            if section is not None:
                section.put(content)
        if self.loose is not None and body.get("loose"):
            self.loose.put(body["loose"])
        self.refresh()

    # ---------------------------------------------------------------------------- behaviour

    def _changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def refresh(self) -> None:
        """Show what concerns the case with what is typed now, hide the rest."""
        typed = {n: r.editor.value() for n, r in self.rows.items() if r.dirty and r.in_play}
        ctx = with_draft(self._ctx, self.key, typed)
        fields = {spec.name for spec in fields_in_play(ctx, self.spec, self.key.subject)}
        items = {item.item for item in items_in_play(ctx, self.spec, self.key.subject)}
        materials = [m.name for m in materials_in_play(ctx, self.spec, self.key.subject)]
        moved = False
        for name, row in self.rows.items():
            moved |= row.in_play != (name in fields)
            row.in_play = name in fields
            keep_if(row, row.in_play)
        for number, section in self.sections.items():
            moved |= section.isVisibleTo(self) != (number in items)
            keep_if(section, number in items)
            section.narrow(
                papers_in_play(ctx, section.item, self.key.subject),
                [duty.who for duty in notices_in_play(ctx, section.item, self.key.subject)],
                materials,
            )
        for plain in self.plain:
            extra = plain is self.plain[-1] and self.loose is not None
            keep_if(plain, extra or any(row.in_play for row in plain.rows))
        if moved:
            self.shape_changed.emit()

    def place_of(self, where: str) -> FieldRow | ItemSection | None:
        """Return the place a problem or a missing thing speaks of, by name or label."""
        if where in self.rows:
            return self.rows[where]
        for row in self.rows.values():
            if row.spec.label == where:
                return row
        for number, section in self.sections.items():
            if where in (section.label, str(number), f"工作内容{number}"):
                return section
        bare = where.strip("《》")
        for section in self.sections.values():
            known = (*section.papers.rows, *section.notices.rows, *section.materials.boxes)
            if bare in known or bare.removeprefix("告知") in known:
                return section
        return None
