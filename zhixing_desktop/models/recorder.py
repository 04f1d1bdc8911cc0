"""Writing state and writing the journal as one act.

A ``Recorder`` collects the row changes of one step of a person (or of the sweep), executes them
grouped by statement, and appends one journal row that holds all of them.  It is the only way to
write the tables of ``tables.JOURNALLED``; replaying the journal gives those tables again.

Updates and deletes name what stood there before, and the database compares: a row that somebody
else has changed since is refused with ``StaleEditError``, never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Self

from sqlalchemy import Connection, Table

from zhixing_desktop.models import statements, transaction
from zhixing_desktop.models.codec import RowCodec, codec_of
from zhixing_desktop.models.journal import append
from zhixing_desktop.models.tables import JOURNALLED, agenda
from zhixing_desktop.workflow.errors import StaleEditError

_ORDER = {table: place for place, table in enumerate(JOURNALLED)}


@dataclass(slots=True)
class _Phase:
    """Changes whose order among each other does not matter: no row occurs twice."""

    touched: set[tuple[Any, ...]] = field(default_factory=set)
    inserts: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)
    updates: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = field(default_factory=dict)
    deletes: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = field(default_factory=dict)
    fired: list[tuple[Any, ...]] = field(default_factory=list)


class Recorder:
    """Collects the changes of one step; ``finish`` writes them and their one journal row.

    As a context manager it finishes when the block ends well.  Lock the case first
    (``database.lock_cases``), finish last: on PostgreSQL ``finish`` holds the end of the chain
    until the transaction ends.
    """

    def __init__(
        self,
        conn: Connection,
        *,
        at: datetime,
        actor: str,
        action: str,
        workstation: str,
        case_id: int | None = None,
        on_behalf_of: str | None = None,
    ) -> None:
        memory = transaction.current(conn)
        if memory is None:
            raise RuntimeError("a Recorder works within Database.writing()")
        self._conn = conn
        self._memory = memory
        self._append = partial(
            append,
            conn,
            at=at,
            actor=actor,
            action=action,
            workstation=workstation,
            on_behalf_of=on_behalf_of,
        )
        self.case_id = case_id
        """Whom the journal row is about; may be set until ``finish``."""
        self._changes: list[dict[str, Any]] = []
        # Compact changes are written when their rows have numbers: place, table, rows.
        self._compact: list[tuple[int, Table, list[dict[str, Any]]]] = []
        self._phases: list[_Phase] = []
        self._finished = False
        memory.open_recorders += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.finish()

    # ------------------------------------------------------------------------------ collecting

    def new_id(self, table: Table) -> int:
        """Return a number for a row that is about to be inserted and already referred to."""
        return self._new_ids({table: 1})[table][0]

    def insert(self, table: Table, row: Mapping[str, Any]) -> None:
        """Add a row; missing columns take their default, a missing ``id`` is given out later.

        Raises ``TypeError`` or ``ValueError`` when a value does not fit its column.
        """
        codec = _journalled(table)
        stored = self._complete(codec, table, row)
        key = {name: stored.get(name) for name in codec.key}
        change = {"table": table.name, "op": "insert", "key": key, "before": None, "after": stored}
        self._place(table, key.values()).inserts.setdefault(table, []).append(change)
        self._changes.append(change)

    def insert_many(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows that the journal keeps in a compact form; for the sweep and for imports."""
        codec = _journalled(table)
        stored = codec.complete_many(list(rows))
        if not stored:
            return
        for row in stored:
            if codec.makes_id and "id" in row:
                self._memory.see_id(table, row["id"])
            phase = self._place(table, [row.get(name) for name in codec.key])
            phase.inserts.setdefault(table, []).append({"after": row})
        self._compact.append((len(self._changes), table, stored))
        self._changes.append({"table": table.name, "op": "insert_many"})

    def update(
        self,
        table: Table,
        key: Mapping[str, Any],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> bool:
        """Change the row with primary key ``key``; return whether anything differs.

        ``before`` and ``after`` may hold whole rows: only what differs is written and journalled.
        """
        codec = _journalled(table)
        old, new = codec.changes(before, after)
        if not new:
            return False
        changed = tuple(new) if len(new) == 1 else tuple(n for n in codec.columns if n in new)
        if any(name in codec.key for name in changed):
            raise ValueError(f"the primary key {codec.key} does not change")
        stored_key = _key(codec, key)
        change = {
            "table": table.name,
            "op": "update",
            "key": stored_key,
            "before": old,
            "after": new,
        }
        phase = self._place(table, stored_key.values())
        phase.updates.setdefault((table, changed), []).append(change)
        self._changes.append(change)
        return True

    def delete(self, table: Table, key: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """Remove the row with primary key ``key``; ``before`` is the whole row, for the journal."""
        codec = _journalled(table)
        old = codec.to_stored(before)
        stored_key = _key(codec, key)
        change = {
            "table": table.name,
            "op": "delete",
            "key": stored_key,
            "before": {name: value for name, value in old.items() if value is not None},
            "after": None,
        }
        compared = tuple(name for name in codec.columns if name in old and name not in codec.key)
        phase = self._place(table, stored_key.values())
        phase.deletes.setdefault((table, compared), []).append({**change, "before": old})
        self._changes.append(change)

    def fire(self, keys: Iterable[Sequence[Any]]) -> None:
        """Mark steps of the agenda as done; a key holds the primary key's values in its order.

        One that is done already makes ``finish`` raise ``StaleEditError``.
        """
        codec = codec_of(agenda)
        rows = codec.keys_to_stored(list(keys))
        for row in rows:
            self._place(agenda, row).fired.append(tuple(row))
        if not rows:
            return
        self._changes.append(
            {"table": agenda.name, "op": "fire", "columns": list(codec.key), "rows": rows}
        )

    def note(self, data: Mapping[str, Any]) -> None:
        """Put words into the journal that change no row (what was printed, where it was sent)."""
        self._changes.append({"op": "note", "data": dict(data)})

    # --------------------------------------------------------------------------------- writing

    def flush(self) -> None:
        """Execute what was collected, so that the same transaction can read it.

        Raises ``StaleEditError`` when a row is not as ``before`` said.
        """
        phases, self._phases = self._phases, []
        if self._conn.dialect.name == "postgresql":
            statements.skip_ids(self._conn, self._memory.highest_ids)
            self._memory.highest_ids.clear()
        self._number(phases)
        for phase in phases:
            self._execute(phase)

    def finish(self) -> int:
        """Execute what was collected and append the journal row; return its number."""
        if self._finished:
            raise RuntimeError("this recorder is finished")
        self.flush()
        for place, table, rows in self._compact:
            columns = [name for name in codec_of(table).columns if any(name in row for row in rows)]
            values = [[row.get(name) for name in columns] for row in rows]
            self._changes[place] |= {"columns": columns, "rows": values}
        number = self._append(case_id=self.case_id, changes=self._changes)
        self._finished = True
        self._memory.open_recorders -= 1
        return number

    # ------------------------------------------------------------------------------- internals

    def _complete(self, codec: RowCodec, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
        stored = codec.complete(row)
        if codec.makes_id and "id" in stored:
            self._memory.see_id(table, stored["id"])
        return stored

    def _place(self, table: Table, key: Iterable[Any]) -> _Phase:
        """Return the phase for a change of this row: behind an earlier change of the same row."""
        mark = (table.name, *key)
        if not self._phases or mark in self._phases[-1].touched:
            self._phases.append(_Phase())
        phase = self._phases[-1]
        if None not in mark:
            phase.touched.add(mark)
        return phase

    def _new_ids(self, wanted: Mapping[Table, int]) -> dict[Table, list[int]]:
        memory = self._memory
        if self._conn.dialect.name == "postgresql":
            ids = statements.new_ids(self._conn, wanted)
            for table, numbers in ids.items():
                memory.from_sequence.update((table, number) for number in numbers)
            return ids
        ids = {}
        # The writer lock is ours: nobody else gives out numbers meanwhile.
        for table, count in wanted.items():
            if table not in memory.counted:
                memory.counted.add(table)
                memory.see_id(table, statements.highest_id(self._conn, table))
            first = memory.highest_ids[table] + 1
            memory.highest_ids[table] += count
            ids[table] = list(range(first, first + count))
        return ids

    def _number(self, phases: Sequence[_Phase]) -> None:
        """Give an ``id`` to each new row that needs one."""
        waiting: dict[Table, list[dict[str, Any]]] = {}
        for phase in phases:
            for table, changes in phase.inserts.items():
                if codec_of(table).makes_id:
                    rows = [change for change in changes if "id" not in change["after"]]
                    if rows:
                        waiting.setdefault(table, []).extend(rows)
        if not waiting:
            return
        ids = self._new_ids({table: len(rows) for table, rows in waiting.items()})
        for table, rows in waiting.items():
            for change, number in zip(rows, ids[table], strict=True):
                change["after"]["id"] = number
                if "key" in change:
                    change["key"]["id"] = number

    def _execute(self, phase: _Phase) -> None:
        """Deletes before inserts (a unique key may be used again), updates last."""
        backend = self._conn.dialect.name
        for (table, names), changes in sorted(
            phase.deletes.items(), key=lambda item: -_ORDER[item[0][0]]
        ):
            statement = statements.delete(table, names, backend)
            self._run(table, statement, changes, statements.delete_values(table, names, changes))
        for table, changes in sorted(phase.inserts.items(), key=lambda item: _ORDER[item[0]]):
            rows = statements.insert_values(table, [change["after"] for change in changes])
            statements.execute(self._conn, statements.insert(table, backend), rows)
        for (table, names), changes in phase.updates.items():
            statement = statements.update(table, names, backend)
            self._run(table, statement, changes, statements.update_values(table, names, changes))
        fired = phase.fired
        if statements.execute(self._conn, statements.fire(backend), fired) != len(fired):
            key = codec_of(agenda).key
            raise self._stale(agenda, [{"key": dict(zip(key, row, strict=True))} for row in fired])

    def _run(
        self,
        table: Table,
        statement: str,
        changes: Sequence[Mapping[str, Any]],
        values: list[tuple[Any, ...]],
    ) -> None:
        if statements.execute(self._conn, statement, values) != len(values):
            raise self._stale(table, changes)

    def _stale(self, table: Table, changes: Sequence[Mapping[str, Any]]) -> StaleEditError:
        """Return the refusal for the first row that is not as it was read."""
        codec = codec_of(table)
        for change in changes:
            key = codec.to_python(change["key"])
            row = statements.current(self._conn, table, key)
            before = codec.to_python(change.get("before") or {"fired": False})
            if row is None or any(row[name] != value for name, value in before.items()):
                data = {
                    "kind": "stale",
                    "table": table.name,
                    "key": key,
                    "before": before,
                    "yours": codec.to_python(change.get("after") or {}),
                    "theirs": row,
                }
                return StaleEditError(
                    "这份内容在您打开之后被别人改过。这一步没有保存，填好的内容还在。请刷新后核对再试。",
                    data=data,
                )
        return StaleEditError(
            "同样的内容刚刚已有人登记。请刷新后核对再试。", data={"kind": "stale"}
        )


def _journalled(table: Table) -> RowCodec:
    if table not in _ORDER:
        raise ValueError(f"{table.name} is not a journalled table")
    return codec_of(table)


def _key(codec: RowCodec, key: Mapping[str, Any]) -> dict[str, Any]:
    if len(key) != len(codec.key) or any(name not in key for name in codec.key):
        raise KeyError(f"the primary key is {codec.key}, not {tuple(key)}")
    stored = codec.to_stored(key)
    return stored if len(stored) == 1 else {name: stored[name] for name in codec.key}
