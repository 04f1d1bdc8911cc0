"""Databases of older releases, as files and as the same rows on a server."""

from __future__ import annotations

import gzip
import sqlite3
import tarfile
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.upgrades import STEPS

KEPT = sorted((Path(__file__).parents[1] / "fixtures").glob("bureau-schema-*.db.gz"))
LONG_AGO = datetime(2025, 9, 1, 9)
Rows = dict[str, list[dict[str, Any]]]
_OF_SERVER = {
    "boolean": bool,
    "timestamp without time zone": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def schema_of(kept: Path) -> int:
    """Return of which schema a kept database is."""
    return int(kept.name.removesuffix(".db.gz").rpartition("-")[2])


def unpacked(kept: Path, folder: Path) -> Path:
    """Put a kept database as a file into a folder, with the files that it had beside it."""
    path = folder / "局.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    files = kept.with_name(kept.name.replace(".db.gz", ".files.tar.gz"))
    if files.exists():
        with tarfile.open(files) as packed:
            packed.extractall(files_of(path), filter="data")
    return path


def files_of(path: Path) -> Path:
    """Return where the kept files of a database lie."""
    return path.with_name(f"{path.name}.files")


def contents(path: Path) -> Rows:
    """Return all rows of all tables, but what says how old the schema is."""
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        names = [
            row["name"]
            for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not row["name"].startswith("sqlite_")
        ]
        found = {
            # S608: names out of the file's own catalogue.
            name: [dict(row) for row in raw.execute(f"SELECT * FROM {name}")]  # noqa: S608
            for name in names
        }
    found["meta"] = [row for row in found["meta"] if row["key"] != "schema_version"]
    return found


def server_contents(database: Database) -> Rows:
    """Return the same of a database on a server, its values in the words of a file."""
    with database.reading() as conn:
        found = {}
        for name in _tables(conn):
            rows = conn.exec_driver_sql(f"SELECT * FROM {name}").mappings()  # noqa: S608
            found[name] = [{key: _of_file(value) for key, value in row.items()} for row in rows]
    found["meta"] = [row for row in found["meta"] if row["key"] != "schema_version"]
    return found


def _of_file(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def carry_to_server(kept: Path, url: str, folder: Path) -> Rows:
    """Make a server's database of the old schema and put all rows of a kept file into it.

    Returns the rows as the file has them.
    """
    rows = contents(unpacked(kept, folder))
    old = Database.open(
        url,
        clock=FixedClock(LONG_AGO),
        create=True,
        purpose=next(row["value"] for row in rows["meta"] if row["key"] == "purpose"),
        steps=STEPS[: schema_of(kept)],
    )
    with old, old.writing() as conn:
        conn.exec_driver_sql("DELETE FROM meta WHERE key <> 'schema_version'")
        conn.exec_driver_sql("DELETE FROM journal_head")
        for name in _by_references(conn, rows):
            _insert(conn, name, rows[name])
    return rows


def _tables(conn: Connection) -> list[str]:
    wanted = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    return [name for (name,) in conn.exec_driver_sql(wanted)]


def _by_references(conn: Connection, rows: Rows) -> list[str]:
    """Return the tables so that each comes after those it refers to."""
    wanted = (
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
        "WHERE contype = 'f'"
    )
    pairs = [tuple(row) for row in conn.exec_driver_sql(wanted)]
    ordered: list[str] = []
    while len(ordered) < len(rows):
        ordered += [
            name
            for name in rows
            if name not in ordered and all(b in ordered or b == name for a, b in pairs if a == name)
        ]
    return ordered


def _insert(conn: Connection, name: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    types = {
        row[0]: row[1]
        for row in conn.exec_driver_sql(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
            (name,),
        )
    }
    values = [
        {
            key: _OF_SERVER.get(types[key], lambda same: same)(value) if value is not None else None
            for key, value in row.items()
        }
        for row in rows
    ]
    marks = ", ".join(f"%({key})s" for key in rows[0])
    conn.exec_driver_sql(
        f"INSERT INTO {name} ({', '.join(rows[0])}) VALUES ({marks})",  # noqa: S608
        values,
    )
    if types.get("id") == "bigint" and name != "journal":
        conn.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608
        )
