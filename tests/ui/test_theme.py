"""Every state can be told from every other, on screen and in a photocopy."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from zhixing_desktop import app
from zhixing_desktop.ui.forms.parts import Box
from zhixing_desktop.ui.icons import icon_path, paint_icon, state_icon
from zhixing_desktop.ui.theme import (
    DARK,
    LIGHT,
    StateLook,
    Theme,
    application_palette,
    chinese_family,
    install_fonts,
    theme_for,
)
from zhixing_desktop.workflow.facts import State


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    found: Theme = request.param
    return found


def grey(colour: str) -> float:
    """What a copier makes of it (Rec. 601), 0 to 255."""
    c = QColor(colour)
    return 0.299 * c.red() + 0.587 * c.green() + 0.114 * c.blue()


def contrast(one: str, two: str) -> float:
    """Contrast of two colours as WCAG computes it, 1 to 21."""

    def light(colour: str) -> float:
        parts = [value / 255 for value in QColor(colour).getRgb()[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_state_has_a_look_with_its_own_word(theme: Theme) -> None:
    assert {state.value: state.label for state in State} == {
        name: look.word for name, look in theme.states.items()
    }


def test_fills_differ_in_lightness(theme: Theme) -> None:
    levels = sorted(grey(look.fill) for look in theme.states.values())
    assert min(b - a for a, b in pairwise(levels)) >= 12


def test_borders_and_icons_differ(theme: Theme) -> None:
    looks = list(theme.states.values())
    assert len({look.icon for look in looks}) == len(looks)

    def border(look: StateLook) -> tuple[object, ...]:
        return (look.line, look.width, look.double)

    for one, two in combinations(looks, 2):
        assert border(one) != border(two) or abs(grey(one.fill) - grey(two.fill)) >= 14


def test_texts_can_be_read(theme: Theme) -> None:
    for look in theme.states.values():
        assert contrast(look.text, look.fill) >= 4.5, look.state
    for colour in (theme.text, theme.muted, theme.label, theme.frame_title):
        assert contrast(colour, theme.canvas) >= 4.5
    on_column = theme.canvas if theme.dark else "#ffffff"
    for look in theme.states.values():
        assert contrast(on_column, look.border) >= 3, look.state


def test_loops_are_lighter_than_the_main_flow(theme: Theme) -> None:
    far = {kind: contrast(colour, theme.canvas) for kind, colour in theme.edges.items()}
    assert far["main"] > far["branch"] > far["side"] > far["loop"] >= 2.5


def test_icons_have_different_shapes(qapp: QApplication) -> None:
    shapes = {look.icon: _bitmap(look.icon) for look in LIGHT.states.values()}
    for one, two in combinations(shapes, 2):
        different = sum(a != b for a, b in zip(shapes[one], shapes[two], strict=True))
        assert different >= 20, (one, two)
    with pytest.raises(KeyError):
        icon_path("star")


def _bitmap(name: str) -> list[bool]:
    image = QImage(16, 16, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    paint_icon(painter, name, QRectF(0, 0, 16, 16), QColor("#000000"))
    painter.end()
    return [image.pixelColor(x, y).value() < 128 for y in range(16) for x in range(16)]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_state_icons_are_sharp_on_scaled_screens(qapp: QApplication, ratio: float) -> None:
    pixmap = state_icon(LIGHT, "overdue", 16, ratio).pixmap(QSize(16, 16), ratio)
    assert pixmap.size() == QSize(round(16 * ratio), round(16 * ratio))
    assert pixmap.devicePixelRatio() == ratio


def test_palettes_are_what_the_theme_follows() -> None:
    assert theme_for(application_palette(dark=False)) is LIGHT
    assert theme_for(application_palette(dark=True)) is DARK
    for dark in (False, True):
        palette = application_palette(dark)
        for text, ground in (
            (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
            (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
            (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Button),
            (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
            (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base),
        ):
            assert contrast(palette.color(text).name(), palette.color(ground).name()) >= 4.5


def test_a_chinese_font_is_installed(qapp: QApplication) -> None:
    choice = install_fonts(qapp)
    assert choice.sentence is None
    assert qapp.font().family() == choice.family == chinese_family()


def test_without_a_chinese_font_a_sentence_says_so(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: [])
    before = qapp.font().family()
    choice = install_fonts(qapp, tmp_path)
    assert choice.family == before
    assert choice.sentence is not None
    assert "中文字体" in choice.sentence


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
@pytest.mark.parametrize("plate", [QWidget, Box], ids=["window", "plate"])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_an_empty_box_can_be_seen(
    qtbot: QtBot, name: str, plate: type[QWidget], kind: type[QCheckBox | QRadioButton]
) -> None:
    """Its frame stands out from what is around it by 3 to 1, which WCAG 1.4.11 asks for."""
    app.apply_theme(name)
    try:
        host = plate()
        qtbot.addWidget(host)
        box = kind("", host)
        QVBoxLayout(host).addWidget(box)
        host.resize(80, 60)
        picture = host.grab().toImage()
        middle = box.mapTo(host, box.rect().center()).y()
        around = picture.pixelColor(4, middle).name()
        line = [picture.pixelColor(x, middle).name() for x in range(4, 60)]
        assert max(contrast(around, found) for found in line) >= 3
    finally:
        app.apply_theme("light")
