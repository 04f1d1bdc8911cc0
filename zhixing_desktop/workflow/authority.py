"""Who may do what: the rows of the authority matrix, and the one question asked of them.

Pure: the services say who acts (:class:`Holder`) and how he stands to what he does
(:class:`Situation`); the answer is a :class:`Verdict` with the row it rests on.  Rows are data
(``resources/authority``), those for decisions come from the rulebook (``authority_deciding``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from zhixing_desktop.workflow.errors import Cite

DECIDE = "approval.decide"
LOCAL = "local"
OFFICER_ROLE, CLERK_ROLE = "承办人", "书记员"
OWN_CASE = "任何人不得决定自己的申请或者自己承办的案件"


class Relation(StrEnum):
    """How near a person must stand to what he does."""

    ANY = "any"
    CASE = "case"
    TEAM = "team"
    APPLICANT = "applicant"
    OWN = "own"


class Barred(StrEnum):
    """Who may not, whatever his role is."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    CLERK = "clerk"
    DECIDER = "decider"
    ENTERED = "entered"


class When(StrEnum):
    """At what stage of a case a row holds."""

    ALWAYS = "always"
    UNASSIGNED = "unassigned"
    FILING = "filing"


@dataclass(frozen=True, slots=True)
class Row:
    """One way in which an act is allowed.

    ``roles``: one of them is needed; in ``sequence`` each in its turn.  Empty filters stand for
    everything.  ``level`` other than ``local``: an authority outside the court decides, ``words``
    says which.  ``cite`` or ``basis`` says why.  ``system``: the program itself may do it, too.
    """

    id: str
    act: str
    label: str
    roles: tuple[str, ...]
    relation: Relation
    cite: Cite | None = None
    basis: str = ""
    barred: frozenset[Barred] = frozenset()
    nodes: frozenset[int] = frozenset()
    node_roles: frozenset[str] = frozenset()
    matters: frozenset[str] = frozenset()
    except_matters: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    except_events: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    when: When = When.ALWAYS
    sequence: bool = False
    level: str = LOCAL
    words: str = ""
    system: bool = False

    def why(self) -> str:
        """Return the words the row rests on, in one line."""
        return self.cite.words() if self.cite is not None else self.basis

    def who(self) -> str:
        """Return who may, as a person says it."""
        if self.level != LOCAL:
            return self.words
        listed = f"{_NEARNESS[self.relation]}{'、'.join(self.roles)}"
        return f"{listed}依次" if self.sequence else listed


