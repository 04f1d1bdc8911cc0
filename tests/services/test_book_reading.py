"""A rulebook that is read when it is asked for: once, by one, and again after a fault."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from helpers.bureau import rules as loaded_rules
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import rules
from zhixing_desktop.workflow.errors import InputRefusedError, Problem


def test_many_ask_and_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    book = loaded_rules().book
    asking = threading.Barrier(4)
    read: list[Path] = []

    def load(resources: Path) -> Any:
        read.append(resources)
        return book

    monkeypatch.setattr(rules, "load_rulebook", load)
    late = rules.load_rules(resources_dir(), book_later=True)
    assert read == []

    def ask(_number: int) -> Any:
        asking.wait(20)
        return late.book

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert all(one is book for one in found)
    assert len(read) == 1


def test_a_fault_is_said_to_everybody_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_resources: Path) -> Any:
        raise InputRefusedError("规则库有误", [Problem("node_07.yaml:12", "没有这个条件")])

    monkeypatch.setattr(rules, "load_rulebook", load)
    late = rules.load_rules(resources_dir(), book_later=True)
    for _ in range(2):
        with pytest.raises(InputRefusedError, match="规则库有误"):
            _ = late.book
    with pytest.raises(InputRefusedError):
        rules.load_rules(resources_dir())
