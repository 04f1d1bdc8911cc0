"""What a proof has found: told apart by sign, colour and words; counted, filtered, gone through."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from zhixing_desktop import app
from zhixing_desktop.dossier.proof import FindingKind
from zhixing_desktop.services.dossier_proof_types import FoundLine, Spot
from zhixing_desktop.ui.dossier.picture_pair import PicturePane
from zhixing_desktop.ui.dossier.proof_list import ProofList
from zhixing_desktop.ui.dossier.proof_signs import finding_icon, known_kinds, look_of, sign_of
from zhixing_desktop.ui.theme import DARK, LIGHT, SPOTS, Theme

FOUND = (
    FoundLine("changed", "内容不符", "第1页不一致。"),
    FoundLine("missing", "缺页", "缺少第3页。"),
    FoundLine("changed", "内容不符", "第5页不一致。"),
    FoundLine("double", "重页", "第6页重复。"),
)


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours."""

    def light(name: str) -> float:
        parts = [QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF()]
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_each_kind_has_a_sign_of_its_own() -> None:
    assert set(known_kinds()) == {kind.value for kind in FindingKind}
    assert len({sign_of(kind) for kind in known_kinds()}) == len(known_kinds())


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_signs_can_be_read_and_sorts_differ_in_colour_and_shape(theme: Theme) -> None:
    looks = theme.findings.values()
    assert all(contrast(look.text, look.fill) >= 4.5 for look in looks)
    assert len({look.shape for look in looks}) == len(looks)
    for one, other in combinations(looks, 2):
        assert one.fill != other.fill
    assert all(look_of(theme, kind) in looks for kind in known_kinds())


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_two_signs_look_the_same(theme: Theme, qapp: QApplication) -> None:
    drawn = [
        finding_icon(theme, kind, 32).pixmap(QSize(32, 32)).toImage() for kind in known_kinds()
    ]
    assert all(one != other for one, other in combinations(drawn, 2))


def test_differences_on_paper_have_a_sign_and_a_line_each() -> None:
    assert len({look.sign for look in SPOTS.values()}) == len(SPOTS)
    assert len({look.line for look in SPOTS.values()}) == len(SPOTS)
    assert all(contrast(look.colour, "#ffffff") >= 4.5 for look in SPOTS.values())


@pytest.fixture
def found(qtbot: QtBot) -> Iterator[ProofList]:
    host = QWidget()
    qtbot.addWidget(host)
    made = ProofList(host)
    made.resize(400, 600)
    host.show()
    made.show_findings(FOUND)
    yield made
    host.close()


def shown(found: ProofList) -> list[str]:
    return [found.list.item(row).text().split("\n")[0] for row in range(found.list.count())]


def test_each_kind_is_counted_and_filtered_by_its_button(found: ProofList) -> None:
    words = [button.text() for button in found.buttons.values()]
    assert words == ["全部 4", "缺页 1", "重页 1", "内容不符 2"]
    found.list.setCurrentRow(2)
    found.buttons["changed"].click()
    assert shown(found) == ["1. 内容不符", "3. 内容不符"]
    assert found.finding == 2  # the one that was looked at
    found.buttons["missing"].click()
    assert shown(found) == ["2. 缺页"]
    assert found.finding == 1
    assert found.buttons["missing"].isChecked()
    assert not found.buttons["changed"].isChecked()
    found.buttons["missing"].click()
    assert len(shown(found)) == 4


def test_next_goes_through_what_is_shown_and_stops_at_the_end(found: ProofList) -> None:
    found.filter("changed")
    assert found.finding == 0
    assert found.go(1)
    assert found.finding == 2
    assert not found.go(1)
    assert found.finding == 2
    assert found.go(-1)
    assert found.finding == 0


def test_findings_of_another_proof_take_the_place_of_the_former(found: ProofList) -> None:
    found.filter("double")
    found.show_findings(FOUND[:1])
    assert [button.text() for button in found.buttons.values()] == ["全部 1", "内容不符 1"]
    assert shown(found) == ["1. 内容不符"]


def test_signs_follow_the_brightness(found: ProofList, qapp: QApplication) -> None:
    def plate() -> QColor:
        image = found.list.item(0).icon().pixmap(QSize(32, 32)).toImage()
        return image.pixelColor(16, 4)

    light = plate()
    app.apply_theme("dark")
    try:
        qapp.processEvents()
        assert plate() != light
    finally:
        app.apply_theme("light")


def test_a_difference_is_framed_on_the_page_with_its_sign(qtbot: QtBot) -> None:
    pane = PicturePane("电子卷宗的页面")
    qtbot.addWidget(pane)
    pane.resize(460, 640)
    pane.show()
    page = QImage(420, 594, QImage.Format.Format_RGB32)
    page.fill(QColor("#ffffff"))
    spot = Spot("removed", "纸质缺少", 60, 80, 50, 12)
    pane.show_picture("第1页", page, [spot], 210.0)
    pane.fit(1.0)
    canvas = pane.canvas
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(image)
    box, wanted = canvas.box_of(spot), QColor(SPOTS["removed"].colour)
    plate = image.pixelColor(round(box.left()) - 2, round(box.top()) - 3)
    assert plate == wanted
    across = range(round(box.left()), round(box.right()))
    edge = [image.pixelColor(x, round(box.bottom())) for x in across]
    assert wanted in edge
