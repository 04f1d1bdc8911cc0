"""From a cell of a workbook to a value: text, days, moments, amounts, flags, subjects.

Each reader takes what openpyxl gives (str, int, float, bool, datetime) and raises ``CellError``
with a Chinese sentence where the cell cannot be read with certainty.  Nothing is guessed: a
two-digit year, a number that Excel has cut, a formula without its result are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.money import parse_money

MAX_TEXT = 4000
# Days of cases; a birthday may be earlier.
EARLIEST, LATEST = date(1950, 1, 1), date(2099, 12, 31)
EARLIEST_BIRTH = date(1900, 3, 1)
_EXACT_DIGITS = 10**15
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
_WIDE |= {code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)}
_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
_YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓", "✔", "对"})
_NO = frozenset({"否", "无", "n", "no", "false", "0", "×", "✗", "✘", "错"})
_DAY = re.compile(
    r"(?P<y>\d{4})\s*(?:年\s*(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})\s*[日号]?"
    r"|(?P<sep>[-/.])\s*(?P<m2>\d{1,2})\s*(?P=sep)\s*(?P<d2>\d{1,2})|(?P<m3>\d\d)(?P<d3>\d\d))"
)
_TIME = re.compile(
    r"[T\s]*(?P<half>上午|下午)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?:(?P<m>\d{1,2})\s*"
    r"(?:[:分]\s*(?:(?P<s>\d{1,2})(?:\.\d+)?\s*秒?)?)?)?"
)
_WEEKDAY = re.compile(r"[(（]?(?:星期|周)[一二三四五六日天][)）]?")
_KINDS = {
    "被执行人": "debtor",
    "申请执行人": "creditor",
    "财产线索": "clue",
    "线索": "clue",
    "财产": "asset",
    "款项": "payment",
    "案款": "payment",
    "到账": "payment",
    "统查": "followup",
}
_TRACKS = {"网络查控": "query/network", "传统查控": "query/traditional"}
_SUBJECT = re.compile(
    rf"(?P<kind>{'|'.join(_KINDS)})(?P<number>[1-9]\d*)(?:第?(?P<round>[1-9]\d*)[轮次]拍卖)?"
)
_NUMERALS = "零一二三四五六七八九"


class CellError(Exception):
    """A cell that cannot be read; ``str(error)`` is the end of a sentence for a person."""


class Uncomputed:
    """Stands for a formula whose result the workbook does not hold."""


UNCOMPUTED = Uncomputed()


def read_entries(raw: object) -> tuple[tuple[str, str], ...]:
    """Read a cell of entries, one a line, as pairs of name and words: ``协助执行人：某单位``.

    Raises :class:`CellError` naming the line that is no entry or names the same again.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(str(raw).splitlines(), start=1):
        text = tidy_text(line)
        if not text:
            continue
        name, *words = (part.strip() for part in re.split("[：:]", text, maxsplit=1))
        if not (name and words):
            raise CellError(f"第{number}行没有写成“字段名称：内容”")
        if name in found:
            raise CellError(f"第{number}行的“{name}”前面已经填过，请删去一处")
        found[name] = read_text(words[0])
    return tuple(found.items())


def tidy_text(text: str) -> str:
    """Return ``text`` in one line without invisible characters, digits and letters half-width.

    Chinese punctuation stays as it is, for labels and names are compared to the letter.
    """
    plain = text.replace("_x000D_", " ").translate(_WIDE)
    if not plain.isprintable():
        plain = "".join(" " if c in "\r\n\t\v\f" else c for c in plain if _visible(c))
    return " ".join(plain.split())


def _visible(char: str) -> bool:
    """Tell whether a character shows; line breaks count as white space."""
    return char in "\r\n\t\v\f" or unicodedata.category(char) not in ("Cf", "Cc")


def is_blank(raw: object) -> bool:
    """Tell whether a cell holds nothing but white space."""
    if not isinstance(raw, str):
        return raw is None
    return not raw or (not raw[0].isalnum() and not tidy_text(raw))


def check_readable(raw: object) -> None:
    """Refuse formulas without a result and Excel's error values."""
    if isinstance(raw, Uncomputed):
        raise CellError(
            "是公式，但文件里没有计算结果；请用表格软件打开，保存后再导入，或者改成数值"
        )
    if isinstance(raw, str) and raw.strip().upper() in _ERRORS:
        raise CellError(f"是错误值“{raw.strip()}”，请改正公式或者填写实际内容")


