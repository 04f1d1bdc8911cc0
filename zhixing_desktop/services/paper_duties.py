"""What the papers of an instance have brought so far, and the facts that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.documents.duties import (
    Duties,
    instance_of,
    upon_issue,
    upon_service,
    wanted_papers,
)
from zhixing_desktop.documents.form_types import Carries, Form
from zhixing_desktop.services.bureau import SYSTEM, Actor, Bureau, Row
from zhixing_desktop.services.paper_places import Place, subjects_for
from zhixing_desktop.services.paper_rows import about_words, recipient_name, unserved
from zhixing_desktop.services.paper_types import ISSUED
from zhixing_desktop.services.permission import may
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.authority_fields import reserved_fields
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.service_of_papers import Way
from zhixing_desktop.workflow.views import CaseView, Key

if TYPE_CHECKING:
    from zhixing_desktop.documents.form_reader import Library


def of_issue(bureau: Bureau, ctx: Context, place: Place, rows: Sequence[Row], row: Row) -> list[
    Duties
]:  # fmt: skip
    """Return what an issue enters; ``rows`` are the case's papers with ``row``, the new one."""
    library = bureau.papers.library(bureau.rules)
    found = []
    for carries in place.form.carries:
        key = instance_of(ctx, carries, place.key, place.about)
        if key is None:
            continue
        days = _days(ctx, library, carries, key, place, rows)
        lacking = _lacking(ctx, [place.form], place, rows)
        found.append(
            upon_issue(
                ctx,
                carries,
                key,
                name=place.form.name,
                number=row["number"],
                waiting_for=[about_words(ctx, subject) for subject in lacking],
                days=days,
            )
        )
    return found


def of_service(
    bureau: Bureau, ctx: Context, place: Place, rows: Sequence[Row], services: Sequence[Row]
) -> list[Duties]:
    """Return what follows at the node once all papers of a form have reached everybody."""
    library = bureau.papers.library(bureau.rules)
    day, open_for = _reached(ctx, [place.form], place, rows, services)
    own = {r["id"] for r in rows if _of(r, [place.form], place.key)}
    last = [s for s in services if _counts(s) and s["paper_id"] in own and s["effective_on"] == day]
    way = Way(last[-1]["way"]).label if last else ""
    found = []
    for carries in place.form.carries:
        key = instance_of(ctx, carries, place.key, place.about)
        if key is None:
            continue
        if day is None:
            listed = "、".join(open_for)
            note = f"节点{key.node}的送达情况等《{place.form.name}》送达{listed}以后再登记。"
            found.append(Duties(key, notes=(note,) if carries.served and listed else ()))
            continue
        of_item = [
            form
            for form in library.forms.values()
            if form.served_on and any(_same_item(c, carries) for c in form.carries)
        ]
        told_on, _ = _reached(ctx, of_item, place, rows, services, issued_only=True)
        found.append(upon_service(ctx, carries, key, day, told_on, way))
    return found


def _same_item(one: Carries, other: Carries) -> bool:
    return one.item is not None and (one.node, one.item) == (other.node, other.item)


def _reached(
    ctx: Context,
    forms: Sequence[Form],
    place: Place,
    rows: Sequence[Row],
    services: Sequence[Row],
    *,
    issued_only: bool = False,
) -> tuple[date | None, list[str]]:
    """Return the day on which papers of some forms had all reached theirs, or who is still open.

    With ``issued_only`` a form of which nothing was issued does not matter.
    """
    last: list[date] = []
    waits: list[str] = []
    for form in forms:
        own = [r for r in rows if r["state"] == ISSUED and _of(r, [form], place.key)]
        if own or not issued_only:
            lacking = _lacking(ctx, [form], place, rows)
            waits += [about_words(ctx, subject) for subject in lacking]
        for row in own:
            given = [s for s in services if s["paper_id"] == row["id"]]
            open_for = unserved(ctx, row, form.served_on, given)
            waits += [recipient_name(ctx, whom) for whom in open_for]
            last += [s["effective_on"] for s in given if _counts(s)]
    if waits or not last:
        return None, list(dict.fromkeys(waits))
    return max(last), []


def _counts(service: Row) -> bool:
    return service["withdrawn_by"] is None and service["effective_on"] is not None


