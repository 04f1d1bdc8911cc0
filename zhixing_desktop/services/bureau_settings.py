"""What the court itself sets: one table of settings, read as types, changed with a journal row.

``SETTINGS`` says everything about each: key, words, basis, default, bounds, and which act changes
it.  The settings window, ``zhixing settings`` and the reading below are made from it.  In a real
bureau's database nothing weaker than ``GB/T 22239—2019`` level 3 practice is accepted, and nothing
weaker counts: a row that was put into the table by hand is read as the weakest that is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json import loads
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import settings_edits
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

SECURITY_ACT, COURT_ACT = "settings.security", "settings.court"
HIGHEST_HISTORY = 24
"""How many earlier passwords can be compared at most; so many are kept."""

# The standard (level 3) asks for the thing and names no figure; the figures are those of practice.
_IDENTITY = "GB/T 22239—2019 8.1.4.1 身份鉴别 a 项（第三级），数值按通行做法"
_FAILURES = "GB/T 22239—2019 8.1.4.1 身份鉴别 b 项（第三级），数值按通行做法"
_ACCESS = "GB/T 22239—2019 8.1.4.2 访问控制 e 项（第三级）"
_COST = "RFC 9106（Argon2id）；GB/T 22239—2019 8.1.4.8 数据保密性 b 项（第三级）"
_COURT = "本院情况"


@dataclass(frozen=True, slots=True)
class CourtProfile:
    """The court: its name, its code in 案号, the courts above it, the lines of its letterhead.

    The rest stands on papers: where it is, how it is reached, the account for case funds (执行款
    专户), the telephone for complaints (廉政监督).
    """

    name: str
    code: str
    superior: str
    high: str
    letterhead: tuple[str, ...]
    address: str = ""
    phone: str = ""
    postcode: str = ""
    account_name: str = ""
    account_bank: str = ""
    account_number: str = ""
    supervision_phone: str = ""


@dataclass(frozen=True, slots=True)
class DossierSettings:
    """How the court binds a dossier.

    ``volume_pages``: most pages of a volume; ``printing``: ``duplex`` or ``single``; ``retention``:
    ``permanent``, ``long`` or ``short``.  ``since``: cases filed on or after this day (ISO) are
    closed only when node, electronic and paper dossier agree; empty for none.
    """

    since: str = ""
    volume_pages: int = 200
    printing: str = "duplex"
    retention: str = "long"


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """How papers are numbered and whose names they bear.

    ``first_number`` is ``plain`` (the first ruling of a case bears the bare 案号) or ``one``
    (之一).  ``chief``, ``vice_president`` and ``president`` are names; empty for the only one who
    holds the role.
    """

    first_number: str = "plain"
    chief: str = ""
    vice_president: str = ""
    president: str = ""


@dataclass(frozen=True, slots=True)
class SecurityRules:
    """Rules for passwords and sessions; counts, days, minutes and hours as named.

    ``onetime_hours`` is how long a password that an administrator made may be used,
    ``first_days`` how long one of the first start.
    """

    min_length: int
    classes: int
    history: int
    expiry_days: int
    lock_failures: int
    lock_minutes: int
    idle_minutes: int
    session_hours: int
    onetime_hours: int
    first_days: int


@dataclass(frozen=True, slots=True)
class HashCost:
    """What one computation of Argon2id costs."""

    memory_kib: int
    time: int
    lanes: int


@dataclass(frozen=True, slots=True)
class BureauSettings:
    """Everything the court sets, as it stands at one moment.

    ``visibility`` is ``own``, ``team`` or ``bureau``; ``deadline_approver`` a role; ``deputy_days``
    how long a deputy may be named for at most; ``scan_mb`` how large a scan may be.
    """

    court: CourtProfile
    security: SecurityRules
    hashing: HashCost
    visibility: str
    deadline_approver: str
    deputy_days: int
    scan_mb: int
    popups_per_day: int
    papers: PaperSettings = PaperSettings()
    dossier: DossierSettings = DossierSettings()


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    ``kind`` is ``text``, ``lines`` (several texts), ``whole`` (a number) or ``choice`` (one of
    ``choices``: value and word).  ``least`` and ``most`` hold everywhere, ``bureau_least`` and
    ``bureau_most`` in a real bureau's database.  ``cheap`` replaces ``default`` in a database made
    for tests or as a sample.  ``act`` is what a person must be allowed to change it.
    """

    key: str
    label: str
    explanation: str
    basis: str
    kind: str
    default: Any
    act: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 1_000_000_000
    bureau_least: int | None = None
    bureau_most: int | None = None
    cheap: Any = None

    def standard(self, purpose: str) -> Any:
        """Return the value where nobody has set one."""
        return self.default if purpose == "bureau" or self.cheap is None else self.cheap

    def bounds(self, purpose: str) -> tuple[int, int]:
        """Return the least and the most that may be set in a database of this purpose."""
        least, most = self.least, self.most
        if purpose == "bureau":
            least = max(least, self.bureau_least or 0)
            most = min(most, most if self.bureau_most is None else self.bureau_most)
        return least, most

    def words(self, value: Any) -> str:
        """Return a value as a person reads it."""
        if self.kind == "choice":
            return dict(self.choices).get(value, str(value))
        if self.kind == "lines":
            return "／".join(value) or "（未填）"
        return f"{value}{self.unit}" if value != "" else "（未填）"


