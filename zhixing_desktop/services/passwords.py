"""Passwords: what one must be like, how it is made unreadable, how one is made up.

Argon2id takes long on purpose: nothing here may be called within a writing transaction.
"""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterable

from zhixing_desktop.services.bureau_settings import HashCost, SecurityRules
from zhixing_desktop.workflow.errors import Problem

LONGEST = 128
"""More characters than anybody types; so that nobody can keep the computer busy with one word."""

_TAG_BYTES, _SALT_BYTES = 32, 16
# Without what looks alike in print: 0 O o, 1 l I, 2 Z z, 5 S s, 8 B.
_UPPER, _LOWER, _DIGITS = "ACDEFGHJKLMNPQRTUVWXY", "abcdefghijkmnpqrtuvwxy", "34679"
_PART, _PARTS = 4, 4
_TRIES = 10_000


def plain_text(password: str) -> str:
    """Return a password as it is computed: the same from every keyboard and input method."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str, cost: HashCost) -> str:
    """Return the text that proves a password without telling it."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(
        time_cost=cost.time,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_TAG_BYTES,
        salt_len=_SALT_BYTES,
    )
    return hasher.hash(plain_text(password))


def matches(encoded: str, password: str) -> bool:
    """Whether this is the password; ``False`` as well for a text that is no hash."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(encoded, plain_text(password))
    except (InvalidHashError, VerificationError):
        return False


def nobodys_hash(cost: HashCost) -> str:
    """Return a hash that fits no password and takes as long to compare as a real one."""
    salt, tag = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (_SALT_BYTES, _TAG_BYTES)
    )
    cells = f"m={cost.memory_kib},t={cost.time},p={cost.lanes}"
    return f"$argon2id$v=19${cells}${salt}${tag}"


def too_cheap(encoded: str, cost: HashCost) -> bool:
    """Whether a hash was made when less was asked for than now."""
    from argon2 import extract_parameters

    made = extract_parameters(encoded)
    return made.memory_cost < cost.memory_kib or made.time_cost < cost.time


def password_problems(
    password: str, rules: SecurityRules, *, login: str, name: str
) -> list[Problem]:
    """Return everything that is wrong with a new password; none when it may be used."""
    text = plain_text(password)
    problems: list[str] = []
    if len(text) < rules.min_length:
        problems.append(f"太短：至少{rules.min_length}个字符")
    if len(text) > LONGEST:
        problems.append(f"太长：最多{LONGEST}个字符")
    if not text.isprintable():
        problems.append("不能含有换行、制表符等看不见的字符")
    if text != text.strip():
        problems.append("首尾不能有空格")
    if len(set(map(_class_of, text))) < rules.classes:
        problems.append(f"大写字母、小写字母、数字、其他字符四种中至少要有{rules.classes}种")
    for what, word in (("登录名", login), ("姓名", name)):
        if word and plain_text(word).casefold() in text.casefold():
            problems.append(f"不能含有{what}")
    if text and len(set(text)) < min(5, rules.min_length):
        problems.append("不同的字符太少")
    return [Problem("密码", sentence) for sentence in dict.fromkeys(problems)]


def password_marks(
    password: str, rules: SecurityRules, *, login: str, name: str
) -> tuple[tuple[str, bool], ...]:
    """Return each rule in words with whether the password keeps it, to be ticked while typing.

    All are kept exactly where :func:`password_problems` finds nothing.  Earlier passwords are
    compared only when it is saved.
    """
    text = plain_text(password)
    folded = text.casefold()
    named = [plain_text(word).casefold() for word in (login, name) if word]
    kinds = len(set(map(_class_of, text)))
    least = min(5, rules.min_length)
    return (
        (f"{rules.min_length}至{LONGEST}个字符", rules.min_length <= len(text) <= LONGEST),
        (f"大写字母、小写字母、数字、其他字符中至少{rules.classes}种", kinds >= rules.classes),
        (f"至少{least}个不同的字符", len(set(text)) >= least),
        ("不含登录名和姓名", bool(text) and not any(word in folded for word in named)),
        (
            "首尾没有空格，没有看不见的字符",
            bool(text) and text == text.strip() and text.isprintable(),
        ),
    )


def used_before(password: str, earlier: Iterable[str]) -> bool:
    """Whether one of the hashes ``earlier`` is of this password."""
    return any(matches(encoded, password) for encoded in earlier)


def one_time_password(rules: SecurityRules, *, login: str, name: str) -> str:
    """Return a password nobody could guess, easy to read out, good enough for every rule.

    One that happens to hold the login or the name of whom it is for (a login of two letters does
    so once in some fifty) is thrown away; after ``_TRIES`` in vain the last is given.
    """
    letters = _UPPER + _LOWER + _DIGITS
    parts = max(_PARTS, -(-rules.min_length // _PART))
    made = ""
    for _ in range(_TRIES):
        words = ["".join(secrets.choice(letters) for _ in range(_PART)) for _ in range(parts)]
        made = "-".join(words)
        if not password_problems(made, rules, login=login, name=name) and _has_every_class(made):
            break
    return made


def _has_every_class(text: str) -> bool:
    return len(set(map(_class_of, text))) == 4


def _class_of(sign: str) -> str:
    if sign.isascii() and sign.isupper():
        return "upper"
    if sign.isascii() and sign.islower():
        return "lower"
    return "digit" if sign.isascii() and sign.isdigit() else "other"
