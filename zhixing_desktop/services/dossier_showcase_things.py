"""What comes into the dossier of the sample's case from outside: drawn, and said to be drawn.

Scanned paper, photographs of a telephone, receipts: one table of what each material looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from zhixing_desktop.services import showcase_pictures as drawn
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import SIDE, Medium, Origin, Piece
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.sample_script import Script
from zhixing_desktop.workflow.day_words import date_words

_COURT_SEAL, _UNIT_SEAL = "院印", "业务章"
_MADE_UP = "（本页是示例案件的材料样本，由程序画成；人名、号码、印章都是虚构的。）"
_IDENTITY, _EVIDENCE, _MEETING = 9, 10, 1
"""Items of the catalogue (首次执行), and of the 副卷."""
_ID_CARD = "申请执行人身份证明"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as it is brought: its name in the catalogue, its files, where it comes from."""

    name: str
    pieces: tuple[Piece, ...]
    origin: Origin = Origin.SUBMITTED
    medium: Medium = Medium.ORIGINAL
    place: int | None = None
    side: str | None = None
    paper_pages: int = 0
    photographed: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    """How a material looks: a list of lines for each page, who signs, whose seal."""

    pages: tuple[tuple[str, ...], ...]
    signed: str
    origin: Origin
    seal: str = ""


def _look(*pages: Sequence[str], by: str, origin: Origin, seal: str = "") -> _Look:
    return _Look(tuple(tuple(page) for page in pages), by, origin, seal)


