"""更正: what is said about a filed thing: its name, its number, its day, its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import dossier_filing
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_filing import Change
from zhixing_desktop.services.dossier_types import ItemLine
from zhixing_desktop.ui.approvals.step_dialog import StepDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.place_box import PlaceBox
from zhixing_desktop.ui.dossier.words import about_item
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.editor import LineEditor

ActorOf = Callable[[], Actor]


class ChangeDialog(StepDialog):
    """``done_well`` carries the :class:`Filed` thing."""

    help_page = "dossier"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        line: ItemLine,
        known: Choices,
        parent: QWidget | None = None,
    ) -> None:
        words = [(about_item(line), "muted"), ("改动记入日志；文件和页面不变。", "muted")]
        super().__init__(bridge, "更正材料信息", "保存", words, parent)
        self._bureau, self._actor_of, self._line = bureau, actor_of, line
        self.name = LineEditor("材料名称")
        self.name.set_value(line.name)
        self.number = LineEditor("文书自己的文号，没有的不填")
        self.number.set_value(line.number)
        self.day = DateEditor(known.now)
        self.day.set_value(line.thing_on)
        self.place = PlaceBox(known.places)
        self.place.set_place(line.side, line.place)
        self.add_rows(
            (
                ("材料名称", self.name),
                ("文号", self.number),
                ("材料日期", self.day),
                ("目录项", self.place),
            )
        )
        self.name.setFocus()

    def send(self) -> None:
        """Save what is another now."""
        line = self._line
        day, wrong = _day(self.day.value())
        if wrong:
            self.refuse(wrong)
            return
        side, place = self.place.value() or (line.side, line.place)
        moved = (side, place) != (line.side, line.place)
        change = Change(
            name=self.name.value() or "",
            number=self.number.value() or "",
            side=side if moved else None,
            place=place if moved else None,
            thing_on=day,
        )
        bureau, actor = self._bureau, self._actor_of()
        self.run(
            line.case_id,
            lambda: dossier_filing.change_item(
                bureau, actor, line.id, change, version=line.version
            ),
        )


def _day(value: str | None) -> tuple[date | None, str]:
    if value is None:
        return None, ""
    try:
        return date.fromisoformat(value), ""
    except ValueError:
        return None, f"“{value}”不是日期，请按“年-月-日”填写。"
