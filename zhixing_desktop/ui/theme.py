"""How things look: one table from a node's state to colours, border, icon, hatch and word.

Colour never stands alone.  Each state has its own icon, its own border, its own word, and a fill of
its own lightness, so that a photocopy and a colour-blind reader still tell them apart.  Icons are
paths; no picture file is needed and they are sharp on every screen and on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

# Sans families with full Chinese coverage: free ones first, then those of Windows, macOS and the
# Chinese Linux desktops.
CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "思源黑体",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "微软雅黑",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei",
    "文泉驿微米黑",
    "WenQuanYi Zen Hei",
    "文泉驿正黑",
    "Droid Sans Fallback",
    "SimHei",
    "黑体",
    "SimSun",
    "宋体",
    "AR PL UMing CN",
)
_POINT_SIZE = 10


@dataclass(frozen=True, slots=True)
class StateLook:
    """What a node in ``state`` looks like.

    Colours are ``#rrggbb``.  ``line`` is the border's pen style, ``double`` draws a second border
    inside, ``pattern`` is none, diagonal or level, ``icon`` names a shape of ``icons``.
    """

    state: str
    word: str
    fill: str
    border: str
    text: str
    line: Qt.PenStyle
    width: float
    pattern: str
    icon: str
    double: bool = False


@dataclass(frozen=True, slots=True)
class FindingLook:
    """What a finding of a proof looks like in lists: ``#rrggbb`` of plate, border and sign.

    ``shape`` of the plate is square, diamond, round or ring.
    """

    fill: str
    border: str
    text: str
    shape: str


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of one brightness.  ``edges`` is by kind of edge: main, branch, loop, side.

    ``findings`` is by what is wrong with a volume: its sheets (which), their order and direction,
    their content, or that they cannot be read.
    """

    dark: bool
    canvas: str
    frame_fill: str
    frame_border: str
    frame_title: str
    neutral_fill: str
    neutral_border: str
    text: str
    muted: str
    label: str
    edges: Mapping[str, str]
    accent: str
    incoming: str
    found: str
    pill_fill: str
    pill_text: str
    pending: str
    states: Mapping[str, StateLook]
    findings: Mapping[str, FindingLook]

    def state(self, name: str) -> StateLook:
        """Look of a state; ``KeyError`` for a word that is no state."""
        return self.states[str(name)]


@dataclass(frozen=True, slots=True)
class SpotLook:
    """How a place that differs is framed on a page: paper is white whatever the screen is."""

    colour: str
    line: Qt.PenStyle
    sign: str
    line_word: str


_SOLID = Qt.PenStyle.SolidLine
_DASH = Qt.PenStyle.DashLine
_DOT = Qt.PenStyle.DotLine
_DASH_DOT = Qt.PenStyle.DashDotLine


def _table(*looks: StateLook) -> Mapping[str, StateLook]:
    return MappingProxyType({look.state: look for look in looks})


# Lightness of the fills (0 to 255, Rec. 601) falls by 14 or more from line to line.
_LIGHT_STATES = _table(
    StateLook(
        "not_applicable", "不适用", "#ffffff", "#8b94a0", "#5d6775", _DOT, 1.4, "none", "slash"
    ),
    StateLook("not_started", "未启动", "#eef0f3", "#687280", "#3a4450", _DASH, 1.3, "none", "ring"),
    StateLook("done", "已完成", "#d2ebd7", "#2e7d46", "#17402a", _SOLID, 1.4, "none", "check"),
    StateLook("active", "办理中", "#bbd9f7", "#1d5fa8", "#0d2c50", _SOLID, 2.4, "none", "play"),
    StateLook("warned", "预警", "#f2bc45", "#8a5300", "#3b2600", _SOLID, 2.4, "none", "triangle"),
    StateLook(
        "done_late", "逾期完成", "#a3b87f", "#47631d", "#1d2b07", _DASH_DOT, 1.8, "level", "tick"
    ),
    StateLook(
        "frozen", "冻结", "#6fa0c0", "#17435f", "#06202f", _SOLID, 1.3, "diagonal", "snow", True
    ),
    StateLook("overdue", "逾期", "#b3261e", "#6d0f0a", "#ffffff", _SOLID, 3.0, "none", "stop"),
)

