"""Personal data with the middle covered, for screens, lists and papers that strangers see.

What is too short to cover comes back fully covered, never in the open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial


def mask_id_number(number: str) -> str:
    """``410811********0013``: area and last four stay."""
    return _middle(number, 6, 4)


def mask_account(number: str) -> str:
    """``6228********1234``: first and last four stay."""
    return _middle(number, 4, 4)


def mask_phone(number: str) -> str:
    """``138****1234``; of a number with an extension the last two digits stay."""
    plain = number.strip()
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
    # In groups of four, as cards and people write them.
    (
        re.compile(r"(?<![0-9A-Za-z.,-])\d{4}(?:[ -]\d{4}){2,6}(?:[ -]?\d{1,4})?(?![0-9A-Za-z])"),
        mask_account,
    ),
    (re.compile(r"(?<![0-9A-Za-z.,])\d{12,30}(?![0-9A-Za-z])"), mask_account),
)


def cover_numbers(text: str) -> str:
    """Cover what looks like the number of an identity card, a telephone or an account in a text."""
    for pattern, mask in _NUMBERS:
        text = pattern.sub(partial(_masked, mask), text)
    return text


def _masked(mask: Callable[[str], str], found: re.Match[str]) -> str:
    return mask(found.group())
