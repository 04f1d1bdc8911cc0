"""What a window must know of the people: who may sign in, and how the one who works here stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from zhixing_desktop.models.tables import accounts, staff
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.deputies import standing_in
from zhixing_desktop.services.people import person_of
from zhixing_desktop.services.permission import About, may, permit
from zhixing_desktop.services.rulebook_store import offered
from zhixing_desktop.workflow.errors import NotAllowedError

OFFICE_ACTS = (
    "staff.edit",
    "staff.roles",
    "account.create",
    "account.reset",
    "account.unlock",
    "account.disable",
    "settings.court",
    "settings.security",
)
"""What the administrators' windows can do."""
RULEBOOK_ACT = "rulebook.change"


@dataclass(frozen=True, slots=True)
class SignInName:
    """Somebody who may sign in, to complete what is typed; ``initials`` as lists search them."""

    name: str
    login: str
    roles: tuple[str, ...]
    initials: str


@dataclass(frozen=True, slots=True)
class DeskState:
    """How the person at the desk stands now.

    ``actor`` is the person with today's roles, ``None`` when he may not work here any more;
    ``standing`` are role and principal for whom he stands today; ``refused`` tells for each act of
    :data:`OFFICE_ACTS` that he may not do, why.
    """

    actor: Actor | None
    standing: tuple[tuple[str, str], ...]
    refused: Mapping[str, str]
    idle_minutes: int
    session_hours: int
    rulebook_offered: bool = False
    """Whether the program brings a rulebook that this person may adopt."""


def sign_in_names(bureau: Bureau) -> tuple[SignInName, ...]:
    """Return everybody who is on duty and has an account that is not disabled."""
    wanted = (
        select(staff.c.name, staff.c.roles, staff.c.initials, accounts.c.login)
        .join(accounts, accounts.c.staff_id == staff.c.id)
        .where(staff.c.active, ~accounts.c.disabled)
        .order_by(staff.c.id)
    )
    with bureau.database.reading() as conn:
        rows = conn.execute(wanted).all()
    return tuple(SignInName(r.name, r.login, tuple(r.roles), r.initials or "") for r in rows)


def desk_state(bureau: Bureau, actor: Actor) -> DeskState:
    """Return how the one who signed in as ``actor`` stands at this moment."""
    with bureau.database.reading() as conn:
        rules = read_settings(conn).security
        now = bureau.database.now(conn)
        number = actor.staff_id
        standing: tuple[tuple[str, str], ...] = ()
        if number is not None:
            standing = tuple((r, name) for r, name, _ in standing_in(conn, number, now.date()))
        return DeskState(
            actor=_present(conn, actor),
            standing=standing,
            refused=_refused(conn, bureau, actor, OFFICE_ACTS, ""),
            idle_minutes=rules.idle_minutes,
            session_hours=rules.session_hours,
            rulebook_offered=may(conn, bureau, actor, RULEBOOK_ACT) and offered(bureau),
        )


def _present(conn: Connection, actor: Actor) -> Actor | None:
    if actor.staff_id is None:
        return actor
    person = person_of(conn, actor.staff_id)
    barred = select(accounts.c.disabled).where(accounts.c.staff_id == actor.staff_id)
    if person is None or not person.active or not person.roles or conn.execute(barred).scalar():
        return None
    return person.actor()


def today(bureau: Bureau) -> date:
    """Return the day that counts: the database's."""
    with bureau.database.reading() as conn:
        return bureau.database.now(conn).date()


def refusals(
    bureau: Bureau, actor: Actor, acts: Sequence[str], *, owner: str = "", case: int | None = None
) -> dict[str, str]:
    """Return for each of these acts that the person may not do, the sentence that says why.

    ``owner`` is whose it is, for what may be done with one's own; ``case`` the row number of the
    case that the acts are done with.
    """
    with bureau.database.reading() as conn:
        return _refused(conn, bureau, actor, acts, owner, case)


def _refused(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    acts: Sequence[str],
    owner: str,
    case: int | None = None,
) -> dict[str, str]:
    found: dict[str, str] = {}
    for act in acts:
        try:
            permit(conn, bureau, actor, act, case=case, about=About(owner=owner))
        except NotAllowedError as error:
            found[act] = error.sentence
    return found
