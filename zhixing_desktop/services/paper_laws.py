"""The dated table of articles as a list: what holds on a day, since when, who cites it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhixing_desktop.documents.laws import Article
from zhixing_desktop.services.bureau import Bureau


@dataclass(frozen=True, slots=True)
class LawLine:
    """One subject of a law on a day.

    ``reference`` is ``law.subject``; ``article`` empty where none held yet; ``since`` an ISO day;
    ``checked`` False where the number was not read in the law's own text.  ``history`` are all its
    articles in words, with where each was read if the table says so, ``forms`` the names of the
    forms that cite it.
    """

    reference: str
    title: str
    label: str
    article: str
    since: str
    checked: bool
    history: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def searched(self) -> str:
        """Return everything in which a search looks."""
        return "　".join((self.reference, self.title, self.label, *self.history, *self.forms))


def law_lines(bureau: Bureau, day: str) -> tuple[LawLine, ...]:
    """Return the whole table as it holds on an ISO day."""
    library = bureau.papers.library(bureau.rules)
    on = date.fromisoformat(day)
    found = []
    for law in library.laws.by_key.values():
        for subject, versions in law.subjects.items():
            reference = f"{law.key}.{subject}"
            held = [article for article in versions if article.since <= on]
            citing = (
                library.forms[key].name
                for key, needs in library.needs.items()
                if reference in needs.laws
            )
            found.append(
                LawLine(
                    reference,
                    f"《{law.title}》",
                    law.labels[subject],
                    held[-1].words() if held else "",
                    held[-1].since.isoformat() if held else "",
                    held[-1].checked if held else True,
                    tuple(_words(article) for article in versions),
                    tuple(citing),
                )
            )
    return tuple(found)


def _words(article: Article) -> str:
    read = f"（读自{article.source}）" if article.source else ""
    tail = read if article.checked else "（未核对原文）"
    return f"{article.since}起{article.words()}{tail}"
