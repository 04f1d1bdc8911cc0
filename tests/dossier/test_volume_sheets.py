"""Sheets of a paper volume: fronts, blank backs, what is printed again and what the clerk does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.dossier.page_marks import NumberSide
from zhixing_desktop.dossier.volume import (
    Numbering,
    PlannedPage,
    PrintPlan,
    VolumeItem,
    VolumePlan,
    plan_volumes,
    print_plan,
    replan,
)
from zhixing_desktop.dossier.volume_sheets import Sheet, Side, SideKind, StepKind


def item(number: int, pages: int, **more: object) -> VolumeItem:
    return VolumeItem(number * 10, f"材料{number}", number, pages, **more)  # type: ignore[arg-type]


ITEMS = (item(1, 3), item(2, 2), item(3, 1))


def planned(*items: VolumeItem) -> VolumePlan:
    (volume,) = plan_volumes(items)
    return volume


def shown(sheets: Sequence[Sheet]) -> list[str]:
    """Each sheet as ``front/back``: numbers, ``-`` for blank, else the kind's first letter."""

    def side(one: Side | None) -> str:
        if one is None:
            return ""
        kind, number = one.kind, one.number
        return number or {"blank": "-"}.get(kind, kind[:2])

    return [f"{side(sheet.front)}/{side(sheet.back)}" for sheet in sheets]


def said(plan: PrintPlan) -> list[str]:
    return [step.sentence for step in plan.steps]


def test_items_begin_on_a_front_and_covers_have_blank_backs() -> None:
    plan = print_plan(planned(*ITEMS), catalogue_pages=2)
    assert shown(plan.sheets) == ["co/-", "ca/-", "ca/-", "1/2", "3/-", "4/5", "6/-", "cl/-"]
    assert said(plan) == []
    assert [side.place for side in plan.sides if side.kind is SideKind.CATALOGUE] == [0, 1]


def test_numbers_stand_right_on_fronts_and_left_on_backs() -> None:
    plan = print_plan(planned(*ITEMS))
    places = {side.number: side.number_side for side in plan.sides if side.number}
    left = {number for number, side in places.items() if side is NumberSide.LEFT}
    assert (left, set(places) - left) == ({"2", "5"}, {"1", "3", "4", "6"})


def test_one_side_only() -> None:
    plan = print_plan(planned(*ITEMS), duplex=False)
    assert shown(plan.sheets) == ["co/", "ca/", "1/", "2/", "3/", "4/", "5/", "6/", "cl/"]
    assert {side.number_side for side in plan.sides} == {NumberSide.RIGHT}


def test_nothing_is_printed_again_where_nothing_changed() -> None:
    volume = planned(*ITEMS)
    assert print_plan(volume, frozenset(volume.pages)) == PrintPlan((), (), 0)


def test_a_new_version_replaces_its_sheets() -> None:
    volume = planned(*ITEMS)
    changed = planned(ITEMS[0], replace(ITEMS[1], version=2), ITEMS[2])
    plan = print_plan(changed, frozenset(volume.pages))
    assert shown(plan.sheets) == ["ca/-", "4/5"]
    assert said(plan) == [
        "卷内目录换成新印的1张，抽出原来的。",
        "第4-5页（1张）换下原第4-5页（1张）。",
    ]


def test_one_side_that_changed_prints_its_sheet_with_both() -> None:
    volume = planned(*ITEMS)
    on_paper = {
        replace(page, version=9) if page.number.words == "2" else page for page in volume.pages
    }
    assert shown(print_plan(volume, on_paper).sheets) == ["ca/-", "1/2"]
    assert shown(print_plan(volume, on_paper, duplex=False).sheets) == ["ca/", "2/"]


def test_an_item_in_the_middle_with_each_way_of_numbering() -> None:
    before = planned(*ITEMS)
    new = VolumeItem(11, "新材料", 1, 2)
    items = (ITEMS[0], new, *ITEMS[1:])
    on_paper = frozenset(before.pages)

    def plan(way: Numbering) -> PrintPlan:
        return print_plan(replan(items, [before], way)[0], on_paper)

    anew = plan(Numbering.RENUMBER)
    assert shown(anew.sheets) == ["ca/-", "4/5", "6/7", "8/-"]
    assert said(anew)[1:] == ["第4-8页（3张）换下原第4-6页（2张）。"]

    appended = plan(Numbering.APPEND)
    assert shown(appended.sheets) == ["ca/-", "7/8"]
    assert said(appended)[1:] == ["第7-8页（1张）插入第6页之后。"]

    dashed = plan(Numbering.DASH)
    assert shown(dashed.sheets) == ["ca/-", "3-1/3-2"]
    assert said(dashed)[1:] == ["第3-1至3-2页（1张）插入第3页之后。"]


