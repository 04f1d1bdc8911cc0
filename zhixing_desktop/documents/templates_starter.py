"""A form's own text as a Word file with placeholders: where a court's template begins.

The form's body is read as it is, each value and statement put down as the tag that a template has
for it.  The look is the program's; what templates cannot say (a line for a pen in place of a datum)
becomes the nearest they can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jinja2 import nodes

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Paper,
    Paragraph,
    Run,
    Style,
    Text,
    text_of,
)
from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_body import CLOSE, OPEN, BodyParser, Fillers
from zhixing_desktop.documents.form_types import Form, Numbering
from zhixing_desktop.documents.rendering import environment
from zhixing_desktop.documents.templates_fields import WAYS

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ALONE = re.compile(r"^\s*\{%-?\s*(.*?)\s*-?%\}\s*$")
_PARTED = re.compile(r"\|(?![^{]*\}\})")
_LEAVES = ("text", "day", "moment", "money", "flag", "any")
_OPS = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in",
        "notin": "not in"}  # fmt: skip
_DAY = "{{ paper.day_numerals }}"


def starter_paper(form: Form, dictionary: Dictionary) -> Paper:
    """Return a form as a paper whose words are its text and the tags of its data."""
    maker = _Starter(form, dictionary)
    blocks = maker.blocks()
    return Paper(
        form=form.key,
        title=form.name,
        court="",
        blocks=tuple(blocks),
        dense=form.dense,
        signed_pages=form.signed_pages,
        signed_by=form.signed_by,
        unnumbered=form.unnumbered,
    )


class _Starter:
    def __init__(self, form: Form, dictionary: Dictionary) -> None:
        self._form, self._dictionary = form, dictionary
        self._asks = {ask.name: ask for ask in form.asks}
        self._scopes: list[dict[str, str]] = [dict(dictionary.root(form.subject, form.asks))]
        self._tags: list[str] = []
        self._handlers: Mapping[type[nodes.Node], Callable[[Any], str]] = {
            nodes.Name: lambda node: str(node.name),
            nodes.Getattr: lambda node: f"{self._say(node.node)}.{node.attr}",
            nodes.Const: lambda node: (
                f'"{node.value}"' if isinstance(node.value, str) else str(node.value)
            ),
            nodes.Filter: self._filter,
            nodes.CondExpr: self._choice,
            nodes.Compare: self._compare,
            nodes.And: lambda node: f"{self._say(node.left)} and {self._say(node.right)}",
            nodes.Or: lambda node: f"{self._say(node.left)} or {self._say(node.right)}",
            nodes.Not: lambda node: f"not {self._say(node.node)}",
        }

    def blocks(self) -> list[Block]:
        """Return the form's blocks with tags for words."""
        fillers = Fillers(self._run, self._title, self._parties, lambda: text_of(_DAY))
        return BodyParser(fillers, file=self._form.key).parse("\n".join(self._lines()))

    def _lines(self) -> list[str]:
        found: list[str] = []
        columns = 0
        signing = False
        for written in self._form.body.split("\n"):
            line = written
            bare = line.strip()
            if bare.startswith("@table"):
                columns = sum(word.isdigit() for word in bare.split())
            elif bare == "@sign":
                signing = True
                continue
            elif bare == "@end":
                if signing:
                    signing = False
                    continue
                columns = 0
            alone = _ALONE.match(bare) if _TAG.fullmatch(bare) else None
            if alone is not None:
                tag = self._statement(alone[1], "tr" if columns else "p")
                found.append(f"| [{columns}]{tag} |" if columns else f"@flush {tag}")
            else:
                if columns and "{%" in line:
                    # A statement reaches no further than its paragraph.
                    line = line.replace("//", "　")
                marked = _TAG.sub(self._marked, line)
                found += _signed(marked.strip()) if signing else [marked]
        return found

    # ---------------------------------------------------------------------------------- tags

    def _put(self, tag: str) -> str:
        self._tags.append(tag)
        return f"{OPEN}{len(self._tags) - 1}{CLOSE}"

    def _run(self, number: int) -> Run:
        return Run(self._tags[number])

    def _marked(self, match: re.Match[str]) -> str:
        words = match.group()
        if words.startswith("{#"):
            return ""
        if words.startswith("{%"):
            return self._statement(words[2:-2].strip().strip("-").strip(), "")
        tree = environment().parse(words)
        (output,) = tree.find_all(nodes.Output)
        return "".join(self._put(tag) for tag in self._printed(output.nodes[0]))

    def _statement(self, words: str, unit: str) -> str:
        first = words.split(None, 1)[0]
        if first in ("if", "elif"):
            tree = environment().parse(f"{{% if {words.split(None, 1)[1]} %}}{{% endif %}}")
            test = next(tree.find_all(nodes.If)).test
            words = f"{first} {self._say(test)}"
        elif first == "for":
            tree = environment().parse(f"{{% {words} %}}{{% endfor %}}")
            loop = next(tree.find_all(nodes.For))
            assert isinstance(loop.target, nodes.Name)
            kind = self._kind(loop.iter)
            self._scopes.append(
                {**self._scopes[-1], loop.target.name: kind.removeprefix("list:"), "loop": "loop"}
            )
            words = f"for {loop.target.name} in {self._say(loop.iter)}"
        elif first == "endfor" and len(self._scopes) > 1:
            self._scopes.pop()
        return self._put(f"{{%{unit} {words} %}}")

    def _printed(self, node: Any) -> list[str]:
        """Return the tags that print a value."""
        if isinstance(node, nodes.Call):
            references = [str(getattr(arg, "value", "")) for arg in node.args]
            if isinstance(node.node, nodes.Name) and node.node.name == "law_days":
                return [f"{{{{ days.{references[0]} }}}}"]
            return [self._laws(references)]
        if isinstance(node, nodes.Filter) and node.name == "ticked":
            return [self._ticked(node)]
        if isinstance(node, nodes.CondExpr) and self._has_call(node):
            test = self._say(node.test)
            other = "".join(self._printed(node.expr2)) if node.expr2 is not None else ""
            first = "".join(self._printed(node.expr1))
            return [f"{{% if {test} %}}{first}{{% else %}}{other}{{% endif %}}"]
        if isinstance(node, nodes.Getattr) and self._kind(node).startswith("list:"):
            # Things are told by going through them; alone they only mark the gap of an empty list.
            return [f"［{self._dictionary.labels(self._kind(node.node))[node.attr]}］"]
        return [f"{{{{ {self._say(node, printed=True)} }}}}"]

    @staticmethod
    def _has_call(node: nodes.Node) -> bool:
        return next(node.find_all(nodes.Call), None) is not None

    def _laws(self, references: Sequence[str]) -> str:
        grouped: dict[str, list[str]] = {}
        for reference in references:
            key, _, subject = reference.partition(".")
            grouped.setdefault(key, []).append(subject)
        parts = []
        for key, subjects in grouped.items():
            first, *rest = subjects
            parts.append(f"{{{{ law.{key}.{first or '全称'} }}}}")
            parts += [f"{{{{ article.{key}.{subject} }}}}" for subject in rest]
        return "、".join(parts)

    def _ticked(self, node: Any) -> str:
        path, (word,) = self._say(node.node), (arg.value for arg in node.args)
        if self._kind(node.node) == "flag":
            test = path if word == "是" else f"not {path}"
        else:
            test = f'"{word}" in {path}'
        return f"{{% if {test} %}}■{{% else %}}□{{% endif %}}"

    # --------------------------------------------------------------------------- expressions

    def _say(self, node: Any, *, printed: bool = False) -> str:
        if node is None:
            return '""'
        words = self._handlers[type(node)](node)
        record = printed and isinstance(node, nodes.Name | nodes.Getattr)
        if record and self._kind(node) not in _LEAVES and not self._kind(node).startswith("list:"):
            return f"{words}.name"
        return words

    def _filter(self, node: Any) -> str:
        ways = {way for of_kind in WAYS.values() for way, _ in of_kind}
        inner = node.node
        if node.name in ways and isinstance(inner, nodes.Name | nodes.Getattr):
            return f"{self._say(inner)}_{node.name}"
        words = self._say(inner, printed=True)
        if node.name in ways and isinstance(inner, nodes.Or):
            left, right = (f"{self._say(side)}_{node.name}" for side in (inner.left, inner.right))
            return f"{left} or {right}"
        if isinstance(inner, nodes.Or | nodes.CondExpr):
            words = f"({words})"
        if node.name == "by_hand":
            length = node.args[0].value if node.args else 8
            return f'{words}|default("{"＿" * length}")'
        if node.name == "optional":
            return f'{words}|default("")'
        return f"{words}|{node.name}" if node.name in ("sentence", "phrase") else words

    def _choice(self, node: nodes.CondExpr) -> str:
        first = self._say(node.expr1, printed=True)
        return f"{first} if {self._say(node.test)} else {self._say(node.expr2, printed=True)}"

    def _compare(self, node: nodes.Compare) -> str:
        tests = (f"{_OPS[each.op]} {self._say(each.expr)}" for each in node.ops)
        return " ".join([self._say(node.expr), *tests])

    def _kind(self, node: Any) -> str:
        if isinstance(node, nodes.Name):
            return self._scopes[-1].get(node.name, "any")
        if isinstance(node, nodes.Getattr):
            owner = self._kind(node.node)
            return self._dictionary.kind(owner, node.attr, self._asks) or "any"
        if isinstance(node, nodes.Filter):
            return self._kind(node.node) if node.name in ("by_hand", "optional") else "text"
        return "any"

    # ---------------------------------------------------------------------------- the head

    def _title(self, words: str) -> Sequence[Block]:
        parts = [part.strip() for part in _PARTED.split(words)]
        blocks = [_centred("{{ court.name }}", Style.COURT)]
        blocks.append(_centred(parts[0] or self._form.title, Style.TITLE))
        blocks += [_centred(part, Style.SUBTITLE) for part in parts[1:] if part]
        if self._form.numbering is not Numbering.NONE:
            number = _centred("{{ paper.number }}", Style.NUMBER)
            blocks.append(replace(number, align=Align.RIGHT, right=2))
        return blocks

    @staticmethod
    def _parties(who: str) -> Sequence[Block]:
        name = {"all": "parties"}.get(who, f"parties_{who}")
        tags = (f"{{%p for 当事人 in {name} %}}", "{{ 当事人 }}", "{%p endfor %}")
        return [Paragraph(text_of(tag)) for tag in tags]


def _centred(words: str, style: Style) -> Paragraph:
    text: Text = text_of(words)
    return Paragraph(text, style, Align.CENTER, first=0, keep_next=True)


def _signed(line: str) -> list[str]:
    """Return a line of a signature as lines at the right; the seal is put on by hand."""
    if line == "@day":
        return [f"@right {_DAY}"]
    if line.startswith("@day "):
        return [f"@right {line[5:].strip()}"]
    if not line or line.startswith("@"):
        return [] if not line.startswith("@flush") else [line]
    title, mark, name = line.partition(":")
    return [f"@right {title.strip()}{'　　' if mark else ''}{name.strip()}"]
