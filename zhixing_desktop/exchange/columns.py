"""The columns of the case list: one table for reader, writer and template.

Headings follow the order of the official platform's exports (案件、当事人、办理记录); ``aliases``
are the headings other exports use for the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class CellType(StrEnum):
    """How a cell is read, written and formatted."""

    TEXT = "text"
    LINES = "lines"  # several entries, one a line: 名称：内容
    CODE = "code"  # digits that are a name: written and read as text
    NAMES = "names"
    DAY = "day"
    BIRTHDAY = "birthday"
    MOMENT = "moment"
    MONEY = "money"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    OWN_NUMBER = "own_number"
    NODE = "node"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``name`` is the field of the row's class; ``codes`` are the values behind ``options`` where the
    program keeps another word than the sheet shows; ``help`` and ``example`` stand in the template.
    """

    name: str
    header: str
    type: CellType
    required: bool = False
    aliases: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    codes: tuple[str, ...] = ()
    width: int = 14
    help: str = ""
    example: str = ""

    def code_of(self, option: str) -> str:
        """Return what the program keeps for an option."""
        return self.codes[self.options.index(option)] if self.codes else option

    def option_of(self, code: str) -> str:
        """Return the option the sheet shows for what the program keeps."""
        return self.options[self.codes.index(code)] if self.codes else code


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet; ``keeps_extra`` tells that further columns are data and not to be ignored."""

    title: str
    columns: tuple[Column, ...]
    required: bool
    keeps_extra: bool = False

    def column(self, name: str) -> Column:
        """Return the column of a field; ``KeyError`` when there is none."""
        for entry in self.columns:
            if entry.name == name:
                return entry
        raise KeyError(name)


def fold_header(text: str) -> str:
    """Return a heading for comparing: without white space, stars, （元）, （必填） and colons."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).strip("*:")
    return re.sub(r"\((?:元|人民币|人民币元|单位:元|必填|选填|可空)\)", "", plain).strip("*:")


_T = CellType
_CASE_NUMBER = Column(
    "case_no", "案号", _T.OWN_NUMBER, required=True, width=26,
    aliases=("执行案号", "本案案号"), help="本院执行案号", example="（2024）豫0811执123号",
)  # fmt: skip

CASES = SheetSpec(
    title="案件列表",
    required=True,
    columns=(
        _CASE_NUMBER,
        Column(
            "filed_at", "立案时间", _T.MOMENT, required=True, width=19,
            aliases=("立案日期", "立案日"), help="日期，可以带时间", example="2024-03-05 09:30:00",
        ),
        Column(
            "received_on", "收案日期", _T.DAY, aliases=("收案时间", "承办人收案日期"),
            help="承办人收到案件之日，尚未移交的留空", example="2024-03-06",
        ),
        Column(
            "officer", "承办人", _T.TEXT, aliases=("承办法官", "执行法官", "承办人姓名"),
            help="姓名", example="王建国",
        ),
        Column("clerk", "书记员", _T.TEXT, aliases=("书记员姓名",), help="姓名", example="李静"),
        Column(
            "creditors", "申请执行人", _T.NAMES, width=24, aliases=("申请执行人姓名", "申请人"),
            help="几个人用顿号分开；《当事人》表已有的以该表为准", example="张三",
        ),
        Column(
            "debtors", "被执行人", _T.NAMES, width=24, aliases=("被执行人姓名", "被申请人"),
            help="同上", example="李四、焦作某某有限公司",
        ),
        Column(
            "cause", "案由", _T.TEXT, width=20, aliases=("立案案由", "执行案由"),
            help="执行案由", example="民间借贷纠纷",
        ),
        Column(
            "source", "案件来源", _T.CHOICE, aliases=("来源",),
            options=("申请执行", "移送执行", "委托执行", "恢复执行", "申请保全"),
            synonyms=MappingProxyType({"申请": "申请执行", "移送": "移送执行", "委托": "委托执行",
                                       "恢复": "恢复执行", "保全": "申请保全"}),
            help="从下拉列表选择", example="申请执行",
        ),
        Column(
            "is_non_litigation", "是否非诉", _T.FLAG, width=10,
            aliases=("非诉标识", "非诉", "是否非诉行政执行"), help="非诉行政执行填“是”",
            example="否",
        ),
        Column(
            "creditor_is_court", "申请执行人为法院", _T.FLAG, width=10, aliases=("是否本院移送",),
            help="移送执行等由法院申请的填“是”", example="否",
        ),
        Column(
            "basis_type", "执行依据类型", _T.TEXT, aliases=("依据类型", "执行依据种类"),
            help="判决书、调解书、仲裁裁决等", example="民事判决书",
        ),
        Column(
            "basis_number", "执行依据文号", _T.TEXT, width=28,
            aliases=("执行依据案号", "依据文号", "执行依据", "原审案号"),
            help="其他法院、旧式案号、仲裁公证文号照填", example="（2023）豫0811民初88号",
        ),
        Column(
            "basis_court", "作出执行依据单位", _T.TEXT, width=24,
            aliases=("执行依据制作单位", "制作单位", "作出单位", "原审法院"),
            help="全称", example="焦作市山阳区人民法院",
        ),
        Column(
            "basis_effective_on", "生效日期", _T.DAY,
            aliases=("执行依据生效日期", "依据生效日期", "生效日"),
            help="执行依据生效之日", example="2023-12-01",
        ),
        Column(
            "basis_due_on", "履行期届满日", _T.DAY,
            aliases=("履行期限届满日", "履行期届满日期", "履行期限届满日期"),
            help="执行依据确定的履行期间届满之日", example="2023-12-16",
        ),
        Column(
            "content", "给付内容", _T.CHOICES, width=18, aliases=("执行内容", "给付内容种类"),
            options=("金钱", "行为", "特定物", "财产性权益"),
            codes=("money", "act", "thing", "interest"),
            synonyms=MappingProxyType({"金钱给付": "金钱", "财产权益": "财产性权益"}),
            help="几种用顿号分开；只有金额的可以留空", example="金钱",
        ),
        Column(
            "amount_principal", "申请标的本金", _T.MONEY, aliases=("本金", "标的本金"),
            help="单位：元", example="400000.00",
        ),
        Column(
            "amount_interest", "申请标的利息", _T.MONEY, aliases=("利息", "标的利息"),
            help="单位：元", example="7000.00",
        ),
        Column(
            "amount_fee", "申请标的费用", _T.MONEY, aliases=("费用", "诉讼费等费用"),
            help="单位：元", example="3650.00",
        ),
        Column(
            "amount", "申请标的额", _T.MONEY, width=16,
            aliases=("申请执行标的额", "申请执行标的", "申请标的金额", "申请执行标的金额", "标的额",
                     "标的金额", "立案标的"),
            help="单位：元；三项都填时须等于三项之和", example="410650.00",
        ),
        Column(
            "previous_case_no", "原案号", _T.TEXT, width=26,
            aliases=("原执行案号", "首次执行案号", "关联案号"),
            help="恢复执行案件填首次执行案号", example="",
        ),
        Column(
            "concerns", "案件涉及", _T.NAMES, help="涉民生、涉府等，用顿号分开", example="涉民生",
        ),
    ),
)  # fmt: skip

