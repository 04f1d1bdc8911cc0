"""The parties' dialog in the window: what is there, what is missing, what is saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from zhixing_desktop.services import parties
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.parties_dialog import PartiesDialog

Settle = Callable[[], None]


@pytest.fixture
def case(office: Office) -> int:
    return office.register(9001, "李四光")


@pytest.fixture
def dialog(
    office: Office, bridge: Bridge, actor: Actor, host: QWidget, case: int, settle: Settle
) -> PartiesDialog:
    made = PartiesDialog(office.bureau, bridge, actor, case, subject="debtor/1", parent=host)
    made.open()
    settle()
    return made


def typed(dialog: PartiesDialog, name: str, text: str) -> None:
    editor = dialog.fields[name]
    assert isinstance(editor, QLineEdit)
    editor.setText(text)


def test_it_opens_on_the_party_and_says_what_papers_lack(dialog: PartiesDialog) -> None:
    item = dialog.names.currentItem()
    assert "李四光" in item.text()
    assert "待补充" in item.text()
    assert "住址" in dialog.note.text()
    assert not dialog.save.isEnabled()


def test_what_is_typed_is_saved_with_its_reason(
    dialog: PartiesDialog, office: Office, actor: Actor, case: int, settle: Settle
) -> None:
    typed(dialog, "address", "河南省修武县某村1号")
    assert not dialog.save.isEnabled()
    dialog.reason.setText("依身份证补录住址")
    dialog.save.click()
    settle()
    kept = parties.parties_of(office.bureau, actor, case).parties[2]
    assert kept.values["address"] == "河南省修武县某村1号"
    assert office.detail(case).facts[-1].reason == "依身份证补录住址"
    assert dialog.names.currentItem().text().startswith("被执行人")
    assert not dialog.save.isEnabled()


def test_the_fields_follow_the_kind_of_person(dialog: PartiesDialog) -> None:
    assert dialog.fields["ethnicity"].isVisibleTo(dialog)
    assert not dialog.fields["legal_representative"].isVisibleTo(dialog)
    dialog.names.setCurrentRow(0)
    assert dialog.fields["cause"].isVisibleTo(dialog)
    assert not dialog.fields["address"].isVisibleTo(dialog)
    dialog.names.setCurrentRow(1)
    assert not dialog.fields["cause"].isVisibleTo(dialog)
    assert dialog.fields["legal_representative"].isVisibleTo(dialog)
    assert not dialog.fields["guardian"].isVisibleTo(dialog)
    kind = dialog.fields["kind"]
    assert isinstance(kind, QComboBox)
    assert kind.currentText() == "法人"


def test_a_refusal_keeps_what_was_typed(dialog: PartiesDialog, settle: Settle) -> None:
    typed(dialog, "id_number", "410811198005065431")
    dialog.reason.setText("依身份证补录")
    dialog.save.click()
    settle()
    assert "校验" in dialog.note.text()
    assert dialog.values()["id_number"] == "410811198005065431"


def test_somebody_else_was_faster(
    dialog: PartiesDialog, office: Office, actor: Actor, case: int, settle: Settle, qtbot: QtBot
) -> None:
    parties.save_party(
        office.bureau, actor, case, "debtor/1", {"phone": "13903910001"}, reason="补录电话"
    )
    typed(dialog, "address", "甲地")
    dialog.reason.setText("补录住址")
    dialog.save.click()
    settle()
    assert "刚刚被别人办理过" in dialog.note.text()
    assert dialog.values()["address"] == "甲地"