def _of(row: Row, forms: Sequence[Form], key: Key) -> bool:
    same = (row["node"], row["subject"]) == tuple(key)
    return same and row["form"] in {form.key for form in forms}


def _lacking(ctx: Context, forms: Sequence[Form], place: Place, rows: Sequence[Row]) -> list[str]:
    """Return the subjects of which a form made for each has no issued paper yet."""
    there = {r["about"] for r in rows if r["state"] == ISSUED and _of(r, forms, place.key)}
    wanted = dict.fromkeys(
        subject for form in forms for subject in subjects_for(ctx, form, place.key)
    )
    return [subject for subject in wanted if subject and subject not in there]


def _days(
    ctx: Context,
    library: Library,
    carries: Carries,
    key: Key,
    place: Place,
    rows: Sequence[Row],
) -> dict[str, date | None]:
    """Return of each paper of the item when the last of it was issued, ``None`` while open."""
    before = ctx.index.items.get(key, {}).get(carries.item or 0)
    told: Mapping[str, str] = before.data.get("papers", {}) if before is not None else {}
    days: dict[str, date | None] = {}
    for paper in dict.fromkeys((*wanted_papers(ctx, carries, key), carries.paper)):
        forms = (
            [place.form]
            if not paper
            else [f for f in library.forms.values() if _carries(f, carries, paper)]
        )
        there = [r["day"] for r in rows if r["state"] == ISSUED and _of(r, forms, place.key)]
        whole = there and not _lacking(ctx, forms, place, rows)
        entered = _told(told.get(paper))
        # A sheet made again after the decision does not move the day of the first.
        last = max(there) if whole and entered not in there else entered
        days[paper or place.form.name] = last
    return days


def _carries(form: Form, like: Carries, paper: str) -> bool:
    return any((c.node, c.item, c.paper) == (like.node, like.item, paper) for c in form.carries)


def _told(words: str | None) -> date | None:
    """The day a person has entered for a paper; what stands there may be a reason instead."""
    try:
        return date.fromisoformat(str(words)[:10])
    except ValueError:
        return None


def allowed(
    conn: Connection, bureau: Bureau, actor: Actor, ctx: Context, duties: Sequence[Duties]
) -> list[Duties]:
    """Leave out what the person may not enter, with a note: it is somebody else's to enter."""
    return [_allowed(conn, bureau, actor, ctx, entry) for entry in duties]


def _allowed(conn: Connection, bureau: Bureau, actor: Actor, ctx: Context, duty: Duties) -> Duties:
    if duty.empty:
        return duty
    spec = ctx.rulebook.nodes[duty.key.node]
    # What time has brought is nobody's work.
    if actor is not SYSTEM and not may(conn, bureau, actor, "node.work", case=ctx, key=duty.key):
        note = f"节点{spec.number}的办理情况不由您录入，请{spec.role}登记。"
        return Duties(duty.key, notes=(*duty.notes, note))
    matrix = bureau.rules.matrix
    others = {
        field.name
        for field in spec.fields
        if field.name in reserved_fields(matrix, spec)
        or (field.event is not None and field.event in matrix.guarded)
    }
    kept = {name: value for name, value in duty.values.items() if name not in others}
    left = [spec.field(name).label for name in duty.values if name in others]
    told = tuple(f"节点{spec.number}“{label}”由有权的人员登记。" for label in left)
    return replace(duty, values=kept, notes=(*duty.notes, *told))


def facts_of(ctx: Context, view: CaseView, duties: Sequence[Duties]) -> list[NewFact]:
    """Return the facts that duties make; raises what ``decide.work`` refuses with."""
    made: list[NewFact] = []
    for duty in duties:
        if not duty.empty:
            made += decide.work(ctx, view, duty.key, duty.values, duty.items)
    return made


def notes_of(ctx: Context, duties: Sequence[Duties]) -> tuple[str, ...]:
    """Return in words what was entered, and what was not."""
    found: list[str] = []
    for duty in duties:
        spec = ctx.rulebook.nodes[duty.key.node]
        names = [spec.field(name).label for name in duty.values]
        names += [f"工作内容{number}" for number in duty.items]
        if names:
            found.append(f"已在节点{spec.number}“{spec.name}”登记：{'、'.join(names)}。")
        found += duty.notes
    return tuple(dict.fromkeys(found))