# Before the heading of a further column that would otherwise be taken for a fixed one.
EXTRA_PREFIX = "字段："

CREDITOR, DEBTOR = "申请执行人", "被执行人"
# 申请人 and 被申请人 are the two sides of a preservation case.
STANDINGS = (
    CREDITOR, DEBTOR, "申请人", "被申请人", "案外人", "利害关系人", "第三人", "协助执行人",
    "担保人",
)  # fmt: skip
SIDES: Mapping[str, str] = MappingProxyType(
    {CREDITOR: CREDITOR, "申请人": CREDITOR, DEBTOR: DEBTOR, "被申请人": DEBTOR}
)
PARTY_KINDS = ("自然人", "法人", "其他组织")
ID_CARD, CREDIT_CODE, ORGANISATION_CODE = "居民身份证", "统一社会信用代码", "组织机构代码"
ID_TYPES = (
    ID_CARD, CREDIT_CODE, ORGANISATION_CODE, "护照", "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证", "港澳台居民居住证", "外国人永久居留身份证", "军官证",
    "营业执照注册号", "其他证件",
)  # fmt: skip

PARTIES = SheetSpec(
    title="当事人",
    required=False,
    columns=(
        _CASE_NUMBER,
        Column(
            "standing", "诉讼地位", _T.CHOICE, required=True, aliases=("当事人地位", "地位"),
            options=STANDINGS,
            synonyms=MappingProxyType({"申请保全人": "申请人", "被保全人": "被申请人"}),
            help="从下拉列表选择", example="被执行人",
        ),
        Column(
            "kind", "当事人类型", _T.CHOICE, required=True, aliases=("类型", "主体类型"),
            options=PARTY_KINDS,
            synonyms=MappingProxyType({"个人": "自然人", "公民": "自然人", "企业法人": "法人",
                                       "单位": "法人", "非法人组织": "其他组织"}),
            help="从下拉列表选择", example="自然人",
        ),
        Column(
            "name", "姓名名称", _T.TEXT, required=True, width=24,
            aliases=("姓名", "名称", "姓名/名称", "当事人", "当事人姓名", "姓名或名称",
                     "当事人名称"),
            help="一行一人，写全名", example="李四",
        ),
        Column(
            "id_type", "证件类型", _T.CHOICE, width=18, options=ID_TYPES, aliases=("证件种类",),
            synonyms=MappingProxyType({"身份证": ID_CARD, "公民身份证": ID_CARD,
                                       "信用代码": CREDIT_CODE,
                                       "营业执照": CREDIT_CODE, "机构代码": ORGANISATION_CODE,
                                       "其他": "其他证件"}),
            help="从下拉列表选择", example="居民身份证",
        ),
        Column(
            "id_number", "证件号码", _T.CODE, width=22,
            aliases=("身份证号", "身份证号码", "公民身份号码", "证件号", "统一社会信用代码"),
            help="按文本填写；村委会、业委会、分公司等没有代码的可以留空",
            example="410811199003070013",
        ),
        Column(
            "gender", "性别", _T.CHOICE, width=8, options=("男", "女"),
            synonyms=MappingProxyType({"男性": "男", "女性": "女"}), help="男或者女", example="男",
        ),
        Column("ethnicity", "民族", _T.TEXT, width=8, help="如汉族", example="汉族"),
        Column(
            "birth", "出生日期", _T.BIRTHDAY, aliases=("出生年月日", "生日"),
            help="应与身份证号一致", example="1990-03-07",
        ),
        Column(
            "address", "住址", _T.TEXT, width=30, aliases=("地址", "住所地", "住所", "户籍地址"),
            help="住址或者住所地", example="焦作市山阳区某路1号",
        ),
        Column(
            "phone", "联系电话", _T.CODE, width=16, aliases=("电话", "手机", "手机号", "联系方式"),
            help="几个号码用顿号分开", example="13800001111",
        ),
        Column(
            "legal_representative", "法定代表人", _T.TEXT,
            aliases=("法定代表人姓名", "负责人", "法定代表人或负责人"), help="单位填写", example="",
        ),
        Column(
            "representative_title", "法定代表人职务", _T.TEXT, aliases=("负责人职务",),
            help="如执行董事", example="",
        ),
        Column(
            "workplace", "工作单位和职务", _T.TEXT, width=24, aliases=("工作单位",),
            help="自然人填写", example="",
        ),
        Column(
            "guardian", "法定代理人", _T.TEXT, aliases=("监护人",),
            help="未成年人等须有法定代理人", example="",
        ),
        Column(
            "guardian_relation", "与被代理人的关系", _T.TEXT, help="如父亲", example="",
        ),
        Column(
            "agent", "委托代理人", _T.TEXT, aliases=("代理人", "委托诉讼代理人"), help="姓名",
            example="",
        ),
        Column(
            "agent_office", "代理人单位或者身份", _T.TEXT, width=24, aliases=("代理人单位",),
            help="如河南某某律师事务所律师", example="",
        ),
        Column(
            "agent_powers", "代理权限", _T.TEXT, help="一般代理或者特别授权", example="",
        ),
        Column(
            "service_address", "送达地址", _T.TEXT, width=30, aliases=("送达地址确认",),
            help="送达地址确认书上的地址", example="",
        ),
        Column(
            "e_service", "接受电子送达", _T.FLAG, width=10,
            aliases=("电子送达", "是否同意电子送达", "是否接受电子送达"), help="是或者否",
            example="是",
        ),
        Column(
            "account_name", "收款户名", _T.TEXT, aliases=("户名", "账户名称"),
            help="申请执行人的收款账户", example="",
        ),
        Column(
            "account_number", "收款账号", _T.CODE, width=24,
            aliases=("账号", "银行账号", "收款账户"),
            help="按文本填写", example="",
        ),
        Column(
            "bank", "开户行", _T.TEXT, width=24, aliases=("开户银行",), help="写到支行", example="",
        ),
    ),
)  # fmt: skip

