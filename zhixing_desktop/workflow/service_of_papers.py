"""Service of papers (送达): what must be said of it, and on which day it counts.

Pure.  The articles stand behind references such as ``民诉法.留置送达``; which article that was on
the day in question is the business of the dated table (``documents.laws``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from zhixing_desktop.workflow.day_words import date_words
from zhixing_desktop.workflow.errors import Problem

LAW_OF_2021 = date(2022, 1, 1)
"""From this day on rulings may be served electronically."""
BY_NOTICE = "民诉法.公告送达"
"""The article that says how many days a notice takes."""
NoticeDays = Callable[[date], int]
"""How many days a notice takes that is made on a day: what ``BY_NOTICE`` said then, from the dated
table."""


class Way(StrEnum):
    """How a paper is served."""

    DIRECT = "direct"
    MAIL = "mail"
    ELECTRONIC = "electronic"
    LEAVE = "leave"
    FORWARD = "forward"
    ENTRUST = "entrust"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        """The way's Chinese name."""
        return _WAYS[self]


_WAYS = {
    Way.DIRECT: "直接送达",
    Way.MAIL: "邮寄送达",
    Way.ELECTRONIC: "电子送达",
    Way.LEAVE: "留置送达",
    Way.FORWARD: "转交送达",
    Way.ENTRUST: "委托送达",
    Way.NOTICE: "公告送达",
}


class Result(StrEnum):
    """What came of it.

    ``RETURNED`` came back and does not count; ``DEEMED`` came back from the address that the
    recipient had confirmed (送达地址确认书), and counts.
    """

    PENDING = "pending"
    SERVED = "served"
    RETURNED = "returned"
    DEEMED = "deemed"

    @property
    def label(self) -> str:
        """The result's Chinese words."""
        return _RESULTS[self]


_RESULTS = {
    Result.PENDING: "尚无结果",
    Result.SERVED: "已送达",
    Result.RETURNED: "退回，未送达",
    Result.DEEMED: "按确认的送达地址退回，视为送达",
}

