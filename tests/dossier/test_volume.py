"""Volumes planned: cut, numbered, catalogued; numbers when pages come in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.dossier.volume import (
    Numbering,
    PageNumber,
    VolumeItem,
    VolumePlan,
    number_words,
    numbering_offers,
    plan_volumes,
    print_plan,
    replan,
)
from zhixing_desktop.dossier.volume_sheets import StepKind


def item(number: int, pages: int, **more: object) -> VolumeItem:
    return VolumeItem(number * 10, f"材料{number}", number, pages, **more)  # type: ignore[arg-type]


def placed(volume: VolumePlan) -> list[tuple[int, int, str]]:
    """Item, page of it, printed number."""
    return [(page.item_id, page.item_page, page.number.words) for page in volume.pages]


def table(volume: VolumePlan) -> list[tuple[str, str, str]]:
    return [(line.title, line.pages, line.remark) for line in volume.lines]


FIRST = (item(3, 2), item(8, 3), item(12, 1))


def test_a_volume_is_numbered_in_catalogue_order_and_lists_its_items() -> None:
    items = (
        item(8, 3, document_number="（2024）豫0811执1号", day=date(2024, 3, 1)),
        item(3, 2, remark="复印件"),
        item(12, 1),
    )
    (volume,) = plan_volumes(items)
    assert placed(volume) == [
        *((30, 1, "1"), (30, 2, "2")),
        *((80, 1, "3"), (80, 2, "4"), (80, 3, "5")),
        (120, 1, "6"),
    ]
    assert table(volume) == [("材料3", "1-2", "复印件"), ("材料8", "3-5", ""), ("材料12", "6", "")]
    assert [line.order for line in volume.lines] == [1, 2, 3]
    assert volume.lines[1].document_number == "（2024）豫0811执1号"
    assert volume.lines[1].day == date(2024, 3, 1)
    assert volume.total == 6


def test_items_are_not_torn_between_volumes_and_each_volume_begins_at_one() -> None:
    volumes = plan_volumes([item(1, 120), item(2, 60), item(3, 30), item(4, 190)])
    assert [[(line.title, line.pages) for line in volume.lines] for volume in volumes] == [
        [("材料1", "1-120"), ("材料2", "121-180")],
        [("材料3", "1-30")],
        [("材料4", "1-190")],
    ]
    assert [volume.number for volume in volumes] == [1, 2, 3]


def test_an_item_thicker_than_a_volume_goes_on_in_the_next_and_the_catalogues_say_so() -> None:
    volumes = plan_volumes([item(1, 10), item(2, 450), item(3, 20)])
    assert [table(volume) for volume in volumes] == [
        [("材料1", "1-10", "")],
        [("材料2", "1-200", "下接第3册")],
        [("材料2（续）", "1-200", "上接第2册；下接第4册")],
        [("材料2（续）", "1-50", "上接第3册"), ("材料3", "51-70", "")],
    ]
    # A part ends on the back of a sheet, whatever the thickness.
    assert [volume.total for volume in plan_volumes([item(1, 20)], 7)] == [6, 6, 6, 2]


def test_pages_on_paper_only_count_and_are_said_to_be() -> None:
    (volume,) = plan_volumes([item(1, 2), item(2, 4, on_paper_only=True), item(3, 1)])
    assert volume.total == 7
    assert volume.on_paper_only == 4
    assert table(volume) == [
        ("材料1", "1-2", ""),
        ("材料2", "3-6", "仅有纸质件"),
        ("材料3", "7", ""),
    ]


def test_a_disc_is_listed_without_pages() -> None:
    (volume,) = plan_volumes([item(1, 0, remark="光盘一张"), item(2, 3), item(3, 0), item(4, 1)])
    assert table(volume) == [
        ("材料1", "", "光盘一张"),
        ("材料2", "1-3", ""),
        ("材料3", "", ""),
        ("材料4", "4", ""),
    ]
    (alone,) = plan_volumes([item(1, 0)])
    assert (table(alone), alone.total) == ([("材料1", "", "")], 0)
    assert plan_volumes([]) == ()


COME_IN = (*FIRST[:1], item(5, 2), *FIRST[1:])


def test_renumbering_shifts_what_follows() -> None:
    printed = plan_volumes(FIRST)
    (volume,) = replan(COME_IN, printed, Numbering.RENUMBER)
    assert table(volume) == [
        ("材料3", "1-2", ""),
        ("材料5", "3-4", ""),
        ("材料8", "5-7", ""),
        ("材料12", "8", ""),
    ]
    assert replan(COME_IN, printed) == (volume,)


def test_appending_leaves_all_printed_numbers() -> None:
    (volume,) = replan(COME_IN, plan_volumes(FIRST), Numbering.APPEND)
    assert table(volume) == [
        ("材料3", "1-2", ""),
        ("材料8", "3-5", ""),
        ("材料12", "6", ""),
        ("材料5", "7-8", ""),
    ]
    # The next full print puts it where it belongs.
    assert table(replan(COME_IN, (volume,))[0])[1] == ("材料5", "3-4", "")


def test_dashes_follow_the_number_before() -> None:
    (volume,) = replan(COME_IN, plan_volumes(FIRST), Numbering.DASH)
    assert [number for _, _, number in placed(volume)] == ["1", "2", "2-1", "2-2", *"3456"]
    assert table(volume)[1] == ("材料5", "2-1至2-2", "")
    # What comes to the same place later takes the next numbers: the first two are on paper.
    later = (*FIRST[:1], item(4, 1), *COME_IN[1:])
    (again,) = replan(later, (volume,), Numbering.DASH)
    assert placed(again)[2:5] == [(50, 1, "2-1"), (50, 2, "2-2"), (40, 1, "2-3")]
    # Before the first page there is none to follow.
    (early,) = replan((item(1, 1), *FIRST), plan_volumes(FIRST), Numbering.DASH)
    assert placed(early)[-1] == (10, 1, "7")


def test_a_longer_version_keeps_the_numbers_of_its_first_pages() -> None:
    printed = plan_volumes(FIRST)
    longer = (FIRST[0], replace(FIRST[1], pages=4, version=2), FIRST[2])
    (dashed,) = replan(longer, printed, Numbering.DASH)
    assert table(dashed)[1] == ("材料8", "3-5、5-1", "")
    assert {page.version for page in dashed.pages if page.item_id == 80} == {2}
    (appended,) = replan(longer, printed, Numbering.APPEND)
    assert table(appended)[1] == ("材料8", "3-5、7", "")


def test_a_gap_stays_where_numbers_are_kept_and_closes_where_they_are_not() -> None:
    printed = plan_volumes(FIRST)
    without = (FIRST[0], replace(FIRST[1], pages=1), FIRST[2])
    (kept,) = replan(without, printed, Numbering.APPEND)
    assert [number for _, _, number in placed(kept)] == ["1", "2", "3", "6"]
    assert kept.missing == (PageNumber(4), PageNumber(5))
    (closed,) = replan(without, printed)
    assert [number for _, _, number in placed(closed)] == ["1", "2", "3", "4"]
    assert closed.missing == ()
    # A number that was used is not used again for another page.
    (more,) = replan((*without[:2], item(13, 1)), (kept,), Numbering.APPEND)
    assert placed(more)[-1] == (130, 1, "7")


@pytest.mark.parametrize("way", Numbering)
def test_a_bound_volume_keeps_its_numbers(way: Numbering) -> None:
    first, second = plan_volumes([item(1, 5), item(4, 4), item(6, 3)], 9)
    printed = (replace(first, bound=True), second)
    items = [item(1, 5), item(3, 2), item(4, 4), item(5, 2), item(6, 3)]
    bound, loose = replan(items, printed, way, 9)
    assert bound.bound
    kept = [page for page in bound.pages if not page.number.insert]
    assert kept == list(first.pages)
    inserted = [page.number.words for page in bound.pages if page.number.insert]
    assert inserted == (["5-1", "5-2", "9-1", "9-2"] if way is Numbering.DASH else [])
    assert [line.title for line in loose.lines] == {
        Numbering.RENUMBER: ["材料3", "材料5", "材料6"],
        Numbering.APPEND: ["材料6", "材料3", "材料5"],
        Numbering.DASH: ["材料6"],
    }[way]
    assert loose.pages[0].number == PageNumber(1)


@pytest.mark.parametrize("way", [Numbering.RENUMBER, Numbering.APPEND])
def test_new_pages_of_a_bound_volume_without_room_get_a_volume_of_their_own(
    way: Numbering,
) -> None:
    (volume,) = plan_volumes(FIRST)
    full = volume.total + 1
    first, second = replan(COME_IN, [replace(volume, bound=True)], way, full)
    assert first.pages == volume.pages
    assert table(second) == [("材料5", "1-2", "")]


@pytest.mark.parametrize("way", [Numbering.RENUMBER, Numbering.APPEND])
def test_what_comes_after_binding_goes_on_behind_the_last_bound_page(way: Numbering) -> None:
    (volume,) = plan_volumes(FIRST)
    room = volume.total + 2
    (same,) = replan(COME_IN, [replace(volume, bound=True)], way, room)
    assert same.bound
    assert same.pages[: volume.total] == volume.pages
    new = same.pages[volume.total :]
    assert [page.number.page for page in new] == [volume.total + 1, volume.total + 2]
    plan = print_plan(same, frozenset(volume.pages))
    assert {StepKind.REPLACE, StepKind.REMOVE}.isdisjoint(step.kind for step in plan.steps)
    assert [page for sheet in plan.sheets for page in sheet.pages] == list(new)


def test_more_pages_of_the_last_bound_thing_do_not_go_on_its_bound_sheet() -> None:
    (volume,) = plan_volumes([item(1, 4), item(2, 1)])
    first, second = replan([item(1, 4), item(2, 2)], [replace(volume, bound=True)])
    assert first.pages == volume.pages
    assert second.total == 1


def test_the_offers_say_what_each_way_costs() -> None:
    items = [item(1, 20), item(2, 4, on_paper_only=True), item(3, 20)]
    printed = plan_volumes(items)
    new = VolumeItem(999, "新材料", 1, 2)
    offers = {offer.way: offer for offer in numbering_offers([items[0], new, *items[1:]], printed)}
    # Catalogue, new sheet, ten sheets that shift.
    assert offers[Numbering.RENUMBER].sheets == 12
    assert offers[Numbering.RENUMBER].by_hand == 4
    assert offers[Numbering.RENUMBER].default
    assert "另有4页纸质件要改写页码" in offers[Numbering.RENUMBER].sentence
    for way in (Numbering.APPEND, Numbering.DASH):
        assert offers[way].sheets == 2
        assert offers[way].by_hand == 0
        assert not offers[way].default
        assert offers[way].sentence.startswith(way.label)


def test_words_of_numbers() -> None:
    def words(*numbers: tuple[int, int]) -> str:
        return number_words(PageNumber(*number) for number in numbers)

    assert words() == ""
    assert words((7, 0)) == "7"
    assert words((10, 0), (11, 0), (12, 0), (12, 1), (13, 0)) == "10-12、12-1、13"
    assert words((12, 1), (12, 2), (12, 3), (20, 0)) == "12-1至12-3、20"


COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=8)


@given(
    before=COUNTS,
    after=COUNTS,
    most=st.integers(1, 25),
    way=st.sampled_from(Numbering),
    bound=st.sets(st.integers(1, 4)),
)
def test_every_page_stands_once_under_a_number_of_its_own(
    before: Sequence[int], after: Sequence[int], most: int, way: Numbering, bound: set[int]
) -> None:
    printed = plan_volumes([item(n, pages) for n, pages in enumerate(before, 1)], most)
    printed = tuple(replace(volume, bound=volume.number in bound) for volume in printed)
    items = [item(n, pages) for n, pages in enumerate(after, 1)]
    volumes = replan(items, printed, way, most)
    standing = [(page.item_id, page.item_page) for volume in volumes for page in volume.pages]
    assert sorted(standing) == [(i.item_id, n) for i in items for n in range(1, i.pages + 1)]
    for volume in volumes:
        numbers = [page.number for page in volume.pages]
        assert numbers == sorted(set(numbers))
        assert not set(numbers) & set(volume.missing)
        assert all(page.volume == volume.number for page in volume.pages)
        assert sum(line.page_count for line in volume.lines) == volume.total
        if way is not Numbering.DASH:
            assert volume.total <= most
    # Nothing that keeps its number is printed under another.
    for old in printed:
        if old.bound or way is not Numbering.RENUMBER:
            (new,) = [volume for volume in volumes if volume.number == old.number]
            where = {(page.item_id, page.item_page): page.number for page in new.pages}
            for page in old.pages:
                assert where.get((page.item_id, page.item_page), page.number) == page.number
