"""Checks of numbers and names that identify people, organisations, accounts and vehicles.

Each check returns a list of ``Problem``: ``error`` where the entry cannot be right, ``warning``
where it is unusual and to be looked at once more.  An empty text gives no problem: whether a field
must be filled in is for the caller.  Sources: GB 11643 (citizens), GB 32100 (credit codes), GB
11714 (organisation codes), GB/T 2260 (areas), ISO/IEC 7812 (cards).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date

from zhixing_desktop.workflow.area_codes import (
    PERMIT_PREFIXES,
    is_known_area,
    is_known_province,
)
from zhixing_desktop.workflow.errors import Problem

_ERROR, _WARNING = "error", "warning"
_Faults = Iterator[tuple[str, str]]

_ID_SHAPE = r"\d{17}[\dX]"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Who registers: 1 机构编制 2 外交 3 司法行政 4 文化 5 民政 6 旅游 7 宗教 8 工会 9 市场监管 A 军委
# N 农业 Y 其他.
_CREDIT_OFFICES = "123456789ANY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CARD_PREFIXES = ("62", "60", "9558", "4", "5")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(rf"[{_PROVINCES}使领][A-Z](?:[A-Z0-9]{{4}}[A-Z0-9挂学警港澳领]|[A-Z0-9]{{6}})")
_ARMED_PLATE = re.compile(rf"WJ[{_PROVINCES}]?[A-Z0-9]{{5}}|[A-Z]{{2}}\d{{5}}")
_PHONE = re.compile(
    r"(?:\+?86-?)?1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:(?:-|转)\d{1,6})?|[48]00-?\d{3}-?\d{4}"
)
# Names of organisations that never got a code (the supreme court's own check exempts them).
_WITHOUT_CODE = (
    "村委会", "村民委员会", "居委会", "居民委员会", "村民小组", "居民小组",
    "业委会", "业主委员会", "业主大会", "分公司",
)  # fmt: skip
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●．｡᛫", "·"))
_LOST = re.compile(r"[?？□■◇*＊#＃�]|[×xX]{2,}")


def tidy(text: str) -> str:
    """Return ``text`` half-width, upper-case and without white space or invisible characters."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def check_id_number(
    text: str,
    *,
    where: str = "公民身份号码",
    today: date | None = None,
    known_areas: Collection[str] | None = None,
) -> list[Problem]:
    """Check a citizen's identity number, a residence permit's or a foreigner's.

    Wrong length, characters, date of birth or check digit: error.  Unknown area (prefecture by the
    built-in table, or six digits not in ``known_areas`` where that is given), 15-digit numbers and
    numbers beginning with 81, 82, 83 or 9: warning.  A birth after ``today`` is an error.
    """
    return _first(where, _id_faults(tidy(text), today, known_areas))


def _id_faults(number: str, today: date | None, known: Collection[str] | None) -> _Faults:
    """Say what is wrong with an identity number, gravest first."""
    if not number:
        return
    born = id_birth_date(number)
    right = born is not None and number[17:18] == _id_check_digit(number)
    if re.fullmatch(r"[A-Z]{3}\d{12}", number):
        yield _WARNING, f"“{number}”是旧版外国人永久居留证的号码，请对照证件核对。"
    elif re.fullmatch(r"\d{15}", number):
        yield _old_id_fault(number)
    elif not re.fullmatch(_ID_SHAPE, number):
        hint = _hint(number)
        yield _ERROR, f"“{number}”不是身份号码，应为18位数字（末位可以是X）{hint}。"
    elif number[0] == "9":
        doubt = "请对照证件核对" if right else "且出生日期或者校验码不符，请对照证件逐位核对"
        yield _WARNING, f"“{number}”是外国人永久居留身份证的号码，{doubt}。"
    elif born is None:
        yield _ERROR, f"“{number}”第7至14位“{number[6:14]}”不是有效的出生日期，请核对。"
    elif not right:
        yield _ERROR, f"“{number}”的校验码不符，至少有一位数字有误，请对照证件核对。"
    elif today is not None and born > today:
        yield _ERROR, f"“{number}”的出生日期在今天之后，请核对。"
    else:
        yield from _area_faults(number, known)


def _hint(number: str) -> str:
    """Say what the commonest slip looks like."""
    if len(number) != 18:
        return f"，现在是{len(number)}位"
    return "，其中混有字母或者符号" if not number[:17].isdigit() else ""


def _old_id_fault(number: str) -> tuple[str, str]:
    """Judge a 15-digit number and offer its 18-digit form."""
    longer = upgrade_id_number(number)
    if longer is None:
        return _ERROR, f"“{number}”第7至12位“{number[6:12]}”不是有效的出生日期，请核对。"
    return _WARNING, f"“{number}”是15位旧号码，换算后为{longer}，请尽量填写18位号码。"