def read_text(raw: object) -> str:
    """Read a cell of words; numbers come without a trailing ``.0``."""
    if isinstance(raw, str):
        text = tidy_text(raw)
        if len(text) > MAX_TEXT:
            raise CellError(f"有{len(text)}个字，超过{MAX_TEXT}个字，请缩短")
        return text
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float):
        return _digits(raw)
    if isinstance(raw, datetime | date | time | timedelta):
        raise CellError("被表格软件当成了日期，请把单元格格式设为“文本”后重新填写")
    raise CellError("不是文字，请重新填写")


def _digits(raw: float) -> str:
    """Write a number cell as the person saw it; long numbers have lost digits."""
    if not abs(raw) < _EXACT_DIGITS:  # also what is no number at all
        raise CellError(
            "被表格软件当成了数值，第15位以后的数字已经丢失；请把单元格格式设为“文本”后重新填写"
        )
    return str(int(raw)) if raw == int(raw) else format(raw, ".15g")


def read_code(raw: object) -> str:
    """Read a number that is a name (identity number, account): exact, without white space."""
    text = read_text(raw).replace(" ", "")
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", text):
        raise CellError(
            f"“{text}”是科学计数法，后面的数字已经丢失；请把单元格格式设为“文本”后重新填写"
        )
    return text


def read_day(raw: object, *, earliest: date = EARLIEST, epoch: datetime | None = None) -> date:
    """Read a day; a time of day that stands with it is left out."""
    return read_moment(raw, earliest=earliest, epoch=epoch)[0].date()


def read_moment(
    raw: object, *, earliest: date = EARLIEST, epoch: datetime | None = None
) -> tuple[datetime, bool]:
    """Read a civil moment in whole seconds, and whether only the day was given.

    Understands date cells, serial numbers (``epoch`` is the workbook's), 2024年3月5日, 2024-3-5,
    2024/3/5, 2024.3.5, 20240305, each with a time or without.
    """
    if isinstance(raw, bool):
        raise CellError("不是日期，请写成“2024-03-05”的样式")
    if isinstance(raw, datetime):
        moment = _whole_seconds(raw)
    elif isinstance(raw, int | float):
        moment = _from_number(raw, epoch)
    elif isinstance(raw, str):
        return _within(_from_words(tidy_text(raw), epoch), earliest)
    else:
        raise CellError("只有时间没有日期，请写成“2024-03-05 09:30”的样式")
    return _within((moment, moment.time() == time()), earliest)


def _within(found: tuple[datetime, bool], earliest: date) -> tuple[datetime, bool]:
    """Refuse days no case can have."""
    moment = found[0]
    if not earliest <= moment.date() <= LATEST:
        raise CellError(f"的日期{moment:%Y-%m-%d}不合常理，请核对（年份要写四位）")
    return found


def _whole_seconds(moment: datetime) -> datetime:
    """Round to the second: Excel keeps moments as fractions of a day."""
    plain = moment.replace(tzinfo=None)
    return (plain + timedelta(microseconds=500_000)).replace(microsecond=0)


def _from_number(raw: float, epoch: datetime | None) -> datetime:
    """Read a serial number of Excel, or eight digits that are a day."""
    if 19_000_000 <= raw < 21_000_000 and raw == int(raw):
        return _from_words(str(int(raw)), epoch)[0]
    from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

    if 1900 <= raw <= 2100:
        raise CellError(_day_hint(_digits(raw), _digits(raw)))
    if not 61 <= raw < 100_000:
        raise CellError(f"“{raw}”不是日期，请写成“2024-03-05”的样式")
    moment = from_excel(raw, epoch or WINDOWS_EPOCH)
    if not isinstance(moment, datetime):
        raise CellError("不是日期，请写成“2024-03-05”的样式")
    return _whole_seconds(moment)


def _from_words(text: str, epoch: datetime | None) -> tuple[datetime, bool]:
    """Read a day in words, with or without a time."""
    plain = unicodedata.normalize("NFKC", text)
    if re.fullmatch(r"[1-9]\d{4}", plain):
        return _from_number(int(plain), epoch), True
    day = _DAY.match(plain)
    if day is None:
        raise CellError(_day_hint(text, plain))
    rest = _WEEKDAY.sub("", plain[day.end() :]).strip()
    clock = _TIME.fullmatch(rest) if rest else None
    month = day["m1"] or day["m2"] or day["m3"]
    number = day["d1"] or day["d2"] or day["d3"]
    if rest and clock is None:
        raise CellError(f"“{text}”日期后面的“{rest}”不是时间，请写成“2024-03-05 09:30”的样式")
    try:
        moment = datetime(int(day["y"]), int(month), int(number))
        return (moment if clock is None else _at(moment, clock)), clock is None
    except ValueError:
        raise CellError(f"“{text}”不是存在的日期或者时间，请核对") from None


