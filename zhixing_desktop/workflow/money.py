"""Amounts of money: yuan as ``Decimal`` with two places, in figures and in Chinese words.

Nothing here rounds what a person typed: a third decimal place is refused.  ``to_cents`` rounds half
up and is for computed sums (interest per segment, fees) only.
Source of the words: 《支付结算办法》附一 正确填写票据和结算凭证的基本规定.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from zhixing_desktop.workflow.errors import InputRefusedError, Problem

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# Ten thousand 亿: a larger sum in a district court is a typing error.
MAX_AMOUNT = Decimal(10) ** 12
_MAX_WORDS = Decimal(10) ** 16
_PLAIN = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_UNITS = {"亿元": Decimal(10) ** 8, "万元": Decimal(10) ** 4, "元": Decimal(1), "": Decimal(1)}
_FIGURE = re.compile(
    r"(?:人民币|RMB|CNY)?[¥$]?(?P<body>[^亿万元]*)(?P<unit>亿元|万元|元|)(?:整|正|)"
)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def to_cents(amount: Decimal) -> Decimal:
    """Round a computed sum half up to 分."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def parse_money(
    value: str | int | Decimal, *, where: str = "金额", allow_zero: bool = True
) -> Decimal:
    """Read an amount in yuan and return it with two places.

    Accepts ``1234.5``, ``1,234.50``, ``￥1,234.50``, ``1234.5元``, ``12.5万元``, full width too.
    Refused (``InputRefusedError`` with one problem at ``where``): empty, negative, more than two
    places, misplaced commas, a bare 万 or 亿, words, exponents, foreign currency, absurd size.
    """
    amount, sentence = _read(value, allow_zero=allow_zero)
    if amount is None:
        raise InputRefusedError(sentence, (Problem(where, sentence),))
    return amount


def _read(value: str | int | Decimal, *, allow_zero: bool) -> tuple[Decimal | None, str]:
    """Return the amount, or None and the sentence that refuses it."""
    amount: Decimal | None
    if isinstance(value, str):
        amount, sentence = _read_text(value)
    elif isinstance(value, Decimal) and not value.is_finite():
        amount, sentence = None, "金额不是一个数，请重新填写。"
    else:
        amount, sentence = Decimal(value), ""
    if amount is None:
        return None, sentence
    shown = value.strip() if isinstance(value, str) else str(value)
    if amount < 0:
        return None, f"金额“{shown}”是负数，请填写正数；退回、扣减请在相应的栏目登记。"
    if amount >= MAX_AMOUNT:
        return None, f"金额“{shown}”达到一万亿元以上，请核对位数。"
    if amount != to_cents(amount):
        return None, f"金额“{shown}”精确到了分以下，请只保留两位小数。"
    if amount == 0 and not allow_zero:
        return None, "金额不能为零，请填写实际金额。"
    return to_cents(amount), ""


def _read_text(raw: str) -> tuple[Decimal | None, str]:
    """Read the figures; the sign is kept, places and size are judged by the caller."""
    text = unicodedata.normalize("NFKC", raw).replace("\u200b", "").strip()
    if not text:
        return None, "金额没有填写。"
    sign = 1
    if re.match(r"[-−﹣]|\(.+\)$", text):
        sign, text = -1, text.lstrip("-−﹣").strip("()")
    found = _FIGURE.fullmatch(re.sub(r"^([¥$])\s+|\s+(?=亿元$|万元$|元$)", r"\1", text))
    if found is None or "$" in text or not _PLAIN.fullmatch(found["body"]):
        return None, _doubt(raw.strip(), text)
    return sign * Decimal(found["body"].replace(",", "")) * _UNITS[found["unit"]], ""


def _doubt(raw: str, text: str) -> str:
    """Say why a text is no amount, as exactly as it can be told."""
    if re.search(r"[$€£]|美元|港元|欧元|日元|USD|HKD", text):
        return f"金额“{raw}”不是人民币，请折算成人民币元后填写。"
    if re.search(r"\d[万亿](?!元)", text):
        return f"金额“{raw}”有歧义，请写成“125000.00”或者“12.5万元”。"
    if re.search(r"[零壹贰叁肆伍陆柒捌玖拾佰仟一二三四五六七八九十百千]", text):
        return f"金额“{raw}”请用阿拉伯数字填写，如“1,234.50”。"
    if "," in text:
        return f"金额“{raw}”中逗号的位置不对，请写成“1,234.50”或者“1234.50”。"
    return f"金额“{raw}”不是一个确定的数，请写成“1234.50”的样式。"


def format_money(amount: Decimal, *, unit: bool = True) -> str:
    """Return ``1,234.50元``; without ``unit`` only the figures."""
    return f"{to_cents(amount):,.2f}{'元' if unit else ''}"


def chinese_amount(amount: Decimal) -> str:
    """Return the amount in words with the prefix 人民币, for vouchers and approvals.

    整 follows 元 and never 角 or 分; 零 stands once for zeros inside, and after 元 when 元 or 角
    is zero and something follows (￥107,000.53 壹拾万柒仟元零伍角叁分).  Zero, negative sums, sums
    with more than two places and sums from 10^16 on raise ``InputRefusedError``.
    """
    if not amount.is_finite() or amount <= 0:
        raise InputRefusedError("大写金额只能用于大于零的数，请核对金额。")
    if amount != to_cents(amount):
        raise InputRefusedError("大写金额只能精确到分，请核对金额。")
    if amount >= _MAX_WORDS:
        raise InputRefusedError("金额超过了大写金额的最大位数，请核对。")
    cents = int(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = f"{_integer_words(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"人民币{words}整"
    if yuan and (yuan % 10 == 0 or jiao == 0):
        words += "零"
    words += f"{_DIGITS[jiao]}角" if jiao else ""
    words += f"{_DIGITS[fen]}分" if fen else ""
    return f"人民币{words}"


def _integer_words(number: int) -> str:
    """Return the words of a positive whole number below 10^16."""
    words = ""
    gap = False
    for index in range(3, -1, -1):
        group = number // 10 ** (4 * index) % 10_000
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        unit = _GROUPS[index]
        if index == 3 and number // 10**8 % 10_000:
            unit = "万"  # the 亿 follows with its own group: 壹万零壹亿
        words += _group_words(group) + unit
        gap = False
    return words


def _group_words(group: int) -> str:
    """Return the words of 1 to 9999: 壹仟零壹拾."""
    words = ""
    gap = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
