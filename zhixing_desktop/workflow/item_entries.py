"""Reporting a work item: its day, papers, notices and materials, checked and put together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.moments import is_day, moment_of
from zhixing_desktop.workflow.new_facts import SHORTEST_REASON, ItemEntry, NewFact
from zhixing_desktop.workflow.rulebook import WorkItem
from zhixing_desktop.workflow.views import Key

SUPPLEMENTED = "补充办理情况"


def item_fact(
    ctx: Context,
    key: Key,
    item: WorkItem,
    entry: ItemEntry,
    before: Fact | None,
    problems: list[Problem],
) -> NewFact:
    """Return the fact of a work item; what is wrong with it is added to ``problems``.

    A second report supplements the first: what was reported before stays, and so does its day.
    """
    label = item.label or f"工作内容{item.item}"
    problems.extend(_day_problems(ctx, label, entry, before))
    problems.extend(_paper_problems(item, label, entry))
    problems.extend(_notice_problems(ctx, item, label, entry))
    if entry.not_needed is not None and len(entry.not_needed.strip()) < SHORTEST_REASON:
        problems.append(Problem(label, "“不需要办理”应当写明具体理由"))
    old = before.data if before is not None else {}
    data = _data(item.item, entry, old)
    return NewFact(
        kinds.ITEM,
        key.subject,
        entry.done_on if before is None else before.happened_at,
        key.node,
        data,
        before.seq if before is not None else None,
        SUPPLEMENTED if before is not None else None,
    )


def with_filed(
    ctx: Context, key: Key, items: Mapping[int, ItemEntry], filed: Collection[str]
) -> dict[int, ItemEntry]:
    """Return reports of work items with the materials that lie in the dossier already."""
    found = dict(items)
    for material in materials_in_play(ctx, ctx.rulebook.nodes[key.node], key.subject):
        entry = found.get(material.item or 0)
        if entry is None or entry.not_needed is not None or material.name not in filed:
            continue
        if material.name not in entry.materials:
            more = (*entry.materials, material.name)
            found[material.item or 0] = replace(entry, materials=more)
    return found


def is_reported(data: Mapping[str, Any], name: str) -> bool:
    """Tell whether a report of a work item says that a material or a paper is there.

    A paper of which it is said why it was not made is not.
    """
    if data.get("not_needed"):
        return False
    return name in data.get("materials", ()) or is_day(str(data.get("papers", {}).get(name, "")))


def _data(number: int, entry: ItemEntry, old: Mapping[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {"item": number}
    if entry.not_needed is not None:
        data["not_needed"] = entry.not_needed
    papers = {**old.get("papers", {}), **entry.papers}
    if papers:
        data["papers"] = papers
    told = {str(duty.get("who")): dict(duty) for duty in (*old.get("notices", ()), *entry.notices)}
    if told:
        data["notices"] = list(told.values())
    materials = list(dict.fromkeys((*old.get("materials", ()), *entry.materials)))
    if materials:
        data["materials"] = materials
    return data


def _day_problems(ctx: Context, label: str, entry: ItemEntry, before: Fact | None) -> list[Problem]:
    if entry.done_on > ctx.now:
        return [Problem(label, "完成日期不能晚于现在")]
    opened = ctx.index.opened_at
    if opened is not None and entry.done_on.date() < opened.date():
        return [Problem(label, f"完成日期不能早于收到申请之日（{opened:%Y-%m-%d}）")]
    if before is not None and before.happened_at.date() != entry.done_on.date():
        sentence = (
            f"该项工作已经登记为{before.happened_at:%Y-%m-%d}完成，补充时不能改动日期；"
            "如登记有误，请用“更正”并写明理由。"
        )
        return [Problem(label, sentence, data={"seq": before.seq})]
    return []


def _paper_problems(item: WorkItem, label: str, entry: ItemEntry) -> list[Problem]:
    found = [
        Problem(label, f"该项工作内容没有文书《{paper}》")
        for paper in entry.papers
        if paper not in item.papers
    ]
    found += [
        Problem(f"《{paper}》", "请填写制作日期，或者写明不需要制作的理由")
        for paper, made_on in entry.papers.items()
        if not is_day(made_on) and len(made_on.strip()) < SHORTEST_REASON
    ]
    return found


def _notice_problems(ctx: Context, item: WorkItem, label: str, entry: ItemEntry) -> list[Problem]:
    known = {duty.who for duty in item.notify}
    found = []
    for notice in entry.notices:
        who = str(notice.get("who", ""))
        if who not in known:
            found.append(Problem(label, f"该项工作内容没有告知“{who}”的要求"))
        reason = notice.get("not_needed")
        if reason is not None:
            if len(str(reason).strip()) < SHORTEST_REASON:
                found.append(Problem(f"告知{who}", "“不需要告知”应当写明具体理由"))
            continue
        on = str(notice.get("on") or "")
        if on and (not is_day(on) or moment_of(on) > ctx.now):
            found.append(Problem(f"告知{who}", "告知日期应当是已经过去的日期，例如 2024-03-05"))
    return found
