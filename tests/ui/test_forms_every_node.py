"""The dialog of every node: made from the rulebook, filled in by hand, saved, shown again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from helpers.bureau import Office
from helpers.desk import PAYING_FIELDS
from helpers.every_node import open_node
from helpers.typing_in import do_item, enter
from zhixing_desktop.services.node_saving import Place, Saved, read_opening
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.node_dialog import NodeDialog
from zhixing_desktop.ui.forms.node_form import NodeForm
from zhixing_desktop.workflow.completeness import current_value
from zhixing_desktop.workflow.rulebook import FieldType

DAY = "2024-06-14"
PLANNED = "2024-08-30"
# What a node's own rules want; everything else takes an answer by its type.
ANSWERS: dict[tuple[int, str], Any] = {
    (25, "auction_opens_on"): PLANNED,
    (26, "auction_opens_on"): PLANNED,
}
LATER = {"auction_opens", "sale_opens"}


def answer(form: NodeForm, row: FieldRow) -> Any:
    """Return a sensible answer for a field."""
    spec = row.spec
    if (form.key.node, spec.name) in ANSWERS:
        return ANSWERS[form.key.node, spec.name]
    if spec.event in LATER:
        return PLANNED
    answers: dict[FieldType, Any] = {
        FieldType.TEXT: "豫0811执1号之一，已核对原件",
        FieldType.LONGTEXT: "已到现场逐项核对，情况属实，制作笔录一份附卷。",
        FieldType.DATE: DAY,
        FieldType.DATETIME: f"{DAY} 10:00",
        FieldType.MONEY: "1,234.50",
        FieldType.NUMBER: "2",
        FieldType.BOOL: True,
        FieldType.STAFF: "张承办",
        FieldType.PARTY: "debtor/1",
        FieldType.ASSET: "asset/1",
        FieldType.ACCOUNT: "6222 0217 0200 0000 001",
    }
    if spec.type is FieldType.CHOICE:
        return spec.options[0]
    if spec.type is FieldType.MULTICHOICE:
        return list(spec.options[:2])
    return answers[spec.type]


def fill(dialog: NodeDialog) -> dict[str, Any]:
    """Fill every field that shows, also those that come up meanwhile; return what was entered."""
    form = dialog.form
    entered: dict[str, Any] = {}
    for _ in range(3):
        for name, row in form.rows.items():
            if name in entered or not row.in_play or row.locked or row.editor.value() is not None:
                continue
            if row.spec.type is FieldType.ASSET and not form._ctx.index.subjects_of("asset"):
                continue
            if form.key.node == 33 and name in PAYING_FIELDS:
                continue  # 财务 enters it
            enter(row, answer(form, row))
            entered[name] = row.editor.value()
    for section in form.sections.values():
        if section.isVisibleTo(form):
            do_item(section, DAY)
    return {name: value for name, value in entered.items() if form.rows[name].in_play}


@pytest.mark.parametrize("node", range(1, 47))
def test_every_node_is_filled_in_by_hand_and_saved(
    node: int, office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None]
) -> None:
    case = office.register(9000 + node, "乙")
    key = open_node(office, case, node)
    by = office.by(case, {"do": "complete", "node": node})
    place = Place(office.bureau, by, case, key)
    dialog = NodeDialog(bridge, place, read_opening(place), host)
    dialog.open()
    answers: list[Saved] = []
    dialog.saved.connect(answers.append)

    entered = fill(dialog)
    assert [p.sentence for p in dialog.form.problems()] == []
    dialog.save()
    settle()

    assert [line.sentence for line in dialog.refusals.lines] == []
    assert len(answers) == 1
    assert answers[0].recorded
    ctx = office.detail(case).context
    spec = ctx.rulebook.nodes[node]
    shown = {name: current_value(ctx, key, spec.field(name)) for name in entered}
    stored = {name: office_form(value) for name, value in entered.items()}
    assert {n: office_form(v) for n, v in shown.items()} == stored
    done = {item.item for item in spec.work_items if item.item in dialog.form.sections}
    visible = {n for n in done if dialog.form.sections[n].isVisibleTo(dialog.form)}
    assert set(ctx.index.items.get(key, {})) == visible
    assert not dialog.form.dirty
    dialog.reject()
    assert not dialog.isVisible()


def office_form(value: Any) -> Any:
    """A value as it is kept: numbers as numbers."""
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) < 4 else value
