"""The pages on the desk: turned, moved, split, joined, left out, taken back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.services.dossier_types import Cut
from zhixing_desktop.ui.dossier.stack import Stack


def desk(*pages: int) -> Stack:
    made = Stack()
    for source, count in enumerate(pages):
        made.add(source, count)
    return made


def test_each_file_is_a_thing_until_they_are_joined() -> None:
    stack = desk(2, 3)
    assert stack.things == (1, 2)
    assert stack.join(2) == 1
    assert stack.order(1) == ([0, 1], [Cut(0, 0), Cut(0, 1), Cut(1, 0), Cut(1, 1), Cut(1, 2)])
    assert stack.undo()
    assert stack.things == (1, 2)


def test_a_thing_is_split_at_a_page_and_a_page_goes_into_the_other() -> None:
    stack = desk(4)
    thing = stack.split(2)
    assert thing is not None
    assert stack.split(2) is None
    assert stack.move([0], 4) == [3]
    assert stack.order(thing) == ([0], [Cut(0, 2), Cut(0, 3), Cut(0, 0)])
    assert stack.order(1) == ([0], [Cut(0, 1)])


def test_what_is_left_out_and_turned_is_so_in_the_record() -> None:
    stack = desk(3)
    stack.turn([0, 2], 90)
    stack.turn([0], -180)
    stack.leave_out([1], out=True)
    assert stack.order(1)[1] == [Cut(0, 0, 270), Cut(0, 2, 90)]
    assert stack.pages(1) == 2


def test_a_recording_takes_no_page_in() -> None:
    stack = desk(2, 0)
    assert stack.join(2) is None
    stack.move([1], 3)
    assert stack.pages(2) == 0
    assert len(stack.things) == 3


def test_pages_of_two_things_that_are_moved_beside_a_recording_are_a_thing_of_their_own() -> None:
    stack = desk(0, 2, 1)
    stack.move([1, 3], 0)
    assert [leaf.thing for leaf in stack.leaves].count(2) == 1
    assert len(stack.things) == 3


def test_a_few_pages_are_kept_and_the_others_follow_as_another_thing() -> None:
    stack = desk(4, 1)
    other = stack.divide(1, [2, 0])
    assert other is not None
    assert stack.order(1)[1] == [Cut(0, 2), Cut(0, 0)]
    assert stack.order(other)[1] == [Cut(0, 1), Cut(0, 3)]
    assert stack.divide(1, [0, 1]) is None
    assert stack.undo()
    assert stack.pages(1) == 4


@given(st.data())
def test_things_stay_together_and_no_page_is_lost_whatever_is_done(data: st.DataObject) -> None:
    stack = desk(*data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=4)))
    before = sorted((leaf.source, leaf.page) for leaf in stack.leaves)
    for _ in range(data.draw(st.integers(1, 8))):
        count = len(stack.leaves)
        row = data.draw(st.integers(0, count - 1))
        act = data.draw(
            st.sampled_from(["move", "split", "divide", "join", "join_all", "undo", "out"])
        )
        if act == "move":
            rows = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
            stack.move(rows, data.draw(st.integers(0, count)))
        elif act == "split":
            stack.split(row)
        elif act == "divide":
            stack.divide(stack.leaves[row].thing, [0])
        elif act == "join":
            stack.join(stack.leaves[row].thing)
        elif act == "join_all":
            stack.join_all()
        elif act == "out":
            stack.leave_out([row], out=True)
        elif len(stack._before) > len(before):
            stack.undo()
        assert sorted((leaf.source, leaf.page) for leaf in stack.leaves) == before
        runs = [x.thing for n, x in enumerate(stack.leaves) if stack.begins(n)]
        assert len(runs) == len(set(runs)), stack.leaves
