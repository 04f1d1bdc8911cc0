"""Words that the program knows and that were changed by hand: number, day, names, amounts.

What stands wrong in a paper's text of record reaches a party.  A number or a day that differs is
refused, since the paper's row says otherwise; the rest is pointed out to whoever takes it back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from zhixing_desktop.documents.edited import Edited
from zhixing_desktop.workflow.errors import Problem

_KINDS = (
    (
        "金额",
        re.compile(r"\d[\d,，]*(?:\.\d+)?万?元|人民币[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+"),
    ),
    ("日期", re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")),
    ("法条", re.compile(r"第[〇零一二三四五六七八九十百千0-9]+条")),
    ("号码", re.compile(r"(?<!\d)\d{11,20}[\dXx]?(?!\d)")),
)
_MOST = 6


def known_problems(
    edited: Edited, *, number: str, day: str, names: Sequence[str]
) -> tuple[Problem, ...]:
    """Return what was changed of the words that the program knows.

    ``number`` and ``day`` are the paper's as its own Word file has them (empty for none), ``names``
    those of the parties.  Severity ``error`` for number and day, ``warning`` for the rest.
    """
    before = "\n".join(item.before for item in edited.paragraphs)
    after = "\n".join(item.after for item in edited.paragraphs)
    return tuple(_found(before, after, number, day, names))


def _found(
    before: str, after: str, number: str, day: str, names: Sequence[str]
) -> Iterator[Problem]:
    for what, words in (("文号", number), ("成文日期", day)):
        if words and words in before and before.count(words) > after.count(words):
            yield Problem(
                what,
                f"{what}“{words}”被手工改动或者删去。{what}由程序给出，请在 Word 文件中改回原样后"
                "再取回；确需另定日期的，在程序中改了日期再导出修改。",
                data={"kind": "changed", "words": words},
            )
    for name in dict.fromkeys(names):
        fewer = before.count(name) - after.count(name)
        if name and fewer > 0:
            yield Problem(
                "当事人",
                f"“{name}”比原来少出现{fewer}处，请核对姓名、名称有没有改错。",
                "warning",
                {"words": name},
            )
    for what, pattern in _KINDS:
        old, new = Counter(pattern.findall(before)), Counter(pattern.findall(after))
        gone, come = list((old - new).elements()), list((new - old).elements())
        if gone or come:
            yield Problem(what, _changed(what, gone, come), "warning", {"gone": gone, "come": come})


def _changed(what: str, gone: Sequence[str], come: Sequence[str]) -> str:
    parts = []
    if gone:
        parts.append(f"原有的{_named(gone)}改动或者删去了")
    if come:
        parts.append(f"现在有{_named(come)}，不是程序给出的")
    return f"{what}有手工改动：{'；'.join(parts)}。请逐处核对。"


def _named(words: Sequence[str]) -> str:
    listed = "、".join(f"“{word}”" for word in words[:_MOST])
    return listed + (f"等{len(words)}处" if len(words) > _MOST else "")
