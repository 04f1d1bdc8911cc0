"""入卷: files become things of the dossier; everything is seen and said before it is filed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QListWidgetItem, QWidget

from zhixing_desktop.services import dossier, dossier_choices, dossier_rights
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_rights import FILE
from zhixing_desktop.services.dossier_types import Filed, ItemLine, Piece
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.desk import Desk
from zhixing_desktop.ui.dossier.desk_keeper import DeskKeeper, OpenPlaces
from zhixing_desktop.ui.dossier.incoming_data import pieces_of
from zhixing_desktop.ui.dossier.intake_frame import IntakeFrame
from zhixing_desktop.ui.dossier.intake_grid import IntakeModel
from zhixing_desktop.ui.dossier.intake_run import IntakeRun
from zhixing_desktop.ui.dossier.look_dialog import LookDialog
from zhixing_desktop.ui.dossier.page_acts import PageActs
from zhixing_desktop.ui.dossier.stack import Stack
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.workflow.errors import InputRefusedError, StaleEditError, ZhixingError

ActorOf = Callable[[], Actor]
SIGNED = "换成签名盖章后的扫描件"


class IntakeDialog(IntakeFrame):
    """``filed`` carries each :class:`Filed` thing; ``ready`` when what was brought lies there;
    ``told`` what has been done, when the dialog closes by itself."""

    filed = Signal(object)
    ready = Signal()
    told = Signal(str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        case_id: int,
        wish: Wish,
        parent: QWidget | None = None,
        open_places: OpenPlaces = tuple,
    ) -> None:
        super().__init__(replacing=wish.replaced is not None, parent=parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.case_id, self.wish = case_id, wish
        self.known: Choices | None = None
        self.desk = Desk(wish)
        self._shown_thing = 0
        self._barred = ""
        self._done: list[Filed] = []
        self._notes: list[str] = []
        self._failures: dict[int, str] = {}
        self.run = IntakeRun(bureau, bridge, self)
        self.run.began.connect(self._began)
        self.run.filed.connect(self._filed)
        self.run.failed.connect(self._not_filed)
        self.run.ended.connect(self._ended)
        self.run.progressed.connect(self._progressed)
        self.acts = PageActs(bureau, bridge, self)
        self.model = IntakeModel(
            bridge,
            self.desk.stack,
            lambda source: self.desk.sources[source].piece.name,
            lambda source, wanted, wide: self.desk.sources[source].pictures(wanted, wide),
            self.desk.title_of,
            round(self.grid.picture_width * self.devicePixelRatioF()),
            self,
        )
        self.grid.setModel(self.model)
        self.keeper = DeskKeeper(bureau, bridge, actor_of, self, open_places)
        self._connect()
        self.fit()
        self._read()

    def _connect(self) -> None:
        grid, acts = self.grid, self.acts
        for name, act in (
            ("left", lambda: acts.turn(-90)),
            ("right", lambda: acts.turn(90)),
            ("out", lambda: acts.leave_out(True)),
            ("in", lambda: acts.leave_out(False)),
            ("blank", acts.drop_blanks),
            ("straight", acts.straighten),
            ("split", acts.split),
            ("join", acts.join),
            ("join_all", acts.join_all),
            ("undo", acts.undo),
        ):
            self.on(self.buttons[name], act)
        self.on(self.add, self.ask_files)
        self.on(self.paste, self.paste_in)
        self.on(self.remove, self._remove)
        self.on(self.act, self.submit)
        self.on(self.leave, self.reject)
        self.list.currentItemChanged.connect(self._listed)
        self.form.edited.connect(self._typed)
        self.reason.edited.connect(self.keeper.touch)
        grid.moved.connect(acts.move_to)
        grid.stepped.connect(acts.step)
        grid.turned.connect(acts.turn)
        grid.dropped_out.connect(acts.leave_out)
        grid.looked_at.connect(self.look)
        grid.brought.connect(self.bring)
        grid.selectionModel().currentChanged.connect(self._page_chosen)

    # ------------------------------------------------------------------------------- reading

    def _read(self) -> None:
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def read() -> tuple[Choices, str]:
            known = dossier_choices.choices(bureau, actor, case_id)
            return known, dossier_rights.barred(bureau, actor, case_id).get(FILE, "")

        self._bridge.read(self, read, lambda found: self._know(*found), self._not_known)

    def _not_known(self, error: Exception) -> None:
        messages.show_error(self, error)

    def _know(self, known: Choices, barred: str) -> None:
        self.known, self._barred = known, barred
        self.desk.known = known
        self.form.know(known)
        replaced = self.wish.replaced
        self._head(replaced)
        if replaced is not None and replaced.paper_id is not None:
            self.reason.set_value(SIGNED)
        if self.wish.on_paper:
            self.desk.lay_paper()
            self.show_stack()
        elif self.wish.pieces:
            self.bring(self.wish.pieces)
        self.keeper.offer()

    def _head(self, replaced: ItemLine | None) -> None:
        about = f"更换“{replaced.name}”（现为第{replaced.current}版）" if replaced else "材料入卷"
        self.head.setText(f"{self.known.case_no if self.known else ''}　{about}")

    def _look_again(self, replaced: ItemLine) -> None:
        """Somebody else was first: what lies here stays, and the next try is about what he left."""
        bureau, actor = self._bureau, self._actor_of()

        def show(now: ItemLine) -> None:
            self.wish = replace(self.wish, replaced=now)
            self.desk.replace_now(now)
            self._head(now)

        self._bridge.read(
            self, lambda: dossier.item(bureau, actor, replaced.id), show, lambda _error: None
        )

    def bring_more(self, wish: Wish) -> None:
        """Take what is brought for the same purpose while this is open."""
        if wish.pieces:
            self.bring(wish.pieces)
        elif wish.on_paper and self.known is not None and not self.run.running:
            self.desk.lay_paper()
            self.show_stack([len(self.desk.stack.leaves) - 1])

    def know_again(self) -> None:
        """Read anew what may be said: something has been filed."""
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def known(found: Choices) -> None:
            self.known = self.desk.known = found
            self.form.know(found)
            self._show_thing(self._shown_thing)

        self._bridge.read(
            self, lambda: dossier_choices.choices(bureau, actor, case_id), known, self._not_known
        )

    # ------------------------------------------------------------------------------- bringing

    def ask_files(self) -> QFileDialog:
        """Ask for files."""
        dialog = QFileDialog(self, "选择要入卷的文件")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(
            lambda names: self.bring(tuple(Piece(Path(n).name, Path(n)) for n in names))
        )
        dialog.open()
        return dialog

    def paste_in(self) -> None:
        """Take what lies on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        pieces = pieces_of(data) if data is not None else ()
        if pieces:
            self.bring(pieces)
        else:
            self.said.setText("剪贴板中没有文件或者图片")

    def bring(self, pieces: tuple[Piece, ...]) -> None:
        """Lay files on the desk, once they have been looked at."""
        if not self.run.running:
            self.acts.bring(pieces)

    def show_stack(self, chosen: list[int] | None = None) -> None:
        """Show the pages as they lie now."""
        self.model.refresh()
        self._fill_list()
        things = self.desk.stack.things
        if chosen:
            self.grid.choose(chosen)
        elif things and self._shown_thing not in things:
            self.grid.choose(self.desk.stack.rows_of(things[0])[:1])
        elif self._shown_thing in things:
            self.grid.choose(self.desk.stack.rows_of(self._shown_thing)[:1])
        self._show_thing(self.acts.thing_at(self.grid.currentIndex().row()))
        self.fit()
        self.keeper.touch()

    @property
    def stack(self) -> Stack:
        """The pages as they lie now."""
        return self.desk.stack

    @property
    def changeable(self) -> bool:
        """Whether they may be changed: nothing is being filed."""
        return not self.run.running

    def split_off(self, thing: int, old: int) -> None:
        """Say of a thing that was split off what is said of the other."""
        self.desk.split_off(thing, old)

    def tell_problems(self) -> None:
        """Say everything that is wrong with any file, and what was not filed."""
        lying = self.desk.stack.things
        lines = [*self.desk.problems]
        for thing, why in self._failures.items():
            if thing in lying:
                lines.append(f"“{self.desk.title_of(thing)}”没有办成：{why}")
        self.show_problems(lines, self.desk.notes)

    # ------------------------------------------------------------------------------- choosing

    def _page_chosen(self) -> None:
        thing = self.acts.thing_at(self.grid.currentIndex().row())
        if thing and thing != self._shown_thing:
            self._show_thing(thing)
        self.fit()

    def _listed(self, item: QListWidgetItem | None) -> None:
        thing = item.data(Qt.ItemDataRole.UserRole) if item is not None else 0
        if thing and thing != self._shown_thing:
            rows = self.desk.stack.rows_of(thing)
            self.grid.choose(rows[:1])
            self._show_thing(thing)

    def _show_thing(self, thing: int) -> None:
        self._shown_thing = thing
        self.form.setEnabled(bool(thing))
        if thing:
            self.form.show_filing(
                self.desk.filing(thing),
                by_hand=thing in self.desk.by_hand,
                on_paper=self.desk.on_paper(thing),
            )
        self.list.blockSignals(True)
        for at in range(self.list.count()):
            if self.list.item(at).data(Qt.ItemDataRole.UserRole) == thing:
                self.list.setCurrentRow(at)
        self.list.blockSignals(False)

    def _fill_list(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for thing in self.desk.stack.things:
            item = QListWidgetItem(self.desk.line_of(thing))
            item.setData(Qt.ItemDataRole.UserRole, thing)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _typed(self) -> None:
        if not self._shown_thing:
            return
        self.desk.say(self._shown_thing, self.form.filing(), by_hand=self.form.placed_by_hand)
        things = self.desk.stack.things
        if self._shown_thing in things:
            self.list.item(things.index(self._shown_thing)).setText(
                self.desk.line_of(self._shown_thing)
            )
        self.grid.viewport().update()
        self.keeper.touch()

    def _remove(self) -> None:
        if self._shown_thing and not self.run.running:
            self.desk.stack.remove(self._shown_thing)
            self.show_stack()

    def look(self, row: int) -> LookDialog | None:
        """Show a page large; one that was made straight beside what it was."""
        return self.acts.look(row)

    # ------------------------------------------------------------------------------- filing

    def submit(self) -> None:
        """File everything that lies there, one thing after the other."""
        if self.run.running or not self.act.isEnabled():
            return
        wrong = self.form.wrong_day()
        orders = self.desk.orders(self.case_id, str(self.reason.value() or ""))
        if wrong or not orders:
            self.show_problems([wrong or "没有要入卷的材料。"], self.desk.notes)
            return
        self._failures.clear()
        self.tell_problems()
        self.run.run(self._actor_of(), orders)
        self.fit()

    def _began(self, thing: int) -> None:
        self.progress.setRange(0, 0)
        self.progress.show()
        self.said.setText(f"正在入卷　{self.desk.filing(thing).name}")

    def _progressed(self, done: int, total: int, what: str) -> None:
        if self.run.running:
            self.progress.setRange(0, max(total, 1))
            self.progress.setValue(done)
            self.progress.setFormat(f"{what}　{done} / {total}")

    def _filed(self, thing: int, filed: Filed) -> None:
        self._done.append(filed)
        self._notes += [note for note in filed.notes if note not in self._notes]
        self.desk.stack.forget(thing)
        self.filed.emit(filed)

    def _not_filed(self, thing: int, error: Exception) -> None:
        if not isinstance(error, ZhixingError):
            self._bridge.failed.emit(error)
            self._failures[thing] = "程序出错，详见日志。"
            return
        listed = [p.sentence for p in getattr(error, "problems", ())]
        plain = isinstance(error, InputRefusedError) and listed
        self._failures[thing] = "；".join(listed) if plain else error.sentence
        if isinstance(error, StaleEditError) and self.wish.replaced is not None:
            self._failures[thing] += (
                "放入的页面和理由都还在；看过现在的内容，仍要更换的，请再按一次。"
            )
            self._look_again(self.wish.replaced)

    def _ended(self) -> None:
        self.progress.hide()
        done, self._done = self._done, []
        notes, self._notes = self._notes, []
        if done:
            self._bridge.announce(Changes(frozenset({self.case_id}), alerts=False))
        act = "已更换" if self.wish.replaced is not None else "已入卷"
        rest = len(self.desk.stack.things)
        words = f"{act}{len(done)}件" + (f"，{rest}件没有办成" if rest else "") + "。"
        self.said.setText(words + "".join(f"\n{note}" for note in notes))
        self.show_stack()
        self.tell_problems()
        if not rest:
            self.desk.notes.clear()
            self.keeper.drop()
            if done and not self.desk.problems:
                self.told.emit("　".join((words, *notes)))
                self.accept()
                return
        if done:
            self.know_again()

    def fit(self) -> None:
        """Let be used what can be used now."""
        self.arm(
            free=not (self.run.running or self.acts.busy),
            things=len(self.desk.stack.things),
            chosen=bool(self._shown_thing),
            replacing=self.wish.replaced is not None,
            barred=self._barred,
        )

    def reject(self) -> None:
        """Stop what runs; ask before anything that lies there is put away."""
        if self.run.running or self.acts.busy:
            self.run.stop()
            self.acts.stop()
            self.said.setText("正在停止…")
            return
        if not self.desk.stack.things:
            self.keeper.drop()
            super().reject()
            return
        messages.ask(
            self,
            "关闭",
            f"还有{len(self.desk.stack.things)}件没有入卷，放弃吗？",
            self._give_up,
            yes_words="放弃",
            no_words="继续办理",
            default_yes=False,
        )

    def _give_up(self) -> None:
        self.keeper.drop()
        super().reject()
