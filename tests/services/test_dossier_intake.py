"""Files before they are filed: all that is wrong, blank backs, photographs, first guesses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import OTHER_OFFICER, Office
from helpers.dossier_files import RECORDING, TORN, pages, photograph, write
from helpers.offices import journal
from helpers.paper_desk import paper_desk
from zhixing_desktop.services import dossier_at_node, dossier_originals
from zhixing_desktop.services.dossier_choices import choices, propose
from zhixing_desktop.services.dossier_filing import file_item, replace_item
from zhixing_desktop.services.dossier_intake import blanks, looked_at, straightened
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_triangle_rows import triangle_sheet
from zhixing_desktop.services.dossier_types import Filing, Medium, Origin, Piece
from zhixing_desktop.workflow.views import Key

QUERY = Key(9, "case")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    (found,) = office.case_ids
    return found


def material(office: Office) -> str:
    return next(m.name for m in office.bureau.rules.book.nodes[9].materials if m.item is not None)


def test_what_is_wrong_with_any_file_is_told_and_the_others_have_their_pages(
    office: Office, tmp_path: Path
) -> None:
    files = {"甲.pdf": pages(3), "坏.pdf": TORN, "照片.jpg": photograph(), "录音.mp3": RECORDING}
    pieces = [Piece(name, write(tmp_path, name, data)) for name, data in files.items()]
    pieces.append(Piece("走了.pdf", tmp_path / "走了.pdf"))
    good, torn, photo, recording, gone = looked_at(office.bureau, pieces)
    assert (good.pages, good.errors, len(good.sizes)) == (3, (), 3)
    assert torn.errors
    assert "找不到这个文件" in gone.errors[0]
    assert (photo.medium, photo.photo) == (Medium.ORIGINAL, True)
    assert (recording.medium, recording.pages, recording.errors) == (Medium.ELECTRONIC, 0, ())
    assert [one.width for one in good.pictures([0, 2], 120)] == [120, 120]
    assert photo.pictures([0], 90)[0].width == 90


def test_blank_backs_are_found_and_a_photograph_is_made_straight_beside_its_original(
    office: Office,
) -> None:
    double, photo = looked_at(
        office.bureau, [Piece("双面.pdf", pages(4, blank=(1, 3))), Piece("照片.jpg", photograph())]
    )
    assert blanks(double) == (1, 3)
    made = straightened(office.bureau, photo)
    assert made.after is not None
    assert made.after.piece.name == "照片（拉正）.jpg"
    corner = made.after.pictures([0], 200)[0]
    assert min(corner.data[:3]) > 150, "the dark table is cut away"
    assert straightened(office.bureau, double).after is None


def test_the_material_that_is_missing_is_proposed_by_the_files_name(
    office: Office, case: int
) -> None:
    known = choices(office.bureau, office.actor(), case)
    name = material(office)
    filing = propose(known, f"{name}0305.pdf", Medium.ORIGINAL)
    assert (filing.key, filing.material, filing.place, filing.origin) == (
        QUERY, name, 12, Origin.OBTAINED,
    )  # fmt: skip
    named = propose(known, "IMG_0001.jpg", Medium.ORIGINAL, QUERY, name)
    assert (named.name, named.place) == (name, 12)
    unknown = propose(known, "IMG_0001.jpg", Medium.ORIGINAL)
    assert (unknown.key, unknown.place, unknown.name) == (None, None, "IMG_0001")
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    file_item(office.bureau, office.actor(), case, filing, taken)
    after = choices(office.bureau, office.actor(), case).duty(QUERY)
    assert after is not None
    assert name not in [m.name for m in after.lacking]


def test_the_node_knows_what_lies_in_the_dossier(office: Office, case: int) -> None:
    name = material(office)
    taken = take_in(office.bureau, [Piece("a.pdf", pages(2))])
    filing = Filing(name, QUERY, material=name)
    item = file_item(office.bureau, office.actor(), case, filing, taken).item
    found = dossier_at_node.at_node(office.bureau, office.actor(), case, QUERY)
    assert [line.id for line in found.by_material[name]] == [item.id]
    assert found.may_file
    stranger = dossier_at_node.at_node(office.bureau, office.actor(OTHER_OFFICER), case, QUERY)
    assert not stranger.may_file


def test_an_original_leaves_only_with_a_row_in_the_journal(
    office: Office, case: int, tmp_path: Path
) -> None:
    data = pages(2)
    taken = take_in(office.bureau, [Piece("原件.pdf", data)])
    item = file_item(office.bureau, office.actor(), case, Filing("证据", place=10), taken).item
    (kept,) = dossier_originals.originals(office.bureau, office.actor(), item.id)
    assert (kept.name, kept.bytes) == ("原件.pdf", len(data))
    target = tmp_path / "副本.pdf"
    dossier_originals.save_original(office.bureau, office.actor(), item.id, 0, target)
    assert target.read_bytes() == data
    assert journal(office.bureau)[-1] == ("export", "张承办")
    opened = dossier_originals.copy_to_open(
        office.bureau, office.actor(), item.id, 0, tmp_path / "打开"
    )
    assert opened.read_bytes() == data
    assert opened.name == "原件.pdf"


def test_the_signed_paper_itself_is_bound_and_not_printed_again(office: Office, case: int) -> None:
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    item = file_item(office.bureau, office.actor(), case, Filing("笔录", place=11), taken).item
    after = replace_item(
        office.bureau, office.actor(), item.id, taken, "换成签名盖章后的扫描件",
        version=item.version, medium=Medium.ORIGINAL,
    ).item  # fmt: skip
    assert (after.medium, after.current) == (Medium.ORIGINAL, 2)


def test_the_triangle_shows_what_agrees_and_names_no_inner_thing_to_strangers(
    office: Office, case: int
) -> None:
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    name = material(office)
    file_item(office.bureau, office.actor(), case, Filing(name, QUERY, material=name), taken)
    inner = Filing("合议庭评议笔录", side="side", place=1)
    file_item(office.bureau, office.actor(), case, inner, taken)
    sheet = triangle_sheet(office.bureau, office.actor(), case)
    (row,) = [one for one in sheet.rows if one.what == name]
    assert (row.files, row.paper) == ("财产查询材料　1页", "没有打印入卷")
    assert sum(len(one.holes) for one in sheet.rows) == len(sheet.triangle.holes)
    assert "合议庭评议笔录" in [one.what for one in sheet.rows]
    seen = triangle_sheet(office.bureau, office.actor(OTHER_OFFICER), case)
    told = [one.what for one in seen.rows] + [h.sentence for h in seen.triangle.holes]
    assert not any("合议庭" in words for words in told)
    assert len(seen.triangle.holes) == len(sheet.triangle.holes)
