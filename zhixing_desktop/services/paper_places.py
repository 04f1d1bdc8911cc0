"""Where a paper belongs: its form, the node instance, what it is made for, who must approve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from zhixing_desktop.documents.form_types import Form
from zhixing_desktop.documents.laws import Laws
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.fact_words import OUTCOMES
from zhixing_desktop.services.paper_types import ApprovalLine, PaperWish
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.ages import is_minor
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.views import CaseView, Key

UNFREEZE = "unfreeze"
_BY_THEMSELVES = ("query", "followup")
"""Subjects that nobody registers: they come up with their node."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper belongs: the form, the instance, what it is made for."""

    form: Form
    key: Key
    about: str


def locate(bureau: Bureau, ctx: Context, view: CaseView, wish: PaperWish) -> Place:
    """Return where a wished paper belongs.

    Raises :class:`InputRefusedError`: no such form, not of this node, no such subject, or several
    of which one must be named.
    """
    form = bureau.papers.library(bureau.rules).form(wish.form)
    number = wish.key.node if wish.key is not None else form.nodes[0]
    if number not in form.nodes:
        listed = "、".join(f"节点{n}" for n in form.nodes)
        raise InputRefusedError(
            f"《{form.name}》不是节点{number}的文书，它属于{listed}。",
            [Problem("节点", str(number))],
        )
    about = _about(ctx, form, wish)
    return Place(form, _key(ctx, view, form, wish, number, about), about)


def _about(ctx: Context, form: Form, wish: PaperWish) -> str:
    if form.subject == subjects.CASE:
        return ""
    there = list(_of_kind(ctx, form.subject))
    wanted = wish.about or (wish.key.subject if wish.key is not None else "")
    plain = subjects.base(wanted) if wanted else ""
    own = form.subject in _BY_THEMSELVES and plain and subjects.kind_of(plain) == form.subject
    if plain in there or own:
        return plain
    if not wish.about and len(there) == 1:
        return there[0]
    kind = subjects.KIND_LABELS[form.subject]
    if not there:
        raise InputRefusedError(
            f"《{form.name}》按{kind}制作，本案还没有登记{kind}。", [Problem(kind, "请先登记")]
        )
    words = "、".join(f"{subjects.label(s, ctx.index.name_of(s))}（{s}）" for s in there)
    raise InputRefusedError(
        f"《{form.name}》按{kind}制作，请写明是哪一个：{words}。",
        [Problem(kind, wanted or "没有写明")],
    )


def _of_kind(ctx: Context, kind: str) -> Sequence[str]:
    if kind in ("debtor", "creditor"):
        return [s for s in ctx.index.parties if subjects.kind_of(s) == kind]
    if kind == "round":
        return [r for rounds in ctx.index.rounds.values() for r in rounds]
    return [subjects.base(s) for s in ctx.index.subjects_of(kind)]


def subjects_for(ctx: Context, form: Form, key: Key) -> tuple[str, ...]:
    """Return for what a form can be made at an instance: ``""`` for what needs no naming."""
    if form.subject == subjects.CASE:
        return ("",)
    if subjects.kind_of(key.subject) == form.subject:
        return (subjects.base(key.subject),)
    own = subjects.base(key.subject)
    return tuple(s for s in _of_kind(ctx, form.subject) if subjects.related(s, own))


def _key(ctx: Context, view: CaseView, form: Form, wish: PaperWish, number: int, about: str) -> Key:
    spec = ctx.rulebook.nodes[number]
    if wish.key is not None and subjects.kind_of(wish.key.subject) == spec.subject:
        return wish.key
    if spec.subject == subjects.CASE:
        fitting = [key.subject for key in view.instances if key.node == number]
        return Key(number, max(fitting, key=subjects.occurrence, default=subjects.CASE))
    fitting = [
        key.subject
        for key in view.instances
        if key.node == number and (not about or subjects.related(key.subject, about))
    ]
    if fitting:
        return Key(number, max(fitting, key=subjects.occurrence))
    if about and subjects.kind_of(about) == spec.subject:
        return Key(number, about)
    want = subjects.KIND_LABELS[spec.subject]
    raise InputRefusedError(
        f"节点{number}“{spec.name}”按{want}办理，请写明《{form.name}》是为哪一个{want}制作的。",
        [Problem(want, "没有写明")],
    )


def approval_of(ctx: Context, place: Place) -> ApprovalLine | None:
    """Return the decision that a form needs and how it stands; ``None`` where it needs none."""
    matter = place.form.approval
    if not matter:
        return None
    node, spec = _where_decided(ctx, place, matter)
    subject = place.key.subject if node == place.key.node else _decided_for(ctx, place, node)
    asked = ctx.index.latest_approval(matter, node, subject)
    status = asked.status if asked is not None else "none"
    words = OUTCOMES.get(status, "没有申请")
    return ApprovalLine(
        matter,
        spec,
        status,
        asked.seq if asked is not None else None,
        node,
        subject,
        words,
        presented=place.form.presents,
    )


def minor_bar(ctx: Context, laws: Laws, place: Place, day: date) -> RuleRefusedError | None:
    """Return why a paper cannot be made because whom it is for is a minor; ``None`` where it can.

    To be raised, or told beforehand.
    """
    law = place.form.adults_only
    party = ctx.index.parties.get(place.about) if law else None
    moment = datetime.combine(day, time())
    if party is None or not is_minor(party.data, moment):
        return None
    words, _ = laws.cite([law], day)
    key, _, subject = law.partition(".")
    return RuleRefusedError(
        f"{ctx.index.name_of(place.about)}是未成年人，不能签发《{place.form.name}》。",
        cite=Cite(words, laws.by_key[key].labels[subject]),
        data={"kind": "minor", "about": place.about},
    )


def _where_decided(ctx: Context, place: Place, matter: str) -> tuple[int, str]:
    if matter == UNFREEZE:
        return place.key.node, "解除冻结"
    numbers = (place.key.node, *ctx.rulebook.nodes)
    for number in numbers:
        for approval in ctx.rulebook.nodes[number].approvals:
            if approval.matter == matter:
                return number, approval.label
    raise KeyError(matter)


def _decided_for(ctx: Context, place: Place, node: int) -> str:
    kind = ctx.rulebook.nodes[node].subject
    for subject in (place.about, place.key.subject):
        if subject and subjects.kind_of(subject) == kind:
            return subjects.base(subject)
    return subjects.CASE