def _at(day: datetime, clock: re.Match[str]) -> datetime:
    """Return the moment on ``day``; ``ValueError`` when the time does not exist."""
    hour = int(clock["h"])
    if clock["half"] == "下午" and hour < 12:
        hour += 12
    return day.replace(hour=hour, minute=int(clock["m"] or 0), second=int(clock["s"] or 0))


def _day_hint(text: str, plain: str) -> str:
    """Say what is wrong with words that are no day."""
    if re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", plain):
        return f"“{text}”分不清月和日，请写成“2024-03-05”的样式"
    if re.match(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}", plain):
        return f"“{text}”的年份要写四位，请写成“2024-03-05”的样式"
    if re.fullmatch(r"\d{4}(?:[-/.年]\d{1,2}月?)?年?", plain):
        return f"“{text}”没有写明哪一日，请写成“2024-03-05”的样式"
    return f"“{text}”不是日期，请写成“2024-03-05”的样式"


def read_money(raw: object) -> Decimal:
    """Read an amount in yuan; the noise of binary fractions is taken off, nothing else rounded."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise CellError("不是金额，请写成“1234.50”的样式")
    value: str | Decimal = raw if isinstance(raw, str) else Decimal(format(raw, ".15g"))
    try:
        return parse_money(tidy_text(value) if isinstance(value, str) else value)
    except InputRefusedError as refusal:
        raise CellError(refusal.sentence.removeprefix("金额").rstrip("。")) from None


def read_flag(raw: object) -> bool:
    """Read 是 or 否 and what is written instead of them."""
    word = read_text(raw).lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError(f"“{word}”请改为“是”或者“否”")


def read_choice(raw: object, options: Collection[str], synonyms: Mapping[str, str]) -> str:
    """Read one of ``options``; white space and width do not matter."""
    text = read_text(raw).replace(" ", "")
    word = synonyms.get(text, text)
    if word not in options:
        raise CellError(f"“{text}”不在可选范围内，请改为：{'、'.join(options)}")
    return word


def split_words(raw: object) -> tuple[str, ...]:
    """Read words separated by 、，； / or line breaks, without repeating any."""
    text = raw.replace("\n", "、") if isinstance(raw, str) else raw
    words = re.split(r"[、，,;；/|]", read_text(text))
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def read_node(raw: object) -> int:
    """Read the number of a node: 17, 节点17, 节点十七, 节点十七：现场控制."""
    text = read_text(raw).replace(" ", "")
    found = re.match(
        r"(?:第)?(?:节点)?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:[：:、].*|\.(?!\d).*|号?节点)?$",
        text,
    )
    number = _numeral(found[1]) if found else 0
    if not 1 <= number <= 46:
        raise CellError(f"“{text}”不是节点号，节点号是1至46的数字")
    return number


def _numeral(text: str) -> int:
    """Read a number up to 99 in figures or Chinese numerals; 0 where it is neither."""
    if text.isdigit():
        return int(text)
    if not re.fullmatch(r"[一二三四五六七八九]?十?[一二三四五六七八九]?", text) or not text:
        return 0
    if "十" not in text:
        return _NUMERALS.index(text) if len(text) == 1 else 0
    tens, ones = text.split("十")
    return (_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0)


def read_subject(raw: object) -> str:
    """Read a subject: ``asset/1`` and the like, or the words ``subjects.label`` writes."""
    text = read_text(raw).replace(" ", "")
    if subjects.is_subject(text):
        return text
    times = re.search(r"[（(]第([1-9]\d{0,3})次[）)]$", text)
    plain = text[: times.start()] if times else text
    plain = re.sub(r"[（(].*[）)]", "", plain)
    found = _SUBJECT.fullmatch(plain)
    if plain in ("案件", "本案", "全案", "case"):
        subject = subjects.CASE
    elif plain in _TRACKS:
        subject = _TRACKS[plain]
    elif found and (found["round"] is None or _KINDS[found["kind"]] == "asset"):
        subject = f"{_KINDS[found['kind']]}/{found['number']}"
        subject += f"/round/{found['round']}" if found["round"] else ""
    else:
        raise CellError(
            f"“{text}”不是办理对象，请写成“案件”“被执行人1”“财产2”“财产2第1轮拍卖”“款项1”等"
        )
    if times and int(times[1]) > 1:
        subject += f"#{times[1]}"
    return subject
