"""Case numbers (案号): reading, writing, sorting and pasted lists.

Source: 《关于人民法院案件案号的若干规定》 (in force 2016-01-01): （year）court type number 号,
the number natural and without leading zeros.  Our own cases are read strictly, with the court's own
code (法院代字) and the three types of enforcement; numbers of other courts, of the enforcement
basis and of the time before 2016 loosely.  A trailing 之一 counts the papers of one case; it never
makes a case of its own.

``normalise`` is for comparing and storing beside the raw text, which the caller keeps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from zhixing_desktop.workflow.errors import InputRefusedError, Problem

DEFAULT_COURT = "豫0811"
# Longest first, so that 执恢 is never read as 执.
OWN_TYPES = ("执恢", "执保", "执")
KIND_BY_TYPE: Mapping[str, str] = MappingProxyType(
    {"执": "first", "执恢": "resumed", "执保": "preservation"}
)
KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {"first": "首次执行", "resumed": "恢复执行", "preservation": "执行保全"}
)
FIRST_YEAR = 2016
MAX_LIST = 5000

_PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军"
_NUMERAL = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_LOOSE = re.compile(
    rf"（(?P<year>[12]\d{{3}})）(?P<court>最高法|[{_PROVINCES}]\d{{0,4}})"
    r"(?P<type>(?!第)[\u4e00-\u9fff]{1,6})(?P<number>\d+)号"
    rf"(?P<suffix>之{_NUMERAL})?"
)
_OLD = re.compile(r"（?(?:19|20)\d{2}）?[\u4e00-\u9fff]{1,12}字第?\d+号(?:之\S{1,4})?")
_OPENING, _CLOSING = "([〔【{", ")]〕】}"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "（" * len(_OPENING) + "）" * len(_CLOSING))
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]+")
_AROUND = "。.，,;；、:：'\"“”《》「」『』<>*#"
_BARE_YEAR = re.compile(rf"^第?([12]\d{{3}})(?=最高法|[{_PROVINCES}]\d)")
_STRAY = re.compile(r"^第+(?=[（第])|(?<!字)第+(?=\d)")
_PADDED = re.compile(r"(?<![\d字第])0+(?=[1-9]\d*号)")
_NO_HAO = re.compile(
    rf"^（[12]\d{{3}}）(?:最高法|[{_PROVINCES}]\d{{0,4}})[\u4e00-\u9fff]{{1,6}}\d+$"
)
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in its parts; ``suffix`` is ``之一`` … of a further paper, else None."""

    year: int
    court: str
    type: str
    number: int
    suffix: str | None = None

    def __str__(self) -> str:
        return f"（{self.year}）{self.court}{self.type}{self.number}号{self.suffix or ''}"

    @property
    def sort_key(self) -> tuple[int, str, int, str, int]:
        """Order of lists: year, type, number; then court and paper."""
        return (self.year, self.type, self.number, self.court, _suffix_value(self.suffix))

    @property
    def kind(self) -> str | None:
        """``first``, ``resumed`` or ``preservation``; None for any other type of case."""
        return KIND_BY_TYPE.get(self.type)

    def of_case(self) -> CaseNumber:
        """Return the number of the case itself, without the paper's 之一."""
        return replace(self, suffix=None)


