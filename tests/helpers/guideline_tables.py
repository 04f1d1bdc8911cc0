"""What the guideline says, typed in by hand from its text: names, limits, freezes, decisions.

Not taken from the rulebook: a rule that is read wrongly there shows as a difference here.
"""

from __future__ import annotations

from typing import NamedTuple

from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook

NAMES = """\
接收申请材料
立案
提起（首次）网络查询
案件移转
审核案件材料
执行前的审查
执行通知
执行线索核查
网络查控
传统查控
网络查控/传统查控结果分析
搜查
传唤、拘传
通知有关单位协助查找被执行人或财产
公告悬赏
发放律师调查令
查封、扣押、冻结
终本约谈
调查财产状况
确定财产处置参考价
送达财产处置参考价相关材料
财产处置参考价异议审查
启动拍卖
网络司法拍卖事项通知
制作、发布网络司法拍卖公告及相关信息
第二次网络拍卖
网络拍卖成交确认
变卖
以物抵债
所有权转移及交付
划拨节点
到账登记
案款发放
提存
物品交付
限制消费
信用惩戒
失信信息的撤销、更正、删除（屏蔽）
拘传
罚款、拘留、限制出境、扣留护照
刑事制裁
期限变更
结案
归档
终本案件结案后财产统查
恢复执行
""".splitlines()

PARTS = {
    "执行立案": range(1, 5),
    "执行启动": range(5, 8),
    "财产查控": range(8, 19),
    "财产处置": range(19, 31),
    "案款发放": range(31, 36),
    "强制措施": range(36, 42),
    "结案与归档": range(42, 47),
}


class Limit(NamedTuple):
    """A limit as the text has it: ``words`` stand there, ``anchor`` is what they run from."""

    id: str
    amount: int
    unit: str
    direction: str
    words: str
    anchor: str
    variant: str | None = None
    applies: tuple[str, ...] = ()
    items: tuple[int, ...] = (1,)
    kind: str = "complete"
    met_by: str = "items"


def _limit(entry: str, words: str, anchor: str, **more: object) -> Limit:
    name, amount, unit, *direction = entry.split()
    side = direction[0] if direction else "within"
    return Limit(name, int(amount), unit, side, words, anchor, **more)  # type: ignore[arg-type]


