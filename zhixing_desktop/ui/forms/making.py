"""Which editor a field gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.people import Person
from zhixing_desktop.ui.forms.choices import (
    BoolEditor,
    ChoiceEditor,
    MultiEditor,
    SearchEditor,
)
from zhixing_desktop.ui.forms.dates import DateEditor, MomentEditor
from zhixing_desktop.ui.forms.editor import (
    AccountEditor,
    Editor,
    LineEditor,
    LongEditor,
    MoneyEditor,
    NumberEditor,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.rulebook import FieldSpec, FieldType


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What editors offer for choosing: the case's subjects and the bureau's people."""

    ctx: Context
    people: Sequence[Person]

    def readings(self) -> dict[str, str]:
        """Return what the readings answer, for help."""
        return {code: reading.answer for code, reading in self.ctx.rulebook.readings.items()}

    def subjects(self, *kinds: str) -> list[tuple[str, str]]:
        """Return the case's subjects of some kinds with their names."""
        index = self.ctx.index
        known = [entry for kind in kinds for entry in index.subjects_of(kind)]
        return [(entry, subject_words(index.name_of, entry)) for entry in known]

    def staff(self) -> list[tuple[str, str]]:
        """Return the active people with their roles."""
        return [
            (person.name, f"{person.name}（{'、'.join(person.roles)}）")
            for person in self.people
            if person.active
        ]


def editor_for(spec: FieldSpec, around: Surroundings) -> Editor:
    """Return a fresh editor for a field."""
    return _MAKERS[spec.type](spec, around)


_Maker = Callable[[FieldSpec, Surroundings], Editor]
_MAKERS: Mapping[FieldType, _Maker] = MappingProxyType(
    {
        FieldType.TEXT: lambda spec, around: LineEditor(),
        FieldType.LONGTEXT: lambda spec, around: LongEditor(),
        FieldType.MONEY: lambda spec, around: MoneyEditor(),
        FieldType.NUMBER: lambda spec, around: NumberEditor(),
        FieldType.BOOL: lambda spec, around: BoolEditor(),
        FieldType.ACCOUNT: lambda spec, around: AccountEditor(),
        FieldType.DATE: lambda spec, around: DateEditor(around.ctx.now),
        FieldType.DATETIME: lambda spec, around: MomentEditor(around.ctx.now),
        FieldType.CHOICE: lambda spec, around: ChoiceEditor([(o, o) for o in spec.options]),
        FieldType.MULTICHOICE: lambda spec, around: MultiEditor(spec.options),
        FieldType.PARTY: lambda spec, around: ChoiceEditor(around.subjects("debtor", "creditor")),
        FieldType.ASSET: lambda spec, around: ChoiceEditor(around.subjects("asset")),
        FieldType.STAFF: lambda spec, around: SearchEditor(around.staff()),
    }
)