RESULTS: Mapping[Way, tuple[Result, ...]] = MappingProxyType(
    {
        Way.DIRECT: (Result.SERVED,),
        Way.LEAVE: (Result.SERVED,),
        Way.MAIL: tuple(Result),
        Way.ELECTRONIC: (Result.PENDING, Result.SERVED, Result.RETURNED),
        Way.FORWARD: (Result.PENDING, Result.SERVED, Result.RETURNED),
        Way.ENTRUST: (Result.PENDING, Result.SERVED, Result.RETURNED),
        Way.NOTICE: (Result.SERVED,),
    }
)
"""The results that each way can have; one that has no other is served by being done."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of one paper on one recipient.

    ``sent_on``: handed to the post, sent, entrusted or announced; ``arrived_on``: signed for, left,
    reached the recipient's system, or came back.  ``place``: where, the electronic address, the
    newspaper or platform of a notice, the court entrusted.  ``received_by`` signed in the
    recipient's stead, ``relation`` says as what; ``reason`` why it was left, returned or announced;
    ``witness``: who stood by, or that it was photographed or filmed; ``server``: who served it.
    """

    way: Way
    result: Result = Result.SERVED
    sent_on: date | None = None
    arrived_on: date | None = None
    place: str = ""
    received_by: str = ""
    relation: str = ""
    reason: str = ""
    witness: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the derivation: words, and the articles it rests on (``law.subject``).

    ``day`` is the day whose law it is: that of the act, not the one on which it takes effect.
    """

    words: str
    laws: tuple[str, ...]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """The day on which a paper counts as served, ``None`` while it does not, and why."""

    day: date | None
    steps: tuple[Step, ...]


def served(service: Service, notice_days: NoticeDays) -> Served:
    """Return when a service counts, with the derivation; complete input is assumed.

    ``notice_days`` is asked of a notice only, for the day it was made on.
    """
    if service.way is Way.NOTICE:
        return _announced(service, notice_days)
    return _SERVED[service.way](service)


def closing_day(service: Service) -> date | None:
    """Return the day that counts for the day of closing (审限规定第十条), ``None`` for none.

    By post it is the day of posting, by notice the day it was made public; else the day served.
    """
    if service.way in (Way.MAIL, Way.NOTICE):
        return service.sent_on if service.result is not Result.RETURNED else None
    return _SERVED[service.way](service).day


def _direct(service: Service) -> Served:
    who = f"由{service.received_by}（{service.relation}）代收" if service.received_by else "签收"
    words = f"受送达人{who}，以送达回证上的签收日期{_day(service.arrived_on)}为送达日期"
    laws = ("民诉法.送达回证", "民诉法.直接送达")
    return Served(service.arrived_on, (Step(words, laws, service.arrived_on),))


def _left(service: Service) -> Served:
    words = (
        f"拒绝签收（{service.reason}），{service.witness}，"
        f"把文书留在住所，{_day(service.arrived_on)}即视为送达"
    )
    return Served(service.arrived_on, (Step(words, ("民诉法.留置送达",), service.arrived_on),))


def _mailed(service: Service) -> Served:
    posted = Step(f"{_day(service.sent_on)}交邮", ("民诉法.邮寄送达",), service.sent_on)
    if service.result is Result.SERVED:
        words = f"回执上注明的收件日期为{_day(service.arrived_on)}，该日为送达日期"
        return _closed(service, posted, words, "民诉法.邮寄送达")
    if service.result is Result.DEEMED:
        words = (
            f"按受送达人确认的送达地址邮寄，{service.reason}，"
            f"文书退回之日{_day(service.arrived_on)}视为送达之日"
        )
        return _closed(service, posted, words, "邮寄送达规定.退回之日")
    return _open(service, posted)


def _electronic(service: Service) -> Served:
    words = f"{_day(service.sent_on)}发送至{service.place}"
    sent = Step(words, ("民诉法.电子送达",), service.sent_on)
    if service.result is Result.SERVED:
        words = f"{_day(service.arrived_on)}到达受送达人特定系统，该日为送达日期"
        return _closed(service, sent, words, "民诉法.电子送达")
    return _open(service, sent)


def _forwarded(service: Service) -> Served:
    if service.result is not Result.SERVED:
        sent = f"{_day(service.sent_on)}送交代为转交的单位"
        return _open(service, Step(sent, ("民诉法.转交送达",), service.sent_on))
    words = (
        f"由{service.received_by}代为转交，"
        f"以送达回证上的签收日期{_day(service.arrived_on)}为送达日期"
    )
    return Served(service.arrived_on, (Step(words, ("民诉法.转交送达",), service.arrived_on),))


def _entrusted(service: Service) -> Served:
    if service.result is not Result.SERVED:
        words = f"{_day(service.sent_on)}委托{service.place}送达"
        return _open(service, Step(words, ("民诉法.邮寄送达",), service.sent_on))
    words = (
        f"委托{service.place}代为送达，以送达回证上的签收日期{_day(service.arrived_on)}为送达日期"
    )
    laws = ("民诉法.送达回证", "民诉法.邮寄送达")
    return Served(service.arrived_on, (Step(words, laws, service.arrived_on),))


def _announced(service: Service, notice_days: NoticeDays) -> Served:
    if service.sent_on is None:
        return Served(None, ())
    days = notice_days(service.sent_on)
    day = service.sent_on + timedelta(days=days)
    made = Step(
        f"{_day(service.sent_on)}在{service.place}发出公告（{service.reason}）",
        (BY_NOTICE,),
        service.sent_on,
    )
    words = f"自发出公告之日起经过{days}日，{_day(day)}视为送达"
    return Served(day, (made, Step(words, (BY_NOTICE,), service.sent_on)))


def _closed(service: Service, first: Step, words: str, law: str) -> Served:
    return Served(service.arrived_on, (first, Step(words, (law,), service.arrived_on)))


def _open(service: Service, step: Step) -> Served:
    if service.result is Result.RETURNED:
        words = f"{_day(service.arrived_on)}退回（{service.reason}），没有送达，须另行送达"
        return Served(None, (step, Step(words, ())))
    return Served(None, (step, Step("尚无结果，收到回执后补充登记", ())))


_SERVED: Mapping[Way, Callable[[Service], Served]] = MappingProxyType(
    {
        Way.DIRECT: _direct,
        Way.LEAVE: _left,
        Way.MAIL: _mailed,
        Way.ELECTRONIC: _electronic,
        Way.FORWARD: _forwarded,
        Way.ENTRUST: _entrusted,
    }
)


def _day(day: date | None) -> str:
    return date_words(day) if day is not None else "（日期未填）"


# --------------------------------------------------------------------------- what must be said

_ARRIVED = {
    Way.DIRECT: "签收日期",
    Way.LEAVE: "留置日期",
    Way.MAIL: "收件日期",
    Way.ELECTRONIC: "到达日期",
    Way.FORWARD: "签收日期",
    Way.ENTRUST: "签收日期",
}
_SENT = {
    Way.MAIL: "交邮日期",
    Way.ELECTRONIC: "发送日期",
    Way.FORWARD: "送交日期",
    Way.ENTRUST: "委托日期",
    Way.NOTICE: "公告日期",
}
_PLACES = {
    Way.ELECTRONIC: ("电子送达地址", "请填写受送达人确认的电子送达地址"),
    Way.ENTRUST: ("受委托法院", "请填写受委托的人民法院"),
    Way.NOTICE: ("公告载体", "请填写公告刊登在哪里"),
}


def sent_label(way: Way) -> str:
    """Return what the first day is called, empty where the way has none."""
    return _SENT.get(way, "")


def arrived_label(way: Way, result: Result = Result.SERVED) -> str:
    """Return what the second day is called, empty where the way has none."""
    if way is not Way.NOTICE and result in (Result.RETURNED, Result.DEEMED):
        return "退回日期"
    return _ARRIVED.get(way, "")


def place_label(way: Way) -> str:
    """Return what ``place`` is called for a way."""
    return _PLACES[way][0] if way in _PLACES else "送达地点"


def service_problems(
    service: Service, *, paper_day: date, today: date, ruling: bool = False
) -> list[Problem]:
    """Return everything that is wrong with a service of a paper of ``paper_day``.

    ``ruling`` tells that the paper is a 裁定书, which was not served electronically before 2022.
    """
    way, result = service.way, service.result
    if result not in RESULTS[way]:
        may = "、".join(entry.label for entry in RESULTS[way])
        return [Problem("送达结果", f"{way.label}的结果只能是：{may}")]
    found = [*_missing(service), *_day_problems(service, paper_day, today)]
    early = service.sent_on is not None and service.sent_on < LAW_OF_2021
    if way is Way.ELECTRONIC and ruling and early:
        found.append(Problem("送达方式", "2022年1月1日以前裁定书不适用电子送达，请用其他方式送达"))
    return found


def _missing(service: Service) -> list[Problem]:
    return [Problem(where, words) for value, where, words in _wanted(service) if not value]


def _wanted(service: Service) -> Iterator[tuple[object, str, str]]:
    """Yield what must be there: the value, what it is called, what to do where it is not."""
    way, result = service.way, service.result
    signed_on_only = way is Way.FORWARD and result is Result.SERVED
    if way in _SENT and not signed_on_only:
        yield service.sent_on, _SENT[way], f"请填写{_SENT[way]}"
    if way in _ARRIVED and result is not Result.PENDING:
        label = arrived_label(way, result)
        yield service.arrived_on, label, f"请填写{label}"
    if way in _PLACES:
        yield service.place.strip(), *_PLACES[way]
    if result in (Result.RETURNED, Result.DEEMED):
        yield service.reason.strip(), "退回原因", "请写明退回的原因"
    if signed_on_only:
        yield service.received_by.strip(), "转交单位", "请填写代为转交的机关、单位"
    if way is Way.LEAVE:
        yield service.reason.strip(), "拒收事由", "留置送达应当在送达回证上记明拒收事由"
        yield service.witness.strip(), "见证", _WITNESS
    if way is Way.NOTICE:
        yield service.reason.strip(), "公告原因", _WHY_NOTICE
    if way is Way.DIRECT and service.received_by.strip():
        yield service.relation.strip(), "代收人", _WHOSE_RELATION


_WITNESS = "留置送达应当写明到场见证的基层组织或者单位代表，或者拍照、录像等记录送达过程的方式"
_WHY_NOTICE = "公告送达应当记明下落不明或者其他方式无法送达的原因和经过"
_WHOSE_RELATION = "请写明代收人与受送达人的关系，如同住的成年家属、负责收件的人"


def _day_problems(service: Service, paper_day: date, today: date) -> list[Problem]:
    sent = sent_label(service.way) or "送出日期"
    arrived = arrived_label(service.way, service.result) or "送达日期"
    found = []
    for label, day in ((sent, service.sent_on), (arrived, service.arrived_on)):
        if day is None:
            continue
        if day > today:
            found.append(Problem(label, f"{label}不能在将来（{day}）"))
        elif day < paper_day:
            found.append(Problem(label, f"{label}（{day}）早于文书日期（{paper_day}），请核对"))
    first, last = service.sent_on, service.arrived_on
    if not found and first is not None and last is not None and last < first:
        found.append(Problem(arrived, f"{arrived}不能早于{sent}（{first}）"))
    return found
