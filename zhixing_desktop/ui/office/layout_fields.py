"""What of the layout of papers the window edits: places in its file, words, editors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from zhixing_desktop.documents.blocks import Face, Style

Editor = QComboBox | QDoubleSpinBox | QLineEdit | QSpinBox
_STYLES = {
    Style.COURT: "法院名称",
    Style.TITLE: "文书名称",
    Style.SUBTITLE: "副标题",
    Style.NUMBER: "案号",
    Style.BODY: "正文",
    Style.HEADING: "文中标题",
    Style.TABLE: "表格文字",
    Style.NOTE: "附注",
}
_GRIDS = {"official": "公文", "dense": "表格类"}
_MARGINS = {"top": "上边距（天头）", "bottom": "下边距（地脚）", "left": "左边距（订口）",
            "right": "右边距（翻口）"}  # fmt: skip
_PARTS = {"face": "字体", "size": "字号", "lines": "行高", "tracking": "字间距"}
_SIGNATURE = {
    "title": "职务宽度",
    "gap": "职务与姓名的间隔",
    "name": "姓名宽度",
    "right": "右空",
    "before": "落款前空行",
    "between": "日期与书记员之间空行",
}


@dataclass(frozen=True, slots=True)
class LayoutField:
    """One value: its place in the layout's file, its words, what kind it is, its unit.

    ``kind`` is ``whole``, ``number``, ``face``, ``zero``, ``words`` or ``names`` (parted by 、).
    """

    place: str
    label: str
    kind: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Values that stand together under a heading."""

    title: str
    fields: tuple[LayoutField, ...]


def _grid(grid: str) -> FieldGroup:
    at = f"grids.{grid}"
    fields = [
        LayoutField(f"{at}.margins.{side}", words, "number", "毫米")
        for side, words in _MARGINS.items()
    ]
    fields += [
        LayoutField(f"{at}.lines", "每页行数", "whole", "行"),
        LayoutField(f"{at}.characters", "每行字数", "whole", "字"),
        LayoutField(f"{at}.ruled", "手写横线的行高", "number", "行"),
    ]
    return FieldGroup(f"{_GRIDS[grid]}版面", tuple(fields))


def _styles(grid: str) -> FieldGroup:
    fields = []
    for style, words in _STYLES.items():
        at = f"grids.{grid}.styles.{style.value}"
        for part, name in _PARTS.items():
            kind = "face" if part == "face" else "number"
            unit = {"size": "磅", "lines": "行", "tracking": "磅"}.get(part, "")
            fields.append(LayoutField(f"{at}.{part}", f"{words}　{name}", kind, unit))
    return FieldGroup(f"{_GRIDS[grid]}字体字号", tuple(fields))


def _fonts() -> FieldGroup:
    fields = []
    for face in Face:
        at = f"fonts.{face.value}"
        fields.append(LayoutField(f"{at}.word", f"{face.label}　Word 中的名称", "words"))
        fields.append(LayoutField(f"{at}.families", f"{face.label}　可用的字体", "names"))
    return FieldGroup("字体名称", tuple(fields))


GROUPS: tuple[FieldGroup, ...] = (
    _grid("official"),
    _styles("official"),
    _grid("dense"),
    _styles("dense"),
    FieldGroup(
        "日期、页码、落款",
        (
            LayoutField("zero", "日期中的零", "zero"),
            LayoutField("page_number.pattern", "页码样式（{n} 是页数）", "words"),
            LayoutField("page_number.face", "页码字体", "face"),
            LayoutField("page_number.size", "页码字号", "number", "磅"),
            LayoutField("page_number.below", "页码在版心下", "number", "毫米"),
            *(
                LayoutField(f"signature.{name}", words, "whole", "行" if "行" in words else "字")
                for name, words in _SIGNATURE.items()
            ),
            LayoutField("seal.diameter", "印章直径", "number", "毫米"),
            LayoutField("table.border", "表格线粗", "number", "磅"),
            LayoutField("table.label_face", "表格标题字体", "face"),
            LayoutField("signed_foot.words", "每页签名处的文字", "words"),
            LayoutField("draft.words", "草稿标记", "words"),
        ),
    ),
    _fonts(),
)
LABELS: Mapping[str, str] = {
    field.place: f"{group.title}　{field.label}" for group in GROUPS for field in group.fields
}


def editor_for(field: LayoutField, edited: Callable[[], object], parent: QWidget) -> Editor:
    """Return the editor of a value; ``edited`` is called after every change by a person."""
    if field.kind == "whole":
        whole = QSpinBox(parent)
        whole.setRange(0, 200)
        whole.setSuffix(f" {field.unit}")
        whole.valueChanged.connect(lambda _value: edited())
        made: Editor = whole
    elif field.kind == "number":
        number = QDoubleSpinBox(parent)
        number.setRange(-10, 600)
        number.setDecimals(2)
        number.setSuffix(f" {field.unit}")
        number.valueChanged.connect(lambda _value: edited())
        made = number
    elif field.kind in ("face", "zero"):
        choice = QComboBox(parent)
        choices = [(f.label, f.value) for f in Face] if field.kind == "face" else []
        for words, value in choices or [("〇（二〇二四年）", "〇"), ("零（二零二四年）", "零")]:
            choice.addItem(words, value)
        choice.currentIndexChanged.connect(lambda _at: edited())
        made = choice
    else:
        line = QLineEdit(parent)
        line.textChanged.connect(lambda _text: edited())
        made = line
    made.setAccessibleName(LABELS[field.place])
    return made


def show_value(editor: Editor, value: Any) -> None:
    """Put a value into an editor without telling anybody."""
    editor.blockSignals(True)
    if isinstance(editor, QSpinBox):
        editor.setValue(int(value))
    elif isinstance(editor, QDoubleSpinBox):
        editor.setValue(float(value))
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(max(editor.findData(value), 0))
    else:
        editor.setText("、".join(value) if isinstance(value, list | tuple) else str(value))
    editor.blockSignals(False)


def value_of(field: LayoutField, editor: Editor) -> Any:
    """Return what an editor holds in the structure of the layout's file."""
    if isinstance(editor, QSpinBox | QDoubleSpinBox):
        return editor.value()
    if isinstance(editor, QComboBox):
        return editor.currentData()
    words = editor.text()
    if field.kind == "names":
        return [part.strip() for part in words.replace("，", "、").split("、") if part.strip()]
    return words
