"""Guiding and empty wording (指引性表述、空话) in fields that must say something.

General rule 4 of the guideline forbids it in compulsory fields (rule X41).  The words are data
(``HollowWords`` of the rulebook); what no list can hold (keyboard rubbish, the field's own label
copied) is judged here.  The judgement errs on the side of the officer: a short answer that says a
fact passes.  Whether an entry may stand nevertheless, with a reason, is for the caller.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from zhixing_desktop.workflow.rulebook import HollowWords

# Words that change nothing about an empty answer, taken off at both ends.
_LEADING = (
    "已经",
    "正在",
    "目前",
    "现已",
    "均已",
    "暂时",
    "已",
    "均",
    "都",
    "皆",
    "现",
    "暂",
    "请",
    "将",
    "仍",
)
_TRAILING = ("了", "的", "吧", "呢", "啊", "呀", "哦", "哈", "嘛", "啦", "中", "等", "即可", "为准")
_GUIDE_TAIL = re.compile(r"(?:情况|说明|内容|信息|如下|填写|录入|详情|理由|原因|事由)+$")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|《[^》]*》|「[^」]*」|『[^』]*』")
# A fragment that begins so is part of another word after these: 意见附件, 申请选择.
_PART_OF_WORD = {"见": "意听会接看可偏主起", "请": "申邀聘提报函"}
# What is only put off may stand in a sentence that says something: 登记手续待完善，…
_POSTPONED = re.compile(r"^(?:待|后续|稍后|后补|另行)")
_SAYS_SOMETHING = 7
# A form's blank that was never filled: ×××, ____, 【】.  Masked numbers (6222****1234) are not.
_BLANK = re.compile(
    r"(?<![0-9A-Za-z×*_])(?:×{3,}|[xX]{3,}|\*{3,}|_{2,}|□{2,})(?![0-9A-Za-z×*_])"
    r"|【\s*】|〔\s*〕|\(\s*\)"
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WALKS = ("asd", "qwe", "zxc", "jkl", "sdf", "dfg", "fgh", "ghj", "hjk", "xcv", "cvb", "vbn", "bnm")
_LATIN_EMPTY = re.compile(
    r"test(?:ing)?|todo|tbd|na|none|null|nil|nan|undefined|ok|abc(?:d|de|def)?|demo|x+|sample"
    r"|example|placeholder|string|text|input|yes|no"
)
_NUMBER_LABEL = re.compile(
    r"号|码|电话|手机|联系方式|数|量|额|价|款|率|比|期|日|年|月|时|次|面积|金"
)
_NAME_LABEL = re.compile(r"姓名|名称|人$|人员$|代表$|法官$|书记员$")
_ONE_CHARACTER_LABEL = re.compile(r"性别|民族|学历")
_QUESTION_LABEL = re.compile(r"^(?:是否|有无|能否|可否)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an entry says nothing.

    ``sentence`` tells the officer what is wrong and what to write (empty when nothing is);
    ``matched`` is the listed word or the part that gave it away; ``rule`` names the check:
    ``empty punctuation exact contained blank label short digits repeated keyboard``.
    """

    hollow: bool
    sentence: str = ""
    matched: str = ""
    rule: str = ""


def judge_wording(text: str, hollow: HollowWords, *, field_label: str) -> Verdict:
    """Judge the entry of a text field labelled ``field_label`` against the rulebook's words.

    Compared without white space, punctuation, width and particles (了, 已 …); a listed fragment
    counts anywhere outside quotation marks.  Never raises.
    """
    shown = " ".join(text.split())
    rule, matched = _judge(text, hollow, field_label)
    if not rule:
        return Verdict(hollow=False)
    short = shown if len(shown) <= 30 else f"{shown[:30]}…"
    return Verdict(
        hollow=True,
        sentence=_SENTENCES[rule].format(label=field_label, text=short, matched=matched),
        matched=matched,
        rule=rule,
    )


_WRITE = "请写明实际情况；确需如此填写的，请说明理由。"
_SENTENCES = {
    "empty": "“{label}”没有填写，请写明实际情况。",
    "punctuation": "“{label}”只填了标点符号“{text}”。" + _WRITE,
    "exact": "“{label}”填写的“{text}”是指引性表述或者空话，没有说明事实。" + _WRITE,
    "contained": "“{label}”中的“{matched}”是指引性表述，说的是应当怎样填，不是实际情况。" + _WRITE,
    "blank": "“{label}”中的“{matched}”是没有填的空白。" + _WRITE,
    "label": "“{label}”只重复了栏目名称“{text}”。" + _WRITE,
    "short": "“{label}”填写的“{text}”太短，看不出实际情况。" + _WRITE,
    "digits": "“{label}”只填了数字“{text}”，看不出所指。" + _WRITE,
    "repeated": "“{label}”填写的“{text}”是重复的字符。" + _WRITE,
    "keyboard": "“{label}”填写的“{text}”是随意敲击的字符。" + _WRITE,
}


def _judge(text: str, hollow: HollowWords, label: str) -> tuple[str, str]:
    """Return the rule that refuses the text and what it matched; two empty strings when none."""
    core = _core(text)
    name = _label_core(label)
    if not core:
        blank = "".join(text.split())
        return ("punctuation", blank) if blank else ("empty", "")
    # "核查结果：正常" is judged by what follows the label.
    rest = core.removeprefix(name) if _starts_with_label(text, label) else core
    if not rest:
        return "label", core
    found = ("", "")
    if not rest.isdigit():
        found = _listed(text, rest, hollow)
    if not found[0] and _copies_label(core, name):
        found = ("label", core)
    if not found[0]:
        blank_left = _BLANK.search(unicodedata.normalize("NFKC", text))
        found = ("blank", blank_left.group()) if blank_left else _rubbish(rest, label)
    return found


