"""A bureau of an older release, opened by the services: what is derived is filled once."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import pytest

from helpers.bureau import rules
from helpers.offices import open_at
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import health

KEPT = sorted((Path(__file__).parents[1] / "fixtures").glob("bureau-schema-*.db.gz"))
AFTER = datetime(2026, 11, 25, 9)
"""Later than anything that was done in them."""


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_what_waited_before_the_upgrade_waits_after_it(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "局.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    bureau = open_at(f"sqlite:///{path}", FixedClock(AFTER))
    try:
        assert bureau.rules.book is rules().book
        assert bureau.database.meta("rebuild") is None
        with bureau.database.reading() as conn:
            pending = ask(conn, "SELECT case_id, request_seq FROM approvals WHERE status='pending'")
            found = ask(conn, "SELECT case_id, request_seq FROM waiting")
        assert sorted(found) == sorted(pending)
        assert pending
        assert health.check_all(bureau) == []
    finally:
        bureau.close()