def test_an_inserted_page_goes_on_the_blank_back_of_its_item() -> None:
    before = planned(*ITEMS)
    longer = (replace(ITEMS[0], pages=4), *ITEMS[1:])
    (volume,) = replan(longer, [before], Numbering.DASH)
    plan = print_plan(volume, frozenset(before.pages))
    assert shown(plan.sheets) == ["ca/-", "3/3-1"]
    assert said(plan)[1:] == ["第3、3-1页（1张）换下原第3页（1张）。"]


def test_a_first_item_is_inserted_after_the_catalogue() -> None:
    before = planned(*ITEMS[1:])
    on_paper = {
        replace(page, number=replace(page.number, page=page.number.page + 3))
        for page in before.pages
    }
    plan = print_plan(planned(*ITEMS), on_paper)
    assert said(plan)[1:] == ["第1-3页（2张）插入卷内目录之后。"]


def test_what_is_no_longer_there_is_taken_out() -> None:
    before = planned(*ITEMS)
    (volume,) = replan(ITEMS[::2], [before], Numbering.APPEND)
    plan = print_plan(volume, frozenset(before.pages))
    assert shown(plan.sheets) == ["ca/-"]
    assert said(plan)[1:] == ["抽出原第4-5页（1张）。"]
    assert plan.steps[1].kind is StepKind.REMOVE
    assert [number.words for number in plan.steps[1].old] == ["4", "5"]


PAPER = item(2, 4, on_paper_only=True)


def test_paper_of_its_own_is_not_printed_but_has_its_place() -> None:
    plan = print_plan(planned(ITEMS[0], PAPER, ITEMS[2]))
    assert shown(plan.sheets) == ["co/-", "ca/-", "1/2", "3/-", "8/-", "cl/-"]
    assert said(plan) == ["仅有纸质的“材料2”放在第3页之后，在正面右上角、背面左上角编写第4-7页。"]
    assert plan.by_hand == 4


def test_an_original_is_not_said_to_be_on_paper_only() -> None:
    volume = planned(ITEMS[0], item(2, 4, original=True), ITEMS[2])
    plan = print_plan(volume)
    assert shown(plan.sheets) == ["co/-", "ca/-", "1/2", "3/-", "8/-", "cl/-"]
    assert said(plan) == ["“材料2”的原件放在第3页之后，在正面右上角、背面左上角编写第4-7页。"]
    assert volume.on_paper_only == 0
    assert volume.lines[1].remark == ""


def test_paper_of_its_own_gets_its_number_written_anew() -> None:
    before = planned(ITEMS[0], PAPER, ITEMS[2])
    after = planned(replace(ITEMS[0], pages=5), PAPER, ITEMS[2])
    plan = print_plan(after, frozenset(before.pages))
    assert said(plan)[1:] == [
        "第3-5、10页（3张）换下原第3、8页（2张）。",
        "仅有纸质的“材料2”的页码由第4-7页改写为第6-9页。",
    ]
    assert plan.by_hand == 4
    # It is never thrown away.
    gone = print_plan(planned(ITEMS[0], ITEMS[2]), frozenset(before.pages))
    assert said(gone)[-1] == "抽出仅有纸质的材料（原第4-7页），不得丢弃。"


def applied(paper: list[tuple[PlannedPage, ...]], plan: PrintPlan) -> None:
    """Do with a stack of sheets what the list says."""
    for step in plan.steps:
        going = set(step.old) if step.kind is not StepKind.OWN_PAPER else set()
        paper[:] = [sheet for sheet in paper if not {page.number for page in sheet} & going]
    paper += [sheet.pages for step in plan.steps for sheet in step.sheets if sheet.pages]
    paper.sort(key=lambda sheet: sheet[0].number)


COUNTS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 2)), min_size=1, max_size=7)


@given(before=COUNTS, after=COUNTS, way=st.sampled_from(Numbering), duplex=st.booleans())
def test_who_follows_the_list_has_the_volume_as_planned(
    before: Sequence[tuple[int, int]],
    after: Sequence[tuple[int, int]],
    way: Numbering,
    duplex: bool,
) -> None:
    def items(rows: Sequence[tuple[int, int]]) -> list[VolumeItem]:
        return [item(n, pages, version=version) for n, (pages, version) in enumerate(rows, 1)]

    old = plan_volumes(items(before))
    new = replan(items(after), old, way)
    if not old or not new:
        return
    first, second = print_plan(old[0], duplex=duplex), print_plan(new[0], duplex=duplex)
    paper = [sheet.pages for sheet in first.sheets if sheet.pages]
    applied(paper, print_plan(new[0], frozenset(old[0].pages), duplex=duplex))
    assert paper == [sheet.pages for sheet in second.sheets if sheet.pages]