LIMITS = (
    # 第二部分 执行立案
    _limit("1-a 0 same_day", "应当在立案当天完成", "case_filed"),
    _limit("2-a 0 same_day", "立案当天完成上述工作", "case_filed", items=(1, 2, 3, 4, 5, 6)),
    _limit("3-a 0 same_day", "第1、2项工作应当在立案当天完成", "case_filed", items=(1, 2)),
    _limit(
        "3-b 48 hour",
        "第3、4项工作应当在48小时内完成",
        "first_feedback_or_start",
        items=(3, 4),
    ),
    _limit(
        "3-c 0 immediate",
        "财产保全案件应当立即采取网络冻结措施",
        "case_filed",
        variant="财产保全案件",
        applies=("is_preservation",),
        items=(3,),
        kind="start",
    ),
    _limit("4-a 3 day", "立案后三日内", "case_filed", items=(1, 2, 3, 4)),
    # 第三部分 执行启动
    _limit("5-a 3 day", "收案后三日内", "case_received", items=(1, 2, 3)),
    _limit("6-a 3 day", "收案后三日内", "case_received"),
    _limit(
        "7-a 10 day",
        "执行人员接到申请执行书或者移交执行书后十日内完成",
        "application_received_or_case",
        items=(1, 2),
    ),
    # 第四部分 财产查控
    _limit(
        "8-a 7 day",
        "被执行人报告财产后七日内进行",
        "clue_received",
        applies=("clue_not_urgent",),
        items=(1, 2),
        met_by="clue_verified",
    ),
    _limit(
        "8-b 3 day",
        "情况紧急的，应当三日内予以核查",
        "clue_received",
        variant="情况紧急",
        applies=("clue_urgent",),
        items=(1, 2),
        met_by="clue_verified",
    ),
    _limit(
        "8-c 3 day",
        "第4项、第5项工作应当在线索核查后三日内完成",
        "clue_verified",
        items=(4, 5),
        kind="notify",
    ),
    _limit("9-a 30 day", "启动网络查控之日起三十日内完成", "network_query", items=(1, 2, 3, 4, 5)),
    _limit(
        "10-a 10 day",
        "接收案件起十日内启动传统查控",
        "case_received",
        items=(1, 2, 3, 4, 5),
        kind="start",
        met_by="traditional_query_started",
    ),
    _limit(
        "10-b 30 day",
        "并于启动之日起三十日内完成",
        "traditional_query_started",
        items=(1, 2, 3, 4, 5),
    ),
    _limit("11-a 30 day", "启动网络查控/传统查控后三十日内", "query_started"),
    _limit(
        "15-a 10 day",
        "第1项工作应当在收到书面申请之日起十日内决定是否准许",
        "bounty_applied",
        met_by="bounty_decided",
    ),
    _limit(
        "16-a 5 day",
        "自收到调查令申请之日起五日内决定是否准许",
        "inquiry_order_applied",
        met_by="inquiry_order_decided",
    ),
    _limit(
        "16-b 0 immediate",
        "决定准许的，应当立即签发调查令",
        "inquiry_order_decided",
        variant="决定准许",
        applies=("inquiry_order_granted",),
        kind="start",
        met_by="inquiry_order_signed",
    ),
    _limit(
        "17-a 48 hour",
        "可以线上控制的财产，应当在48小时内采取控制措施",
        "property_found",
        variant="线上控制",
        applies=("asset_online",),
        met_by="asset_controlled",
    ),
    _limit(
        "17-b 10 day",
        "需要线下采取控制措施的，应当在十日内完成",
        "property_found",
        variant="线下控制",
        applies=("asset_offline",),
        met_by="asset_controlled",
    ),
    _limit("18-a 10 day", "认定无财产可供执行之日起十日内", "no_assets_determined", items=(1, 2)),
    # 第五部分 财产处置
    _limit("19-a 10 day", "应当自控制财产后十日内完成", "asset_controlled"),
    _limit(
        "20-a 15 day",
        "应当在十五日内启动",
        "asset_controlled",
        kind="start",
        met_by="pricing_started",
    ),
    _limit("20-b 30 day", "并于启动后三十日内完成", "pricing_started", met_by="price_fixed"),
    _limit(
        "21-a 3 day",
        "自收到材料之日起三日内发送",
        "price_report_received",
        kind="notify",
        met_by="price_report_sent",
    ),
    _limit(
        "22-a 5 day",
        "可以在收到报告后五日内提出书面异议",
        "price_report_delivered",
        kind="party_right",
        met_by="price_objected",
    ),
    _limit(
        "22-b 15 day",
        "应当在收到异议之日起十五日内审查完毕",
        "price_objected",
        met_by="price_objection_decided",
    ),
    _limit(
        "23-a 10 day",
        "确定财产参考价后十日内",
        "price_fixed",
        kind="start",
        met_by="auction_started",
    ),
    _limit(
        "24-a 5 day",
        "公示满五日的视为已通知",
        "auction_publicity_started",
        variant="无法通知",
        applies=("auction_notice_impossible",),
        kind="deemed",
    ),
    _limit(
        "24-b 3 day before",
        "拍卖公告发布三日前",
        "auction_announced",
        kind="notify",
        met_by="auction_notified",
    ),
    _limit(
        "25-a 15 day before",
        "拍卖动产的，应当在拍卖十五日前公告",
        "auction_opens",
        variant="动产",
        applies=("asset_is_movable",),
        kind="publish",
        met_by="auction_announced",
    ),
    _limit(
        "25-b 30 day before",
        "拍卖不动产或者其他财产权的，应当在拍卖三十日前公告",
        "auction_opens",
        variant="不动产或者其他财产权",
        applies=("asset_not_movable",),
        kind="publish",
        met_by="auction_announced",
    ),
    _limit(
        "26-a 30 day",
        "一拍流拍之日起三十日内应启动",
        "previous_round_failed",
        kind="start",
        met_by="auction_started",
    ),
    _limit(
        "26-b 7 day before",
        "拍卖动产的应当在拍卖七日前进行拍卖公告",
        "auction_opens",
        variant="动产",
        applies=("asset_is_movable",),
        kind="publish",
        met_by="auction_announced",
    ),
    _limit(
        "26-c 15 day before",
        "拍卖不动产或者其他财产权的应当在拍卖十五日前进行拍卖公告",
        "auction_opens",
        variant="不动产或者其他财产权",
        applies=("asset_not_movable",),
        kind="publish",
        met_by="auction_announced",
    ),
    _limit(
        "27-a 10 day",
        "在拍卖成交、价款补齐之日起十日内送达",
        "price_paid",
        kind="notify",
        met_by="auction_ruling_served",
    ),
    _limit(
        "28-a 15 day",
        "应当自不接受以物抵债之日起十五日内发布网络司法变卖公告",
        "offset_refused",
        variant="不接受以物抵债",
        applies=("network_sale_after_refusal",),
        kind="publish",
        met_by="sale_announced",
    ),
    _limit(
        "28-b 7 day before",
        "网络司法变卖动产的，应当在变卖期开始七日前公告",
        "sale_opens",
        variant="动产",
        applies=("network_sale", "asset_is_movable"),
        kind="publish",
        met_by="sale_announced",
    ),
    _limit(
        "28-c 15 day before",
        "变卖不动产或者其他财产权的，应当变卖期开始十五日前公告",
        "sale_opens",
        variant="不动产或者其他财产权",
        applies=("network_sale", "asset_not_movable"),
        kind="publish",
        met_by="sale_announced",
    ),
    _limit(
        "29-a 10 day",
        "再次拍卖流拍的，执行法院应当于十日内",
        "second_round_failed",
        kind="notify",
        met_by="offset_asked",
    ),
    _limit(
        "30-a 10 day",
        "自拍卖确认或者同意以物抵债之日起十日",
        "sale_confirmed_or_offset_agreed",
        met_by="transfer_ruling_served",
    ),
    _limit(
        "30-b 15 day",
        "成交（抵债）裁定送达后十五日内",
        "transfer_ruling_served",
        items=(2,),
        met_by="asset_delivered",
    ),
    # 第六部分 案款发放
    _limit("31-a 7 day", "冻结之日起七日内", "asset_controlled", met_by="funds_drawn"),
    _limit(
        "32-a 3 day",
        "款物到账后三日内由承办人员认领至相应的子账户，并完成相关数据填写",
        "payment_arrived",
        items=(1, 2, 3),
    ),
    _limit(
        "33-a 30 day",
        "款物到账后三十日内",
        "payment_arrived",
        items=(1, 2, 3, 4),
        met_by="payment_paid_out",
    ),
    _limit(
        "35-a 30 day",
        "第3项工作应当自查封、扣押或被执行人交付之日起三十日内完成",
        "goods_handed_over",
        items=(3,),
        met_by="goods_registered",
    ),
    # 第七部分 强制措施
    _limit(
        "38-a 3 workday",
        "自发现之日起三个工作日内完成",
        "credit_fault_found",
        items=(1, 2, 3),
        met_by="credit_fault_mended",
    ),
    # 第八部分 结案与归档
    _limit(
        "43-a 6 month",
        "执行案件应当在立案之日起六个月内执结",
        "case_filed",
        applies=("is_litigation",),
        items=(1, 2),
        met_by="closing_confirmed",
    ),
    _limit(
        "43-b 3 month",
        "非诉执行案件应当在立案之日起三个月内执结",
        "case_filed",
        variant="非诉",
        applies=("is_non_litigation",),
        items=(1, 2),
        met_by="closing_confirmed",
    ),
    _limit(
        "43-c 7 day",
        "第4项工作应当在结案之日起七日内完成",
        "closing_done",
        variant="执行完毕",
        applies=("closing_completed",),
        items=(14,),
    ),
    _limit(
        "43-d 7 day",
        "第3、4、5项工作，应当在结案之日起七日内完成",
        "closing_done",
        variant="终本",
        applies=("closing_current_terminated",),
        items=(23, 24, 25),
    ),
    _limit(
        "44-a 15 day",
        "案件报结后十五天内归档",
        "archive_start",
        items=(1, 2),
        met_by="archived",
    ),
    _limit(
        "45-a 6 month",
        "终本案件结案后五年内，每六个月自动通过网络查控系统查找财产",
        "closing_done",
        kind="periodic",
        met_by="followup_queried",
    ),
    _limit(
        "46-a 10 day",
        "自发现财产线索后十日内完成审查",
        "resumption_clue_found",
        met_by="resumption_decided",
    ),
)

