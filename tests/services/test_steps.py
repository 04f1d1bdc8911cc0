"""One step of a person: whole or not at all, never over somebody else's, never before the beat."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.bureau import Office, busy_bureau, make_bureau
from helpers.offices import contents, journal, said
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import health, work
from zhixing_desktop.workflow.engine import evaluate
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    RuleRefusedError,
    StaleEditError,
    ZhixingError,
)
from zhixing_desktop.workflow.facts import OPEN_STATES
from zhixing_desktop.workflow.views import Key

FIRST = Key(1, "case")


def test_an_edit_of_an_older_version_is_refused_with_both(office: Office, second: Office) -> None:
    case = office.register(1)
    seen = second.detail(case).version
    office.fill(case, 1)
    before = contents(office.bureau)
    work.assign_officer(second.bureau, second.actor("李局长"), case, "孙法官", reason="调整分工")
    with pytest.raises(StaleEditError) as caught:
        work.complete_node(
            second.bureau, second.actor(), case, Key(2, "case"), expected_version=seen
        )
    assert caught.value.data == {"yours": seen, "theirs": office.detail(case).version}
    assert "填好的内容还在" in caught.value.sentence
    after = contents(office.bureau)
    # The change without a version came through, the one with an old version left nothing.
    assert len(after["facts"]) == len(before["facts"]) + 1
    assert len(after["journal"]) == len(before["journal"]) + 1


def test_a_refusal_writes_nothing_at_all(office: Office) -> None:
    case = office.register(1)
    before = contents(office.bureau)
    office.at("2024-03-09T09:00")
    with pytest.raises(RuleRefusedError):
        work.complete_node(office.bureau, office.actor(), case, FIRST)
    with pytest.raises(InputRefusedError):
        work.add_fact(
            office.bureau, office.actor(), case, "no_such_event", "case", office.clock.now()
        )
    with pytest.raises(InputRefusedError):
        work.complete_node(office.bureau, office.actor(), "（2024）豫0811执999号", FIRST)
    assert contents(office.bureau) == before


def test_a_failure_in_the_middle_leaves_nothing_and_is_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.register(1)
    office.fill(case, 1)
    before = contents(office.bureau)

    def fail(self: Recorder) -> int:
        self.flush()
        raise OSError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(Recorder, "finish", fail)
        with pytest.raises(OSError, match="the power went"):
            office.fill(case, 2)
    assert contents(office.bureau) == before
    office.fill(case, 2)
    assert office.detail(case).view.instances[Key(2, "case")].completed_at is not None
    assert health.check_all(office.bureau) == []


def test_each_step_is_one_row_of_the_journal(office: Office) -> None:
    start = len(journal(office.bureau))
    case = office.register(1)
    view = office.detail(case).view
    assert view.instances[FIRST].state in OPEN_STATES
    office.fill(case, 1)
    rows = journal(office.bureau)[start:]
    assert rows[0] == ("case.register", "吴立案")
    assert rows[-1] == ("node.complete", "吴立案")
    assert {action for action, _ in rows[1:-1]} == {"node.work"}
    assert office.detail(case).version == len(rows)


def test_a_step_first_announces_what_was_due(office: Office) -> None:
    case = office.register(1)
    office.fill(case, 1)
    office.fill(case, 2)
    due = [step for step in office.detail(case).view.agenda if step.at > office.clock.now()]
    later = due[-1].at + timedelta(days=1)
    start = len(journal(office.bureau))
    office.at(later)
    assert said(office.bureau) == set()
    work.assign_officer(office.bureau, office.actor("李局长"), case, "孙法官", reason="调整分工")
    assert [action for action, _ in journal(office.bureau)[start:]] == ["sweep", "case.assign"]
    heard = said(office.bureau)
    assert {entry[6] for entry in heard} == {step.at for step in due}
    assert office.sweep().fired == 0
    assert health.check_all(office.bureau) == []


def test_a_correction_stands_beside_what_it_corrects(office: Office) -> None:
    case = office.register(1)
    office.at("2024-03-20T10:00")
    office.event(case, "clue_received", "clue/1", name="股权", source="其他", urgent=False)
    facts = office.detail(case).facts
    wrong = facts[-1]
    outcome = work.correct_fact(
        office.bureau,
        office.actor(),
        case,
        wrong.seq,
        at=datetime(2024, 3, 18),
        reason="收到日期登记有误",
    )
    assert office.detail(case).facts == (*facts, *outcome.facts)
    standing = office.detail(case).context.index.event("clue_received", "clue/1")
    assert standing is not None
    assert standing.happened_at == datetime(2024, 3, 18)
    with pytest.raises(InputRefusedError):
        work.correct_fact(
            office.bureau, office.actor(), case, wrong.seq, at=datetime(2024, 3, 17), reason=""
        )
    assert health.check_all(office.bureau) == []


def test_two_workstations_see_each_others_steps_and_sweeps(office: Office, second: Office) -> None:
    case = office.register(1)
    office.fill(case, 1)
    second.fill(case, 2)
    office.fill(case, 3)
    office.at("2024-06-03T09:00")
    assert second.sweep().fired > 0
    work.assign_officer(office.bureau, office.actor("李局长"), case, "孙法官", reason="调整分工")
    second.at("2024-06-04T09:00")
    assert second.detail(case).officer == "孙法官"
    second.event(case, "clue_received", "clue/1", name="股权", source="其他", urgent=False)
    office.event(case, "clue_received", "clue/2", name="车辆", source="其他", urgent=False)
    assert office.detail(case).facts == second.detail(case).facts
    assert health.check_all(office.bureau) == []
    assert health.check_all(second.bureau) == []


def test_time_alone_changes_nothing_between_two_entries_of_the_agenda(tmp_path: Path) -> None:
    """What lets the sweep fire the agenda and look at no case."""
    office = busy_bureau(tmp_path, 24)
    book, calendar = office.bureau.rules.book, office.bureau.rules.calendar
    for case in office.case_ids:
        facts = office.detail(case).facts
        at = facts[-1].entered_at
        view = evaluate(book, calendar, facts, at)
        moments = sorted({step.at for step in view.agenda if step.at > at})
        for moment in [*moments[:40], at + timedelta(days=4000)]:
            last = moment - timedelta(seconds=1)
            assert replace(evaluate(book, calendar, facts, last), at=view.at) == view
            view = evaluate(book, calendar, facts, moment)
    office.close()


COMMANDS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 2000)),
        st.tuples(st.just("sweep"), st.just(0)),
        st.tuples(st.just("fill"), st.integers(0, 30)),
        st.tuples(st.just("event"), st.integers(0, 8)),
        st.tuples(st.just("officer"), st.integers(0, 1)),
        st.tuples(st.just("withdraw"), st.integers(1, 30)),
        st.tuples(st.just("unfreeze"), st.integers(0, 3)),
    ),
    min_size=4,
    max_size=25,
)
EVENTS = (
    ("network_query_started", "case", {}),
    ("asset_found", "asset/1", {"name": "工行存款", "category": "银行存款", "online": True}),
    ("asset_found", "asset/2", {"name": "轿车", "category": "车辆", "online": False}),
    ("asset_controlled", "asset/1", {}),
    ("asset_controlled", "asset/2", {}),
    ("clue_received", "clue/1", {"name": "股权", "source": "其他", "urgent": True}),
    ("control_released", "asset/2", {}),
    ("auction_started", "asset/2/round/1", {}),
    ("no_assets_determined", "case", {}),
)


def _do(office: Office, case: int, what: str, number: int) -> None:
    if what == "wait":
        office.at(office.clock.now() + timedelta(hours=number))
    elif what == "sweep":
        office.sweep()
    elif what == "fill":
        view = office.detail(case).view
        live = [key for key, entry in view.instances.items() if entry.state in OPEN_STATES]
        if live:
            key = live[number % len(live)]
            office.fill(case, key.node, key.subject)
    elif what == "event":
        name, subject, data = EVENTS[number]
        office.event(case, name, subject, **data)
    elif what == "officer":
        name = ("张承办", "孙法官")[number]
        work.assign_officer(office.bureau, office.actor("李局长"), case, name, reason="调整分工")
    elif what == "withdraw":
        reason = "经核对并未发生"
        work.withdraw_fact(office.bureau, office.actor(), case, number, reason=reason)
    elif what == "unfreeze":
        frozen = [k for k, v in office.detail(case).view.instances.items() if v.frozen]
        if frozen:
            key = frozen[number % len(frozen)]
            asked = work.request_approval(
                office.bureau, office.actor(), case, key, "unfreeze", "已经补办，请予解冻"
            )
            seq = asked.facts[-1].seq
            chief = office.actor("李局长")
            work.decide_approval(office.bureau, chief, case, seq, "granted", "情况属实")


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(COMMANDS, st.sampled_from(["执", "执保"]))
def test_whatever_is_done_rows_facts_and_journal_agree(
    commands: list[tuple[str, int]], kind: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        office = make_bureau(Path(name))
        case = office.register(1, type=kind)
        for what, number in commands:
            with suppress(ZhixingError):
                _do(office, case, what, number)
        fresh = make_bureau(Path(name), now=office.clock.now().isoformat(), staffed=False)
        assert fresh.detail(case).view == office.detail(case).view
        assert health.check_all(office.bureau) == []
        office.close()
        fresh.close()
