"""A bureau that was started for the first time: its administrators, and accounts for people."""

from __future__ import annotations

from helpers.bureau import Office
from zhixing_desktop.services import people
from zhixing_desktop.services.accounts import create_account
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import CourtProfile
from zhixing_desktop.services.first_start import FirstPerson, first_start

COURT = CourtProfile(
    "焦作市山阳区人民法院", "豫0811", "焦作市中级人民法院", "河南省高级人民法院", ()
)
ADMIN, SECURITY = "何管理", "安保员"
ADMIN_PASSWORD, SECURITY_PASSWORD = "Guan-li-2024", "An-bao-2024"
PASSWORD = "Shan.Yang.49"
"""What the people of the tests choose for themselves."""


def found(bureau: Bureau) -> tuple[Actor, Actor]:
    """Do the first start; return the two administrators as they may act."""
    first_start(
        bureau,
        COURT,
        FirstPerson(ADMIN, "admin", ADMIN_PASSWORD),
        FirstPerson(SECURITY, "security", SECURITY_PASSWORD),
    )
    return people.find_person(bureau, ADMIN).actor(), people.find_person(bureau, SECURITY).actor()


def give_account(
    office: Office, admin: Actor, name: str, login: str, witness: Actor | None = None
) -> int:
    """Give a person an account with ``PASSWORD``; return the person's number."""
    person = people.find_person(office.bureau, name)
    create_account(office.bureau, admin, person.id, login, PASSWORD, witness=witness)
    return person.id