def _text(key: str, label: str, explanation: str) -> Setting:
    return Setting(key, label, explanation, _COURT, "text", "", COURT_ACT)


def _security(key: str, label: str, explanation: str, default: int, **more: Any) -> Setting:
    basis = more.pop("basis", _IDENTITY)
    return Setting(key, label, explanation, basis, "whole", default, SECURITY_ACT, **more)


_ALL = (
    _text("court.name", "法院名称", "文书、报告和打印件上的法院全称，如 焦作市山阳区人民法院。"),
    _text("court.code", "法院代字", "案号中的法院代字，如 豫0811。"),
    _text("court.superior", "上级中级人民法院", "报请解冻、报请审批时的上级中级人民法院全称。"),
    _text("court.high", "高级人民法院", "经层报由高级人民法院决定的事项所报的法院全称。"),
    Setting(
        "court.letterhead",
        "抬头",
        "报告、函件顶部的抬头，可以写几行；不写即用法院名称。",
        _COURT,
        "lines",
        (),
        COURT_ACT,
    ),
    _text("court.address", "法院地址", "文书上本院的地址，如 焦作市山阳区某路1号。"),
    _text("court.phone", "联系电话", "文书上本院执行局的联系电话。"),
    _text("court.postcode", "邮政编码", "文书上本院的邮政编码。"),
    _text("court.account_name", "执行款专户户名", "执行通知书等文书上执行款专户的户名。"),
    _text("court.account_bank", "执行款专户开户行", "执行款专户的开户银行全称。"),
    _text("court.account_number", "执行款专户账号", "执行款专户的账号。"),
    _text("court.supervision_phone", "廉政监督电话", "廉政监督卡等文书上的监督举报电话。"),
    Setting(
        "papers.first_number",
        "裁定书、决定书的第一个文号",
        "同一案件的第一份裁定书、决定书直接使用案号，还是从“之一”编起。",
        "最高人民法院关于人民法院案件案号的若干规定；各地写法不一，由本院确定",
        "choice",
        "plain",
        COURT_ACT,
        choices=(("plain", "第一份用案号，以后用之一、之二"), ("one", "从之一编起")),
    ),
    _text("papers.chief", "文书上的执行局长", "文书上执行局长的姓名；只有一人任此角色的不必填。"),
    _text(
        "papers.vice_president",
        "文书上的主管院领导",
        "文书上主管院领导的姓名；只有一人任此角色的不必填。",
    ),
    _text("papers.president", "文书上的院长", "文书上院长的姓名；只有一人任此角色的不必填。"),
    _security(
        "security.min_length",
        "密码最短长度",
        "新密码至少多少个字符。",
        10,
        unit="个字符",
        least=1,
        most=64,
        bureau_least=8,
    ),
    _security(
        "security.classes",
        "密码字符种类",
        "大写字母、小写字母、数字、其他字符四种中至少几种。",
        3,
        unit="种",
        least=1,
        most=4,
        bureau_least=3,
    ),
    _security(
        "security.history",
        "不得重复的密码数",
        "新密码不得与最近用过的多少个密码相同，正在用的也算。",
        5,
        unit="个",
        least=1,
        most=HIGHEST_HISTORY,
        bureau_least=3,
    ),
    _security(
        "security.expiry_days",
        "密码有效期",
        "超过多少天须更换密码后才能继续办案。",
        90,
        unit="天",
        least=1,
        most=3650,
        bureau_most=90,
        cheap=3650,
    ),
    _security(
        "security.lock_failures",
        "锁定前的输错次数",
        "连续输错多少次密码即锁定账号。",
        5,
        basis=_FAILURES,
        unit="次",
        least=1,
        most=100,
        bureau_most=5,
    ),
    _security(
        "security.lock_minutes",
        "锁定时长",
        "账号锁定多少分钟；系统管理员可以提前解锁。",
        30,
        basis=_FAILURES,
        unit="分钟",
        least=1,
        most=1440,
        bureau_least=10,
    ),
    _security(
        "security.idle_minutes",
        "无操作锁屏",
        "多少分钟没有操作，窗口自动锁定；电脑睡眠的时间也算。",
        10,
        basis=_FAILURES,
        unit="分钟",
        least=1,
        most=1440,
        bureau_most=30,
    ),
    _security(
        "security.session_hours",
        "一次登录的最长时间",
        "登录多少小时后须重新输入密码。",
        12,
        basis=_FAILURES,
        unit="小时",
        least=1,
        most=168,
        bureau_most=24,
    ),
    _security(
        "security.onetime_hours",
        "一次性密码的有效时间",
        "管理员设置的一次性密码多少小时内须由本人登录更换，过时作废，须重新设置。",
        24,
        unit="小时",
        least=1,
        most=168,
        bureau_most=72,
    ),
    _security(
        "security.first_days",
        "首次启动密码的有效时间",
        "首次启动时设置的一次性密码多少天内须由本人登录更换，过时作废，由设立的系统管理员重新设置。",
        7,
        unit="天",
        least=1,
        most=30,
        bureau_most=14,
    ),
    _security(
        "hashing.memory_kib",
        "密码运算的内存",
        "每次核对密码占用的内存。越大，偷走数据库的人猜得越慢。",
        65536,
        basis=_COST,
        unit="KiB",
        least=64,
        most=1_048_576,
        bureau_least=19456,
        cheap=64,
    ),
    _security(
        "hashing.time",
        "密码运算的遍数",
        "每次核对密码运算几遍。",
        3,
        basis=_COST,
        unit="遍",
        least=1,
        most=64,
        bureau_least=2,
        cheap=1,
    ),
    _security(
        "hashing.lanes",
        "密码运算的并行数",
        "同时使用几个处理器核心。",
        4,
        basis=_COST,
        unit="路",
        least=1,
        most=8,
        cheap=1,
    ),
    Setting(
        "sight.visibility",
        "案件可见范围",
        "承办人、书记员能看到哪些案件：本人的、本团队的、全局的。",
        _ACCESS,
        "choice",
        "bureau",
        SECURITY_ACT,
        choices=(("own", "本人的案件"), ("team", "本团队的案件"), ("bureau", "全局的案件")),
    ),
    Setting(
        "approvals.deadline_approver",
        "期限变更的批准人",
        "延长、扣除等期限变更由谁批准。",
        "细则没有写明由谁批准，由本院确定；默认院长",
        "choice",
        "院长",
        SECURITY_ACT,
        choices=(("执行局长", "执行局长"), ("主管院领导", "主管院领导"), ("院长", "院长")),
    ),
    Setting(
        "approvals.deputy_days",
        "代理的最长期间",
        "指定代理人一次最多多少天，起止两日都计算在内；期满须另行指定。",
        _COURT,
        "whole",
        90,
        SECURITY_ACT,
        unit="天",
        least=1,
        most=366,
    ),
    Setting(
        "approvals.scan_mb",
        "扫描件的大小上限",
        "上级法院答复的扫描件最多多少兆字节。",
        _COURT,
        "whole",
        20,
        COURT_ACT,
        unit="MB",
        least=1,
        most=500,
    ),
    Setting(
        "dossier.since",
        "电子卷宗对照启用日",
        "从这一天起立案的案件，报结时节点、电子卷宗、纸质卷宗必须一致，程序逐件核对，不一致的不予报结；"
        "以前立案的只提示。写成 2026-12-01；空着的不启用。",
        _COURT,
        "day",
        "",
        COURT_ACT,
    ),
    Setting(
        "dossier.volume_pages",
        "每册卷宗的页数",
        "超过的分册装订；一件材料不拆开，除非它自己就超过一册。",
        _COURT,
        "whole",
        200,
        COURT_ACT,
        unit="页",
        least=20,
        most=500,
    ),
    Setting(
        "dossier.printing",
        "卷宗打印",
        "双面打印的，每件材料从正面开始，封面、目录、备考表背面空白。",
        _COURT,
        "choice",
        "duplex",
        COURT_ACT,
        choices=(("duplex", "双面"), ("single", "单面")),
    ),
    Setting(
        "dossier.retention",
        "执行卷宗的保管期限",
        "写在封面和归档包上；节点四十四另行填写的以填写的为准。",
        _COURT,
        "choice",
        "long",
        COURT_ACT,
        choices=(("permanent", "永久"), ("long", "长期（60年）"), ("short", "短期（30年）")),
    ),
    Setting(
        "popups.per_day",
        "每天最多弹出提醒",
        "只有按小时计的时限和冻结才弹出提醒；每人每天最多几次，其余在汇总中看。",
        _COURT,
        "whole",
        5,
        COURT_ACT,
        unit="次",
        most=50,
    ),
)