_LOOKS: Mapping[str, _Look] = MappingProxyType(
    {
        "申请执行书": _look(
            (
                "申请执行人：{creditor}。",
                "被执行人：{debtor}。",
                "申请执行依据：{basis}。",
                "申请事项：强制执行{amount}元及迟延履行期间的债务利息；执行费用由被执行人负担。",
            ),
            (
                "事实与理由：上述法律文书已经发生法律效力，被执行人在指定的期间没有履行。"
                "依照《中华人民共和国民事诉讼法》的规定，申请强制执行。",
                "此致",
                "{court}",
            ),
            by="{creditor}",
            origin=Origin.SUBMITTED,
        ),
        "生效法律文书副本": _look(
            ("{basis}", "原告：{creditor}。", "被告：{debtor}。", "案由：{cause}。"),
            (
                "本院认为：原、被告之间的关系合法有效，被告应当按照约定履行付款义务。",
                "判决如下：被告于判决生效之日起十日内支付原告{amount}元。",
            ),
            ("如不服本判决，可以在判决书送达之日起十五日内提起上诉。", "（生效证明附后）"),
            by="审判员（样本）",
            origin=Origin.SUBMITTED,
            seal=_COURT_SEAL,
        ),
        "向申请执行人发送材料的回执": _look(
            (
                "案号：{case_no}。",
                "今收到案件受理通知书、权利义务告知书、廉政监督卡、执行风险"
                "告知书、提供被执行人下落及财产线索通知书、法律文书送达地址确认书各一份。",
            ),
            by="{creditor}",
            origin=Origin.SERVED,
        ),
        "立案材料": _look(
            (
                "案号：{case_no}。",
                "立案信息表：当事人、执行依据、执行标的、承办部门等信息已经录入，"
                "与纸质材料核对一致。",
            ),
            (
                "立案材料移送清单：",
                "一、申请执行书，二页；",
                "二、生效法律文书副本，三页；",
                "三、身份证明，一页；",
                "四、送达地址确认书，一页。",
            ),
            by="立案人员",
            origin=Origin.MADE,
            seal=_COURT_SEAL,
        ),
        "网络查控反馈材料": _look(
            (
                "案号：{case_no}。",
                "被查询人：{debtor}。",
                "查询项目：银行存款、车辆、不动产、有价证券、网络资金。",
            ),
            (
                "反馈结果：",
                "一、银行：查有存款账户一个，可以冻结；",
                "二、车辆：未查到；",
                "三、不动产：未查到；",
                "四、有价证券：未查到；",
                "五、网络资金：余额为零。",
            ),
            by="网络执行查控系统",
            origin=Origin.OBTAINED,
        ),
        "协助执行单位反馈回执": _look(
            (
                "{court}：",
                "你院协助查询通知书收悉。经查，{debtor}名下在本单位没有登记的财产信息。",
                "特此回复。",
            ),
            by="焦作市不动产登记中心",
            origin=Origin.OBTAINED,
            seal=_UNIT_SEAL,
        ),
        "调查笔录或者视听资料": _look(
            (
                "时间：{day}。",
                "地点：{address}。",
                "调查人：{officer}、{clerk}。",
                "现场情况：按址到达，邻居称被执行人在此居住；室内没有发现贵重物品。",
                "照片二张，附后。",
            ),
            by="{officer}",
            origin=Origin.OBTAINED,
        ),
        "裁定书送达回证": _look(
            (
                "案号：{case_no}。",
                "送达文书：执行裁定书。",
                "受送达人：{debtor}。",
                "送达方式：直接送达。",
            ),
            by="{debtor}",
            origin=Origin.SERVED,
        ),
        "查封、扣押、冻结措施的材料": _look(
            (
                "协助冻结存款通知书（回执）",
                "{court}：",
                "你院要求协助冻结{debtor}在我行的存款，已经办理。",
                "冻结期限一年。",
            ),
            by="中国工商银行焦作分行",
            origin=Origin.OBTAINED,
            seal=_UNIT_SEAL,
        ),
        "到账相关材料": _look(
            (
                "案款到账通知",
                "案号：{case_no}。",
                "缴款人：{debtor}。",
                "款项来源：划拨存款。",
                "入账账户：一案一账号子账户。",
            ),
            by="财务",
            origin=Origin.MADE,
            seal=_UNIT_SEAL,
        ),
        "案款发放的相关材料": _look(
            ("领款人：{creditor}。", "案号：{case_no}。", "今收到案款，金额与审批表一致。"),
            ("收款账户确认书", "户名、账号、开户行与申请执行人确认的一致。"),
            by="{creditor}",
            origin=Origin.SUBMITTED,
        ),
        "案件材料": _look(
            (
                "案号：{case_no}。",
                "卷宗材料核对表：",
                "一、立案材料齐全；",
                "二、财产查控材料齐全；",
                "三、案款收发材料齐全；",
                "四、送达凭证齐全。",
            ),
            by="{clerk}",
            origin=Origin.MADE,
        ),
        "双方当事人认可执行完毕的书面材料或者笔录": _look(
            (
                "时间：{day}。",
                "地点：本院执行局谈话室。",
                "参加人：{creditor}、{debtor}。",
                "问：执行款是否已经全部收到？",
                "答：已经全部收到，本案执行完毕，没有异议。",
            ),
            by="{creditor}　{debtor}",
            origin=Origin.MADE,
        ),
        "进出账凭证": _look(
            (
                "进账凭证：划拨存款，已入一案一账号子账户。",
                "出账凭证：案款已发放至申请执行人确认的账户。",
            ),
            by="财务",
            origin=Origin.MADE,
            seal=_UNIT_SEAL,
        ),
        "财产线索材料或者财产报告": _look(
            (
                "申请执行人提供：被执行人在中国工商银行焦作分行开有账户。",
                "附：手机转账记录照片一张。",
            ),
            by="{creditor}",
            origin=Origin.SUBMITTED,
        ),
        "案款发放审批表": _look(
            (
                "案号：{case_no}。",
                "收款人：{creditor}。",
                "承办人意见：符合发放条件。",
                "执行局长：同意。",
                "主管院领导：同意。",
            ),
            by="{officer}",
            origin=Origin.MADE,
        ),
    }
)
_PHOTOGRAPHED = frozenset({"调查笔录或者视听资料"})
"""What a telephone took in the field: it comes as photographs of the paper."""


