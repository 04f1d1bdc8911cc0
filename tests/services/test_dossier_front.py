"""Cover, catalogue and closing note: printed again when their words change, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.closed_case import file_pages
from helpers.paper_desk import paper_desk
from zhixing_desktop.dossier.pdf_pages import page_texts
from zhixing_desktop.dossier.volume import Numbering
from zhixing_desktop.dossier.volume_sheets import SideKind, StepKind
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services import dossier
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.dossier_filing import Change, change_item, withdraw_item
from zhixing_desktop.services.dossier_printing import Prepared, prepare, record_print
from zhixing_desktop.services.dossier_triangle import HoleKind, triangle
from zhixing_desktop.services.dossier_types import MAIN, SIDE
from zhixing_desktop.services.dossier_volume_rows import kept_volume
from zhixing_desktop.services.dossier_volumes import volumes
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.workflow.errors import InputRefusedError


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Office, int, Path]]:
    office = paper_desk(tmp_path)
    (case,) = office.case_ids
    file_pages(office, case, "银行流水", 3, place=10)
    yield office, case, tmp_path
    office.close()


Desk = tuple[Office, int, Path]


def ready(desk: Desk, side: str = MAIN, number: int = 1, *, added: bool = False) -> Prepared:
    office, case, folder = desk
    return prepare(
        office.bureau, office.actor(), case, side, number, folder / f"{side}{number}.pdf",
        way=Numbering.RENUMBER, only_added=added,
    )  # fmt: skip


def printed(desk: Desk, side: str = MAIN, number: int = 1, *, added: bool = False) -> Prepared:
    made = ready(desk, side, number, added=added)
    record_print(desk[0].bureau, desk[0].actor(), made, printer="PDF")
    return made


def kinds(made: Prepared) -> set[SideKind]:
    return {side.kind for side in made.plan.sides} - {SideKind.BLANK}


def said(made: Prepared) -> list[str]:
    return [step.sentence for step in made.plan.steps]


def words(data: bytes) -> str:
    return "".join("".join(page_texts(data)).split())


def test_what_was_added_brings_cover_catalogue_and_closing_note_along(desk: Desk) -> None:
    office, case, _ = desk
    printed(desk)
    file_pages(office, case, "收条", 2, place=10)
    made = printed(desk, added=True)
    assert kinds(made) == {
        SideKind.COVER, SideKind.CATALOGUE, SideKind.CONTENT, SideKind.CLOSING_NOTE,
    }  # fmt: skip
    first, second, *_, last = said(made)
    assert first.startswith("封面换成新印的1张")
    assert second.startswith("卷内目录换成新印的1张")
    assert last.startswith("备考表换成新印的1张")
    sheets = words(made.path.read_bytes())
    assert "1册，5页" in sheets
    assert "本册编有页码5页" in sheets
    # The proof holds the paper against what was printed last, the new cover among it.
    with office.bureau.database.reading() as conn:
        row = kept_volume(conn, case, MAIN, 1)
    assert row is not None
    kept = file_folder.fetch(files_folder(office.bureau), row["front"]["cover"], PDF)
    assert "1册，5页" in words(kept)


def test_a_new_version_of_as_many_pages_leaves_the_cover_and_the_catalogue(desk: Desk) -> None:
    office, case, _ = desk
    from helpers.closable_case import taken
    from zhixing_desktop.services.dossier_filing import replace_item

    printed(desk)
    (line,) = dossier.dossier(office.bureau, office.actor(), case).main.items
    new = taken(office, line.pages)
    replace_item(
        office.bureau, office.actor(), line.id, new, "换成清晰的扫描件", version=line.version
    )
    made = ready(desk, added=True)
    assert new.pages == 3
    assert kinds(made) == {SideKind.CONTENT}


def test_a_corrected_name_is_a_new_catalogue_and_nothing_else(desk: Desk) -> None:
    office, case, _ = desk
    printed(desk)
    office.at("2024-03-06T10:00")
    with pytest.raises(InputRefusedError, match="没有新增或者变动"):
        ready(desk, added=True)
    (line,) = dossier.dossier(office.bureau, office.actor(), case).main.items
    change_item(office.bureau, office.actor(), line.id, Change(name="工商银行流水"), version=1)
    made = printed(desk, added=True)
    assert kinds(made) == {SideKind.CATALOGUE}
    assert said(made) == ["卷内目录换成新印的1张，抽出原来的。"]
    with pytest.raises(InputRefusedError, match="没有新增或者变动"):
        ready(desk, added=True)


def test_the_list_names_the_other_volumes_whose_cover_says_another_extent(desk: Desk) -> None:
    office, case, _ = desk
    file_pages(office, case, "合议笔录", 2, place=1, side=SIDE)
    printed(desk)
    printed(desk, SIDE)
    file_pages(office, case, "收条", 2, place=10)
    made = printed(desk, added=True)
    (step,) = [one for one in made.plan.steps if one.kind is StepKind.OTHER_VOLUME]
    assert step.sentence.startswith("副卷第1册的封面、备考表也变了")
    other = printed(desk, SIDE, added=True)
    assert kinds(other) == {SideKind.COVER, SideKind.CLOSING_NOTE}
    assert "正卷1册，5页" in words(other.path.read_bytes())
    file_pages(office, case, "欠条", 1, place=10)
    assert any("副卷第1册" in one for one in said(ready(desk, added=True)))


def test_a_volume_to_which_nothing_belongs_any_more_can_be_taken_apart(desk: Desk) -> None:
    """Else its pages would be a disagreement that no act mends."""
    office, case, _ = desk
    change_setting(office.bureau, office.actor("何管理"), "dossier.volume_pages", 50, "每册薄一些")
    file_pages(office, case, "对账单", 49, place=12)
    printed(desk)
    printed(desk, number=2)
    large = next(
        line
        for line in dossier.dossier(office.bureau, office.actor(), case).main.items
        if line.name == "对账单"
    )
    withdraw_item(office.bureau, office.actor(), large.id, "属于另一案件", version=large.version)

    def gone() -> list[int | None]:
        found = triangle(office.bureau, office.actor(), case).holes
        return [hole.volume for hole in found if hole.kind is HoleKind.GONE_ON_PAPER]

    assert gone() == [2]
    made = printed(desk, number=2, added=True)
    assert any(one.startswith("抽出原第1-49页") for one in said(made))
    assert gone() == []
    lines = volumes(office.bureau, office.actor(), case, MAIN)
    assert [line.number for line in lines if line.plan.pages] == [1]
    cover = printed(desk, added=True)
    assert "正卷第1册（共1册）" in words(cover.path.read_bytes())


def test_a_thing_that_moved_to_another_volume_is_too_much_in_the_former(desk: Desk) -> None:
    office, case, _ = desk
    change_setting(office.bureau, office.actor("何管理"), "dossier.volume_pages", 50, "每册薄一些")
    file_pages(office, case, "对账单", 49, place=12)
    file_pages(office, case, "收条", 1, place=13)
    for number in (1, 2):
        printed(desk, number=number)
    large = next(
        line
        for line in dossier.dossier(office.bureau, office.actor(), case).main.items
        if line.name == "对账单"
    )
    withdraw_item(office.bureau, office.actor(), large.id, "属于另一案件", version=large.version)
    printed(desk, number=1)
    holes = triangle(office.bureau, office.actor(), case).holes
    assert [h.volume for h in holes if h.kind is HoleKind.GONE_ON_PAPER] == [2]
    printed(desk, number=2, added=True)
    holes = triangle(office.bureau, office.actor(), case).holes
    assert [h.kind for h in holes if h.kind is HoleKind.GONE_ON_PAPER] == []
