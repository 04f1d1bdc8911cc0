"""Archiving (节点四十四): hand-over, receipt or return with points, and what still waits for it.

Checking is ``archive_check.check``, making the package ``archive_packing.make_package``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.dossier.package import verify_package as verify
from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.archive_check import content_of, newest_package
from zhixing_desktop.services.archive_node import entered, reopened
from zhixing_desktop.services.archive_rows import package_line, package_row
from zhixing_desktop.services.archive_types import (
    HAND,
    HANDED,
    MADE,
    PACK,
    RECEIVE,
    RECEIVED,
    RETURN,
    RETURNED,
    STATES,
    PackageLine,
    Settled,
)
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.permission import NOTHING, About, Permit
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.services.steps import take_under
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
)
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.views import CaseView

_LONGEST_NUMBER, _LONGEST_POINT = 60, 500


def packages(bureau: Bureau, actor: Actor, case: str | int) -> tuple[PackageLine, ...]:
    """Return the packages of a case, newest first.

    Raises ``NotAllowedError`` for a case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        found = rows_where(conn, archive_packages, "case_id", row["id"], order="id")
    return tuple(package_line(one, row["case_no"]) for one in reversed(found))


def hand_to_archive(
    bureau: Bureau,
    actor: Actor,
    package_id: int,
    *,
    version: int,
    uploaded_on: date | None = None,
) -> Settled:
    """Record that a package was handed to the archive.

    ``uploaded_on``: the day on which the image dossier was uploaded to the archive's own system,
    where that was done; it is entered at node 44.  Raises ``NotAllowedError``,
    ``RuleRefusedError`` (not the newest package; handed over already; the dossier was changed
    since), :class:`InputRefusedError`, ``StaleEditError``.
    """

    def change(conn: Connection, case: Row, row: Row) -> Row:
        newest = newest_package(conn, case["id"])
        if newest is None or newest["id"] != row["id"]:
            raise RuleRefusedError(
                "这个归档包后来又重新制作过，请移交最新的归档包。", data={"kind": "not_newest"}
            )
        _expect(row, MADE, "移交")
        if content_of(bureau, conn, case["id"]) != [list(pair) for pair in row["content"]]:
            raise RuleRefusedError(
                "制作归档包以后，卷宗又有材料入卷或者变动，不能移交。请重新制作归档包。",
                data={"kind": "content_changed"},
            )
        moment = bureau.database.now(conn)
        if uploaded_on is not None:
            _refuse_future(uploaded_on, moment.date(), "移交")
        return {"state": HANDED, "handed_by": actor.name, "handed_at": moment}

    values = {"images_uploaded_on": uploaded_on.isoformat()} if uploaded_on else {}
    about = About(act=PACK)
    return _Step(bureau, actor, package_id, version, HAND, about, change, values).run()


def receive(
    bureau: Bureau,
    actor: Actor,
    package_id: int,
    archive_number: str,
    *,
    version: int,
    receipt: str = "",
    uploaded_on: date | None = None,
) -> Settled:
    """Record that the archive has taken a package: number, receipt; node 44 gets its day.

    ``uploaded_on`` as with :func:`hand_to_archive`, where it was not said then.  Node 44 is
    completed with it where nothing is missing; the notes say which.  Raises ``NotAllowedError``,
    :class:`InputRefusedError` without an archive number or with a day in the future,
    ``RuleRefusedError`` for one that was not handed over, ``StaleEditError``.
    """
    number = archive_number.strip()
    if not number or len(number) > _LONGEST_NUMBER:
        raise InputRefusedError(
            f"没有登记接收：请填写归档号（不超过{_LONGEST_NUMBER}个字）。",
            [Problem("归档号", "请填写归档号")],
        )

    def change(conn: Connection, _case: Row, row: Row) -> Row:
        _expect(row, HANDED, "接收")
        return {
            "state": RECEIVED,
            "archive_number": number,
            "receipt": receipt.strip(),
            "settled_by": actor.name,
            "settled_at": bureau.database.now(conn),
        }

    today = bureau.database.now().date()
    values = {
        "archive_number": number,
        "archive_received_by": actor.name,
        "archived_on": today.isoformat(),
    }
    if uploaded_on is not None:
        _refuse_future(uploaded_on, today, "接收")
        values["images_uploaded_on"] = uploaded_on.isoformat()
    step = _Step(bureau, actor, package_id, version, RECEIVE, NOTHING, change, values)
    return step.run(archived=True)


