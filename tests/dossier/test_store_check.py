"""The health of the kept files: each damage is named once, a sound store has nothing to say."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.dossier.store_check import (
    FaultKind,
    KnownFile,
    StoreHealth,
    full_check,
    quick_check,
    read_check,
    rolling,
)
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import DOCX, ENDINGS, JPEG, PDF

TYPES = (PDF, JPEG, DOCX)
TODAY = date(2024, 3, 1)


class Store:
    """A folder of kept files with its rows, and what a test does to it."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.rows = [self._keep(number) for number in range(count)]

    def _keep(self, number: int) -> KnownFile:
        data = f"{number} 执行卷宗".encode() * (1 + number % 5)
        digest, kind = hashlib.sha256(data).hexdigest(), TYPES[number % len(TYPES)]
        # As ``keep`` does, without waiting for the disk ten thousand times.
        path = file_folder.path_of(self.folder, digest, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return KnownFile(digest, f"材料{number}.pdf", kind, len(data))

    def path(self, number: int) -> Path:
        row = self.rows[number]
        return file_folder.path_of(self.folder, row.digest, row.media_type)

    def place(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def quick(self, **given: Any) -> StoreHealth:
        return quick_check(self.folder, iter(self.rows), ENDINGS, **given)

    def full(self, **given: Any) -> StoreHealth:
        return full_check(self.folder, iter(self.rows), ENDINGS, **given)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", 40)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


# --- the damages; each returns the place that the message must name


def lose(store: Store, number: int) -> str:
    store.path(number).unlink()
    return store.place(store.path(number))


def change(store: Store, number: int) -> str:
    flip(store.path(number))
    return store.place(store.path(number))


def lengthen(store: Store, number: int) -> str:
    with store.path(number).open("ab") as file:
        file.write(b"more")
    return store.place(store.path(number))


def cut(store: Store, number: int) -> str:
    os.truncate(store.path(number), 5)
    return store.place(store.path(number))


def empty(store: Store, number: int) -> str:
    os.truncate(store.path(number), 0)
    return store.place(store.path(number))


def put_elsewhere(store: Store, number: int) -> str:
    old = store.path(number)
    other = "00" if old.parent.name != "00" else "01"
    new = store.folder / other / old.name
    new.parent.mkdir(exist_ok=True)
    old.rename(new)
    return store.place(new)


def put_too_high(store: Store, number: int) -> str:
    new = store.folder / store.path(number).name
    store.path(number).rename(new)
    return store.place(new)


def rename_ending(store: Store, number: int) -> str:
    new = store.path(number).with_suffix(".tif")
    store.path(number).rename(new)
    return store.place(new)


def double(store: Store, number: int) -> str:
    new = store.path(number).with_suffix(".png")
    shutil.copy(store.path(number), new)
    return store.place(new)


def orphan(store: Store, _number: int) -> str:
    digest = file_folder.keep(store.folder, b"%PDF nobody knows", PDF)
    return store.place(file_folder.path_of(store.folder, digest, PDF))


def bring_foreign(store: Store, number: int) -> str:
    path = store.path(number).with_name("会议记录.docx")
    path.write_bytes(b"minutes")
    return store.place(path)


def bring_folder(store: Store, _number: int) -> str:
    (store.folder / "新建文件夹").mkdir()
    return "新建文件夹/"


def leave_over(store: Store, number: int) -> str:
    path = store.path(number).with_name(".new-k3x9")
    path.write_bytes(b"half")
    return store.place(path)


def spoil_row(store: Store, number: int) -> str:
    row = store.rows[number]
    store.path(number).unlink()
    store.rows[number] = KnownFile("not-a-digest", row.name, row.media_type, row.bytes)
    return "not-a-digest"


DAMAGES: dict[Callable[[Store, int], str], FaultKind] = {
    lose: FaultKind.LOST,
    lengthen: FaultKind.CHANGED,
    cut: FaultKind.TRUNCATED,
    empty: FaultKind.EMPTY,
    put_elsewhere: FaultKind.MISPLACED,
    put_too_high: FaultKind.MISPLACED,
    rename_ending: FaultKind.MISPLACED,
    double: FaultKind.DOUBLED,
    orphan: FaultKind.ORPHANED,
    bring_foreign: FaultKind.FOREIGN,
    bring_folder: FaultKind.FOREIGN,
    leave_over: FaultKind.LEFT_OVER,
    spoil_row: FaultKind.BAD_ROW,
}


def said(health: StoreHealth) -> list[tuple[FaultKind, str]]:
    return [(fault.kind, fault.place) for fault in health.faults]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_each_damage_is_named_once_by_both_checks(
    store: Store, damage: Callable[[Store, int], str]
) -> None:
    place = damage(store, 7)
    for health in (store.quick(), store.full()):
        assert said(health) == [(DAMAGES[damage], place)]
        assert health.complete
        assert not health.sound
        problem = health.faults[0].problem()
        assert problem.where == place
        assert problem.severity == ("error" if DAMAGES[damage].harms else "warning")
        assert problem.sentence.endswith("。")


def test_a_flipped_bit_is_found_by_reading_only(store: Store) -> None:
    place = change(store, 3)
    assert store.quick().sound
    health = store.full()
    assert said(health) == [(FaultKind.CHANGED, place)]
    assert "“材料3.pdf”的内容与保存时不同" in health.faults[0].sentence


def test_a_damaged_file_in_a_wrong_place_is_one_message(store: Store) -> None:
    flip(store.path(3))
    place = put_elsewhere(store, 3)
    (fault,) = store.full().faults
    assert (fault.kind, fault.place) == (FaultKind.CHANGED, place)
    assert fault.home == store.place(store.path(3))


def test_a_store_of_ten_thousand_says_nothing_and_then_each_of_all_damages(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path, 10_000)
    for health in (store.quick(), store.full()):
        assert health == StoreHealth((), 10_000, health.bytes, complete=True)
    assert health.bytes == sum(row.bytes for row in store.rows)
    expected = {(FaultKind.CHANGED, change(store, 5))}
    expected |= {(kind, damage(store, 1000 + 77 * n)) for n, (damage, kind) in
                 enumerate(DAMAGES.items())}  # fmt: skip
    found = said(store.full())
    assert set(found) == expected
    assert len(found) == len(DAMAGES) + 1


def test_the_folder_that_went_away_is_one_message(store: Store) -> None:
    store.folder.rename(store.folder.with_name("away"))
    for health in (store.quick(), store.full()):
        assert [fault.kind for fault in health.faults] == [FaultKind.DISCONNECTED]
        assert "登记的40个文件一个也找不到" in health.faults[0].sentence
        assert not health.complete


def test_an_empty_place_where_the_share_should_be_is_one_message(store: Store) -> None:
    store.folder.rename(store.folder.with_name("away"))
    store.folder.mkdir()
    assert [fault.kind for fault in store.quick().faults] == [FaultKind.DISCONNECTED]


def test_another_folder_in_its_place_is_one_message(store: Store) -> None:
    """A workstation may be told the wrong share: with folders, with files, none of them ours."""
    store.folder.rename(store.folder.with_name("away"))
    for place in ("ab/" + "cd" * 32 + ".pdf", "ab/照片.jpg", "说明.txt", "会议/纪要.docx"):
        (store.folder / place).parent.mkdir(parents=True, exist_ok=True)
        (store.folder / place).write_bytes(b"")
    for health in (store.quick(), store.full()):
        assert [fault.kind for fault in health.faults] == [FaultKind.DISCONNECTED]
        assert "可能连到了别的文件夹" in health.faults[0].sentence


def test_the_only_file_of_a_new_bureau_is_lost_and_not_the_folder(tmp_path: Path) -> None:
    store = Store(tmp_path, 1)
    place = lose(store, 0)
    assert said(store.quick()) == [(FaultKind.LOST, place)]


def test_an_empty_folder_of_a_new_bureau_is_sound(tmp_path: Path) -> None:
    assert quick_check(tmp_path, [], ENDINGS).sound


def test_the_share_that_goes_away_while_reading_is_one_message(store: Store) -> None:
    def vanish(_done: int, _total: int) -> None:
        if store.folder.exists():
            store.folder.rename(store.folder.with_name("away"))

    store.rows = [*store.rows, *Store(store.folder, 400).rows[40:]]
    health = store.full(progress=vanish)
    assert [fault.kind for fault in health.faults] == [FaultKind.DISCONNECTED]
    assert not health.complete


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """Work as somebody whom the rights on files hold for; root may read everything."""
    if os.geteuid() != 0:
        yield
        return
    here = Path.cwd()
    os.chdir(folder)  # the way there is not open to him
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.chdir(here)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are set otherwise there")
def test_what_may_not_be_read_is_said_so_and_not_called_lost(store: Store) -> None:
    store.folder.chmod(0o755)
    hidden = store.path(1).parent
    beside = [n for n in range(40) if store.path(n).parent != hidden]
    store.path(beside[0]).chmod(0)
    hidden.chmod(0)
    try:
        with without_rights(store.folder):
            where = Path() if os.geteuid() == 65534 else store.folder
            health = full_check(where, store.rows, ENDINGS)
    finally:
        hidden.chmod(0o755)
    expected = sorted([f"{hidden.name}/", store.place(store.path(beside[0]))])
    assert said(health) == [(FaultKind.UNREADABLE, place) for place in expected]
    assert all("没有权限" in fault.sentence for fault in health.faults)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a link that leads to itself")
def test_what_the_system_cannot_read_is_one_message(store: Store) -> None:
    path = store.path(4)
    path.unlink()
    path.symlink_to(path.name)
    (fault,) = store.full().faults
    assert (fault.kind, fault.place) == (FaultKind.UNREADABLE, store.place(path))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_link_that_leads_nowhere_is_foreign(store: Store) -> None:
    places = ["说明.txt", f"{store.path(1).parent.name}/说明.txt"]
    for place in places:
        (store.folder / place).symlink_to("nowhere")
    expected = [(FaultKind.FOREIGN, place) for place in sorted(places)]
    assert said(store.quick()) == said(store.full()) == expected


def test_what_goes_away_while_it_is_looked_at_is_passed_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another workstation finishes writing: its temporary file gets its name."""
    place = store.folder / leave_over(store, 3)
    listing = os.scandir

    class Slow:
        def __init__(self, folder: Path) -> None:
            self.entries = list(listing(folder))

        def __enter__(self) -> list[os.DirEntry[str]]:
            place.unlink(missing_ok=True)
            return self.entries

        def __exit__(self, *_error: object) -> None: ...

    monkeypatch.setattr(os, "scandir", Slow)
    assert store.quick().sound


def test_what_is_just_being_filed_is_not_judged(store: Store) -> None:
    begun = 2_000_000_000.0
    young = [leave_over(store, 2), orphan(store, 0), bring_foreign(store, 5)]
    for place in young:
        os.utime(store.folder / place, (begun, begun + 1))
    assert store.quick(settled_before=begun).sound
    assert len(store.quick(settled_before=begun + 2).faults) == 3


def test_what_others_may_put_there_is_passed_over(store: Store) -> None:
    (store.folder / ".damaged").mkdir()
    (store.folder / ".damaged" / "x").write_bytes(b"")
    (store.folder / "Thumbs.db").write_bytes(b"")
    (store.folder / "lost+found").mkdir()
    (store.folder / "layout").mkdir()
    assert said(store.quick()) == [(FaultKind.FOREIGN, "layout/")]
    assert store.quick(beside=["layout"]).sound


def test_giving_up_keeps_what_was_found(tmp_path: Path) -> None:
    store = Store(tmp_path, 400)
    place, read = lose(store, 7), [0]

    def note(done: int, _total: int) -> None:
        read[0] = done

    health = store.full(progress=note, cancelled=lambda: read[0] > 0)
    assert said(health) == [(FaultKind.LOST, place)]
    assert not health.complete
    assert 0 < health.bytes < sum(row.bytes for row in store.rows)
    assert not store.quick(cancelled=lambda: True).complete


def test_progress_ends_with_all_bytes(store: Store) -> None:
    told: list[tuple[int, int]] = []
    store.full(progress=lambda done, total: told.append((done, total)))
    total = sum(row.bytes for row in store.rows)
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_only_the_named_files_are_read(store: Store) -> None:
    place = change(store, 3)
    change(store, 4)
    bring_foreign(store, 5)
    health = read_check(store.folder, store.rows[:4], ENDINGS)
    assert said(health) == [(FaultKind.CHANGED, place)]
    lose(store, 3)
    health = read_check(store.folder, store.rows[:4], ENDINGS)
    assert said(health) == [(FaultKind.LOST, place)]


def test_the_same_bytes_under_two_types_are_two_files(store: Store) -> None:
    """Somebody filed them once as a scan and once as what the program made."""
    row = store.rows[0]
    twin = KnownFile(row.digest, "同一文件.docx", DOCX, row.bytes)
    shutil.copy(store.path(0), file_folder.path_of(store.folder, row.digest, DOCX))
    store.rows.append(twin)
    assert store.full().sound


# --- a part each day


def file(number: int, size: int = 10) -> KnownFile:
    return KnownFile(f"{number:064x}", f"{number}.pdf", PDF, size)


def test_the_oldest_come_first_and_within_the_budget() -> None:
    known = [(file(n), TODAY - timedelta(days=n)) for n in range(10)]
    assert rolling(known, TODAY, budget_bytes=30) == (file(9), file(8), file(7))
    # What was read today is not read again, however large the budget.
    assert file(0) not in rolling(known, TODAY, budget_bytes=10_000)
    assert len(rolling(known, TODAY, budget_bytes=10_000)) == 9


def test_the_promise_goes_before_the_budget() -> None:
    known = [(file(n), TODAY - timedelta(days=40)) for n in range(5)]
    known += [(file(9), TODAY - timedelta(days=1))]
    assert len(rolling(known, TODAY, budget_bytes=0)) == 5
    assert rolling([(file(1), None)], TODAY, budget_bytes=0) == (file(1),)


def test_one_file_larger_than_the_budget_does_not_wait_for_ever() -> None:
    known = [(file(1, 10**9), TODAY - timedelta(days=2))]
    assert rolling(known, TODAY, budget_bytes=10**6) == (file(1, 10**9),)


@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=40),
    st.lists(st.integers(1, 10), min_size=1, max_size=60),
    st.none() | st.integers(0, 20_000),
)
def test_no_file_waits_longer_than_thirty_days(
    sizes: list[int], pauses: list[int], budget: int | None
) -> None:
    """Whatever days the program runs on, the longest pause being ten days."""
    last = {file(n, size): TODAY for n, size in enumerate(sizes)}
    today = TODAY
    for pause in pauses:
        today += timedelta(days=pause)
        assert max((today - day).days for day in last.values()) <= 30
        for row in rolling(list(last.items()), today, budget_bytes=budget):
            last[row] = today


def test_the_work_is_spread_over_the_days() -> None:
    last = {file(n, 100): TODAY for n in range(100)}
    daily = []
    for day in range(1, 91):
        today = TODAY + timedelta(days=day)
        chosen = rolling(list(last.items()), today)
        daily.append(len(chosen))
        last |= dict.fromkeys(chosen, today)
    assert max(daily) <= 6
