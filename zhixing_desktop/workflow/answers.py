"""Conditions that ask for what was answered in a field of the same node.

``Answer`` says which field and which answers; where the day of an event shows the answer before the
field is filled, ``event`` names it.  ``rulebook_checks`` holds every answer against the field's
options.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context


@dataclass(frozen=True, slots=True)
class Answer:
    """Holds when the field holds one of ``wanted`` (``other``: when it holds another answer)."""

    node: int
    field: str
    wanted: tuple[object, ...]
    event: str | None = None
    other: bool = False

    def holds(self, ctx: Context, subject: str) -> bool:
        """Tell whether it holds for an instance of the node."""
        if not ctx.rulebook.nodes[self.node].repeatable:
            subject = subjects.base(subject)
        value = ctx.index.value(self.node, subject, self.field)
        if value is None or value in ("", []):
            return self.event is not None and ctx.find(self.event, subject) is not None
        given = value if isinstance(value, (list, tuple)) else (value,)
        return any((entry in self.wanted) is not self.other for entry in given)


def _answer(node: int, field: str, *wanted: object, event: str | None = None) -> Answer:
    return Answer(node, field, wanted, event)


def _other(node: int, field: str, *wanted: object) -> Answer:
    return Answer(node, field, wanted, other=True)


ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        # --- filing and hand-over
        "supplement_needed": _answer(1, "completeness", "需要补正", "补正后齐备"),
        "supplemented": _answer(1, "completeness", "补正后齐备"),
        "agent_appointed": _other(2, "agent_authority", "未委托代理人"),
        "preserved_before": _other(2, "preservation_state", "未采取保全措施"),
        "electronic_service": _answer(2, "electronic_service", "接受电子送达"),
        "identity_failed_at_filing": _answer(3, "identity_check", "部分验证通过", "未验证通过"),
        "found_assets_in_first_query": Answer(3, "assets_found", (True,)),
        "no_assets_in_first_query": Answer(3, "assets_found", (False,)),
        "online_freeze_submitted": _answer(
            3, "online_control", "已通过系统提交冻结", "部分提交冻结，其余不能线上控制"
        ),
        # --- start
        "identity_unverified": _other(5, "identity_check", "验证通过"),
        "file_defective": _other(5, "file_check", "没有遗漏、错误"),
        "data_defective": _other(5, "data_check", "一致且没有遗漏"),
        "related_cases_exist": _other(6, "related_cases", "没有关联案件"),
        "not_to_be_enforced": _other(6, "conclusion", "符合执行条件，继续执行"),
        # --- search
        "clue_confirmed": _answer(
            8,
            "verification_result",
            "线索确实，可供执行",
            "部分确实，可供执行",
            "线索确实，暂不能处置",
        ),
        "further_search_needed": _answer(11, "analysis_result", "需进一步查找"),
        "search_yielded": _answer(
            12, "search_result", "搜到可供执行财产", "搜到会计账簿等资料", "搜到财产和资料"
        ),
        "person_appeared": _answer(13, "outcome", "到场接受调查询问"),
        "person_did_not_appear": _answer(
            13, "outcome", "无正当理由拒不到场", event="summons_ignored"
        ),
        "sealed_movable_sought": _answer(
            14,
            "search_target",
            "已查封登记未实际扣押的机动车",
            "已查封登记未实际扣押的船舶",
            "已查封登记未实际扣押的航空器",
            "已查封登记未实际扣押的其他特定动产",
        ),
        "bounty_on_application": _answer(
            15, "bounty_origin", "申请执行人书面申请", event="bounty_applied"
        ),
        "bounty_granted": _answer(15, "bounty_decision", "准许", "依职权决定悬赏"),
        "inquiry_order_on_application": _answer(
            16,
            "order_origin",
            "申请执行人书面申请",
            "代理人书面申请",
            event="inquiry_order_applied",
        ),
        "inquiry_order_granted": _answer(16, "decision", "准许"),
        "assistance_needed": _answer(17, "assistance", "需要有关单位协助", "需要个人协助"),
        # --- disposal
        "pricing_agreed": _answer(20, "pricing_method", "当事人议价"),
        "pricing_directed": _answer(20, "pricing_method", "定向询价"),
        "pricing_online": _answer(20, "pricing_method", "网络询价"),
        "pricing_appraised": _answer(20, "pricing_method", "委托评估"),
        "pricing_by_agency": _answer(20, "pricing_method", "定向询价", "网络询价", "委托评估"),
        "report_open_to_objection": _answer(20, "pricing_method", "网络询价", "委托评估"),
        "objection_led_to_supplement": _answer(
            22, "objection_outcome", "异议成立，由机构说明或者补正"
        ),
        "auction_not_online": _other(24, "auction_way", "网络司法拍卖"),
        "sale_succeeded": _answer(28, "sale_result", "变卖成交", event="sale_done"),
        "sale_without_buyer": _answer(28, "sale_result", "变卖不成", event="sale_failed"),
        "offset_accepted": _answer(29, "offset_answer", "同意接受抵债", event="offset_agreed"),
        "offset_declined": _answer(
            29, "offset_answer", "不接受抵债", "逾期未答复", event="offset_refused"
        ),
        "direct_offset": _answer(29, "offset_ground", "双方同意不经拍卖、变卖直接抵债"),
        "asset_handed_over": _answer(30, "delivery_result", "已移交", event="asset_delivered"),
        "asset_undeliverable": _answer(30, "delivery_result", "依法不能移交"),
        # --- funds and goods
        "goods_given_to_creditor": _answer(35, "delivery_route", "被执行人直接交付申请执行人"),
        "goods_handed_to_court": _answer(
            35,
            "delivery_route",
            "被执行人交付人民法院",
            "人民法院查封、扣押后交付",
            event="goods_handed_over",
        ),
        # --- measures
        "credit_withdrawal": _answer(38, "credit_fault_kind", "撤销"),
        "credit_correction": _answer(38, "credit_fault_kind", "更正"),
        "credit_deletion": _answer(38, "credit_fault_kind", "删除（屏蔽）"),
        "fined": _answer(40, "sanction_measures", "罚款"),
        "detained": _answer(40, "sanction_measures", "拘留"),
        "exit_restricted": _answer(40, "sanction_measures", "限制出境"),
        "passport_withheld": _answer(40, "sanction_measures", "扣留护照"),
        "fine_or_detention": _answer(40, "sanction_measures", "罚款", "拘留"),
        "criminal_referral": _answer(
            41, "criminal_route", "移送公安机关立案侦查", event="criminal_referred"
        ),
        "private_prosecution": _answer(41, "criminal_route", "申请执行人提起自诉"),
        # --- period and follow-up
        "deadline_extension": _answer(42, "deadline_change_kind", "延长执行期限"),
        "deadline_deduction": _answer(
            42, "deadline_change_kind", "扣除执行期限", "中止执行", "暂缓执行"
        ),
        "followup_hit": _answer(45, "followup_result", "查询到可供执行财产"),
        "resumption_granted": _answer(46, "resumption_result", "恢复执行"),
    }
)