def _listed(text: str, core: str, hollow: HollowWords) -> tuple[str, str]:
    """Look the text up in the rulebook's lists."""
    exact = _exact(text, core, hollow.exact)
    if exact:
        return "exact", exact
    outside = _core(_QUOTED.sub("", text))
    rest = outside
    postponed = ""
    for fragment, plain in _fragments(hollow.contained):
        if plain not in outside or not _stands_in(outside, plain):
            continue
        if not _POSTPONED.match(plain):
            return "contained", fragment
        postponed = fragment
        rest = rest.replace(plain, "")
    return ("contained", postponed) if postponed and len(rest) < _SAYS_SOMETHING else ("", "")


@lru_cache(maxsize=8)
def _fragments(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the rulebook's fragments, each with the form in which it is looked up."""
    return tuple((word, _core(word)) for word in words if _core(word))


def _stands_in(text: str, fragment: str) -> bool:
    """Tell whether a fragment stands in the text as itself, not as part of another word."""
    before = _PART_OF_WORD.get(fragment[0])
    behind = f"(?<![{before}])" if before else ""
    return re.search(behind + re.escape(fragment), text) is not None


def _core(text: str) -> str:
    """Return letters, digits and Chinese characters only: half-width, lower-case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if _is_word(c))


@lru_cache(maxsize=4096)
def _is_word(char: str) -> bool:
    """Tell whether a character can carry meaning (× and other signs cannot)."""
    return unicodedata.category(char)[0] in "LN"


@lru_cache(maxsize=1024)
def _label_core(label: str) -> str:
    """Return the same of a label; there are as many as the rulebook has fields."""
    return _core(label)


def _bare(core: str) -> str:
    """Take particles off both ends, as long as something is left."""
    while True:
        for word in _LEADING:
            if core.startswith(word) and len(core) > len(word):
                core = core[len(word) :]
                break
        else:
            for word in _TRAILING:
                if core.endswith(word) and len(core) > len(word):
                    core = core[: -len(word)]
                    break
            else:
                return core


@lru_cache(maxsize=8)
def _listing(words: tuple[str, ...]) -> Mapping[str, str]:
    """Return the rulebook's words by the forms in which they are looked up."""
    listed = {_core(word): word for word in words if _core(word)}
    for key, word in list(listed.items()):
        if len(_bare(key)) > 1:
            listed.setdefault(_bare(key), word)
    return MappingProxyType(listed)


def _exact(text: str, core: str, words: tuple[str, ...]) -> str:
    """Return the listed word the text equals, or is put together from; else an empty string."""
    listed = _listing(words)
    for form in (core, _bare(core), _unit(core)):
        if form in listed:
            return listed[form]
    parts = [_core(part) for part in re.split(r"[\W_]+", unicodedata.normalize("NFKC", text))]
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(part in listed or _bare(part) in listed for part in parts):
        return "、".join(listed.get(part) or listed[_bare(part)] for part in parts)
    return ""


def _unit(core: str) -> str:
    """Return what the text repeats: ``待补充待补充`` gives ``待补充``; else the text."""
    for size in range(1, len(core) // 2 + 1):
        if len(core) % size == 0 and core == core[:size] * (len(core) // size):
            return core[:size]
    return core


def _starts_with_label(text: str, label: str) -> bool:
    """Tell whether the text begins with the label and a colon."""
    pattern = rf"\s*{re.escape(label.strip())}\s*[:：]"
    return bool(label.strip()) and re.match(pattern, text) is not None


def _copies_label(core: str, label: str) -> bool:
    """Tell whether the text is the label, or four and more characters of its end."""
    if not label:
        return False
    plain, own = (_bare(_GUIDE_TAIL.sub("", _bare(form))) or form for form in (core, label))
    if core == label or plain in (label, own):
        return True
    return len(core) >= 4 and label.endswith(core) and not _QUESTION_LABEL.match(label)


def _rubbish(core: str, label: str) -> tuple[str, str]:
    """Judge what is in no list: too short, only digits, repeated, keyboard rubbish."""
    if core.isdigit():
        return _judge_digits(core, label)
    if len(core) < 2 and not _ONE_CHARACTER_LABEL.search(label):
        return "short", core
    unit = _unit(core)
    times = len(core) // len(unit)
    twin_name = times == 2 and _NAME_LABEL.search(label) is not None
    if (len(unit) == 1 and times > 1 and not twin_name) or (len(unit) <= 4 and times > 2):
        return "repeated", core
    if len(core) >= 6 and len(set(core)) <= 2:
        return "repeated", core
    if core.isascii() and core.isalpha() and _is_keyboard(core):
        return "keyboard", core
    return "", ""


def _judge_digits(core: str, label: str) -> tuple[str, str]:
    """Digits alone are right where the label asks for a number, but not 000000 or 123456."""
    if not _NUMBER_LABEL.search(label):
        return "digits", core
    if len(core) >= 5 and len(set(core)) == 1:
        return "repeated", core
    if len(core) >= 5 and (core in "01234567890" or core in "09876543210"):
        return "keyboard", core
    return "", ""


def _is_keyboard(core: str) -> bool:
    """Tell whether lower-case Latin letters look like rubbish."""
    if _LATIN_EMPTY.fullmatch(core) or any(core.startswith(walk) for walk in _WALKS):
        return True
    walks = [row for side in _ROWS for row in (side, side[::-1])]
    if len(core) >= 4 and any(core in row for row in walks):
        return True
    return len(core) >= 5 and not set(core) & set("aeiouy")
