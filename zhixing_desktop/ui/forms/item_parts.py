"""The parts of a work item's section: its papers, whom to tell, what is received or filed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.dates import DateEditor, parse_day
from zhixing_desktop.ui.forms.parts import InfoButton, Link, Mark, Words, em, keep_if
from zhixing_desktop.workflow.rulebook import Material, Notify

FURTHER_CHANNELS = ("电话", "当面告知", "邮寄", "电子送达", "公告")
_MIN_REASON = 4
_NAME_CHARS = 13.2  # the fields' labels are as wide


class Part(QWidget):
    """A part that can be filled in only while its item is ticked."""

    edited = Signal()
    empty = True

    def narrow(self, names: Sequence[str]) -> bool:
        """Show only what ``names`` lists; tell whether anything is left."""
        raise NotImplementedError

    def set_active(self, on: bool) -> None:
        """Grey everything while the item is not ticked as done."""
        self.setEnabled(on)


class Papers(Part):
    """The papers the court makes: the day each was made, or the reason why it is not needed."""

    def __init__(self, names: Sequence[str], now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = not names
        self._today = now.date()
        self.rows: dict[str, DateEditor] = {}
        self._in_play: Collection[str] = names
        self._labels: dict[str, Words] = {}
        self.same_day: Link | None = None
        if self.empty:
            return
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        head = QHBoxLayout()
        head.addWidget(Mark("文书", bold=True))
        if len(names) > 1:
            self.same_day = Link("都填为完成日期", self)
            head.addWidget(self.same_day)
        head.addStretch(1)
        box.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for at, name in enumerate(names):
            words = Words(f"《{name}》", middle=True, selectable=False)
            words.setMinimumWidth(em(self, _NAME_CHARS))
            words.setMaximumWidth(em(self, _NAME_CHARS))
            editor = DateEditor(now, "制作日期，或者不需要制作的理由", free=True)
            editor.setAccessibleName(f"《{name}》制作日期或者不需要的理由")
            editor.edited.connect(self.edited)
            grid.addWidget(words, at, 0)
            grid.addWidget(editor, at, 1)
            self.rows[name] = editor
            self._labels[name] = words
        grid.setColumnStretch(1, 1)
        box.addLayout(grid)

    def narrow(self, names: Sequence[str]) -> bool:
        """Show only the papers that are called for."""
        self._in_play = names
        for name, row in self.rows.items():
            keep_if(row, name in names)
            keep_if(self._labels[name], name in names)
        if self.same_day is not None:
            keep_if(self.same_day, len(names) > 1)
        return bool(names)

    def body(self) -> dict[str, Any]:
        """Return what stands there."""
        return {
            name: row.value()
            for name, row in self.rows.items()
            if row.value() and name in self._in_play
        }

    def put(self, body: Mapping[str, Any]) -> None:
        """Show it."""
        for name, row in self.rows.items():
            row.set_value(body.get(name))

    def fill(self, day: str) -> None:
        """Give the empty ones a day."""
        for row in self.rows.values():
            if row.value() is None:
                row.set_value(day)

    def entries(self) -> dict[str, str]:
        """Return what is saved."""
        return {name: str(value) for name, value in self.body().items()}

    def problems(self) -> list[str]:
        """Return what is wrong."""
        return [
            f"《{name}》请填写制作日期，或者写明不需要制作的理由"
            for name, value in self.body().items()
            if parse_day(str(value), self._today) is None and len(str(value)) < _MIN_REASON
        ]


class Notices(Part):
    """Whom the guideline wants told: by which channel, on which day."""

    def __init__(
        self, duties: Sequence[Notify], now: datetime, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.empty = not duties
        self._today = now.date()
        self.rows: dict[str, tuple[CalmCombo, DateEditor]] = {}
        self._in_play: Collection[str] = [duty.who for duty in duties]
        self._others: dict[str, list[QWidget]] = {}
        if self.empty:
            return
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(Mark("告知、送达", bold=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for at, duty in enumerate(duties):
            name = Words(duty.who, middle=True, selectable=False)
            name.setMinimumWidth(em(self, _NAME_CHARS))
            name.setMaximumWidth(em(self, _NAME_CHARS))
            combo = CalmCombo(self)
            combo.addItem("（方式）", None)
            for channel in dict.fromkeys((*duty.channels, *FURTHER_CHANNELS)):
                combo.addItem(channel, channel)
            combo.setFixedWidth(em(self, 10))
            combo.setAccessibleName(f"告知{duty.who}的方式")
            day = DateEditor(now, "日期，或不告知的理由", free=True)
            day.setAccessibleName(f"告知{duty.who}的日期或者不需要的理由")
            combo.activated.connect(self.edited)
            day.edited.connect(self.edited)
            grid.addWidget(name, at, 0)
            grid.addWidget(combo, at, 1)
            grid.addWidget(day, at, 2)
            self._others[duty.who] = [name]
            if duty.channels:
                words = f"指引写明的方式：{'、'.join(duty.channels)}"
                info = InfoButton(duty.who, partial(tuple, [words]), self)
                grid.addWidget(info, at, 3)
                self._others[duty.who].append(info)
            self.rows[duty.who] = (combo, day)
        grid.setColumnStretch(2, 1)
        box.addLayout(grid)

    def narrow(self, names: Sequence[str]) -> bool:
        """Show only those who must be told."""
        self._in_play = names
        for who, pair in self.rows.items():
            for widget in (*pair, *self._others[who]):
                keep_if(widget, who in names)
        return any(who in names for who in self.rows)

    def body(self) -> dict[str, Any]:
        """Return what stands there; words in place of a day say why nobody is told."""
        found: dict[str, Any] = {}
        for who, (combo, day) in self.rows.items():
            if who not in self._in_play:
                continue
            on = day.value()
            if on and parse_day(str(on), self._today) is None:
                found[who] = {"who": who, "not_needed": on}
            elif on or combo.currentData():
                found[who] = {"who": who, "channel": combo.currentData(), "on": on}
        return found

    def put(self, body: Mapping[str, Any]) -> None:
        """Show it."""
        for who, (combo, day) in self.rows.items():
            entry = body.get(who) or {}
            channel = entry.get("channel")
            place = combo.findData(channel) if channel else 0
            if place < 0:
                combo.addItem(str(channel), channel)
                place = combo.count() - 1
            combo.setCurrentIndex(place)
            day.set_value(entry.get("not_needed") or entry.get("on"))

    def entries(self) -> list[dict[str, str]]:
        """Return what is saved."""
        return [
            {name: str(value) for name, value in entry.items()} for entry in self.body().values()
        ]

    def problems(self) -> list[str]:
        """Return what is wrong."""
        found = []
        for who, entry in self.body().items():
            if "not_needed" in entry:
                if len(str(entry["not_needed"])) < _MIN_REASON:
                    found.append(f"告知{who}请填写日期，或者写明不需要告知的理由")
            elif not entry["channel"] or not entry["on"]:
                found.append(f"告知{who}应当同时填写方式和日期")
        return found


class Materials(Part):
    """What is received or filed: ticks."""

    def __init__(self, materials: Sequence[Material], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = not materials
        self.boxes: dict[str, QCheckBox] = {}
        self._in_play: Collection[str] = [material.name for material in materials]
        if self.empty:
            return
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(Mark("材料（已收到或者已归入卷宗的打勾）", bold=True))
        holder = QWidget(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        flow = FlowLayout(holder)
        flow.setSpacing(round(em(self, 0.45)))
        for material in materials:
            tick = QCheckBox(f"{material.name}{' *' if material.required else ''}", holder)
            tick.setToolTip(material.cite.words())
            tick.clicked.connect(self.edited)
            flow.addWidget(tick)
            self.boxes[material.name] = tick
        box.addWidget(holder)

    def narrow(self, names: Sequence[str]) -> bool:
        """Show only what concerns the case."""
        self._in_play = names
        for name, tick in self.boxes.items():
            keep_if(tick, name in names)
        return any(name in names for name in self.boxes)

    def body(self) -> list[str]:
        """Return the ticked ones."""
        return [
            name for name, tick in self.boxes.items() if tick.isChecked() and name in self._in_play
        ]

    def put(self, body: Sequence[str]) -> None:
        """Tick them."""
        for name, tick in self.boxes.items():
            tick.setChecked(name in body)