# What was entered at a node, without a column for each field.
ENTRIES = "entries"

EVENTS = SheetSpec(
    title="办理记录",
    required=False,
    keeps_extra=True,
    columns=(
        _CASE_NUMBER,
        Column(
            "subject", "办理对象", _T.SUBJECT, width=18, aliases=("对象",),
            help="案件、被执行人1、线索1、财产2、财产2第1轮拍卖、款项1；留空即案件",
            example="财产1",
        ),
        Column(
            "node", "节点", _T.NODE, width=8, aliases=("节点号", "节点编号"),
            help="1至46；登记事件时可以留空", example="17",
        ),
        Column(
            "what", "办理事项", _T.TEXT, required=True, width=24, aliases=("事项", "办理内容"),
            help="事件名称，或者“工作内容1”“节点启动”“节点办结”“材料：名称”",
            example="采取控制措施",
        ),
        Column(
            "happened_at", "办理时间", _T.MOMENT, required=True, width=19, help="日期，可以带时间",
            example="2024-03-08 10:00:00",
        ),
        Column(
            "officer", "办理人", _T.TEXT, help="姓名", example="王建国",
        ),
        Column(
            ENTRIES, "填写内容", _T.LINES, width=40,
            help="一行一项，写成“字段名称：内容”；也可以在表头右边为字段各设一栏",
            example="协助执行人：焦作市不动产登记中心",
        ),
    ),
)  # fmt: skip

SHEETS = (CASES, PARTIES, EVENTS)