def _area_faults(number: str, known: Collection[str] | None) -> _Faults:
    """Warn where the first digits are no place, or a permit's."""
    permit = PERMIT_PREFIXES.get(number[:2])
    if permit is not None:
        yield _WARNING, f"“{number}”是{permit}居民居住证的号码，请对照证件核对。"
    elif not is_known_area(number) or (known is not None and number[:6] not in known):
        area = number[:6]
        yield _WARNING, f"“{number}”前六位“{area}”不是已知的行政区划代码，请对照证件核对。"


def _id_check_digit(number: str) -> str:
    """Return the check digit that the first 17 digits demand (ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"\d{17}", number[:17]):
        return ""
    total = sum(int(d) * w for d, w in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def id_birth_date(number: str) -> date | None:
    """Return the date of birth an 18-digit number carries; None when there is none from 1880 on."""
    return _date_of(tidy(number)[6:14])


def id_gender(number: str) -> str | None:
    """Return 男 or 女 as an 18-digit number says; None for anything else."""
    plain = tidy(number)
    if not re.fullmatch(_ID_SHAPE, plain):
        return None
    return "男" if int(plain[16]) % 2 else "女"


def upgrade_id_number(number: str) -> str | None:
    """Return the 18-digit form of a 15-digit number; None when its date is impossible."""
    longer = f"{number[:6]}19{number[6:]}"
    if not re.fullmatch(r"\d{15}", number) or _date_of(longer[6:14]) is None:
        return None
    return longer + _id_check_digit(longer)


def _date_of(text: str) -> date | None:
    """Read ``19900307``."""
    if not re.fullmatch(r"\d{8}", text) or int(text[:4]) < 1880:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def check_credit_code(text: str, *, where: str = "统一社会信用代码") -> list[Problem]:
    """Check a credit code (GB 32100).

    Wrong length or letters and a wrong check character: error.  Codes whose registering office is
    a letter were issued by registers of uneven quality: there a wrong check character is a warning,
    as is an unknown office or province.
    """
    return _first(where, _credit_faults(tidy(text).replace("-", "")))


def _credit_faults(code: str) -> _Faults:
    """Say what is wrong with a credit code, gravest first."""
    if not code:
        return
    strange = "、".join(sorted({c for c in code if c not in _CREDIT_ALPHABET}))
    if len(code) != 18:
        yield _ERROR, f"“{code}”应为18位，现在是{len(code)}位，请对照营业执照或者登记证书核对。"
    elif strange:
        yield _ERROR, f"“{code}”中的“{strange}”不会出现在信用代码里（不用I、O、S、V、Z），请核对。"
    elif _credit_check(code) != code[17]:
        severity = _WARNING if code[0].isalpha() else _ERROR
        yield severity, f"“{code}”的校验码不符，至少有一位有误，请对照证书核对。"
    elif code[0] not in _CREDIT_OFFICES:
        yield _WARNING, f"“{code}”的登记管理部门代码“{code[0]}”不常见，请核对。"
    elif code[2:4] != "10" and not is_known_province(code[2:8]):
        yield _WARNING, f"“{code}”第3至8位“{code[2:8]}”不是已知的行政区划代码，请核对。"


def _credit_check(code: str) -> str:
    """Return the check character of the first 17 (weights are powers of 3, modulus 31)."""
    total = sum(_CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return _CREDIT_ALPHABET[-total % 31]


def check_organisation_code(text: str, *, where: str = "组织机构代码") -> list[Problem]:
    """Check an old organisation code (GB 11714): a wrong shape is an error, the digit a warning."""
    code = tidy(text).replace("-", "")
    if not code:
        return []
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return [Problem(where, f"“{code}”应为8位数字或者字母加1位校验码，如“12345678-X”。")]
    total = sum(int(c, 36) * w for c, w in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True))
    if "0123456789X0"[11 - total % 11] != code[8]:
        return [_warn(where, f"“{code}”的校验码不符，请对照证书核对。")]
    return []


def check_bank_account(text: str, *, where: str = "银行账号") -> list[Problem]:
    """Check an account: digits, a sensible length; the Luhn digit of cards is a warning only."""
    return _first(where, _account_faults(tidy(text).replace("-", "")))


def _account_faults(account: str) -> _Faults:
    """Say what is wrong with an account number, gravest first."""
    if not account:
        return
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", account):
        yield _ERROR, f"“{account}”是科学计数法，后面的数字已经丢失，请按文本重新填写。"
    elif not account.isascii() or not account.isalnum() or not 6 <= len(account) <= 34:
        yield _ERROR, f"“{account}”不是银行账号，应为6至34位数字。"
    elif not account.isdigit():
        yield _WARNING, f"“{account}”中有字母，请对照账户资料核对。"
    elif len(account) > 17 and not account[15:].strip("0"):
        yield _WARNING, f"“{account}”第15位以后全是0，可能被表格软件截断过，请核对。"
    elif 16 <= len(account) <= 19 and account.startswith(_CARD_PREFIXES) and not _luhn(account):
        yield _WARNING, f"“{account}”像银行卡号但校验位不符，请核对；对公账号可以照填。"


def _luhn(digits: str) -> bool:
    """Tell whether the Luhn sum of ``digits`` is right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def check_bank_number(text: str, *, where: str = "联行号") -> list[Problem]:
    """Check the number of a bank branch: twelve digits, else a warning."""
    number = tidy(text)
    if not number or re.fullmatch(r"\d{12}", number):
        return []
    return [_warn(where, f"“{number}”不是12位数字，请核对。")]


