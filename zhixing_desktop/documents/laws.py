"""The dated table of articles: which article said something on the day of a paper.

A renumbering of a law changes a row here and no form.  Source: ``resources/law/articles.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from zhixing_desktop.documents.blocks import Citation
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.yaml_reading import LINE, Reader

_DIGITS = "零一二三四五六七八九"
_ARTICLE_KEYS = ("paragraph", "item", "checked", "source", "days")


@dataclass(frozen=True, slots=True)
class Article:
    """Where a law says something: ``since`` which day in which article (paragraph, item).

    ``checked`` tells whether the number was read in the text of the law itself, ``source`` where
    (empty where the law's own note says it).  ``days`` is the period that the article sets, in
    calendar days, where the program counts by it.
    """

    since: date
    article: int
    paragraph: int | None = None
    item: int | None = None
    checked: bool = True
    source: str = ""
    days: int | None = None

    def words(self) -> str:
        """Return ``第二百五十三条第一款``."""
        said = f"第{chinese_number(self.article)}条"
        said += f"第{chinese_number(self.paragraph)}款" if self.paragraph else ""
        return said + (f"第（{chinese_number(self.item)}）项" if self.item else "")


@dataclass(frozen=True, slots=True)
class Law:
    """A law or interpretation by its full ``title``; of each subject its articles, oldest first."""

    key: str
    title: str
    subjects: Mapping[str, tuple[Article, ...]]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Laws:
    """The whole table."""

    by_key: Mapping[str, Law]

    def knows(self, reference: str) -> bool:
        """Tell whether ``law.subject`` is in the table."""
        key, _, subject = reference.partition(".")
        law = self.by_key.get(key)
        return law is not None and (not subject or subject in law.subjects)

    def article(self, reference: str, day: date) -> Article:
        """Return the article that held on a day; :class:`InputRefusedError` where none did yet."""
        key, _, subject = reference.partition(".")
        law = self.by_key.get(key)
        found = [a for a in (law.subjects.get(subject, ()) if law else ()) if a.since <= day]
        if not found:
            raise InputRefusedError(
                f"法条表中没有“{reference}”在{day.year}年{day.month}月{day.day}日适用的条文，"
                "请核对文书日期，或者请系统管理员补充法条表。"
            )
        return found[-1]

    def days(self, reference: str, day: date) -> int:
        """Return the period in days that an article set on a day.

        :class:`InputRefusedError` where no article held yet, or it sets none.
        """
        found = self.article(reference, day)
        if found.days is None:
            raise InputRefusedError(
                f"法条表没有写明“{reference}”（{found.words()}）规定的天数，"
                "请系统管理员补充法条表。"
            )
        return found.days

    def cite(self, references: Sequence[str], day: date) -> tuple[str, tuple[Citation, ...]]:
        """Return the words for some references, grouped by law in their order, and the citations.

        A reference without a subject (``民诉法``) gives the title alone.
        """
        grouped: dict[str, list[str]] = {}
        citations = []
        for reference in references:
            key, _, subject = reference.partition(".")
            said = self.article(reference, day).words() if subject else ""
            grouped.setdefault(key, []).append(said)
            citations.append(Citation(key, subject, f"{_quoted(self.by_key[key].title)}{said}"))
        words = "、".join(
            _quoted(self.by_key[key].title) + "、".join(part for part in parts if part)
            for key, parts in grouped.items()
        )
        return words, tuple(citations)


def _quoted(title: str) -> str:
    """Return a title in 《》; a title within it stands in 〈〉 (GB/T 15834)."""
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def chinese_number(number: int) -> str:
    """Return a whole number from 1 to 9999 in plain Chinese numerals: 253 is 二百五十三."""
    if not 0 < number < 10_000:
        raise ValueError(number)
    words, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if not digit:
            gap = bool(words)
            continue
        one = digit == 1 and place == 10 and not words
        words += ("零" if gap else "") + ("" if one else _DIGITS[digit]) + unit
        gap = False
    return words


def read_laws(text: str, *, file: str = "articles.yaml") -> Laws:
    """Read the table; :class:`InputRefusedError` names every fault with its line."""
    reader = _LawReader()
    laws = reader.read(file, text)
    if reader.problems:
        count = len(reader.problems)
        raise InputRefusedError(f"法条表有{count}处错误，程序不能使用它", reader.problems)
    return laws


class _LawReader(Reader):
    def read(self, file: str, text: str) -> Laws:
        data = self.load(file, text)
        found: dict[str, Law] = {}
        if data and self.keys(data, ("laws",)):
            for entry in self.maps(data, "laws"):
                law = self._law(entry)
                if law is not None and law.key in found:
                    self.complain(int(entry[LINE]), f"“{law.key}”重复")
                elif law is not None:
                    found[law.key] = law
        return Laws(MappingProxyType(found))

    def _law(self, entry: Mapping[str, Any]) -> Law | None:
        if not self.keys(entry, ("key", "title", "subjects"), ("note",)):
            return None
        subjects: dict[str, tuple[Article, ...]] = {}
        labels: dict[str, str] = {}
        for row in self.maps(entry, "subjects"):
            if not self.keys(row, ("subject", "articles"), ("label",)):
                continue
            name = str(row["subject"])
            if name in subjects:
                self.complain(int(row[LINE]), f"“{name}”重复")
            subjects[name] = self._articles(row)
            labels[name] = str(row.get("label") or name)
        return Law(
            str(entry["key"]),
            str(entry["title"]),
            MappingProxyType(subjects),
            MappingProxyType(labels),
        )

    def _articles(self, row: Mapping[str, Any]) -> tuple[Article, ...]:
        found: list[Article] = []
        for entry in self.maps(row, "articles"):
            if not self.keys(entry, ("since", "article"), _ARTICLE_KEYS):
                continue
            since = entry["since"]
            if not isinstance(since, date):
                self.complain(int(entry[LINE]), "“since”应当是日期")
                continue
            if found and since <= found[-1].since:
                self.complain(int(entry[LINE]), "条文应当按施行日期从早到晚排列")
            found.append(
                Article(
                    since,
                    self.number(entry, "article"),
                    self.number(entry, "paragraph") if "paragraph" in entry else None,
                    self.number(entry, "item") if "item" in entry else None,
                    self.flag(entry, "checked") if "checked" in entry else True,
                    str(entry.get("source") or ""),
                    self.number(entry, "days") if "days" in entry else None,
                )
            )
        if not found:
            self.complain(int(row[LINE]), "没有条文")
        return tuple(found)