def thing_for(material: str, script: Script, today: date) -> Thing:
    """Return a material of a node as somebody brings it on a day."""
    if material == _ID_CARD:
        party = script.story.creditor
        card = drawn.id_card(party.name, party.id_number, party.address)
        return Thing(material, (Piece(f"{material}.jpg", card),))
    look = _LOOKS[material]
    pages = [
        drawn.sheet(
            material if place == 0 else "（续）",
            [*(_told(line, script, today) for line in lines), _MADE_UP],
            _told(look.signed, script, today) if place == len(look.pages) - 1 else "",
            date_words(today) if place == len(look.pages) - 1 else "",
            seal=look.seal if place == len(look.pages) - 1 else "",
        )
        for place, lines in enumerate(look.pages)
    ]
    name = f"{material.partition('、')[0]}"
    if material in _PHOTOGRAPHED:
        pages = [drawn.on_desk(page) for page in pages]
    pieces = tuple(Piece(f"{name}{number}.jpg", page) for number, page in enumerate(pages, start=1))
    return Thing(material, pieces, look.origin, photographed=material in _PHOTOGRAPHED)


def things_beside(script: Script, today: date) -> tuple[Thing, ...]:
    """Return what lies in the dossier without a duty: a photographed receipt, paper without a scan,
    the notes of a deliberation (副卷)."""
    creditor, day = script.story.creditor.name, date_words(today)
    words = ["今收到贵院发放的执行案款。", f"案号：{script.row.case_no}。", _MADE_UP]
    receipt = drawn.on_desk(drawn.sheet("收　条", words, creditor, day))
    talk = ["时间、地点、参加人：略。", "评议意见：同意承办人的处理意见。", _MADE_UP]
    notes = drawn.sheet("合议庭评议笔录", talk, "合议庭成员", day)
    return (
        Thing(
            "收条（当事人手机拍照）", (Piece("手机拍照.jpg", receipt),), place=_EVIDENCE,
            photographed=True,
        ),
        Thing("授权委托书原件", (), medium=Medium.PAPER, place=_IDENTITY, paper_pages=2),
        Thing(
            "合议庭评议笔录", (Piece("评议笔录.jpg", notes),), Origin.MADE, place=_MEETING,
            side=SIDE,
        ),
    )  # fmt: skip


def unknown_scans() -> tuple[tuple[Piece, TraySource], ...]:
    """Return two scans of which nobody knows yet whose they are."""
    page = drawn.sheet("汇款凭证", ["付款人：某某公司", "金额：略", "附言：没有写明案号"], "", "")
    return (
        (Piece("SCAN0001.jpg", page), TraySource.FOLDER),
        (Piece("IMG_2025.jpg", drawn.on_desk(page)), TraySource.DROPPED),
    )


def _told(words: str, script: Script, today: date) -> str:
    row, story = script.row, script.story
    return words.format(
        creditor=story.creditor.name,
        debtor=story.debtors[0].name,
        address=story.debtors[0].address,
        basis=f"{row.basis_number}{row.basis_type}",
        amount=f"{row.amount:.2f}",
        cause=row.cause,
        case_no=row.case_no,
        court="焦作市山阳区人民法院",
        officer=row.officer,
        clerk=row.clerk,
        day=date_words(today),
    )


def signed(name: str, pdf: bytes) -> Piece:
    """Return an issued paper (PDF) as it comes back from the scanner, sealed."""
    return Piece(f"{name}（签名盖章）.pdf", drawn.signed(pdf, _COURT_SEAL))


def proof_of(name: str, number: str, recipient: str, today: date) -> Scan:
    """Return the signed 送达回证 of a paper."""
    lines = [
        f"送达文书：《{name}》{number}。",
        f"受送达人：{recipient}。",
        "送达方式：直接送达。",
        "受送达人在签名栏签名，送达人二人签名。",
        _MADE_UP,
    ]
    page = drawn.sheet("送　达　回　证", lines, recipient, date_words(today), seal=_COURT_SEAL)
    return Scan(f"送达回证（{name}）.jpg", page)