_NEARNESS = {
    Relation.ANY: "",
    Relation.CASE: "本案的",
    Relation.TEAM: "看得见本案的",
    Relation.APPLICANT: "申请人本人：",
    Relation.OWN: "本人：",
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix: version, known roles, roles that stand alone (and why), rows in order."""

    version: str
    roles: tuple[str, ...]
    separate: frozenset[str]
    separate_basis: str
    rows: tuple[Row, ...]
    by_act: Mapping[str, tuple[Row, ...]]
    guarded: Mapping[str, str]
    """By event, the act that recording it is, beside the work on the node (支付案款)."""

    def row(self, row_id: str) -> Row:
        """Return a row by its id; ``KeyError`` when there is none."""
        for row in self.rows:
            if row.id == row_id:
                return row
        raise KeyError(row_id)

    def clash(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Return the roles that one person may not hold together, in the given order."""
        if len(set(roles)) > 1 and self.separate.intersection(roles):
            return tuple(roles)
        return ()


@dataclass(frozen=True, slots=True)
class Deputyship:
    """A person stands in for ``principal`` under ``role``, both days counted.

    ``principal_roles`` are the roles the principal holds himself and on active duty: what he holds
    only as somebody's deputy is no role of his, so nothing is handed on.
    """

    principal: str
    role: str
    from_on: date
    until_on: date
    principal_roles: tuple[str, ...]
    principal_team: str = ""
    revoked: bool = False

    def holds(self, today: date) -> bool:
        """Tell whether it gives anything on a day."""
        in_time = self.from_on <= today <= self.until_on
        return in_time and not self.revoked and self.role in self.principal_roles


@dataclass(frozen=True, slots=True)
class Holder:
    """Who acts: name, own roles, team, and for whom he stands in."""

    name: str
    roles: tuple[str, ...] = ()
    deputies: tuple[Deputyship, ...] = ()
    team: str = ""
    active: bool = True
    system: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the act is done to.

    Names are those of the staff, empty where there is none.  ``clerks``: the case's clerk and the
    officer's.  ``owner``: whose own thing it is.  ``deciders``: who decided a step of the
    application; ``entered``: who entered what is to be confirmed.  ``steps``: how many steps of a
    sequence are granted.  ``approver``: a role the court has set in the place of the row's.
    """

    today: date
    officer: str = ""
    clerks: tuple[str, ...] = ()
    team: str = ""
    visibility: str = "own"
    applicant: str = ""
    owner: str = ""
    deciders: tuple[str, ...] = ()
    entered: str = ""
    node: int | None = None
    node_roles: frozenset[str] = frozenset()
    matter: str = ""
    event: str = ""
    received: bool = True
    steps: int = 0
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: ``sentence`` says why not, ``row`` on what it rests (``None``: on no row).

    Where it is yes, ``role`` is the one that counted and ``on_behalf_of`` for whom he stands in.
    """

    row: Row | None
    sentence: str = ""
    ok: bool = False
    role: str = ""
    on_behalf_of: str | None = None

    @property
    def row_id(self) -> str:
        """The row's id, empty where no row fits."""
        return self.row.id if self.row is not None else ""


@dataclass(frozen=True, slots=True)
class _Standing:
    """One pair of shoes a person may stand in: his own, or a principal's."""

    name: str
    roles: tuple[str, ...]
    team: str
    on_behalf_of: str | None


def judge(matrix: Matrix, act: str, who: Holder, situation: Situation) -> Verdict:
    """Tell whether somebody may do an act; the first row that lets him counts.

    A person's own roles come before those he stands in for.  An act without a row is refused.
    """
    rows = [row for row in matrix.by_act.get(act, ()) if _stands_for(row, situation)]
    if who.system:
        row = next((row for row in rows if row.system), None)
        sentence = "" if row else f"系统本身不能{_label(rows, act)}。"
        return Verdict(row, sentence, ok=row is not None)
    verdicts = []
    for standing in _standings(matrix, who, situation.today):
        for row in rows:
            verdict = _allowed(row, who, standing, situation)
            if verdict.ok:
                return verdict
            verdicts.append(verdict)
    return _refusal(matrix, act, who, rows, verdicts)


def allowed(row: Row, who: Holder, situation: Situation, matrix: Matrix) -> Verdict:
    """Tell the same by one row alone."""
    return judge(replace(matrix, by_act={row.act: (row,)}), row.act, who, situation)


def _stands_for(row: Row, situation: Situation) -> bool:
    filters = (
        not row.nodes or situation.node in row.nodes,
        not row.node_roles or bool(row.node_roles & situation.node_roles),
        not row.matters or situation.matter in row.matters,
        not row.events or situation.event in row.events,
        situation.matter not in row.except_matters,
        situation.event not in row.except_events,
        row.when is not When.UNASSIGNED or not situation.officer,
        row.when is not When.FILING or not situation.received,
    )
    return all(filters)


def _standings(matrix: Matrix, who: Holder, today: date) -> Iterator[_Standing]:
    """Yield whose shoes a person may stand in; somebody barred from all cases stands in none."""
    if not who.active or matrix.clash(who.roles):
        return
    yield _Standing(who.name, who.roles, who.team, None)
    if matrix.separate.intersection(who.roles):
        return
    for given in who.deputies:
        if given.holds(today) and given.role not in matrix.separate:
            yield _Standing(given.principal, (given.role,), given.principal_team, given.principal)


def _allowed(row: Row, who: Holder, standing: _Standing, situation: Situation) -> Verdict:
    if row.level != LOCAL:
        return Verdict(row)
    kept_out = _kept_out(row, situation)
    if who.name in kept_out:
        return Verdict(row, _bar_words(row))
    due: tuple[str, ...] = row.roles
    if row.sequence:
        due = row.roles[situation.steps : situation.steps + 1]
    elif situation.approver:
        due = (situation.approver,)
    role = next(
        (r for r in due if r in standing.roles and _near(row, r, standing, situation)), None
    )
    if role is None:
        return Verdict(row)
    if standing.name in kept_out:
        return Verdict(row, f"{_bar_words(row)}（代{standing.name}办理的，同样如此）")
    return Verdict(row, ok=True, role=role, on_behalf_of=standing.on_behalf_of)


def _near(row: Row, role: str, standing: _Standing, situation: Situation) -> bool:
    relation = row.relation
    if relation is Relation.ANY:
        return True
    if relation is Relation.APPLICANT:
        return standing.name == situation.applicant != ""
    if relation is Relation.OWN:
        # Nobody's own things are another's, also not his deputy's.
        return standing.on_behalf_of is None and standing.name == situation.owner != ""
    if _his_case(role, standing.name, situation):
        return True
    return relation is Relation.TEAM and _in_sight(standing, situation)


def _his_case(role: str, name: str, situation: Situation) -> bool:
    if role == OFFICER_ROLE:
        return name == situation.officer != ""
    return role == CLERK_ROLE and name in situation.clerks


def _in_sight(standing: _Standing, situation: Situation) -> bool:
    same_team = standing.team != "" and standing.team == situation.team
    return situation.visibility == "bureau" or (situation.visibility == "team" and same_team)


def _kept_out(row: Row, situation: Situation) -> frozenset[str]:
    """Return the names of those who may not; nobody is called nothing."""
    found: set[str] = set()
    if Barred.APPLICANT in row.barred:
        found.add(situation.applicant)
    if Barred.OFFICER in row.barred:
        found.add(situation.officer)
    if Barred.CLERK in row.barred:
        found.update(situation.clerks)
    if Barred.DECIDER in row.barred:
        found.update(situation.deciders)
    if Barred.ENTERED in row.barred:
        found.add(situation.entered)
    return frozenset(found - {""})


def _bar_words(row: Row) -> str:
    if row.act == DECIDE:
        return f"{OWN_CASE}，也不得在同一件申请中作出两步决定"
    if Barred.ENTERED in row.barred:
        return "登记批复的人、申请人和承办人不得核对这件批复"
    return "申请人、本案的承办人和书记员、审批人不得办理这一步"


def _refusal(
    matrix: Matrix, act: str, who: Holder, rows: Sequence[Row], verdicts: Sequence[Verdict]
) -> Verdict:
    """Say what stands in the way: who he is, a bar, an outside authority, or simply not his."""
    barred = next((v for v in verdicts if v.sentence), None)
    row = barred.row if barred is not None else next(iter(rows), None)
    label = _label(rows, act)
    # What the guideline says stands beside the sentence as a citation.
    basis = f"：{row.basis}" if row is not None and row.cite is None else ""
    named = f"（权限表{row.id}{basis}）" if row is not None else ""
    clash = matrix.clash(who.roles)
    if not who.active:
        sentence = f"{who.name}已不在岗或者账号已停用，不能{label}{named}。请由在岗的人员办理。"
    elif clash:
        listed = "”“".join(clash)
        sentence = (
            f"{who.name}的角色“{listed}”不得由一人兼任，更正以前不能{label}{named}。"
            f"请安全管理员更正。依据：{matrix.separate_basis}。"
        )
    elif row is None:
        sentence = f"权限表中没有允许“{label}”的规定，不能办理。"
    elif barred is not None:
        sentence = f"不能{label}：{barred.sentence}{named}。"
    elif row.level != LOCAL:
        sentence = f"本院无权决定：{row.words}。执行局长可以登记并转报，不能代为决定{named}。"
    else:
        may = "，或者".join(dict.fromkeys(entry.who() for entry in rows))
        held = "、".join(who.roles) or "没有角色"
        sentence = f"“{label}”应由{may}办理{named}，{who.name}（{held}）不能办理。"
    return Verdict(row, sentence)


def _label(rows: Sequence[Row], act: str) -> str:
    return rows[0].label if rows else act