_DARK_STATES = _table(
    StateLook(
        "not_applicable", "不适用", "#1b1e23", "#6b7482", "#9aa4b1", _DOT, 1.4, "none", "slash"
    ),
    StateLook("not_started", "未启动", "#2d3239", "#8a94a2", "#d8dde3", _DASH, 1.3, "none", "ring"),
    StateLook("done", "已完成", "#235439", "#6fcf8f", "#e3f6e8", _SOLID, 1.4, "none", "check"),
    StateLook("active", "办理中", "#2465a6", "#8cc4ff", "#ffffff", _SOLID, 2.4, "none", "play"),
    StateLook(
        "done_late", "逾期完成", "#5e7a33", "#c3dd92", "#ffffff", _DASH_DOT, 1.8, "level", "tick"
    ),
    StateLook(
        "frozen", "冻结", "#6096b8", "#d3ecfb", "#03131d", _SOLID, 1.3, "diagonal", "snow", True
    ),
    StateLook("warned", "预警", "#d9a02b", "#ffe3a0", "#2a1b00", _SOLID, 2.4, "none", "triangle"),
    StateLook("overdue", "逾期", "#ffa79e", "#ffe2df", "#430603", _SOLID, 3.0, "none", "stop"),
)

LIGHT = Theme(
    dark=False,
    canvas="#ffffff",
    frame_fill="#f8f9fb",
    frame_border="#c9cfd8",
    frame_title="#334155",
    neutral_fill="#ffffff",
    neutral_border="#5b6675",
    text="#1b2430",
    muted="#5b6675",
    label="#2c3846",
    edges=MappingProxyType(
        {"main": "#27364a", "branch": "#4f5f74", "loop": "#8b95a3", "side": "#68788c"}
    ),
    accent="#0b57d0",
    incoming="#0f766e",
    found="#c2410c",
    pill_fill="#334155",
    pill_text="#ffffff",
    pending="#6d28d9",
    states=_LIGHT_STATES,
    findings=MappingProxyType(
        {
            "sheets": FindingLook("#9a3412", "#6b230b", "#ffffff", "diamond"),
            "order": FindingLook("#dbe7fb", "#1d5fa8", "#0d2c50", "square"),
            "content": FindingLook("#b3261e", "#6d0f0a", "#ffffff", "round"),
            "reading": FindingLook("#f7ecd0", "#7a5200", "#4a3200", "ring"),
        }
    ),
)

DARK = Theme(
    dark=True,
    canvas="#1b1e23",
    frame_fill="#20242a",
    frame_border="#3d4550",
    frame_title="#c6cfda",
    neutral_fill="#262b32",
    neutral_border="#93a0b0",
    text="#e6eaef",
    muted="#9aa4b1",
    label="#d3dae2",
    edges=MappingProxyType(
        {"main": "#c9d3df", "branch": "#9fabba", "loop": "#6f7b8a", "side": "#8592a3"}
    ),
    accent="#8ab4ff",
    incoming="#5eead4",
    found="#fb923c",
    pill_fill="#dbe2ea",
    pill_text="#1b1e23",
    pending="#d0b3ff",
    states=_DARK_STATES,
    findings=MappingProxyType(
        {
            "sheets": FindingLook("#fb923c", "#ffd7b0", "#331400", "diamond"),
            "order": FindingLook("#1f4470", "#8cc4ff", "#e4f1ff", "square"),
            "content": FindingLook("#ffa79e", "#ffe2df", "#430603", "round"),
            "reading": FindingLook("#3c3418", "#e6c35c", "#fff2cc", "ring"),
        }
    ),
)


