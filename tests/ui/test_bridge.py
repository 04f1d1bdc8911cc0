"""The bridge: jobs leave the GUI thread, answers come back to it, the dead are not called."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from zhixing_desktop.services import people
from zhixing_desktop.ui.bridge import Bridge, Changes

PATIENCE = 20


@pytest.mark.parametrize("way", ["read", "write"])
def test_a_job_runs_elsewhere_and_its_answer_comes_home(
    bridge: Bridge, settle: Callable[[], None], way: str
) -> None:
    owner, threads = QObject(), []

    def job() -> str:
        threads.append(threading.get_ident())
        return "answer"

    answers: list[tuple[str, int]] = []
    getattr(bridge, way)(owner, job, lambda r: answers.append((r, threading.get_ident())))
    settle()
    home = threading.get_ident()
    assert answers == [("answer", home)]
    assert threads[0] != home


def test_writing_is_one_after_another_in_the_order_asked(
    bridge: Bridge, settle: Callable[[], None]
) -> None:
    owner, order, inside = QObject(), [], []

    def job(number: int) -> Callable[[], None]:
        def run() -> None:
            inside.append(number)
            assert inside == [number]
            order.append(number)
            inside.remove(number)

        return run

    for number in range(20):
        bridge.write(owner, job(number), lambda _: None)
    settle()
    assert order == list(range(20))


def test_a_receiver_that_is_gone_is_not_called(bridge: Bridge, settle: Callable[[], None]) -> None:
    owner, go_on, called = QObject(), threading.Event(), []
    bridge.read(owner, lambda: go_on.wait(PATIENCE), called.append, called.append)
    shiboken6.delete(owner)
    go_on.set()
    settle()
    assert called == []


def test_an_error_goes_to_who_asked_or_else_to_all(
    bridge: Bridge, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    def fail() -> None:
        raise ValueError("defect")

    owner, told = QObject(), []
    bridge.read(owner, fail, told.append, lambda error: told.append(str(error)))
    settle()
    assert told == ["defect"]
    with qtbot.waitSignal(bridge.failed) as caught:
        bridge.write(owner, fail, told.append)
    assert str(caught.args[0]) == "defect"


def test_busy_is_told_once_for_many_jobs(bridge: Bridge, settle: Callable[[], None]) -> None:
    owner, words = QObject(), []
    bridge.busy.connect(words.append)
    for _ in range(5):
        bridge.read(owner, lambda: None, lambda _: None)
    settle()
    assert words == [True, False]


def test_after_closing_nothing_runs_and_nobody_is_called(office: Office) -> None:
    bridge, called = Bridge(), []
    bridge.write(QObject(), lambda: called.append("written"), called.append)
    bridge.close()
    assert called == ["written"]
    bridge.read(QObject(), lambda: called.append("read"), called.append)
    assert called == ["written"]


def test_changes_reach_every_view(bridge: Bridge) -> None:
    seen: list[Changes] = []
    bridge.changed.connect(seen.append)
    bridge.announce(Changes(frozenset({7}), alerts=True))
    assert seen == [Changes(frozenset({7}), lists=True, alerts=True)]


def test_the_guard_of_these_tests_sees_a_window_that_asks_for_itself(
    office: Office, tmp_path: pytest.TempPathFactory
) -> None:
    from zhixing_desktop import app

    code = compile(
        "people.all_people(bureau)", f"{app.__file__.removesuffix('app.py')}ui/bad.py", "exec"
    )
    with pytest.raises(pytest.fail.Exception, match="asks the database"):
        exec(code, {"people": people, "bureau": office.bureau})