RUNS = {"45-a": 10}
"""五年内，每六个月 is ten times (reading A66); every other limit runs once."""

LOCAL = ("执行局长", "主管院领导")


class Freeze(NamedTuple):
    """When a node freezes, what it then refuses, and who lifts it, in the text's words."""

    limits: tuple[str, ...]
    words: str
    level: str
    authority: str
    roles: tuple[str, ...]
    warned: bool = True
    refuses: str = "successors"
    applies: tuple[str, ...] = ()
    met_by: tuple[str | None, tuple[int, ...]] | None = None
    fact: str | None = None
    target: int | None = None
    lets_pass: tuple[int, ...] = ()


_BUREAU = "intermediate_court_bureau_chief"
FREEZES = {
    3: Freeze(
        ("3-a",),
        "立案当天未及时提起（首次）网络查控的，系统将自动冻结该节点，并不得流转下一节点",
        "intermediate_court",
        "报辖区所在地中院批准",
        ("中院",),
        warned=False,
        applies=("has_money_content",),
        met_by=("first_query_started", (2,)),
    ),
    7: Freeze(
        ("7-a",),
        "经预警后仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点",
        "local",
        "由本院主管院领导或者执行局长批准",
        LOCAL,
        lets_pass=(32,),
    ),
    17: Freeze(
        ("17-a", "17-b"),
        "经预警后，仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点",
        "local",
        "由本院主管院领导或者执行局长批准",
        LOCAL,
        lets_pass=(17, 40),
    ),
    20: Freeze(
        ("20-a", "20-b"),
        "经预警后，仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点",
        _BUREAU,
        "需报所辖中院执行局长批准",
        ("中院执行局长",),
    ),
    23: Freeze(
        ("23-a",),
        "经预警后，仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点",
        _BUREAU,
        "需报所在中院执行局长批准",
        ("中院执行局长",),
    ),
    26: Freeze(
        ("26-a",),
        "经预警后，仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点",
        _BUREAU,
        "需报所在中院执行局长批准",
        ("中院执行局长",),
    ),
    31: Freeze(
        ("31-a",),
        "经预警后，仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点",
        "local",
        "需报本院主管领导或者执行局局长批准",
        LOCAL,
    ),
    32: Freeze(
        ("32-a",),
        "经预警后，仍未按时限完成上述工作内容的，系统将自动冻结该节点，并不得流转下一节点",
        "local",
        "需报本院主管领导或者执行局局长批准",
        LOCAL,
        met_by=(None, (1, 2)),
    ),
    33: Freeze(
        ("33-a",),
        "经预警后，仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点",
        _BUREAU,
        "需报所在中院执行局长批准",
        ("中院执行局长",),
        lets_pass=(8, 9, 11, 18),
    ),
    43: Freeze(
        ("43-a", "43-b"),
        "经预警后，仍未在期限内结案，亦未及时通过系统进行执行期限变更的，系统将自动冻结结案节点",
        "high_court",
        "需层报省法院批准",
        ("省法院",),
        refuses="self",
    ),
    46: Freeze(
        (),
        "未更换承办人的，冻结立案节点",
        "local",
        "需报本院主管领导或者执行局局长批准",
        LOCAL,
        fact="same_officer",
        target=2,
    ),
}