SPOTS: Mapping[str, SpotLook] = MappingProxyType(
    {
        "added": SpotLook("#c4001d", _SOLID, "＋", "实线"),
        "removed": SpotLook("#9a4d00", _DASH, "－", "虚线"),
        "stained": SpotLook("#6b3fa0", _DOT, "污", "点线"),
        "unseen": SpotLook("#1d5fa8", _DASH_DOT, "？", "点划线"),
    }
)
"""By kind of difference; each has a line and a sign of its own."""


def theme_for(palette: QPalette) -> Theme:
    """The theme that fits the brightness of a window's palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def application_palette(dark: bool) -> QPalette:
    """Palette of the whole program for the Fusion style; ``dark`` chooses the brightness."""
    role = QPalette.ColorRole
    theme = DARK if dark else LIGHT
    window, base, other, button = (
        ("#23272e", "#1b1e23", "#20242a", "#2d3239")
        if dark
        else ("#f1f3f6", "#ffffff", "#f6f7f9", "#e9ecf0")
    )
    selected = ("#2465a6", "#ffffff") if dark else ("#0b57d0", "#ffffff")
    colours = {
        role.Window: window,
        role.WindowText: theme.text,
        role.Base: base,
        role.AlternateBase: other,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: button,
        role.ButtonText: theme.text,
        role.BrightText: theme.states["overdue"].fill,
        role.ToolTipBase: other if dark else "#fffbe6",
        role.ToolTipText: theme.text,
        role.Highlight: selected[0],
        role.HighlightedText: selected[1],
        role.Link: theme.accent,
        role.LinkVisited: theme.pending,
        role.Light: "#3a414b" if dark else "#ffffff",
        role.Midlight: "#343a43" if dark else "#f4f5f7",
        role.Mid: "#4a525d" if dark else "#c3c9d1",
        role.Dark: "#15181c" if dark else "#a3abb6",
        role.Shadow: "#0b0d10" if dark else "#6f7884",
        role.Accent: selected[0],
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    grey = QColor("#6f7987" if dark else "#8d96a2")
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, grey)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(button))
    return palette


def tick_palette(dark: bool) -> QPalette:
    """Palette of boxes to tick and of round ones, which Fusion frames in a darkened Window.

    On a dark screen that frame is darker than what is around it, and an empty box cannot be seen.
    They fill no background, so that Window colours nothing but the frame.
    """
    palette = application_palette(dark)
    frame, faint = ("#dde3ea", "#8d96a2") if dark else ("#aab2bd", "#d3d8de")
    palette.setColor(QPalette.ColorRole.Window, QColor(frame))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Window, QColor(faint))
    return palette


TICKED = ("QCheckBox", "QRadioButton", "TickTable", "TickList", "CopyPages")
"""The kinds of widgets that take :func:`tick_palette`."""


@dataclass(frozen=True, slots=True)
class FontChoice:
    """The family the program writes in; ``sentence`` tells a person what is missing, or None."""

    family: str
    sentence: str | None = None


def install_fonts(app: QApplication, folder: Path | None = None) -> FontChoice:
    """Give ``app`` a font that has Chinese, so that no character becomes an empty box.

    Font files of ``folder`` (where the packed program keeps its own) are registered first.  The
    size is 10 points.  When no Chinese family is found the font stays as it is, and the choice
    carries a sentence to show.
    """
    if folder is not None and folder.is_dir():
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() in {".ttf", ".otf", ".ttc"}:
                QFontDatabase.addApplicationFont(str(file))
    family = chinese_family()
    if family is None:
        return FontChoice(
            app.font().family(),
            "本机没有可用的中文字体，界面文字会显示为方框。请安装思源黑体（Noto Sans CJK SC）或"
            "文泉驿微米黑后重新启动程序；Debian、Ubuntu 可执行 apt install fonts-noto-cjk。",
        )
    font = QFont(family, _POINT_SIZE)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    app.setFont(font)
    return FontChoice(family)


def chinese_family() -> str | None:
    """First family of ``CHINESE_FAMILIES`` on this machine, else any that writes Chinese."""
    present = set(QFontDatabase.families())
    for family in CHINESE_FAMILIES:
        if family in present:
            return family
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return min(chinese) if chinese else None