def check_phone(text: str, *, where: str = "联系电话") -> list[Problem]:
    """Check one or several telephone numbers; anything unusual is a warning."""
    problems = []
    for part in re.split(r"[、,，;；/|]|\s{2,}", text):
        number = re.sub(r"[()（）—–－]", "-", tidy(part)).strip("-").replace("--", "-")
        if (
            number
            and not _PHONE.fullmatch(number)
            and not _PHONE.fullmatch(number.replace("-", ""))
        ):
            problems.append(_warn(where, f"“{part.strip()}”不像电话号码，请核对。"))
    return problems


def check_plate(text: str, *, where: str = "车牌号") -> list[Problem]:
    """Check a vehicle's plate; anything unusual is a warning."""
    plate = re.sub(r"[·.\-]", "", tidy(text).translate(_DOTS))
    if not plate or _PLATE.fullmatch(plate) or _ARMED_PLATE.fullmatch(plate):
        return []
    return [_warn(where, f"“{plate}”不像车牌号，应为省份简称加字母加五位（新能源六位），请核对。")]


def tidy_name(text: str) -> str:
    """Return a name with one kind of middle dot; spaces stay between Latin words only."""
    name = " ".join(text.replace("\u3000", " ").split()).translate(_DOTS)
    name = "".join(c for c in name if unicodedata.category(c) != "Cf")
    return re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", name)


def check_person_name(text: str, *, where: str = "姓名") -> list[Problem]:
    """Check the name of a person; rare characters, · and Latin letters are right."""
    return _first(where, _name_faults(tidy_name(text)))


def _name_faults(name: str) -> _Faults:
    """Say what is wrong with a person's name, gravest first."""
    if not name:
        return
    categories = {unicodedata.category(c) for c in name}
    if _LOST.search(name):
        yield _ERROR, f"姓名“{name}”中有无法识别或者被遮盖的字，请按证件填写真实姓名。"
    elif "Nd" in categories:
        yield _ERROR, f"姓名“{name}”中有数字，请按证件填写；几个人请分行填写。"
    elif not all(_name_character(c) for c in name):
        yield _ERROR, f"姓名“{name}”中有标点符号，请只填写一个人的姓名，说明写在别处。"
    elif any(map(_is_private, name)):
        yield _WARNING, f"姓名“{name}”中有自造字，别的电脑可能显示不出来，请尽量改用标准字。"
    elif len(name) < 2 or len(name) > 40:
        yield _WARNING, f"姓名“{name}”有{len(name)}个字，请核对。"
    elif len(name) < 6 and re.search(r"某|等人?$", name):
        yield _WARNING, f"“{name}”不像真实姓名，请按证件填写。"


def _name_character(char: str) -> bool:
    """Tell whether a character may stand in a name."""
    return char in "·-' ’.〇" or unicodedata.category(char)[0] in "LM" or _is_private(char)


def _is_private(char: str) -> bool:
    """Tell whether a character is of the private use area (造字)."""
    return unicodedata.category(char) == "Co"


def check_organisation_name(text: str, *, where: str = "名称") -> list[Problem]:
    """Check the name of an organisation; brackets, digits and dots are right."""
    name = tidy_name(text)
    if not name:
        return []
    if _LOST.search(name):
        return [Problem(where, f"名称“{name}”中有无法识别或者被遮盖的字，请按登记证书填写。")]
    if len(name) < 4:
        return [_warn(where, f"名称“{name}”太短，请填写登记的全称。")]
    return []


def may_lack_code(name: str) -> bool:
    """Tell whether an organisation of this name may be without a code (村委会, 分公司 …)."""
    return any(word in name for word in _WITHOUT_CODE)


def _first(where: str, faults: _Faults) -> list[Problem]:
    """Return the first fault as the only problem of its place."""
    return [Problem(where, sentence, severity) for severity, sentence in faults][:1]


def _warn(where: str, sentence: str) -> Problem:
    """Return a problem that is accepted after a look."""
    return Problem(where, sentence, _WARNING)