APPROVALS = {
    # 报执行局长、分管副院长审批后，由财务部门办理在线支付
    (33, "payout"): (LOCAL, "sequence"),
    # 报经执行局局长或主管院领导批准后
    (34, "escrow"): (LOCAL, "either"),
    # 由院长签发限制消费令; 由院长签发后依法送达; 必须经院长批准; 须经院长批准
    (36, "consumption_restriction"): (("院长",), "either"),
    (37, "credit_listing"): (("院长",), "either"),
    (39, "bring_in"): (("院长",), "either"),
    (40, "fine_or_detention"): (("院长",), "either"),
    # 提起期限变更审批程序: no approver is named (reading A58)
    (42, "deadline_change"): (("院长",), "either"),
    # 审判管理办公室在接到报结申请后…形式审查; 推送给专人审核
    (43, "closing_review"): (("审判管理办公室",), "either"),
    (43, "special_review"): (("材料审核人",), "either"),
}
SUPERVISED = frozenset({23, 26})
"""通过执行指挥管理平台督办."""
WORKDAYS_ONLY = frozenset({"38-a"})


def differences(book: Rulebook) -> list[str]:
    """Everything in which a rulebook is not what the tables say."""
    found: list[str] = []
    for number, name in enumerate(NAMES, start=1):
        spec = book.nodes.get(number)
        if spec is None or spec.name != name:
            found.append(f"节点{number} name")
            continue
        part = next(part for part, numbers in PARTS.items() if number in numbers)
        if spec.part != part:
            found.append(f"节点{number} part")
        if spec.supervised is not (number in SUPERVISED):
            found.append(f"节点{number} supervised")
        found += _freeze_differences(spec)
    found += _limit_differences(book)
    found += _approval_differences(book)
    return found


