"""Personal data with the middle covered, for screens, lists and papers that strangers see.

What is too short to cover comes back fully covered, never in the open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

_WITH_AREA_CODE = 10
"""From so many characters on, a telephone number begins with its area code or is a mobile's."""


def mask_id_number(number: str) -> str:
    """``410811********0013``: area and last four stay."""
    return _middle(number, 6, 4)


def mask_account(number: str) -> str:
    """``6228********1234``: first and last four stay."""
    return _middle(number, 4, 4)


def mask_phone(number: str) -> str:
    """``138****1234``; ``0391******88``; of a local number (``35****8``) three digits stay."""
    plain = number.strip()
    if len(plain) < _WITH_AREA_CODE:
        return _middle(plain, 2, 1)
    return _middle(plain, 3, 4) if len(plain) == 11 else _middle(plain, 4, 2)


def mask_name(name: str) -> str:
    """``张*``, ``张*三``, ``欧**娜``: first character and, from three on, the last stay."""
    plain = name.strip()
    return _middle(plain, 1, 0 if len(plain) < 3 else 1)


def mask_address(address: str) -> str:
    """Keep the address down to the county or district and cover the rest."""
    plain = address.strip()
    found = re.match(r".{2,}?(?:县|区|旗)|.{2,}?市", plain)
    kept = found.group() if found else plain[:2]
    return f"{kept}****" if len(plain) > len(kept) else "****"


def _middle(text: str, head: int, tail: int) -> str:
    """Cover everything between the first ``head`` and the last ``tail`` characters."""
    plain = text.strip()
    hidden = len(plain) - head - tail
    if hidden < 1:
        return "*" * len(plain)
    return plain[:head] + "*" * hidden + (plain[-tail:] if tail else "")


# A hash, a case number or an amount is none of these: digits that stand alone, and enough of them.
_NUMBERS = (
    (re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])"), mask_id_number),
    (re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"), mask_phone),
    (re.compile(r"(?<![0-9A-Za-z])1[3-9]\d[ -]\d{4}[ -]\d{4}(?![0-9A-Za-z])"), mask_phone),
    (re.compile(r"(?<![0-9A-Za-z])0\d{2,3}-\d{7,8}(?![0-9A-Za-z])"), mask_phone),
    (re.compile(r"[(（]0\d{2,3}[)）][ -]?\d{7,8}(?![0-9A-Za-z])"), mask_phone),
    # In groups of four, as cards and people write them.
    (
        re.compile(r"(?<![0-9A-Za-z.,-])\d{4}(?:[ -]\d{4}){2,6}(?:[ -]?\d{1,4})?(?![0-9A-Za-z])"),
        mask_account,
    ),
    (re.compile(r"(?<![0-9A-Za-z.,])\d{12,30}(?![0-9A-Za-z])"), mask_account),
)


# Seven or eight digits may be anything.  Where the words around say telephone they are one, unless
# they are an amount, a day, a count, or what the words in between say.
_NUMBER = (
    r"(?:0\d{2,3}[ -]?)?"
    r"(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
    r"[1-9]\d{2,3}[ -]?\d{4}(?![0-9A-Za-z*]|\.\d|,\d{3}(?!\d)"
    r"|[ ]?(?:[元角分万亿千百%％件份页号年月日吨平㎡户套]|公[里斤顷]))"
)
_LOCAL = rf"(?<![0-9*]){_NUMBER}"
_SAYS_PHONE = (
    r"(?:电话|手机|座机|固话|联系方式|(?<![A-Za-z])(?:[Tt]el|TEL)(?:ephone)?\.?(?![A-Za-z]))"
)
_BETWEEN = r"(?:(?![证尾末后额款价费欠付数案账卡元号]|标的|编号)[^0-9A-Za-z。；;\n]|号码){0,10}?"
_BEFORE = re.compile(
    rf"{_SAYS_PHONE}{_BETWEEN}{_LOCAL}(?:[ ]?(?:[、,，/;；和或及]|或者)[ ]?{_LOCAL})*"
)
_AFTER = re.compile(
    rf"(?<![0-9A-Za-z*.,-]){_NUMBER}(?=[（(]?(?:办公|家庭|家里|联系|固定|单位)?(?:电话|座机|固话)"
    r"(?!通知|确认|联系|询问|告知|核实|催))"
)
_LOCAL_NUMBER = re.compile(_LOCAL)


def cover_numbers(text: str) -> str:
    """Cover what looks like the number of an identity card, a telephone or an account in a text."""
    for pattern, mask in _NUMBERS:
        text = pattern.sub(partial(_masked, mask), text)
    text = _BEFORE.sub(lambda found: _cover_local(found.group()), text)
    return _AFTER.sub(lambda found: _cover_local(found.group()), text)


def _cover_local(text: str) -> str:
    return _LOCAL_NUMBER.sub(partial(_masked, mask_phone), text)


def _masked(mask: Callable[[str], str], found: re.Match[str]) -> str:
    return mask(found.group())
