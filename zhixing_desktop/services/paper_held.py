"""A paper held for a step: its row and case locked, refused where it was changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.paper_rows import paper_row
from zhixing_desktop.services.paper_types import (
    STATES,
)
from zhixing_desktop.services.papers import Opened, open_case
from zhixing_desktop.workflow.errors import (
    RuleRefusedError,
    StaleEditError,
)


def locked(conn: Connection, bureau: Bureau, paper_id: int) -> tuple[Row, Opened]:
    """Return a paper's row and its case, which nobody else changes until the transaction ends."""
    case_id = paper_row(conn, paper_id)["case_id"]
    case_store.find_case(conn, case_id, lock=True)
    return paper_row(conn, paper_id), open_case(conn, bureau, case_id)


def refuse_stale(row: Row, yours: int | None, asked: Mapping[str, Any]) -> None:
    """Raise :class:`StaleEditError` with both versions where a draft was changed since."""
    if yours is not None and row["version"] != yours:
        raise StaleEditError(
            f"《{row['name']}》刚刚被别人改过（您看到的是第{yours}版，现在是第{row['version']}版）。"
            "没有保存，填好的内容还在，请刷新后核对再办。",
            data={
                "kind": "stale",
                "yours": {"version": yours, "asked": dict(asked)},
                "theirs": {
                    "version": row["version"],
                    "asked": row["asked"],
                    "state": row["state"],
                },
            },
        )


def refuse_state(row: Row, wanted: str, act: str) -> None:
    """Raise ``RuleRefusedError`` where a paper is not in the state that an act needs."""
    if row["state"] != wanted:
        raise RuleRefusedError(
            f"《{row['name']}》{row['number']}{STATES[row['state']]}，不能{act}。"
            "已签发的文书需要改动的，先作废，再重新制作。",
            data={"kind": row["state"], "paper": row["id"]},
        )
