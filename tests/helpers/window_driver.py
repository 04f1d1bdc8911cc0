"""A whole case, as ``helpers.desk`` tells it, driven through the real main window.

Every step is what a person does: the case is registered in 新收案件, chosen in the list, the node
in the chart, the subject in the node panel; 启动, 办理…, 办结（流转）, 登记… and 申请审批… are
clicked and the dialogs that open are filled in by their widgets; a decision is made in 待办审批 by
whoever holds the role, who signs in by 换人.

The window numbers new assets itself, one after the other: ``as_registered`` gives the steps the
numbers that they get at a desk where nobody chooses them.  An event that is no registration has a
field at a node: ``as_entered`` gives the steps that way.

``WindowDriver.doors`` counts which door each step took; ``WindowDriver.unseen`` lists what a step
tells and the window has no place for (it must stay empty).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from helpers.desk import FILER, OFFICER, Step
from helpers.scenarios import Scenario
from helpers.signing import sign_in
from helpers.typing_in import enter_into, pick, write_line
from zhixing_desktop import app
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import people
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.node_saving import Saved
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.ui.approvals.waiting_list import place_of
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.forms.dates import MomentEditor
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.item_section import ItemSection
from zhixing_desktop.ui.forms.node_dialog import NodeDialog
from zhixing_desktop.ui.forms.node_form import NodeForm
from zhixing_desktop.ui.forms.reasons import RequestDialog
from zhixing_desktop.ui.forms.subject_dialog import HAPPENED, SubjectDialog
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.ui.new_case import NewCaseDialog
from zhixing_desktop.ui.node_panel.panel import NodePanel
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.views import Key

PATIENCE = 20_000
REGISTERED_AT = {"asset": 17, "clue": 8, "payment": 32}
"""At which node the panel is when a new subject is registered."""
_ROUNDS = 6
"""A field that comes up because of a field that came up, and so on, at most so often."""


def in_time(steps: Sequence[Step]) -> list[Step]:
    """Return the steps as a clock that only goes forward meets them."""
    return sorted(steps, key=lambda step: str(step["at"]))


def as_registered(steps: Sequence[Step]) -> list[Step]:
    """Number assets, clues and payments in the order in which they are registered."""
    counted: Counter[str] = Counter()
    named: dict[str, str] = {}
    for step in steps:
        kind, _, number = str(step.get("subject", "")).partition("/")
        if step["do"] == "event" and kind in REGISTERED_AT and number.isdigit():
            counted[kind] += 1
            named[step["subject"]] = f"{kind}/{counted[kind]}"

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            parts = value.split("/", 2)
            new = named.get("/".join(parts[:2]))
            return "/".join((new, *parts[2:])) if new else value
        if isinstance(value, Mapping):
            return {name: renamed(entry) for name, entry in value.items()}
        return [renamed(entry) for entry in value] if isinstance(value, list) else value

    told: list[Step] = [renamed(step) for step in json.loads(json.dumps(steps))]
    return told


def as_entered(steps: Sequence[Step], book: Rulebook) -> list[Step]:
    """Let an event that is no registration come as the window takes it.

    An officer starts the node that has a field for it and fills that field in.
    """
    told: list[Step] = []
    for step in steps:
        kind = str(step.get("subject", "")).partition("/")[0]
        if step["do"] != "event" or kind in REGISTERED_AT:
            told.append(step)
            continue
        ((node, name),) = [
            (node.number, field.name)
            for node in book.nodes.values()
            for field in node.fields
            if field.event == step["event"] and node.subject == kind
        ]
        rest = {name: step[name] for name in ("at", "by", "subject")}
        told.append({"do": "start", "node": node, **rest})
        told.append({"do": "work", "node": node, **rest, "values": {name: step["on"]}})
    return told


class WindowDriver:
    """Drives one window; times only go forward."""

    def __init__(self, bureau: Bureau, clock: FixedClock, qtbot: QtBot) -> None:
        self.bureau, self.clock, self.qtbot = bureau, clock, qtbot
        self.desk = app.Desk(bureau, clock=clock)
        self.case_id = 0
        self.doors: Counter[str] = Counter()
        self.unseen: list[str] = []
        self.nodes: set[int] = set()
        give_accounts(bureau)
        self.window: MainWindow = self._open(FILER)

    def _open(self, name: str) -> MainWindow:
        with self.qtbot.waitSignal(self.desk.beat.swept, timeout=PATIENCE):
            made = self.desk.open_window(people.find_person(self.bureau, name).actor())
        made.resize(1600, 960)
        with self.qtbot.waitExposed(made):
            made.show()
        self.window = made
        self.settle()
        return made

    # ------------------------------------------------------------------------------- waiting

    def settle(self) -> None:
        """Wait until the window has asked and shown everything."""

        def quiet() -> bool:
            window = self.window
            timers = (
                window.shown.timer,
                window.case_list._choice_timer,
                window.case_list._refresh_timer,
            )
            return self.desk.bridge.pending == 0 and not any(timer.isActive() for timer in timers)

        self.qtbot.waitUntil(quiet, timeout=PATIENCE)

    def answered(self) -> None:
        """Wait until everything that was asked for has been answered."""
        self.qtbot.waitUntil(lambda: self.desk.bridge.pending == 0, timeout=PATIENCE)

    def gone(self) -> None:
        """Wait until the dialog of the panel has deleted itself."""
        self.qtbot.waitUntil(lambda: self.window.panels.node.steps.dialog is None, timeout=PATIENCE)

    def at(self, moment: str) -> None:
        """Set the clock; the beat asks what is due and the window looks again."""
        wanted = datetime.fromisoformat(moment)
        if wanted == self.clock.now():
            return
        self.clock.set(wanted)
        with self.qtbot.waitSignal(self.desk.beat.swept, timeout=PATIENCE):
            self.window.actions_.by_name["refresh"].trigger()
        self.settle()

    # ------------------------------------------------------------------------ who sits there

    def sit_down(self, name: str) -> None:
        """Let somebody else work here, by 换人; the case that was chosen is chosen again."""
        if self.window.actor.name == name:
            return
        self.window.actions_.by_name["switch_user"].trigger()
        self.window = sign_in(self.desk, self.qtbot, name)
        self.window.resize(1600, 960)
        self.settle()
        if self.case_id:
            self.choose_case(self.case_id)
        self.doors["换人"] += 1

    # ------------------------------------------------------------------------------ the case

    def open_case(self, told: Scenario) -> int:
        """Register the case of a scenario in 新收案件 and choose it in the list."""
        self.at(told.opened)
        self.sit_down(FILER)
        header = told.header
        self.window.actions_.by_name["new_case"].trigger()
        dialog = _shown(self.window, NewCaseDialog)
        self.answered()
        form = dialog.form
        write_line(form.case_no, header["case_no"])
        if header.get("previous_case_no"):
            write_line(form.previous, header["previous_case_no"])
        for name, box in form.content.items():
            if box.isChecked() != (name in header["content"]):
                box.click()
        write_line(form.amount, header["amount"])
        form.officer.setCurrentIndex(form.officer.findData(header["officer"]))
        while len(form.parties.rows) < len(told.parties):
            form.parties.add_debtor.click()
        for row, (standing, name) in zip(form.parties.rows, told.parties, strict=True):
            assert row.standing.currentData() == standing
            row.kind.setCurrentText("法人" if len(name) > 4 else "自然人")
            write_line(row.name, name)
        dialog.save.click()
        if dialog.save.text() == "仍然登记":
            dialog.save.click()
        with self.qtbot.waitSignal(self.window.dialogs.registered, timeout=PATIENCE) as caught:
            pass
        self.settle()
        self.doors["新收案件"] += 1
        self.sit_down(OFFICER)
        self.choose_case(int(caught.args[0]))
        return self.case_id

    def choose_case(self, case_id: int) -> None:
        """Find the case's row in the list and click it."""
        self.case_id = case_id
        panel = self.window.case_list
        panel.clear_choice()
        self.settle()
        row = panel.model.row_of_case(case_id)
        assert row is not None
        panel.table.selectRow(row)
        self.settle()
        case = self.node_panel.case
        assert case is not None
        assert case.id == case_id

    @property
    def node_panel(self) -> NodePanel:
        """The panel of the node."""
        return self.window.panels.node

    def go_to(self, node: int, subject: str | None = None) -> NodePanel:
        """Choose a node in the chart and, where it has several, the subject in the panel."""
        panel = self.node_panel
        if self.window.shown.node != node:
            assert self.window.charts.show_node(node), node
        self.answered()
        assert panel.overview is not None
        assert panel.overview.spec.number == node
        shown = panel.detail.key if panel.detail is not None else None
        if subject is not None and shown != Key(node, subject):
            assert not panel.chooser_row.isHidden()
            pick(panel.chooser, subject)
            assert panel.detail is not None
            assert panel.detail.key == Key(node, subject)
        self.nodes.add(node)
        return panel

    # ------------------------------------------------------------------------------- driving

    def drive(self, steps: Sequence[Step]) -> None:
        """Do every step, at its moment, by the person it names, through the window."""
        waiting = list(steps)
        while waiting:
            step = waiting.pop(0)
            self.at(step["at"])
            self.sit_down(step["by"])
            if step["do"] == "work":
                ends = bool(waiting) and _ends(step, waiting[0])
                # Both ways to the end are used: 保存并办结, and 保存 and then 办结（流转）.
                at_once = ends and int(step["node"]) % 3 != 0
                self.work(step, complete=at_once)
                if at_once:
                    waiting.pop(0)
                continue
            {
                "event": self.event,
                "start": self.start,
                "complete": self.complete,
                "request": self.request,
                "decide": self.decide,
            }[step["do"]](step)

    def start(self, step: Step) -> None:
        """启动."""
        panel = self.go_to(step["node"], step["subject"])
        self._click(panel.buttons.start)
        self.answered()
        self._no_refusal()
        self.doors["启动"] += 1

    def complete(self, step: Step) -> None:
        """办结（流转）, and yes."""
        panel = self.go_to(step["node"], step["subject"])
        self._click(panel.buttons.complete)
        _press(_shown(panel, QMessageBox), "办结")
        self.answered()
        self._no_refusal()
        assert panel.detail is not None
        assert panel.detail.view is not None
        assert panel.detail.view.completed_at == self.clock.now(), step
        self.doors["办结（流转）"] += 1

    def work(self, step: Step, *, complete: bool) -> None:
        """办理…, everything filled in, 保存 or 保存并办结."""
        panel = self.go_to(step["node"], step["subject"])
        self._click(panel.buttons.work)
        self.answered()
        dialog = panel.steps.dialog
        assert isinstance(dialog, NodeDialog), step
        self._fill_in(dialog, step)
        self._save(dialog, step, complete=complete)

    def _fill_in(self, dialog: NodeDialog, step: Step) -> None:
        place = f"{step['node']}@{step['subject']}"
        form = dialog.form
        self._fill_fields(form, dict(step.get("values", {})), place)
        loose: set[str] = set()
        for number, entry in step.get("items", {}).items():
            section = form.sections[int(number)]
            if not section.isVisibleTo(form):
                self.unseen.append(f"{place} 工作内容{number}")
                continue
            self._fill_item(section, entry, place)
            loose |= set(entry.get("materials", ()))
        if form.loose is not None:
            for name, box in form.loose.boxes.items():
                if name in loose and not box.isChecked():
                    box.click()

    def _fill_fields(self, form: NodeForm, values: dict[str, Any], place: str) -> None:
        for _ in range(_ROUNDS):
            for name in [n for n in values if form.rows[n].in_play]:
                self._enter(form.rows[name], values.pop(name), place)
        self.unseen += [f"{place} {name}" for name in values]

    def _enter(self, row: FieldRow, value: Any, place: str) -> None:
        if row.locked:
            # Recorded already (by another node): only to be corrected.
            if row.editor.value() != value:
                self.unseen.append(f"{place} {row.spec.name} locked {row.editor.value()} {value}")
            return
        enter_into(row.editor, value)
        assert row.editor.value() is not None, (place, row.spec.name, value)

    def _fill_item(self, section: ItemSection, entry: Mapping[str, Any], place: str) -> None:
        where = f"{place} {section.label}"
        if entry.get("not_needed"):
            section.not_needed.click()
            write_line(section.reason, entry["not_needed"])
            return
        if not section.done.isChecked():
            section.done.click()
        day, _, clock = str(entry["done_on"]).partition("T")
        hours = isinstance(section.done_on, MomentEditor)
        enter_into(section.done_on, f"{day} {clock}" if hours else day)
        for name, made in entry.get("papers", {}).items():
            editor = section.papers.rows[name]
            if editor.isVisibleTo(section):
                enter_into(editor, made)
            else:
                self.unseen.append(f"{where} 《{name}》")
        for notice in entry.get("notices", ()):
            combo, day = section.notices.rows[notice["who"]]
            if not combo.isVisibleTo(section):
                self.unseen.append(f"{where} 告知{notice['who']}")
                continue
            if notice.get("channel"):
                pick(combo, notice["channel"])
            enter_into(day, notice.get("not_needed") or notice["on"])
        for name, box in section.materials.boxes.items():
            # A material that does not concern this case is told all the same, and not asked for.
            wanted = name in entry.get("materials", ())
            if box.isVisibleTo(section) and box.isChecked() != wanted:
                box.click()

    def _save(self, dialog: NodeDialog, step: Step, *, complete: bool) -> None:
        found = [problem.sentence for problem in dialog.form.problems()]
        assert found == [], step
        saved: list[Saved] = []
        dialog.saved.connect(saved.append)
        button = dialog.complete_button if complete else dialog.save_button
        self._click(button)
        self.answered()
        if len(saved) != 1 or saved[0].refusal is not None or saved[0].completed != complete:
            refused = [line.sentence for line in dialog.refusals.lines]
            raise AssertionError(f"{step}\n{saved}\n{refused}\n{dialog.status.text()}")
        if not complete:
            assert not dialog.form.dirty
            self._click(dialog.close_button)
        self.gone()
        self.answered()
        self.doors["保存并办结" if complete else "保存"] += 1

    def event(self, step: Step) -> None:
        """登记… a new subject at the node that it belongs to."""
        kind = str(step["subject"]).partition("/")[0]
        assert self.bureau.rules.book.subjects[kind].event == step["event"], step
        self._register(step, kind)

    def _register(self, step: Step, kind: str) -> None:
        panel = self.go_to(REGISTERED_AT[kind])
        self._click(panel.buttons.register)
        self.answered()
        dialog = panel.steps.dialog
        assert isinstance(dialog, SubjectDialog)
        assert dialog.subject == step["subject"]
        for name, value in {**step["data"], HAPPENED: step["on"]}.items():
            enter_into(dialog.rows[name].editor, value)
        self._click(dialog.save_button)
        self.answered()
        refused = [line.sentence for line in dialog.refusals.lines] if panel.steps.dialog else []
        assert refused == [], step
        self.gone()
        self.answered()
        assert panel.detail is not None
        assert panel.detail.key == Key(REGISTERED_AT[kind], step["subject"])
        self.doors["登记…"] += 1

    def request(self, step: Step) -> None:
        """申请审批…, the matter where there are several, the reason, 提出申请."""
        assert step["data"] == {}, "the window's application carries a reason only"
        panel = self.go_to(step["node"], step["subject"])
        assert panel.detail is not None
        rows = {row.spec.matter: row.spec.label for row in panel.detail.approvals}
        self._click(panel.buttons.apply)
        if panel.steps.dialog is None:
            _press(_shown(panel, QMessageBox), rows[step["matter"]])
        dialog = panel.steps.dialog
        assert isinstance(dialog, RequestDialog)
        assert dialog.windowTitle() == rows[step["matter"]]
        enter_into(dialog.reason, step["reason"])
        self._click(dialog.act)
        self.answered()
        self.gone()
        self.answered()
        self.doors["申请审批…"] += 1

    def decide(self, step: Step) -> None:
        """待办审批: the application chosen, the decision, the reason, 确认."""
        window = self.window
        window.actions_.by_name["approvals"].trigger()
        decisions = _shown(window, DecisionsWindow)
        self.answered()
        panel = decisions.panel
        wanted = (self.case_id, step["node"], step["subject"], step["matter"])
        found = [
            place_of(item)
            for item in panel.list.waiting.rows
            if (item.case_id, item.node, item.subject, item.matter) == wanted
        ]
        assert len(found) == 1, (wanted, len(panel.list.waiting.rows))
        panel.go_to(found[0])
        self.answered()
        assert panel.sheet is not None
        self._click(panel.form.buttons[step["outcome"]])
        enter_into(panel.form.reason, step["reason"])
        if step.get("points"):
            enter_into(panel.form.points, "\n".join(step["points"]))
        self._click(panel.form.confirm)
        self.answered()
        assert panel.form.refusal.isHidden(), panel.form.refusal_words.text()
        decisions.close()
        self.doors["待办审批"] += 1

    # ------------------------------------------------------------------------------- clicking

    def _click(self, button: QPushButton) -> None:
        told = button.accessibleDescription() or button.toolTip()
        assert button.isEnabled(), f"{button.text()}: {told}"
        button.click()

    def _no_refusal(self) -> None:
        shown = [
            f"{box.text()} {box.informativeText()}"
            for box in QApplication.topLevelWidgets()
            if isinstance(box, QMessageBox) and box.isVisible()
        ]
        assert shown == []

    def close(self) -> None:
        """Close the window, which puts beat, bridge and database away."""
        self.window.close()
        self.desk.close()


def _ends(step: Step, after: Step) -> bool:
    same = all(step[name] == after.get(name) for name in ("at", "by", "node", "subject"))
    return after["do"] == "complete" and same


def _shown(parent: QWidget, kind: type[Any]) -> Any:
    found = [widget for widget in parent.findChildren(kind) if widget.isVisible()]
    assert len(found) == 1, (kind, found)
    return found[0]


def _press(box: QMessageBox, words: str) -> None:
    next(button for button in box.buttons() if button.text() == words).click()
