"""The whole job on the sample bureau without a display; its screens are left as pictures.

Nothing is faked: the sample is imported through the real import, the window is the real window, the
application is made and decided through its panels.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from zhixing_desktop import app
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.demo.dossier_pictures import show_dossier
from zhixing_desktop.demo.neutral_paths import shown_neutral
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import accounts, case_list, deputies, people, work
from zhixing_desktop.services import cases as case_services
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.dossier_showcase import showcase
from zhixing_desktop.services.dossier_showcase_archive import to_the_archive
from zhixing_desktop.services.paper_showcase import every_form
from zhixing_desktop.services.paper_types import DOCX_ENDING, PDF_ENDING, PaperFile, PaperWish
from zhixing_desktop.services.papers import draw_preview
from zhixing_desktop.services.sample import DEFAULT_CASES, SAMPLE_NOW, make_sample
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.ui.papers.contact_sheet import contact_sheet
from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

Tell = Callable[[str], None]
CHIEF = "梁宏伟"
NEWCOMER, NEW_PASSWORD = "秦新", "Xin-lai.2025"
WINDOW = (1680, 980)
CALENDAR = (1180, 760)
PATIENCE_S = 30.0
PDF_TYPE = "application/pdf"
BEAT_MS = 60
SIMULATED_DAYS = 60
CHARTS = ("总体图", "案件节点图", "执行措施节点图")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A locally frozen instance that its officer can ask to have unfrozen."""

    case_id: int
    case_no: str
    officer: str
    key: Key


def run_demo(out: Path, tell: Tell, *, cases: int = DEFAULT_CASES) -> int:
    """Make the sample bureau in ``out`` and leave its screens there; return the exit code."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    database = make_sample(out, cases=cases, progress=tell)
    app.make_application(sys.argv[:1])
    app.apply_theme("light")
    with opened(database) as desk:
        stage = Stage(desk, out, tell)
        stage.play()
        leave_papers(desk.bureau, out / "papers", tell)
        leave_dossier(desk.bureau, out / "dossier", tell)
    tell(f"画面已存入 {out}")
    return 0


@contextmanager
def opened(database: Path) -> Iterator[app.Desk]:
    """Open a sample database at the sample's present."""
    clock = FixedClock(SAMPLE_NOW)
    bureau = open_bureau(
        f"sqlite:///{database}", clock=clock, resources=resources_dir(), workstation="示例工作站"
    )
    desk = app.Desk(bureau, clock=clock)
    try:
        yield desk
    finally:
        desk.close()


def leave_papers(bureau: Bureau, folder: Path, tell: Tell) -> None:
    """Make each form of the sample's cases in both formats, and a contact sheet of them all."""
    folder.mkdir(parents=True, exist_ok=True)
    chief = people.find_person(bureau, CHIEF).actor()
    made: list[tuple[str, PaperFile]] = []
    missing = 0
    for shown in every_form(bureau, chief):
        for ending in (PDF_ENDING, DOCX_ENDING):
            file = draw_preview(bureau, shown.preview, ending)
            (folder / f"{shown.form[:2]}-{shown.name}{ending}").write_bytes(file.data)
            if ending == PDF_ENDING:
                made.append((f"{shown.form[:2]}　{shown.name}", file))
        missing += bool(shown.gaps)
    sheets = contact_sheet(made, folder)
    lacking = f"，其中{missing}种所需内容在示例案件中没有录全，已标出" if missing else ""
    tell(f"  {folder.name}：{len(made)}种文书{lacking}")
    tell(f"  {sheets[0].name}，图片{len(sheets) - 1}张")