def normalise(raw: str) -> str:
    """Return ``raw`` in the official spelling, as far as that is certain.

    Full-width brackets, half-width digits, no white space, no stray 第, no padding zeros, brackets
    round a bare year and the closing 号 where only they are missing.  Old style numbers (字第) keep
    their 第.  Text that is no case number comes back tidied, never refused.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw)).translate(_BRACKETS)
    text = text.strip(_AROUND)
    text = _BARE_YEAR.sub(r"（\1）", text)
    text = _STRAY.sub("", text)
    if _NO_HAO.match(text):
        text += "号"
    return _PADDED.sub("", text)


def parse(text: str, court: str = DEFAULT_COURT, *, this_year: int | None = None) -> CaseNumber:
    """Read a case number of our own court.

    Raises ``InputRefusedError`` with a sentence that names what does not fit: court, type, year
    (before 2016, or after ``this_year`` where it is given), number.
    """
    plain = normalise(text)
    found = _LOOSE.fullmatch(plain)
    if found is None:
        raise InputRefusedError(_diagnosis(plain, court))
    number = _parts(found)
    sentence = _refusal(number, court, this_year)
    if sentence is not None:
        raise InputRefusedError(f"“{plain}”{sentence}")
    return number


def parse_reference(text: str) -> CaseNumber | None:
    """Read a number of any court; None where it is old style or no case number at all."""
    found = _LOOSE.fullmatch(normalise(text))
    if found is None or int(found["number"]) == 0:
        return None
    return _parts(found)


def is_old_style(text: str) -> bool:
    """Tell whether ``text`` looks like a number from before 2016: (2015)山法执字第123号."""
    return _OLD.fullmatch(normalise(text)) is not None


def check_own(
    text: str,
    *,
    where: str = "案号",
    court: str = DEFAULT_COURT,
    this_year: int | None = None,
    allow_suffix: bool = False,
) -> list[Problem]:
    """Return what is wrong with a case number of our own court; empty when it is right."""
    try:
        number = parse(text, court, this_year=this_year)
    except InputRefusedError as refusal:
        return [Problem(where, refusal.sentence)]
    if number.suffix and not allow_suffix:
        return [
            Problem(
                where,
                f"“{text.strip()}”带有“{number.suffix}”，那是同一案件的第二份以后文书的编号，"
                f"不是另一个案件；请填写“{number.of_case()}”。",
            )
        ]
    return []


def check_reference(text: str, *, where: str = "执行依据文号") -> list[Problem]:
    """Return a warning where a foreign number looks like neither style; never an error."""
    if parse_reference(text) is not None or is_old_style(text):
        return []
    sentence = f"“{text.strip()}”不像法院案号；若为仲裁、公证等文书编号可以照填，请核对一遍。"
    return [Problem(where, sentence, "warning")]


def expand_list(
    text: str,
    *,
    court: str = DEFAULT_COURT,
    year: int | None = None,
    limit: int = MAX_LIST,
) -> list[CaseNumber]:
    """Read a pasted list of our own case numbers, ranges included, without duplicates.

    Entries stand on lines or between 、，；.  ``（2024）豫0811执123-执130号`` is a range; what an
    entry leaves out (year, court, type) is taken from the entry before it, or from ``year`` and
    ``court``.
    Raises ``InputRefusedError`` listing every entry that cannot be read.
    """
    numbers: dict[CaseNumber, None] = {}
    problems: list[Problem] = []
    last = CaseNumber(year, court, "", 0) if year is not None else None
    for line_no, line in enumerate(text.splitlines(), start=1):
        for entry in re.split(r"[、，,;；\t]|(?<=号)\s*(?=[（(\[【〔])", line):
            if not entry.strip():
                continue
            try:
                first, final = _range(entry, court, last)
            except InputRefusedError as refusal:
                problems.append(Problem(f"第{line_no}行“{entry.strip()}”", refusal.sentence))
                continue
            if len(numbers) + final.number - first.number >= limit:
                raise InputRefusedError(f"清单超过{limit}个案号，请分几次粘贴。")
            for value in range(first.number, final.number + 1):
                numbers[replace(first, number=value, suffix=None)] = None
            last = final
    if problems:
        raise InputRefusedError(f"清单中有{len(problems)}处不是本院执行案号，请改正。", problems)
    return list(numbers)


def _range(entry: str, court: str, last: CaseNumber | None) -> tuple[CaseNumber, CaseNumber]:
    """Read one entry of a list as a range (of one where no dash is in it)."""
    text = re.sub(r"[—–－~～〜‐‑−至到]+", "-", _INVISIBLE.sub("", entry))
    halves = [half for half in text.split("-") if half]
    if len(halves) > 2:
        raise InputRefusedError("一个范围只能有一个起号和一个止号，如“执123-执130”。")
    first = _completed(halves[0] if halves else "", court, last)
    final = _completed(halves[-1], court, first) if len(halves) == 2 else first
    if (first.year, first.type) != (final.year, final.type):
        raise InputRefusedError("起号与止号的年度和类型必须相同，请分开填写。")
    if final.number < first.number:
        raise InputRefusedError(f"止号{final.number}小于起号{first.number}，请调换。")
    return first, final


def _completed(text: str, court: str, last: CaseNumber | None) -> CaseNumber:
    """Read an entry that may leave out year, court and type."""
    short = re.fullmatch(
        rf"(?:{re.escape(court)})?({'|'.join(OWN_TYPES)})?第?0*([1-9]\d*)号?",
        _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)),
    )
    if short is None:
        return parse(text, court)
    kind = short[1] or (last.type if last else "")
    if last is None or not kind:
        raise InputRefusedError(
            f"“{text}”没有写明年度或者类型，请写完整，如“（2024）{court}执123号”。"
        )
    return parse(f"（{last.year}）{court}{kind}{short[2]}号", court)


def _parts(found: re.Match[str]) -> CaseNumber:
    """Build the number from a match of the loose grammar."""
    return CaseNumber(
        int(found["year"]), found["court"], found["type"], int(found["number"]), found["suffix"]
    )


def _refusal(number: CaseNumber, court: str, this_year: int | None) -> str | None:
    """Return why a number of the right shape is not one of ours; None when it is."""
    if number.court != court:
        return f"的法院代字是“{number.court}”，不是本院的“{court}”；本系统只登记本院执行案件。"
    if number.type not in OWN_TYPES:
        return f"的类型代字是“{number.type}”；执行实施类案件只有“执”“执恢”“执保”三种，请核对。"
    if number.number == 0:
        return "的案件编号是0，编号从1开始，请核对。"
    if number.year < FIRST_YEAR:
        return f"的年度是{number.year}年，2016年以前的案号不按现行规定编制，请核对。"
    if this_year is not None and number.year > this_year:
        return f"的年度是{number.year}年，还没有到，请核对。"
    return None


def _diagnosis(plain: str, court: str) -> str:
    """Say what is missing from a text that is no case number at all."""
    example = f"请写成“（2024）{court}执123号”的样式。"
    if not plain:
        return f"案号没有填写，{example}"
    if is_old_style(plain):
        return f"“{plain}”是2016年以前的旧式案号，只能填作执行依据或者原案号；{example}"
    if not re.match(r"（[12]\d{3}）", plain):
        return f"“{plain}”缺少括号中的四位收案年度，{example}"
    if re.search(rf"{re.escape(court[:1])}[OoQDIl\d]*[OoQDIl]", plain):
        return f"“{plain}”的法院代字里好像把数字写成了字母，{example}"
    if not re.search(r"\d号", plain):
        return f"“{plain}”缺少案件编号或者“号”字，{example}"
    return f"“{plain}”不是完整的案号，{example}"


def _suffix_value(suffix: str | None) -> int:
    """Return the number of a 之… suffix, 0 without one."""
    if not suffix:
        return 0
    numeral = suffix[1:]
    if "十" not in numeral:
        return _DIGITS.index(numeral)
    tens, ones = numeral.split("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
