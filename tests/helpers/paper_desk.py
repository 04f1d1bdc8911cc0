"""A bureau with the program's own forms and one case that is ready for node 7."""

from __future__ import annotations

from pathlib import Path

from helpers.bureau import Office, make_bureau
from zhixing_desktop.services import parties
from zhixing_desktop.services.bureau_settings import change_setting

COURT = {
    "court.name": "焦作市山阳区人民法院",
    "court.address": "焦作市山阳区人民路1号",
    "court.phone": "0391-3560001",
    "court.account_name": "焦作市山阳区人民法院执行款专户",
    "court.account_bank": "中国银行焦作分行",
}
SIX = (
    "案件受理通知书",
    "法律文书送达地址确认书",
    "提供被执行人下落及财产线索通知书",
    "廉政监督卡",
    "权利义务告知书",
    "执行风险告知书",
)
"""What is handed out when a case is filed (node 2)."""
PAPER_NOW = "2024-03-05T10:00"
OBLIGATION = "向申请执行人支付借款本金50000元及利息"


def paper_desk(folder: Path, debtors: tuple[str, ...] = ("乙建强",)) -> Office:
    """Make it: the case was filed on 1 March 2024, node 7 is open; it is 5 March."""
    office = make_bureau(folder)
    for name, value in COURT.items():
        change_setting(office.bureau, office.actor("何管理"), name, value, "首次设置")
    case = office.register(1, debtors=debtors, cause="民间借贷纠纷")
    for number in range(1, len(debtors) + 1):
        parties.save_party(
            office.bureau,
            office.actor(),
            case,
            f"debtor/{number}",
            {"id_number": "410811198005065432", "address": "河南省修武县某村1号"},
            reason="依身份证补录",
        )
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    return office.at(PAPER_NOW)
