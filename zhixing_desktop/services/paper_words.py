"""What a journal row changed of papers and of their service, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from zhixing_desktop.services.paper_types import ISSUED, STATES
from zhixing_desktop.workflow.service_of_papers import Result, Way

Row = Mapping[str, Any]
Told = Iterator[tuple[str, str, str]]
"""What, before, after."""


def told_paper(number: int | None, before: Row, after: Row) -> Told:
    """Tell what became of a paper; of an issued one the digests of its files."""
    name = f"《{after['name']}》" if "name" in after else ""
    what = f"第{number}号文书{name}"
    if "state" in after:
        words = [STATES[after["state"]], str(after.get("number") or "")]
        words += [f"{after['day']:%Y-%m-%d}"] if after.get("day") else []
        words += [f"理由：{after['reason']}"] if after.get("reason") else []
        if after["state"] == ISSUED:
            words += [f"PDF 校验值 {after['pdf']}", f"Word 校验值 {after['docx']}"]
        was = STATES[before["state"]] if before.get("state") else ""
        yield what, was, "，".join(word for word in words if word)
    elif "asked" in after:
        yield f"{what}：填写项", _asked(before.get("asked")), _asked(after["asked"])


def told_service(number: int | None, before: Row, after: Row) -> Told:
    """Tell how a paper was served, or that it was taken back."""
    what = f"第{number}次送达"
    if after.get("withdrawn_by"):
        yield what, "", f"撤回，理由：{after.get('withdrawn_reason', '')}"
        return
    words = [str(after.get("recipient", ""))]
    words += [Way(after["way"]).label] if "way" in after else []
    words += [Result(after["result"]).label] if "result" in after else []
    day = after.get("effective_on")
    words += [f"送达日期 {day:%Y-%m-%d}"] if day else []
    was = Result(before["result"]).label if before.get("result") else ""
    yield what, was, "，".join(word for word in words if word)


def _asked(value: Any) -> str:
    return "；".join(f"{name}：{answer}" for name, answer in (value or {}).items())


TOLD: Mapping[str, Callable[[int | None, Row, Row], Told]] = MappingProxyType(
    {"papers": told_paper, "services_of_papers": told_service}
)
"""By table."""
