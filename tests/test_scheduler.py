"""The beat: at once, again, never twice at a time, and always with a trace."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.jobstores.memory import MemoryJobStore

from zhixing_desktop import scheduler
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.scheduler import GAP, Scheduler

PATIENCE = 20


def test_the_first_beat_comes_at_once_in_another_thread_and_none_after_the_end() -> None:
    came = threading.Event()
    threads: list[int] = []

    def beat() -> None:
        threads.append(threading.get_ident())
        came.set()

    made = Scheduler(beat, seconds=3600)
    made.start()
    assert came.wait(PATIENCE)
    made.stop()
    assert threads != [threading.get_ident()]
    assert not made.running
    count = len(threads)
    made.soon()
    assert len(threads) == count


def test_beats_go_on_after_one_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    third = threading.Event()
    calls: list[int] = []
    told: list[Exception] = []

    def beat() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        if len(calls) >= 3:
            third.set()

    made = Scheduler(beat, seconds=0.05, failed=told.append)
    with caplog.at_level(logging.INFO):
        made.start()
        assert third.wait(PATIENCE)
        made.stop()
    assert [str(error) for error in told] == ["the database is away"]
    assert "beat failed" in caplog.text


def test_a_beat_that_takes_long_is_not_run_twice_at_a_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    go_on, skipped = threading.Event(), threading.Event()
    running: list[int] = []
    most: list[int] = []

    def beat() -> None:
        running.append(1)
        most.append(len(running))
        go_on.wait(PATIENCE)
        running.pop()

    made = Scheduler(beat, seconds=0.05)
    with caplog.at_level(logging.WARNING):
        made.start()
        made._scheduler.add_listener(lambda _event: skipped.set(), EVENT_JOB_MAX_INSTANCES)
        assert skipped.wait(PATIENCE)
        go_on.set()
        made.stop()
    assert max(most) == 1
    assert "skipped: the one before still runs" in caplog.text


def test_stopping_waits_for_the_beat_that_runs() -> None:
    inside, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def beat() -> None:
        inside.set()
        go_on.wait(PATIENCE)
        done.append("swept")

    made = Scheduler(beat, seconds=3600)
    made.start()
    assert inside.wait(PATIENCE)
    threading.Timer(0.05, go_on.set).start()
    made.stop()
    assert done == ["swept"]


def test_one_job_with_a_trigger_object_that_is_never_dropped() -> None:
    made = Scheduler(lambda: None, seconds=60)
    made.start()
    try:
        (job,) = made._scheduler.get_jobs()
        assert job.misfire_grace_time is None
        assert job.coalesce is True
        assert job.max_instances == 1
        assert job.trigger.interval == timedelta(seconds=60)
        assert str(made._scheduler.timezone) == "Asia/Shanghai"
        assert isinstance(made._scheduler._jobstores["default"], MemoryJobStore)
    finally:
        made.stop()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (GAP + timedelta(seconds=1), "clock gap"),
        (-GAP - timedelta(seconds=1), "clock went back"),
        (GAP, ""),
        (timedelta(seconds=60), ""),
    ],
)
def test_a_jump_of_the_clock_leaves_a_line_and_is_swept(
    caplog: pytest.LogCaptureFixture, step: timedelta, words: str
) -> None:
    clock = FixedClock(datetime(2024, 3, 1, 9))
    calls: list[datetime] = []
    made = Scheduler(lambda: calls.append(clock.now()), clock=clock)
    with caplog.at_level(logging.WARNING):
        made.tick()
        clock.set(clock.now() + step)
        made.tick()
    assert len(calls) == 2
    assert (words in caplog.text) if words else not caplog.text


def test_a_missed_beat_leaves_a_line(caplog: pytest.LogCaptureFixture) -> None:
    event = JobSubmissionEvent(EVENT_JOB_MAX_INSTANCES, "beat", "default", [datetime(2024, 3, 1)])
    with caplog.at_level(logging.WARNING):
        scheduler._note_skip(event)
    assert "2024" in caplog.text
