"""What a court's template for a form may name, and the values that stand for it.

The fields are those of the form's own data (``dictionary``), written as ``templates`` has them:
``case.number``, ``assets[].n17.control_until``.  Beside a datum stand its ways of writing
(``case.amount_daxie``), the parties set out as the norms ask (``parties[]``), and the articles of
the dated table (``law.民诉法.划拨`` with the law's title, ``article.民诉法.划拨`` without,
``days.民诉法.公告送达`` the period that it sets).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from zhixing_desktop.documents.blocks import Citation, Gap, Run, plain
from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_types import Form, Numbering
from zhixing_desktop.documents.laws import Laws, chinese_number
from zhixing_desktop.documents.naming import Naming
from zhixing_desktop.documents.party_lines import party_paragraphs
from zhixing_desktop.documents.rendering import FILTERS, Optional, day_in_numerals
from zhixing_desktop.documents.templates_sandbox import Missing
from zhixing_desktop.documents.values import Blank, Record, paragraphs, said
from zhixing_desktop.workflow.errors import InputRefusedError

WAYS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "money": (("yuan", "带“元”"), ("figures", "千分位"), ("daxie", "大写")),
        "day": (("numerals", "汉字日期"), ("short_day", "简写日期")),
        "moment": (
            ("numerals", "汉字日期"), ("short_day", "简写日期"), ("clock", "钟点"),
        ),
    }
)  # fmt: skip
"""How a datum of a kind can be written beside its plain form: suffix of the name, words."""
PARTIES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "parties[]": ("全部当事人（每人一段）", ("creditors", "debtors")),
        "parties_creditors[]": ("申请执行人一方（每人一段）", ("creditors",)),
        "parties_debtors[]": ("被执行人一方（每人一段）", ("debtors",)),
    }
)
DAY_NAMES = ("paper.day", "paper.day_numerals", "paper.day_short_day")
_DEEPEST = 3
_LEAVES = ("text", "day", "moment", "money", "flag")
_HAND = "＿" * 8


@dataclass(frozen=True, slots=True)
class TemplateFields:
    """The fields of a form's templates with their labels.

    ``required`` must stand in a template; ``own`` are those that the program's form uses, of which
    a court will want to know which its template leaves out.
    """

    fields: Mapping[str, str]
    required: tuple[str, ...]
    own: tuple[str, ...]


def template_fields(
    dictionary: Dictionary, laws: Laws, form: Form, needs: Sequence[str]
) -> TemplateFields:
    """Return what a template of a form may name; ``needs`` are the paths that the form uses."""
    found = dict(_names(dictionary, form))
    for name, (label, _) in PARTIES.items():
        found[name] = label
    for key, law in laws.by_key.items():
        found[f"law.{key}.全称"] = f"《{law.title}》"
        for subject, label in law.labels.items():
            found[f"law.{key}.{subject}"] = f"《{law.title}》有关“{label}”的条文"
            found[f"article.{key}.{subject}"] = f"{key}有关“{label}”的条文序号"
            if any(article.days for article in law.subjects[subject]):
                found[f"days.{key}.{subject}"] = f"{key}有关“{label}”的期间日数"
    required = [f"ask.{ask.name}" for ask in form.asks if ask.required]
    if form.numbering is not Numbering.NONE:
        required.insert(0, "paper.number")
    own = tuple(n for n in found if n.replace("[]", "") in set(needs))
    return TemplateFields(found, tuple(n for n in required if n in found), own)


def _names(dictionary: Dictionary, form: Form) -> Iterator[tuple[str, str]]:
    naming = Naming(dictionary, form)
    asks = {ask.name: ask for ask in form.asks}

    def below(path: str, kind: str, seen: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        label = naming.of(path.replace("[]", ""))
        if kind in _LEAVES:
            yield path, label
            for way, words in WAYS.get(kind, ()):
                yield f"{path}_{way}", f"{label}（{words}）"
            return
        if kind.startswith("list:"):
            path, kind = f"{path}[]", kind.removeprefix("list:")
            yield path, label
        if kind in seen or len(seen) == _DEEPEST:
            return
        names = list(asks) if kind == "ask" else list(dictionary.labels(kind))
        for name in names:
            inner = dictionary.kind(kind, name, asks)
            if inner is not None:
                yield from below(f"{path}.{name}", inner, (*seen, kind))
            if inner in _LEAVES and dictionary.is_listed(kind, name, asks):
                yield f"{path}.{name}[]", naming.of(f"{path}.{name}".replace("[]", ""))

    for name, kind in dictionary.root(form.subject, form.asks).items():
        yield from below(name, kind, ())


@dataclass(slots=True)
class Values:
    """The values of the fields that a template uses, and what came of them.

    ``data`` is that of ``case_data``.  ``gaps`` and ``citations`` fill when the template is filled:
    what is only asked about in a condition is no gap.  With ``by_hand`` what is missing becomes a
    line to write on.
    """

    data: Mapping[str, Any]
    laws: Laws
    day: date
    zero: str = "〇"
    by_hand: bool = False
    gaps: dict[Gap, None] = field(default_factory=dict)
    citations: dict[Citation, None] = field(default_factory=dict)

    def context(self, used: Iterable[str]) -> dict[str, Any]:
        """Return the context for the names that a template uses."""
        tree: dict[str, list[str]] = {}
        made: dict[str, Any] = {}
        for name in used:
            first, _, rest = name.partition(".")
            if name in PARTIES:
                made[name.removesuffix("[]")] = self._parties(PARTIES[name][1])
            elif first in ("law", "article", "days"):
                self._cite(made.setdefault(first, {}), name)
            else:
                tree.setdefault(first, []).append(rest)
        for first, rests in tree.items():
            made[first.removesuffix("[]")] = self._of(self.data, first, rests)
        return made

    def _of(self, owner: Any, name: str, rests: Sequence[str]) -> Any:
        """Return a value of an owner, with what is asked of it below."""
        bare = name.removesuffix("[]")
        value = _get(owner, bare)
        if value is _NONE:
            return self._way(owner, bare)
        if isinstance(value, Blank):
            return self._missing(value.gap)
        inner = [rest for rest in rests if rest]
        if name.endswith("[]"):
            return [self._below(entry, inner) if inner else said(entry) for entry in value]
        return self._below(value, inner) if inner else _words(value)

    def _below(self, value: Any, names: Sequence[str]) -> dict[str, Any]:
        tree: dict[str, list[str]] = {}
        for name in names:
            first, _, rest = name.partition(".")
            tree.setdefault(first, []).append(rest)
        return {n.removesuffix("[]"): self._of(value, n, rests) for n, rests in tree.items()}

    def _way(self, owner: Any, name: str) -> Any:
        for ways in WAYS.values():
            for way, _ in ways:
                value = _get(owner, name.removesuffix(f"_{way}"))
                if not name.endswith(f"_{way}") or value is _NONE:
                    continue
                if isinstance(value, Blank):
                    return self._missing(value.gap)
                if way == "numerals" and isinstance(value, date):
                    return day_in_numerals(value, self.zero)
                return said(FILTERS[way].write(value))
        raise KeyError(name)

    def _missing(self, gap: Gap) -> Missing:
        if self.by_hand:
            return Missing(_HAND, lambda: None)
        return Missing(f"［{gap.label}］", lambda: self.gaps.setdefault(gap))

    def _parties(self, sides: Sequence[str]) -> list[Any]:
        """Return the lines of the parties; a line with a gap in it is words all the same."""
        found = [party for side in sides for party in self.data[side]]
        return [plain(entry.text) for entry in party_paragraphs(found, self._run)]

    def _run(self, value: Any) -> Run:
        if isinstance(value, Optional):
            return Run("") if isinstance(value.value, Blank) else self._run(value.value)
        if isinstance(value, Blank):
            missing = self._missing(value.gap)
            missing.met()
            return Run(missing.words)
        return value if isinstance(value, Run) else Run(said(value))

    def _cite(self, made: dict[str, Any], name: str) -> None:
        which, key, subject = name.split(".", 2)
        of_law = made.setdefault(key, {})
        try:
            if subject == "全称":
                of_law[subject] = self.laws.cite([key], self.day)[0]
                return
            if which == "days":
                days = self.laws.days(f"{key}.{subject}", self.day)
                of_law[subject] = chinese_number(days)
                return
            words, cited = self.laws.cite([f"{key}.{subject}"], self.day)
            for citation in cited:
                self.citations.setdefault(citation)
            bare = self.laws.article(f"{key}.{subject}", self.day).words()
            of_law[subject] = words if which == "law" else bare
        except InputRefusedError as error:
            of_law[subject] = self._missing(Gap(error.sentence.rstrip("。"), "law"))


class _None:
    """No such value at all."""


_NONE = _None()
_Get = Callable[[Any, str], Any]


def _get(owner: Any, name: str) -> Any:
    if isinstance(owner, Mapping):
        return owner.get(name, _NONE)
    if isinstance(owner, Blank):
        return owner
    return getattr(owner, name, _NONE)


def _words(value: Any) -> Any:
    """Return a value as a template takes it; a longer text keeps its lines."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Record):
        return said(value.name)
    return "\n".join(paragraphs(value)) if isinstance(value, str) else said(value)