def return_with_points(
    bureau: Bureau, actor: Actor, package_id: int, points: Sequence[str], *, version: int
) -> Settled:
    """Record that the archive gives a package back, and for what; each point by itself.

    Also one that was received already and in which a fault was found later: node 44 is open again
    then, its fifteen days are those from 报结.  Raises ``NotAllowedError``,
    :class:`InputRefusedError` without a point, ``RuleRefusedError`` for one that was not handed
    over, ``StaleEditError``.
    """
    told = [point.strip() for point in points if point.strip()]
    if not told or any(len(point) > _LONGEST_POINT for point in told):
        raise InputRefusedError(
            f"没有退回：请逐条写明退回的问题（每条不超过{_LONGEST_POINT}个字）。",
            [Problem("退回的问题", "请写明退回的问题")],
        )

    def change(conn: Connection, _case: Row, row: Row) -> Row:
        if row["state"] != RECEIVED:
            _expect(row, HANDED, "退回")
        return {
            "state": RETURNED,
            "points": told,
            "settled_by": actor.name,
            "settled_at": bureau.database.now(conn),
        }

    about = About(act=RECEIVE)
    step = _Step(bureau, actor, package_id, version, RETURN, about, change, {})
    return step.run(returned=told)


def verify_package(
    path: Path,
    *,
    digest: str = "",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a package that lies somewhere; asks no database.

    ``digest`` is the one of the hand-over slip.  Raises ``StoreError`` where there is no package.
    """
    return verify(path, digest=digest, progress=progress, cancelled=cancelled)


def _refuse_future(day: date, today: date, act: str) -> None:
    if day > today:
        raise InputRefusedError(
            f"没有{act}：上传日期不能在将来。", [Problem("上传日期", "请核对上传日期")]
        )


def _expect(row: Row, state: str, act: str) -> None:
    if row["state"] != state:
        raise RuleRefusedError(
            f"归档包“{row['name']}”的状态是“{STATES[row['state']]}”，不能{act}。请刷新后再办。",
            data={"kind": "state", "state": row["state"]},
        )


class _Step:
    """One step with a package: the row changed, node 44 told, one journal row."""

    def __init__(
        self,
        bureau: Bureau,
        actor: Actor,
        package_id: int,
        version: int,
        action: str,
        about: About,
        change: Callable[[Connection, Row, Row], Mapping[str, Any]],
        values: Mapping[str, Any],
    ) -> None:
        self._bureau, self._actor = bureau, actor
        self._package_id, self._version = package_id, version
        self._action, self._about = action, about
        self._change, self._values = change, values
        self._archived = False
        self._returned: Sequence[str] = ()
        self._before: Row = {}
        self._after: Row = {}
        self._notes: tuple[str, ...] = ()

    def run(self, *, archived: bool = False, returned: Sequence[str] = ()) -> Settled:
        """Do it; ``archived`` and ``returned`` (the points) tell what node 44 has to know."""
        self._archived, self._returned = archived, returned
        with self._bureau.database.reading() as conn:
            case = package_row(conn, self._package_id)["case_id"]
        done = take_under(
            self._bureau, self._actor, case, self._action, self.facts, about=self._about,
            beside=self,
        )  # fmt: skip
        return Settled(package_line(self._after, done.case_no), self._notes)

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """Look at the package as it stands and find what becomes of it."""
        self._conn = conn
        self._before = row = package_row(conn, self._package_id, lock=True)
        if row["version"] != self._version:
            raise StaleEditError(
                "这个归档包刚刚被别人办理过，没有登记，请刷新后再办。",
                data={"kind": "stale", "yours": self._version, "theirs": row["version"]},
            )
        case = case_store.find_case(conn, row["case_id"])
        changed = self._change(conn, case, row)
        self._after = {**row, **changed, "version": row["version"] + 1}

    def facts(self, ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        """Return what the step brings at node 44."""
        if self._returned:
            opened, self._notes = reopened(ctx, self._returned)
            return opened
        if not self._values and not self._archived:
            return ()
        made, self._notes = entered(
            self._conn, self._bureau, self._actor, ctx, view, self._values,
            archived=self._archived,
        )  # fmt: skip
        return made

    def write(self, conn: Connection, record: Recorder, _new: Sequence[Fact]) -> None:
        """Write the package's row."""
        record.update(archive_packages, {"id": self._package_id}, self._before, self._after)
