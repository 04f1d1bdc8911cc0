"""入卷: files become things of the dossier; everything is seen and said before it is filed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import dossier_choices
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_types import Filed, Piece
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.desk import Desk
from zhixing_desktop.ui.dossier.desk_keeper import DeskKeeper
from zhixing_desktop.ui.dossier.incoming_data import pieces_of
from zhixing_desktop.ui.dossier.intake_form import IntakeForm
from zhixing_desktop.ui.dossier.intake_grid import IntakeGrid, IntakeModel
from zhixing_desktop.ui.dossier.intake_run import IntakeRun
from zhixing_desktop.ui.dossier.look_dialog import LookDialog
from zhixing_desktop.ui.dossier.page_acts import PageActs
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.editor import LongEditor
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em, show_if
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError

ActorOf = Callable[[], Actor]
SIGNED = "换成签名盖章后的扫描件"


class IntakeDialog(QDialog):
    """``filed`` carries each :class:`Filed` thing; ``ready`` when what was brought lies there;
    ``told`` what has been done, when the dialog closes by itself."""

    help_page = "dossier"
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
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setAcceptDrops(True)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.case_id, self.wish = case_id, wish
        self.known: Choices | None = None
        self.desk = Desk(wish)
        self._shown_thing = 0
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
        self._build()
        self.keeper = DeskKeeper(bureau, bridge, actor_of, self)
        self._connect_pages()
        self._fit()
        self._read()

    # ------------------------------------------------------------------------------- building

    def _build(self) -> None:
        replaced = self.wish.replaced
        title = "更换材料" if replaced is not None else "材料入卷"
        self.setWindowTitle(title)
        box = QVBoxLayout(self)
        self.head = Words(bold=True)
        box.addWidget(self.head)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.across.addWidget(self._made_left())
        self.across.addWidget(self._made_right())
        self.across.setStretchFactor(0, 62)
        self.across.setStretchFactor(1, 38)
        box.addWidget(self.across, 1)
        self.problem = Box("loud", self)
        inner = QVBoxLayout(self.problem)
        inner.setContentsMargins(8, 4, 8, 4)
        self.problem_words = Words(tone="bad")
        self.notes = Words(tone="muted")
        inner.addWidget(self.problem_words)
        inner.addWidget(self.notes)
        self.problem.hide()
        box.addWidget(self.problem)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.act = self._button("更换" if replaced else "入卷", "Ctrl+Return", self.submit)
        self.leave = self._button("关闭", "", self.reject)
        foot.addWidget(self.act)
        foot.addWidget(self.leave)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        wide, high = em(self, 102), em(self, 58)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(self.width() * 0.62), round(self.width() * 0.38)])

    def _made_left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        tools = QWidget(left)
        flow = FlowLayout(tools)
        flow.setSpacing(em(self, 0.4))
        self.add = self._button("添加文件…", "Ctrl+O", self.ask_files)
        self.paste = self._button("粘贴", "Ctrl+V", self.paste_in)
        self.buttons = {
            "left": self._button("左转", "[", lambda: self.acts.turn(-90), shortcut=False),
            "right": self._button("右转", "]", lambda: self.acts.turn(90), shortcut=False),
            "out": self._button("不入卷", "Del", lambda: self.acts.leave_out(True), shortcut=False),
            "in": self._button(
                "恢复", "Insert", lambda: self.acts.leave_out(False), shortcut=False
            ),
            "blank": self._button("去掉空白页", "Ctrl+B", self.acts.drop_blanks),
            "straight": self._button("拉正照片", "Ctrl+L", self.acts.straighten),
            "split": self._button("从此页起另为一件", "Ctrl+D", self.acts.split),
            "join": self._button("并入上一件", "Ctrl+J", self.acts.join),
            "join_all": self._button("合为一件", "Ctrl+Shift+J", self.acts.join_all),
            "undo": self._button("撤销", "Ctrl+Z", self.acts.undo),
        }
        for button in (self.add, self.paste, *self.buttons.values()):
            flow.addWidget(button)
        column.addWidget(tools)
        self.grid = IntakeGrid(self)
        self.model = IntakeModel(
            self._bridge,
            self.desk.stack,
            self.desk.sources,
            self.desk.title_of,
            round(self.grid.picture_width * self.devicePixelRatioF()),
            self,
        )
        self.grid.setModel(self.model)
        column.addWidget(self.grid, 1)
        self.empty = QLabel("把文件拖到这里，或者按“添加文件…”“粘贴”", self.grid)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        keys = "Alt+方向键移动　[ ] 转正　Del 不入卷　回车放大　可以拖动排序"
        column.addWidget(Words(keys, tone="muted"))
        return left

    def _made_right(self) -> QWidget:
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(6, 0, 0, 0)
        self.list = QListWidget(right)
        self.list.setAccessibleName("待入卷的材料")
        self.list.setMaximumHeight(em(self, 11))
        self.list.currentItemChanged.connect(self._listed)
        self.remove = self._button("移走这件", "Ctrl+Shift+D", self._remove)
        head = QHBoxLayout()
        list_mark = Mark("材料", bold=True)
        head.addWidget(list_mark)
        head.addStretch(1)
        head.addWidget(self.remove)
        column.addLayout(head)
        column.addWidget(self.list)
        self.form = IntakeForm(right)
        self.form.edited.connect(self._typed)
        column.addWidget(self.form, 1)
        self.reason = LongEditor("为什么更换（至少四个字）")
        self.reason.setAccessibleName("更换理由")
        self.reason_mark = Mark("更换理由", bold=True)
        column.addWidget(self.reason_mark)
        column.addWidget(self.reason)
        several = self.wish.replaced is None
        apart = (self.buttons["split"], self.buttons["join"], self.buttons["join_all"])
        for_new: tuple[QWidget, ...] = (list_mark, self.list, self.remove, self.form, *apart)
        for widget in for_new:
            show_if(widget, several)
        show_if(self.reason, not several)
        show_if(self.reason_mark, not several)
        if not several:
            column.addStretch(1)
        return right

    def _button(
        self, words: str, keys: str, act: Callable[[], object], *, shortcut: bool = True
    ) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        button.setToolTip(f"{words.rstrip('…')}（{keys}）" if keys else words)
        if keys and shortcut:
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    def _connect_pages(self) -> None:
        grid, acts = self.grid, self.acts
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
        self._bridge.read(
            self,
            lambda: dossier_choices.choices(bureau, actor, case_id),
            self._know,
            self._not_known,
        )

    def _not_known(self, error: Exception) -> None:
        messages.show_error(self, error)

    def _know(self, known: Choices) -> None:
        self.known = known
        self.desk.known = known
        self.form.know(known)
        replaced = self.wish.replaced
        about = f"更换“{replaced.name}”（现为第{replaced.current}版）" if replaced else "材料入卷"
        self.head.setText(f"{known.case_no}　{about}")
        if replaced is not None and replaced.paper_id is not None:
            self.reason.set_value(SIGNED)
        if self.wish.on_paper:
            self.desk.lay_paper()
            self.show_stack()
            self.ready.emit()
        elif self.wish.pieces:
            self.bring(self.wish.pieces)
        elif replaced is None:
            self.keeper.offer()

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
        self._show_thing(self.thing_at(self.grid.currentIndex().row()))
        self._fit()
        self.keeper.touch()

    def thing_at(self, row: int) -> int:
        """Return the thing of a row; 0 where there is none."""
        leaves = self.desk.stack.leaves
        return leaves[row].thing if 0 <= row < len(leaves) else 0

    def tell_problems(self) -> None:
        """Say everything that is wrong with any file, and what was not filed."""
        lying = self.desk.stack.things
        lines = [*self.desk.problems]
        for thing, why in self._failures.items():
            if thing in lying:
                lines.append(f"“{self.desk.title_of(thing)}”没有办成：{why}")
        self._show_problems(lines)

    def _show_problems(self, lines: list[str]) -> None:
        self.problem_words.setText("\n".join(lines))
        self.notes.setText("\n".join(self.desk.notes))
        show_if(self.problem_words, bool(lines))
        show_if(self.notes, bool(self.desk.notes))
        self.problem.set_strength("loud" if lines else "calm")
        show_if(self.problem, bool(lines or self.desk.notes))

    # ------------------------------------------------------------------------------- choosing

    def _page_chosen(self) -> None:
        thing = self.thing_at(self.grid.currentIndex().row())
        if thing and thing != self._shown_thing:
            self._show_thing(thing)
        self._fit()

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
            self._show_problems([wrong or "没有要入卷的材料。"])
            return
        self._failures.clear()
        self.tell_problems()
        self.run.run(self._actor_of(), orders)
        self._fit()

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

    def _fit(self) -> None:
        free = not self.run.running
        things = self.desk.stack.things
        self.act.setEnabled(free and bool(things))
        for button in (self.add, self.paste, self.remove, *self.buttons.values()):
            button.setEnabled(free)
        self.form.setEnabled(free and bool(self._shown_thing))
        self.leave.setText("关闭" if free else "停止")
        self.empty.setGeometry(self.grid.viewport().geometry())
        show_if(self.empty, not things)
        if free and len(things) > 1:
            self.act.setText(f"入卷（{len(things)}件）")
        elif self.wish.replaced is None:
            self.act.setText("入卷")

    def reject(self) -> None:
        """Stop what runs; ask before anything that lies there is put away."""
        if self.run.running:
            self.run.stop()
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
