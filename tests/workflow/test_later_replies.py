"""A later reply of the same court takes the first one back or puts it right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from helpers.desk import CHIEF, OFFICER, Desk
from helpers.stages import begun
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView, State
from zhixing_desktop.workflow.pending import waiting_of

FIRST, LATER, THIRD = "（2024）豫08执督7号", "（2024）豫08执督9号", "（2024）豫08执督11号"
COURT = "焦作市中级人民法院"
READER = "李书记"


def last(desk: Desk) -> ApprovalView:
    return desk.view.approvals[-1]


def enter(
    desk: Desk, number: str, outcome: str, *, request: int | None = None, **more: Any
) -> Desk:
    given = {"number": number, "decided_on": desk.now.date(), "decider": "孙局长",
             "office": COURT, "outcome": outcome, "words": "经复查", **more}  # fmt: skip
    seq = request or last(desk).seq
    made = decide.enter_reply(
        desk.context, desk.view, seq, Reply(**given), "b" * 64, by=CHIEF, roles=["执行局长"]
    )
    desk._write(made, CHIEF)
    return desk


def confirm(desk: Desk, number: str, *, by: str = READER, on: date | None = None) -> Desk:
    made = decide.read_back(
        desk.context, desk.view, last(desk).seq, number, on or desk.now.date(),
        by=by, roles=["书记员"],
    )  # fmt: skip
    desk._write(made, by)
    return desk


def reply(desk: Desk, number: str, outcome: str, **more: Any) -> Desk:
    return confirm(enter(desk, number, outcome, **more), number)


def answered(outcome: str) -> Desk:
    """Node 20 was frozen; its unfreezing was answered on 2024-04-03, now it is 2024-04-08."""
    desk = begun().at("2024-03-11T10:00")
    desk.event("asset_found", "asset/1", name="解放路房屋", category="不动产", online=False)
    desk.event("asset_controlled", "asset/1").at("2024-04-01T09:00")
    desk.request(20, "unfreeze", "asset/1")
    letter = Hop("本院", COURT, desk.now.date(), "山执报1号")
    made = decide.forward(
        desk.context, desk.view, last(desk).seq, letter, by=CHIEF, roles=["执行局长"]
    )
    desk._write(made, CHIEF)
    return reply(desk.at("2024-04-03T10:00"), FIRST, outcome).at("2024-04-08T09:00")


def state(desk: Desk) -> State:
    return desk.state(20, "asset/1")


@pytest.mark.parametrize("outcome", ["revoked", "refused", "returned"])
def test_what_was_granted_is_taken_back_and_the_node_freezes_again(outcome: str) -> None:
    desk = answered("granted")
    assert state(desk) is State.OVERDUE
    enter(desk, LATER, outcome)
    # It waits for its reader; until then the first one counts.
    (waits,) = waiting_of(desk.view)
    assert (waits.request, waits.stage) == (last(desk).seq, "replied")
    assert (last(desk).status, state(desk)) == ("granted", State.OVERDUE)
    confirm(desk, LATER)
    asked = last(desk)
    assert (asked.status, asked.ended_at, asked.ended_by) == ("countermanded", desk.now, COURT)
    assert state(desk) is State.FROZEN
    freeze = desk.instance(20, "asset/1").frozen
    assert freeze is not None
    assert freeze.frozen_at == desk.now  # not before it was known here
    assert waiting_of(desk.view) == ()
    # The officer may apply anew; nothing more can be said about the old one.
    with pytest.raises(RuleRefusedError, match="已经决定或者撤回"):
        enter(desk, THIRD, "granted")
    desk.at("2024-04-09T09:00").request(20, "unfreeze", "asset/1")
    assert (last(desk).status, len(desk.view.approvals)) == ("pending", 2)


@pytest.mark.parametrize("first", ["refused", "returned"])
def test_a_refusal_is_put_right_and_the_node_goes_on(first: str) -> None:
    desk = answered(first)
    assert state(desk) is State.FROZEN
    reply(desk, LATER, "granted")
    assert last(desk).status == "granted"
    assert [step["document"] for step in last(desk).steps] == [FIRST, LATER]
    assert state(desk) is State.OVERDUE


def test_what_was_only_written_wrong_changes_nothing_but_the_paper() -> None:
    desk = answered("granted")
    before = last(desk).decided_at
    reply(desk, LATER, "granted", words="原批复中的案号更正为（2024）豫0811执1号")
    asked = last(desk)
    assert (asked.status, asked.decided_at, state(desk)) == ("granted", before, State.OVERDUE)
    assert asked.steps[-1]["reason"] == "原批复中的案号更正为（2024）豫0811执1号"
    # And may be taken back like the first.
    reply(desk.at("2024-04-10T09:00"), THIRD, "revoked")
    assert (last(desk).status, state(desk)) == ("countermanded", State.FROZEN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"office": "河南省高级人民法院"}, "只能由同一法院更正或者撤销"),
        ({"number": "(2024) 豫08执督7号"}, "与原答复的文号相同"),
        ({"decided_on": date(2024, 4, 2)}, "不能早于原答复之日（2024-04-03）"),
        ({"decided_on": date(2024, 4, 9)}, "不能晚于今天"),
        ({"words": " "}, "“答复内容”必须填写"),
        ({"outcome": "forwarded"}, "不认识的答复结果"),
    ],
)
def test_a_later_reply_is_whole_and_of_the_same_court(change: dict[str, Any], words: str) -> None:
    given = {"number": LATER, "outcome": "revoked", **change}
    with pytest.raises(InputRefusedError) as caught:
        enter(answered("granted"), **given)
    assert words in "".join(problem.sentence for problem in caught.value.problems)


def test_there_must_be_something_to_take_back() -> None:
    with pytest.raises(InputRefusedError) as caught:
        enter(answered("refused"), LATER, "revoked")
    assert "没有可以撤销的批准" in caught.value.problems[0].sentence
    desk = answered("granted")
    reply(desk, LATER, "revoked")
    desk.request(20, "unfreeze", "asset/1")
    letter = Hop("本院", COURT, desk.now.date(), "山执报2号")
    made = decide.forward(
        desk.context, desk.view, last(desk).seq, letter, by=CHIEF, roles=["执行局长"]
    )
    desk._write(made, CHIEF)
    with pytest.raises(InputRefusedError) as caught:
        enter(desk, THIRD, "revoked")
    assert "还没有生效的答复" in caught.value.problems[0].sentence


def test_what_was_applied_for_again_is_answered_there() -> None:
    desk = answered("refused")
    first = last(desk).seq
    desk.request(20, "unfreeze", "asset/1")
    with pytest.raises(RuleRefusedError, match=f"第{last(desk).seq}号"):
        enter(desk, LATER, "granted", request=first)


def test_whoever_entered_it_does_not_read_it_back_and_this_court_takes_nothing_back() -> None:
    desk = enter(answered("granted"), LATER, "revoked")
    with pytest.raises(RuleRefusedError, match="须由另外一人"):
        confirm(desk, LATER, by=CHIEF)
    with pytest.raises(RuleRefusedError, match="任何人不得决定自己的申请"):
        confirm(desk, LATER, by=OFFICER)
    with pytest.raises(InputRefusedError, match="核对不一致"):
        confirm(desk, FIRST)
    with pytest.raises(RuleRefusedError, match="登记为这件申请的答复"):
        decide.countermand(
            desk.context, desk.view, last(desk).seq, by=CHIEF, roles=["执行局长"], reason="有误"
        )
    assert last(desk).status == "granted"
