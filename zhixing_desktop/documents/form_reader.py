"""From the files of the forms to the library, every fault with its line at once.

A form's file is YAML between two lines ``---`` and then the body (docs/forms.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_check import BodyCheck
from zhixing_desktop.documents.form_types import Ask, Carries, Form, Numbering, PaperKind
from zhixing_desktop.documents.laws import Laws
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.freezing import UNFREEZE
from zhixing_desktop.workflow.rule_words import FieldType
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.subjects import KINDS
from zhixing_desktop.workflow.yaml_reading import LINE, Reader

ENDING = ".form"
_NEEDED = ("name", "kind", "nodes", "number", "signs", "dossier", "basis")
_MORE = (
    "title", "subject", "series", "seal", "approval", "served_on", "carries", "asks", "dense",
    "unnumbered",
    "signed_pages", "signed_by", "note", "adults_only",
)  # fmt: skip
SERVED_ON = ("creditor", "debtor", "assistant", "other")
CATALOGUES = ("first", "resumed", "preservation", "side")
REMEMBER = ("paper", "case", "bureau")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a form asks of the data: paths such as ``debtor.name``; references of laws it cites."""

    names: tuple[str, ...]
    laws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All forms by key, with what each needs, and the table of articles they cite from."""

    forms: Mapping[str, Form]
    needs: Mapping[str, Needs]
    laws: Laws

    def of_node(self, node: int) -> tuple[Form, ...]:
        """Return the forms of a node in the order of their keys."""
        return tuple(form for form in self.forms.values() if node in form.nodes)

    def form(self, key: str) -> Form:
        """Return a form by key or by its name; :class:`InputRefusedError` for an unknown one."""
        found = self.forms.get(key)
        if found is None:
            named = [form for form in self.forms.values() if form.name == key]
            if len(named) != 1:
                raise InputRefusedError(f"没有名为“{key}”的文书", [Problem("文书", key)])
            found = named[0]
        return found

    def citing(self, reference: str) -> tuple[Form, ...]:
        """Return the forms that a change of one article (``民诉法.划拨``) or law touches."""
        return tuple(
            form
            for key, form in self.forms.items()
            if any(r == reference or r.startswith(f"{reference}.") for r in self.needs[key].laws)
        )


def read_library(texts: Mapping[str, str], book: Rulebook, laws: Laws) -> Library:
    """Read all forms (file name → text).

    Raises :class:`InputRefusedError` naming every fault of every file with its line.
    """
    dictionary = Dictionary(book)
    forms: dict[str, Form] = {}
    needs: dict[str, Needs] = {}
    problems: list[Problem] = []
    for file, text in sorted(texts.items()):
        reader = _FormReader(book, dictionary, laws)
        form = reader.read(file, text)
        problems += reader.problems
        if form is not None:
            forms[form.key] = form
            needs[form.key] = reader.needs
    if problems:
        raise InputRefusedError(f"文书样式有{len(problems)}处错误，程序不能使用它们", problems)
    return Library(MappingProxyType(forms), MappingProxyType(needs), laws)


class _FormReader(Reader):
    def __init__(self, book: Rulebook, dictionary: Dictionary, laws: Laws) -> None:
        super().__init__()
        self._book, self._dictionary, self._laws = book, dictionary, laws
        self.needs = Needs((), ())

    def read(self, file: str, text: str) -> Form | None:
        self.file = file
        parts = text.replace("\r\n", "\n").split("\n---\n", 1)
        if not parts[0].startswith("---\n") or len(parts) < 2:
            self.complain(1, "文件应当以“---”开头，样式的说明之后再写一行“---”")
            return None
        head, body = parts[0][4:], parts[1]
        data = self.load(file, "\n" + head)
        if not data or not self.keys(data, _NEEDED, _MORE):
            return None
        asks = tuple(a for a in map(self._ask, self.maps(data, "asks")) if a is not None)
        form = Form(
            key=file.removesuffix(ENDING),
            name=str(data["name"]),
            title=str(data.get("title") or data["name"]),
            kind=self.enum(data, "kind", PaperKind, PaperKind.NOTICE),
            nodes=self.numbers(data, "nodes"),
            subject=str(data.get("subject") or "case"),
            numbering=self.enum(data, "number", Numbering, Numbering.NONE),
            series=str(data.get("series") or ""),
            signs=str(data["signs"]),
            seal=str(data.get("seal") or ""),
            approval=str(data.get("approval") or ""),
            served_on=self.words(data, "served_on"),
            carries=tuple(map(self._carries, self.maps(data, "carries"))),
            dossier=MappingProxyType(self._dossier(data)),
            asks=asks,
            basis=str(data["basis"]),
            body=body,
            body_line=head.count("\n") + 4,
            dense=self.flag(data, "dense"),
            signed_pages=self.flag(data, "signed_pages"),
            signed_by=str(data.get("signed_by") or "被询问人"),
            unnumbered=self.flag(data, "unnumbered"),
            note=str(data.get("note") or ""),
            adults_only=str(data.get("adults_only") or ""),
        )
        self._check(form, int(data.get(LINE, 1)))
        return form

    def _ask(self, entry: Mapping[str, Any]) -> Ask | None:
        allowed = ("type", "options", "required", "default", "remember", "help")
        if not self.keys(entry, ("name", "label", "example"), allowed):
            return None
        ask = Ask(
            name=str(entry["name"]),
            label=str(entry["label"]),
            type=self.enum(entry, "type", FieldType, FieldType.TEXT)
            if "type" in entry
            else FieldType.TEXT,
            options=self.words(entry, "options"),
            required=self.flag(entry, "required") if "required" in entry else True,
            default=str(entry.get("default") or ""),
            remember=str(entry.get("remember") or "paper"),
            help=str(entry.get("help") or ""),
            example=entry["example"],
        )
        line = int(entry[LINE])
        if ask.remember not in REMEMBER:
            self.complain(line, f"“remember”应为：{'、'.join(REMEMBER)}")
        choice = ask.type in (FieldType.CHOICE, FieldType.MULTICHOICE)
        if choice is not bool(ask.options):
            self.complain(line, f"“{ask.name}”应当有选项，或者不是选择项")
        return ask

    def _carries(self, entry: Mapping[str, Any]) -> Carries:
        self.keys(entry, ("node",), ("item", "paper", "issued", "served", "number"))
        found = Carries(
            node=self.number(entry, "node"),
            item=self.number(entry, "item") if "item" in entry else None,
            paper=str(entry.get("paper") or ""),
            issued=self.words(entry, "issued"),
            served=self.words(entry, "served"),
            number=str(entry.get("number") or ""),
        )
        self._check_carries(found, int(entry[LINE]))
        return found

    def _check_carries(self, found: Carries, line: int) -> None:
        spec = self._book.nodes.get(found.node)
        if spec is None:
            self.complain(line, f"没有节点{found.node}")
            return
        named = {field.name for field in spec.fields}
        for name in (*found.issued, *found.served, *((found.number,) if found.number else ())):
            if name not in named:
                self.complain(line, f"节点{found.node}没有字段“{name}”")
        items = {item.item: item for item in spec.work_items}
        if found.item is not None and found.item not in items:
            self.complain(line, f"节点{found.node}没有第{found.item}项工作内容")
        elif found.paper and found.item is None:
            self.complain(line, "写明 paper 时应当写明 item")
        elif found.paper and found.item is not None and found.paper not in items[found.item].papers:
            self.complain(line, f"节点{found.node}第{found.item}项没有文书《{found.paper}》")

    def _dossier(self, data: Mapping[str, Any]) -> dict[str, int]:
        entry = data["dossier"]
        if not isinstance(entry, dict):
            self.complain(int(data[LINE]), "“dossier”应当写明各类卷宗目录的序号")
            return {}
        found = {str(key): value for key, value in entry.items() if key != LINE}
        for key, value in found.items():
            if key not in CATALOGUES or not isinstance(value, int):
                self.complain(int(data[LINE]), f"“dossier”中的“{key}”不对")
        return found

    def _check(self, form: Form, line: int) -> None:
        for node in form.nodes:
            if node not in self._book.nodes:
                self.complain(line, f"没有节点{node}")
        if form.subject not in KINDS:
            self.complain(line, f"“subject”应为：{'、'.join(KINDS)}")
            return
        for who in form.served_on:
            if who not in SERVED_ON:
                self.complain(line, f"“served_on”应为：{'、'.join(SERVED_ON)}")
        matters = {approval.matter for n in self._book.nodes.values() for approval in n.approvals}
        if form.approval and form.approval not in matters | {UNFREEZE}:
            self.complain(line, f"规则中没有审批事项“{form.approval}”")
        if (form.numbering is Numbering.SERIES) is not bool(form.series):
            self.complain(line, "编号方式为 series 时应当写明 series，其他方式不写")
        if form.adults_only and not self._laws.knows(form.adults_only):
            self.complain(line, f"法条表中没有“{form.adults_only}”（adults_only）")
        asks = {ask.name: ask for ask in form.asks}
        check = BodyCheck(self._dictionary, self._laws, asks, file=self.file, line=form.body_line)
        check.check(form.body, form.subject)
        self.problems += check.problems
        self._check_asks(form, check.names, line)
        self.needs = Needs(tuple(check.names), tuple(check.laws))

    def _check_asks(self, form: Form, names: Sequence[str] | Mapping[str, None], line: int) -> None:
        for ask in form.asks:
            if f"ask.{ask.name}" not in names:
                self.complain(line, f"要填写的“{ask.label}”（{ask.name}）在正文中没有使用")
            if ask.default:
                self._check_default(form, ask, line)

    def _check_default(self, form: Form, ask: Ask, line: int) -> None:
        first, *rest = ask.default.split(".")
        kind = self._dictionary.root(form.subject, form.asks).get(first)
        for name in rest:
            kind = self._dictionary.kind(kind, name, {}) if kind is not None else None
        if kind is None:
            self.complain(line, f"“{ask.name}”的默认值“{ask.default}”不在数据中")
