"""What an officer would type for a paper of a case, made of the case's own facts.

For showing forms (``paper_showcase``): nobody is named but the people of the case and of the
bureau, and every day lies around the paper's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.counting import add_months
from zhixing_desktop.workflow.day_words import date_words
from zhixing_desktop.workflow.identifiers import id_birth_date, id_gender
from zhixing_desktop.workflow.views import Key


@dataclass(frozen=True, slots=True)
class Known:
    """A case as its officer knows it while writing a paper of the instance ``key``.

    ``officers`` are the other judges of the bureau; ``day`` is the paper's.
    """

    ctx: Context
    key: Key
    day: date
    officers: Sequence[str]
    calendar: CourtCalendar

    def on(self, days: int) -> date:
        """Return the working day that many days after the paper's."""
        return self.calendar.workday_from(self.day + timedelta(days=days))

    def words(self, days: int) -> str:
        """Return that day in words."""
        return date_words(self.on(days))

    @property
    def thing(self) -> str:
        """The asset (subject) that the paper is about, else the first of the case."""
        parts = self.key.subject.split("/")
        if parts[0] == "asset":
            return "/".join(parts[:2])
        return next(iter(self.ctx.index.subjects_of("asset")), "asset/1")

    @property
    def category(self) -> str:
        """What kind of asset it is."""
        fact = self.ctx.index.event("asset_found", self.thing)
        if fact is None:
            return ""
        parking = str(fact.data.get("name")).startswith("车位")
        return "车位" if parking else str(fact.data.get("category"))

    def value(self, node: int, name: str, subject: str = "") -> Any:
        """Return what was entered at a node of the paper's asset (or of ``subject``)."""
        return self.ctx.index.value(node, subject or self.thing, name)

    def debtor(self, subject: str = "") -> Mapping[str, Any]:
        """Return what is known of the debtor that the paper is about."""
        wanted = subject or subjects.base(self.key.subject)
        found = self.ctx.index.parties
        fact = found.get(wanted if wanted.startswith("debtor") else "debtor/1")
        return fact.data if fact else {}


DAY_OF: Mapping[str, str] = MappingProxyType(
    {
        "03-query-summary": "traditional_query_feedback",
        "12": "search_made",
        "13": "summons_issued",
        "17-release-ruling": "control_released",
        "24": "auction_notified",
        "25": "auction_announced",
        "26-failed-auction-record": "auction_failed",
        "28-sale-announcement": "sale_announced",
        "28-sale-ruling": "sale_announced",
        "36-restriction-lifting-order": "consumption_restriction_lifted",
    }
)
"""The event on whose day a paper is made, by its key or its node; others when the node is done."""

MADE_FOR: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "01-supplement-notice": ("completeness", "补正后齐备"),
        "05-correction-notice": ("file_check", "有遗漏"),
        "06-dismissal-ruling": ("conclusion", "驳回执行申请"),
        "06-non-enforcement-ruling": ("conclusion", "不予执行"),
        "17-custody-entrustment": ("category", "车辆"),
        "17-detention-ruling": ("control_measure", "扣押"),
        "17-freeze-ruling": ("control_measure", "冻结"),
        "17-seizure-ruling": ("control_measure", "查封"),
        "17-seizure-announcement": ("category", "不动产"),
        "31-withdrawal-ruling": ("drawing_kind", "提取"),
        "31-transfer-ruling": ("drawing_kind", "划拨"),
        "31-transfer-assistance-notice": ("drawing_kind", "划拨"),
        "38-credit-correction-decision": ("credit_fault_kind", "更正"),
        "38-credit-deletion-decision": ("credit_fault_kind", "删除（屏蔽）"),
        "38-credit-revocation-decision": ("credit_fault_kind", "撤销"),
        "42-deadline-change-approval": ("deadline_change_kind", "延长执行期限"),
        "42-deferral-decision": ("deadline_change_kind", "暂缓执行"),
        "42-resume-after-stay-notice": ("deadline_change_kind", "中止执行"),
        "42-stay-ruling": ("deadline_change_kind", "中止执行"),
        "36-restriction-lifting-order": ("restriction_lift_ground", "执行完毕"),
        "43-termination-ruling": ("terminated_ground", "申请执行人撤销申请"),
    }
)
"""What must stand at the node, or what the asset must be, for a form to be the right one."""

Answer = Callable[[Known], Any]


def answer(known: Known, form: str, name: str, example: Any) -> Any:
    """Return the answer to what a form asks: of the case, else the form's own example."""
    make = _OF_FORM.get((form[:2], name)) or _OF_NAME.get(name)
    found = make(known) if make is not None else None
    return example if found in (None, "") else found


def _identity(party: Mapping[str, Any], *, passport: bool = False) -> str:
    """Describe a natural person as a decision does, else the firm's representative."""
    number = str(party.get("id_number") or "")
    born = id_birth_date(number)
    if party.get("kind") != "自然人" or born is None:
        title = party.get("representative_title") or "法定代表人"
        words = f"{party.get('name')}{title}，住{party.get('address')}"
    else:
        words = (
            f"{id_gender(number)}，{date_words(born)}出生，{party.get('ethnicity') or '汉族'}，"
            f"住{party.get('address')}，公民身份号码{number}"
        )
    return words + ("，普通护照号码E00000000" if passport else "")