def leave_dossier(bureau: Bureau, folder: Path, tell: Tell) -> None:
    """Take the sample's filled dossier to the archive; leave what comes of it, and its pages."""
    found = showcase(bureau)
    if found is None:
        return
    if folder.exists():
        shutil.rmtree(folder)
    made = to_the_archive(bureau, found, folder, tell)
    shown = []
    for path in made.printed:
        data = path.read_bytes()
        shown.append((path.stem, PaperFile(path.name, PDF_TYPE, data)))
    sheets = contact_sheet(shown, folder)
    for proof in made.proofs:
        outcome = "与电子卷宗逐页一致" if proof.same else f"有{len(proof.findings)}处不一致"
        tell(f"  {proof.title}：{outcome}")
    if made.package is not None:
        tell(f"  归档包{'验证通过' if not made.faults else '验证没有通过'}：{made.package.name}")
    tell(f"  {folder.name}：{found.case_no}，{sheets[0].name}，图片{len(sheets) - 1}张")


class Stage:
    """One run through the window."""

    def __init__(self, desk: app.Desk, out: Path, tell: Tell) -> None:
        self._desk = desk
        self._bureau: Bureau = desk.bureau
        self._out = out
        self._tell = tell
        self._frozen = frozen_case(self._bureau)
        desk.gate.open_first_start()
        self.settle()
        self.keep(_shown(desk.gate.dialog), "13-首次启动")
        desk.gate.close()
        desk.ask_who(self._frozen.officer)
        self.settle()
        self.keep(_shown(desk.gate.dialog), "14-登录")
        self.window: MainWindow = self._sign_in(_shown(desk.gate.dialog), SAMPLE_PASSWORD)

    def _sign_in(self, dialog: QDialog, password: str) -> MainWindow:
        """Press the button of the sign-in; return the window of whoever came in."""
        assert isinstance(dialog, SignInDialog)
        dialog.password.setText(password)
        dialog.enter.click()
        self.settle()
        window = self._desk.window
        assert window is not None
        window.resize(*WINDOW)
        return window

    def sit_down(self, name: str) -> None:
        """Somebody else takes over: the former window is closed, a new one opened."""
        self.window.actions_.by_name["switch_user"].trigger()
        self.settle()
        dialog = _shown(self._desk.session.dialog)
        assert isinstance(dialog, SignInDialog)
        dialog.login.setText(name)
        self.window = self._sign_in(dialog, SAMPLE_PASSWORD)
        self.settle()

    def play(self) -> None:
        """Show the bureau, a case on its charts, a dialog, a decision and a simulation."""
        self.settle()
        self.keep(self.window, "01-全局概览")
        # The first picture has the day's pop-ups; then they are known.
        self.window.news.popups.put_away()
        self._charts()
        self._dialog()
        self._papers()
        self._decision()
        self._simulation()
        self._calendar()
        self._lock()
        self._office()
        show_dossier(self, self._bureau, self._holder("系统管理员"))
        self._newcomer()

    def settle(self) -> None:
        """Let the window work until nothing is under way."""
        ends = time.monotonic() + PATIENCE_S
        calm = 0
        while time.monotonic() < ends and calm < 5:
            loop = QEventLoop()
            QTimer.singleShot(BEAT_MS, loop.quit)
            loop.exec()
            calm = calm + 1 if self._desk.bridge.pending == 0 else 0

    def keep(self, widget: QWidget, name: str) -> None:
        """Leave a picture of a window."""
        target = self._out / f"{name}.png"
        folders = {self._out: r"D:\知行\数据", Path(tempfile.gettempdir()): r"D:\扫描"}
        with shown_neutral(widget, folders):
            widget.grab().save(str(target))
        self._tell(f"  {target.name}")

    def _charts(self) -> None:
        self.window.open_case(self._frozen.case_id, self._frozen.key.node)
        self.settle()
        for number, name in enumerate(CHARTS):
            self.window.charts.tabs.setCurrentIndex(number)
            self.settle()
            self.keep(self.window, f"0{number + 2}-{name}")
        self.window.charts.tabs.setCurrentIndex(1)

    def _dialog(self) -> None:
        officer = people.find_person(self._bureau, self._frozen.officer).actor()
        detail = case_services.detail(self._bureau, officer, self._frozen.case_id)
        node = next(
            view.key.node
            for view in detail.view.instances.values()
            if view.state in (State.ACTIVE, State.WARNED, State.OVERDUE, State.FROZEN)
            and view.key.node not in (43, 45)
        )
        self.window.open_case(self._frozen.case_id, node)
        self.settle()
        self.window.panels.node.buttons.work.click()
        self.settle()
        dialog = self._dialog_open()
        if dialog is not None:
            self.keep(dialog, "05-节点办理")
            dialog.done(QDialog.DialogCode.Rejected)
        self.settle()

    def _papers(self) -> None:
        """A notice beside its page, and the papers of the filing as they would be printed."""
        frozen, windows = self._frozen, self.window.panels.node.papers.windows
        notice = windows.make(PaperWish(frozen.case_id, "执行通知书", about="debtor/1"))
        pack = windows.node_pack(frozen.case_id, frozen.case_no, Key(2, "case"), "立案")
        for window, name in ((notice, "22-文书"), (pack, "23-整组文书")):
            window.resize(*CALENDAR)
            self.settle()
            self.keep(window, name)
            window.close()
        self.settle()

    def _dialog_open(self) -> QDialog | None:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
        return next((w for w in found if w.isVisible()), None)

    def _decision(self) -> None:
        """The officer applies, the chief decides in his panel, the node goes on."""
        frozen = self._frozen
        officer = people.find_person(self._bureau, frozen.officer).actor()
        work.request_approval(
            self._bureau,
            officer,
            frozen.case_id,
            frozen.key,
            "unfreeze",
            "被执行人下落不明，核实送达地址耗时较长，现已整改",
        )
        self.sit_down(CHIEF)
        self.window.refresh()
        self.settle()
        decisions = self.window.dialogs.decisions()
        decisions.resize(*WINDOW)
        self.settle()
        panel = decisions.panel
        place = next(
            (item.case_id, item.request)
            for item in panel.list.waiting.rows
            if item.case_id == frozen.case_id
        )
        panel.go_to(place)
        self.settle()
        panel.choose("granted")
        panel.form.pick(1)
        self.settle()
        self.keep(decisions, "06-执行局长待决定")
        panel.confirm()
        self.settle()
        self._beside(decisions)
        decisions.close()
        self._news()
        self.window.open_case(frozen.case_id, frozen.key.node)
        self.settle()
        self.keep(self.window, "07-解冻以后")

    def _beside(self, decisions: DecisionsWindow) -> None:
        """What the chief keeps an eye on, and the sheet he signs."""
        decisions.tabs.setCurrentWidget(decisions.supervision)
        self.settle()
        self.keep(decisions, "10-督办")
        sheet = self.window.dialogs.daily_sheet()
        self.settle()
        self.keep(sheet, "11-工作日报")
        sheet.close()
        self.settle()

    def _news(self) -> None:
        self.window.news.show()
        self.settle()
        shown = self.window.news.digest_window
        if shown is not None:
            self.keep(shown, "12-新情况")
            shown.later.click()
        self.settle()

    def _simulation(self) -> None:
        self.sit_down(self._frozen.officer)
        self.window.open_case(self._frozen.case_id, self._frozen.key.node)
        self.settle()
        self.window.bottom.hide()
        bar = self.window.panels.simulator
        bar.show()
        bar.day.set_value(f"{SAMPLE_NOW + timedelta(days=SIMULATED_DAYS):%Y-%m-%d}")
        bar.run()
        self.settle()
        self.keep(self.window, "08-推演")

    def _calendar(self) -> None:
        """A day of rest is tried out: what it would move is listed, nothing is saved."""
        window = self.window.dialogs.calendar()
        window.resize(*CALENDAR)
        self.settle()
        query = case_list.CaseQuery(filter="all", limit=200, sort="due")
        chief = people.find_person(self._bureau, CHIEF).actor()
        ahead = (
            line.next_due_at.date()
            for line in case_list.page(self._bureau, chief, query)
            if line.next_due_at is not None and line.next_due_at > SAMPLE_NOW + timedelta(days=3)
        )
        day = next(day for day in ahead if self._bureau.rules.calendar.is_workday(day))
        window.view.choose(day, day)
        window.form.name.setText("停电检修")
        window.form.reason.setText("供电局通知全日检修")
        window.try_out()
        self.settle()
        self.keep(window, "09-工作日历")
        window.close()
        self.settle()

    def _lock(self) -> None:
        """Nothing is seen but the lock; the same person goes on where he was."""
        self.window.actions_.by_name["lock"].trigger()
        self.settle()
        dialog = _shown(self._desk.session.dialog)
        self.keep(dialog, "15-锁定")
        self._sign_in(dialog, SAMPLE_PASSWORD)

    def _office(self) -> None:
        """The administrators' windows, each opened by who may use it."""
        today = SAMPLE_NOW.date()
        chief = people.find_person(self._bureau, CHIEF).actor()
        until, paper = today + timedelta(days=6), "执行局〔2025〕3号授权委托书"
        leader = next(p for p in people.all_people(self._bureau) if "主管院领导" in p.roles)
        deputies.name_deputy(
            self._bureau, chief, CHIEF, leader.name, "执行局长", today, until, paper
        )
        for role, pictures in (
            ("系统管理员", (("people", "16-人员名册"), ("accounts", "17-账号"))),
            ("安全管理员", (("court_settings", "18-本院设置"), ("matrix", "20-权限表"))),
            ("主管院领导", (("deputies", "19-代理人"),)),
        ):
            self.sit_down(self._holder(role))
            for name, picture in pictures:
                window = getattr(self.window.dialogs, name)()
                self.settle()
                if name == "court_settings":
                    window.list.choose("security.idle_minutes")
                    self.settle()
                self.keep(window, picture)
                window.close()

    def _holder(self, role: str) -> str:
        return next(p.name for p in people.all_people(self._bureau) if role in p.roles)

    def _newcomer(self) -> None:
        """Somebody new gets a one-time password and has to change it at once."""
        bureau = self._bureau
        admin, security = (
            people.find_person(bureau, self._holder(role)).actor()
            for role in ("系统管理员", "安全管理员")
        )
        people.add_people(bureau, admin, [(NEWCOMER, (), "执行一团队")])
        person = people.find_person(bureau, NEWCOMER)
        people.change_roles(bureau, security, person.id, ("书记员",), version=person.version)
        once = accounts.create_account(bureau, admin, person.id, NEWCOMER)
        self.window.actions_.by_name["switch_user"].trigger()
        self.settle()
        dialog = _shown(self._desk.session.dialog)
        assert isinstance(dialog, SignInDialog)
        dialog.login.setText(NEWCOMER)
        dialog.password.setText(once)
        dialog.enter.click()
        self.settle()
        dialog.new.first.setText(NEW_PASSWORD)
        dialog.new.again.setText(NEW_PASSWORD[:-2])
        self.settle()
        self.keep(dialog, "21-更换密码")
        dialog.new.again.setText(NEW_PASSWORD)
        dialog.save.click()
        self.settle()
        self._tell(f"  {NEWCOMER}已用新密码登录")


def _shown(dialog: QDialog | None) -> QDialog:
    assert dialog is not None
    return dialog


def frozen_case(bureau: Bureau) -> Frozen:
    """Return a case with a node that this court itself may unfreeze.

    Raises ``LookupError`` when the sample holds none.
    """
    query = case_list.CaseQuery(filter="frozen", limit=500, sort="case_no", descending=True)
    chief = people.find_person(bureau, CHIEF).actor()
    for line in case_list.page(bureau, chief, query):
        detail = case_services.detail(bureau, chief, line.id)
        for view in detail.view.instances.values():
            frozen = view.frozen
            local = frozen is not None and frozen.unfreeze.level == "local"
            if local and view.key.node in (7, 17, 31, 32) and detail.officer:
                return Frozen(line.id, line.case_no, detail.officer, view.key)
    raise LookupError("no locally frozen node in the sample")