SETTINGS: Mapping[str, Setting] = {entry.key: entry for entry in _ALL}
"""Every setting by its key, in the order in which they are shown."""

_LATEST = (
    "SELECT key, value FROM settings_edits "
    "WHERE id IN (SELECT max(id) FROM settings_edits GROUP BY key)"
)
_PURPOSE = "SELECT value FROM meta WHERE key = 'purpose'"


def read_settings(source: Bureau | Connection) -> BureauSettings:
    """Return the court's settings as they stand; a ``Connection`` reads within its transaction."""
    if isinstance(source, Bureau):
        with source.database.reading() as conn:
            return read_settings(conn)
    return settings_of(read_values(source))


def read_values(conn: Connection) -> dict[str, Any]:
    """Return the value of each key that counts: set by the court, else the default."""
    purpose = str(ask(conn, _PURPOSE)[0][0])
    found = {entry.key: entry.standard(purpose) for entry in _ALL}
    for key, stored in ask(conn, _LATEST):
        if key in SETTINGS:
            found[key] = _sound(SETTINGS[key], loads(stored), purpose)
    return found


def settings_of(values: Mapping[str, Any]) -> BureauSettings:
    """Return values by key as types; all keys of ``SETTINGS`` must be there."""
    return BureauSettings(
        court=CourtProfile(**_group(values, "court")),
        security=SecurityRules(**_group(values, "security")),
        hashing=HashCost(**_group(values, "hashing")),
        visibility=values["sight.visibility"],
        deadline_approver=values["approvals.deadline_approver"],
        deputy_days=values["approvals.deputy_days"],
        scan_mb=values["approvals.scan_mb"],
        popups_per_day=values["popups.per_day"],
        papers=PaperSettings(**_group(values, "papers")),
        dossier=DossierSettings(**_group(values, "dossier")),
    )