def _buyer(known: Known) -> str:
    """Describe the buyer: the creditor as he stands, else somebody who gave an address only."""
    name = known.value(30, "transferee") or known.value(28, "buyer")
    for fact in known.ctx.index.parties.values():
        if fact.data.get("name") == name:
            return _identity(fact.data)
    return ""


def _money(known: Known, node: int, name: str, share: str) -> Decimal | None:
    """Return a share of a price in whole hundreds."""
    try:
        price = Decimal(str(known.value(node, name)))
    except InvalidOperation:
        return None
    part = (price * Decimal(share) / 100).quantize(Decimal(1)) * 100
    return max(part, Decimal(100))


def _by_category(**words: str) -> Answer:
    return lambda known: words.get(_KINDS.get(known.category, ""), "")


_KINDS = MappingProxyType({"不动产": "house", "车位": "parking", "车辆": "car", "股权": "share"})
_REGISTRY = _by_category(
    house="焦作市不动产登记中心",
    parking="焦作市不动产登记中心",
    car="焦作市公安局交通警察支队车辆管理所",
    share="焦作市山阳区市场监督管理局",
)
_FEATURES = _by_category(
    house="住宅，钢筋混凝土结构，第5层，三室两厅，简单装修",
    parking="地下机动车停车位，划线车位，可以停放小型汽车",
    car="五座小型轿车，汽油动力，手自一体变速器，可以正常行驶",
    share="有限责任公司股权，公司正常经营，未约定限制转让",
)
_QUANTITY = _by_category(
    house="建筑面积118.52平方米，一套",
    parking="建筑面积12.72平方米，一个",
    car="一辆，行驶里程约8万公里",
    share="百分之三十的股权",
)


def _moment(known: Known) -> str:
    return datetime.combine(known.on(3), time(9)).isoformat()


def _first_control(name: str) -> Answer:
    return lambda known: known.value(17, name)


def _exit_until(known: Known) -> str:
    last = add_months(known.day, 12) - timedelta(days=1)
    return f"自{date_words(known.day)}起至{date_words(last)}止"


def _due(known: Known) -> date | None:
    filed = known.ctx.index.event("case_filed", subjects.CASE)
    return add_months(filed.happened_at.date(), 6) if filed else None


_OF_NAME: Mapping[str, Answer] = MappingProxyType(
    {
        "second": lambda known: known.officers[0],
        "third": lambda known: known.officers[1],
        "until": lambda known: known.on(7),
        "remedy": lambda known: f"{known.words(5)}前补办逾期事项，并将办理材料上传电子卷宗",
        "increment": lambda known: _money(known, 23, "starting_price", "0.005"),
        "sale_deposit": lambda known: _money(known, 28, "sale_price", "0.1"),
        "buyer_identity": _buyer,
        "registry": _REGISTRY,
        "features": _FEATURES,
        "quantity": _QUANTITY,
        "deliver_until": lambda known: known.on(15),
        "vacate_until": lambda known: known.on(15),
        "appear_at": _moment,
        "viewing_time": lambda known: f"{known.words(7)}9时30分",
        "collect_time": lambda known: f"{known.words(5)}9时",
        "person_details": lambda known: _identity(known.debtor("debtor/1")),
        "exit_until": _exit_until,
        "passport_details": lambda known: "中华人民共和国普通护照，号码E00000000",
        "detained_until": lambda known: known.day + timedelta(days=15),
        "due_before": _due,
        "papers": lambda known: "执行通知书、报告财产令",
        "viewing": lambda known: (
            f"自公告之日起接受咨询，有意看样的于{known.words(7)}9时在财产所在地集中看样"
        ),
        "withdrawal_period": lambda known: (
            f"自{known.day.year}年{known.day.month}月起按月扣留、提取，至上述金额足额为止"
        ),
    }
)
_OF_FORM: Mapping[tuple[str, str], Answer] = MappingProxyType(
    {
        ("01", "reason"): lambda known: "生效法律文书具有给付内容，义务人未在指定期间履行。",
        ("03", "ruling"): _first_control("ruling_number"),
        ("03", "starts"): lambda known: known.day,
        ("03", "ends"): lambda known: add_months(known.day, 12) - timedelta(days=1),
        ("17", "keeper"): lambda known: "焦作市太行停车服务有限公司",
        ("06", "ground"): lambda known: "仲裁裁决不予执行",
        ("14", "until"): lambda known: known.on(90),
        ("15", "until"): lambda known: known.on(180),
        ("20", "until"): lambda known: known.on(20),
        ("22", "findings"): lambda known: (
            "经核对，报告参照的交易均发生在询价日前三个月内，财产的基本信息与实际一致，"
            "报告没有低估财产价值。"
        ),
        ("40", "exit_until"): _exit_until,
    }
)
