"""A bureau with the small forms, its court named, one case received: where papers are made."""

from __future__ import annotations

from pathlib import Path

from helpers.bureau import Office
from helpers.offices import beside, make_office
from helpers.paper_forms import NOTICE, lend
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.paper_types import PaperWish

COURT = "焦作市山阳区人民法院"


def paper_office(url: str, folder: Path) -> Office:
    """Make it: the case of two debtors was filed on 1 March 2024; it is 5 March."""
    made = make_office(url)
    lent(made, folder)
    change_setting(made.bureau, made.actor("何管理"), "court.name", COURT, "首次设置")
    received(made, 1, debtors=("乙建强", "丙文博"), cause="民间借贷纠纷")
    return made.at("2024-03-05T10:00")


def lent(office: Office, folder: Path) -> Office:
    """Give a workstation the small forms and the shared folder of a server's bureau."""
    shared = folder / "shared"
    shared.mkdir(exist_ok=True)
    office.bureau.files_dir = shared
    lend(office.bureau, folder / "papers")
    return office


def second_desk(office: Office, url: str, folder: Path) -> Office:
    """Return another workstation at the same bureau."""
    return lent(beside(office, url), folder)


def received(office: Office, number: int, **wanted: object) -> int:
    """Register a case and do what the filing clerks do."""
    case = office.register(number, **wanted)
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    return case


def notice(case: int, about: str = "debtor/1", **more: object) -> PaperWish:
    """Return the wish for a notice with all its answers."""
    return PaperWish(case, NOTICE, about=about, asked={"duty": "支付借款50000元", **more})