def _group(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    begin = f"{name}."
    return {key.removeprefix(begin): v for key, v in values.items() if key.startswith(begin)}


def _sound(setting: Setting, value: Any, purpose: str) -> Any:
    """Return what a stored value counts as: nothing weaker than allowed, nothing senseless."""
    if setting.kind == "whole":
        if type(value) is not int:
            return setting.standard(purpose)
        least, most = setting.bounds(purpose)
        return min(max(value, least), most)
    if setting.kind == "choice":
        return value if value in dict(setting.choices) else setting.standard(purpose)
    if setting.kind == "lines":
        return tuple(str(line) for line in value) if isinstance(value, list) else ()
    return value if isinstance(value, str) else setting.standard(purpose)


def setting_of(key: str) -> Setting:
    """Return a setting by its key or its label; :class:`InputRefusedError` when there is none."""
    for entry in _ALL:
        if key in (entry.key, entry.label):
            return entry
    listed = "、".join(SETTINGS)
    raise InputRefusedError(
        f"没有名为“{key}”的设置。可以设置的有：{listed}。", [Problem("设置", "没有这一项")]
    )


def checked_value(setting: Setting, given: Any, purpose: str) -> Any:
    """Return a value as it is stored, from what a person typed or a window gave.

    Raises :class:`InputRefusedError`, for a value that is too weak with the standard it falls
    short of.
    """
    sentence = ""
    value = given
    if setting.kind == "whole":
        value, sentence = _whole(setting, given, purpose)
    elif setting.kind == "choice":
        by_word = {word: name for name, word in setting.choices}
        value = by_word.get(str(given), given)
        if value not in dict(setting.choices):
            sentence = "只能是：" + "、".join(f"{n}（{w}）" for n, w in setting.choices)
    elif setting.kind == "lines":
        lines = given.replace("\\n", "\n").split("\n") if isinstance(given, str) else list(given)
        value = tuple(line.strip() for line in lines if line.strip())
    elif setting.kind == "day":
        value, sentence = _day(given)
    else:
        value = str(given).strip()
        if any(not sign.isprintable() for sign in value):
            sentence = "不能含有换行或者看不见的字符"
    if sentence:
        raise InputRefusedError(
            f"“{setting.label}”没有修改：{sentence}。", [Problem(setting.label, sentence)]
        )
    return value


def _day(given: Any) -> tuple[str, str]:
    """Return a day in ISO form, or nothing, and what is wrong with it."""
    text = str(given).strip()
    try:
        return (date.fromisoformat(text).isoformat() if text else ""), ""
    except ValueError:
        return "", f"应当是一个日期，写成 2026-12-01，不是“{text[:20]}”"


def _whole(setting: Setting, given: Any, purpose: str) -> tuple[int, str]:
    """Return the number and what is wrong with it."""
    text = str(given).strip()
    if isinstance(given, bool) or not (text.isascii() and text.isdecimal()) or len(text) > 10:
        return 0, f"应当是整数，不是“{text[:20]}”"
    value = int(text)
    if not setting.least <= value <= setting.most:
        return 0, f"应当在{setting.least}至{setting.most}{setting.unit}之间，不是{value}"
    least, most = setting.bounds(purpose)
    if value < least:
        return 0, f"{value}{setting.unit}低于要求，至少{least}{setting.unit}（{setting.basis}）"
    if value > most:
        return 0, f"{value}{setting.unit}低于安全要求，最多{most}{setting.unit}（{setting.basis}）"
    return value, ""


def change_setting(bureau: Bureau, actor: Actor, key: str, value: Any, reason: str) -> bool:
    """Set one thing, with the reason why; return whether it is other than before.  Journalled.

    Raises :class:`InputRefusedError` (no such setting, a value that cannot be or is too weak, no
    reason), or the refusal of somebody who may not.
    """
    setting = setting_of(key)
    problems: list[Problem] = []
    stored: Any = None
    try:
        stored = checked_value(setting, value, bureau.database.purpose)
    except InputRefusedError as error:
        problems += error.problems
    if len(reason.strip()) < 2:
        problems.append(Problem("理由", "请写明修改的理由"))
    if problems:
        said = "；".join(problem.sentence for problem in problems)
        raise InputRefusedError(f"“{setting.label}”没有修改：{said}。", problems)
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, setting.act)
        if read_values(conn)[setting.key] == stored:
            return False
        with Recorder(
            conn,
            at=bureau.database.now(conn),
            actor=actor.name,
            action="settings.change",
            workstation=bureau.workstation,
        ) as record:
            enter_settings(bureau, conn, record, actor, {setting.key: stored}, reason.strip())
    return True


def enter_settings(
    bureau: Bureau,
    conn: Connection,
    record: Recorder,
    actor: Actor,
    values: Mapping[str, Any],
    reason: str,
) -> None:
    """Write checked values within somebody else's step."""
    now = bureau.database.now(conn)
    for key, value in values.items():
        plain: Any = list(value) if isinstance(value, tuple) else value
        record.insert(
            settings_edits,
            {"key": key, "value": plain, "who": actor.name, "at": now, "reason": reason},
        )


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting as a list shows it."""

    setting: Setting
    value: Any
    words: str
    standard: bool
    """Whether it stands at its default."""


def setting_lines(bureau: Bureau) -> Sequence[SettingLine]:
    """Return every setting with its value, in their order."""
    with bureau.database.reading() as conn:
        values = read_values(conn)
    purpose = bureau.database.purpose
    return [
        SettingLine(s, values[s.key], s.words(values[s.key]), values[s.key] == s.standard(purpose))
        for s in _ALL
    ]