def _limit_differences(book: Rulebook) -> list[str]:
    given = {limit.id: limit for spec in book.nodes.values() for limit in spec.time_limits}
    found = [f"{name} too many" for name in given.keys() - {entry.id for entry in LIMITS}]
    for said in LIMITS:
        limit = given.get(said.id)
        if limit is None:
            found.append(f"{said.id} lacking")
            continue
        pairs = {
            "amount": (limit.amount, said.amount),
            "unit": (limit.unit.value, said.unit),
            "direction": (limit.direction.value, said.direction),
            "anchor": (limit.anchor, said.anchor),
            "variant": (limit.variant, said.variant),
            "applies": (limit.applies, said.applies),
            "items": (limit.items, said.items),
            "kind": (limit.kind.value, said.kind),
            "met_by": (limit.met_by.event or "items", said.met_by),
            "met_by items": (limit.met_by.items or limit.items, said.items),
            "count": (limit.count, RUNS.get(said.id, 1)),
        }
        found += [f"{said.id} {name}" for name, (is_, should) in pairs.items() if is_ != should]
        instead = limit.met_by.approval
        escrow = (instead.node, instead.matter) if instead is not None else None
        if escrow != ((34, "escrow") if said.id == "33-a" else None):
            found.append(f"{said.id} approval")
    return found


def _freeze_differences(spec: NodeSpec) -> list[str]:
    said, rule, unfreeze = FREEZES.get(spec.number), spec.freeze, spec.unfreeze
    where = f"节点{spec.number}"
    if said is None or rule is None or unfreeze is None:
        both = (said is None, rule is None, unfreeze is None)
        return [] if len(set(both)) == 1 else [f"{where} freezes or not"]
    met_by = (rule.met_by.event, rule.met_by.items) if rule.met_by is not None else None
    pairs = {
        "limits": (rule.limits, said.limits),
        "refuses": (rule.refuses, said.refuses),
        "warned": (rule.warned, said.warned),
        "applies": (rule.applies, said.applies),
        "met_by": (met_by, said.met_by),
        "fact": (rule.fact, said.fact),
        "target": (rule.target, said.target),
        "lets_pass": (rule.lets_pass, said.lets_pass),
        "level": (unfreeze.level.value, said.level),
        "authority": (unfreeze.words, said.authority),
        "roles": (unfreeze.roles, said.roles),
    }
    return [f"{where} {name}" for name, (is_, should) in pairs.items() if is_ != should]


def _approval_differences(book: Rulebook) -> list[str]:
    given = {
        (spec.number, entry.matter): (entry.roles, entry.mode)
        for spec in book.nodes.values()
        for entry in spec.approvals
    }
    wrong = [key for key in given.keys() | APPROVALS if given.get(key) != APPROVALS.get(key)]
    return [f"节点{node} {matter}" for node, matter in wrong]
