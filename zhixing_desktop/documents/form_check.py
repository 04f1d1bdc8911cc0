"""Holding a form's body against the dictionary: names, loops, filters, articles, text.

The language is small on purpose: names, ``if``, ``for`` over known lists, a fixed list of filters
and the two functions that cite laws.  Anything else is refused when the form is read, not when an
officer makes a paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from zhixing_desktop.documents.blocks import Paragraph, Run
from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_body import CLOSE, OPEN, BodyParser, Fillers
from zhixing_desktop.documents.form_types import Ask
from zhixing_desktop.documents.laws import Laws
from zhixing_desktop.documents.rendering import FILTERS, FUNCTIONS, environment
from zhixing_desktop.workflow.errors import Problem

_LOOP = {"index", "first", "last"}
_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千0-9]+条")
_ANY = "any"

Scope = Mapping[str, str]


class BodyCheck:
    """Walks one body; ``problems`` has what is wrong, ``names`` the data it asks for.

    ``names`` are paths such as ``debtor.name`` or ``n7.performance_until``, ``laws`` the references
    it cites.
    """

    def __init__(
        self, dictionary: Dictionary, laws: Laws, asks: Mapping[str, Ask], *, file: str, line: int
    ) -> None:
        self._dictionary, self._table, self._asks = dictionary, laws, asks
        self._file, self._first = file, line
        self.problems: list[Problem] = []
        self.names: dict[str, None] = {}
        self.laws: dict[str, None] = {}
        self._handlers: Mapping[type[nodes.Node], Callable[[Any, Scope], str]] = {
            nodes.Name: self._name,
            nodes.Getattr: self._getattr,
            nodes.Filter: self._filter,
            nodes.Call: self._call,
            nodes.CondExpr: self._choice,
            nodes.Const: self._const,
            nodes.Compare: self._parts,
            nodes.And: self._parts,
            nodes.Or: self._parts,
            nodes.Not: self._parts,
        }

    def check(self, body: str, subject: str) -> None:
        """Check a body made for a kind of subject."""
        try:
            tree = environment().parse(body)
        except TemplateSyntaxError as error:
            self._complain(error.lineno, f"语句写得不对：{error.message}")
            return
        scope = dict(self._dictionary.root(subject, self._asks.values()))
        for node in tree.body:
            self._statement(node, scope)
        self._check_text(body)

    def _complain(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(f"{self._file}:{self._first + line - 1}", sentence))

    # ---------------------------------------------------------------------------------- statements

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        self._kind(part, scope)
            case nodes.If():
                self._kind(node.test, scope)
                for inner in (*node.body, *node.elif_, *node.else_):
                    self._statement(inner, scope)
            case nodes.For():
                self._loop(node, scope)
            case _:
                self._complain(node.lineno, f"不能使用“{type(node).__name__}”语句，只有 if 和 for")

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        kind = self._kind(node.iter, scope)
        if not isinstance(node.target, nodes.Name) or node.recursive or node.test is not None:
            self._complain(node.lineno, "循环只能写成“for 名称 in 列表”")
            return
        if kind not in ("text", _ANY) and not kind.startswith("list:"):
            self._complain(node.lineno, "“in”之后应当是一个列表")
            return
        entry = kind.removeprefix("list:")
        inner = {**scope, node.target.name: entry, "loop": "loop"}
        for part in (*node.body, *node.else_):
            self._statement(part, inner)

    # --------------------------------------------------------------------------------- expressions

    def _kind(self, node: nodes.Node, scope: Scope) -> str:
        handler = self._handlers.get(type(node))
        if handler is None:
            self._complain(node.lineno, f"不能使用“{type(node).__name__}”表达式")
            return _ANY
        return handler(node, scope)

    def _name(self, node: nodes.Name, scope: Scope) -> str:
        kind = scope.get(node.name)
        if kind is None:
            self._complain(node.lineno, f"没有名为“{node.name}”的数据")
            return _ANY
        return kind

    def _getattr(self, node: nodes.Getattr, scope: Scope) -> str:
        owner = self._kind(node.node, scope)
        if owner == _ANY:
            return _ANY
        if owner == "loop":
            if node.attr not in _LOOP:
                self._complain(node.lineno, f"循环中没有“loop.{node.attr}”")
            return "text"
        kind = self._dictionary.kind(owner, node.attr, self._asks)
        if kind is None:
            self._complain(node.lineno, f"“{_path(node.node)}”没有“{node.attr}”")
            return _ANY
        self.names.setdefault(_path(node))
        return kind

    def _filter(self, node: nodes.Filter, scope: Scope) -> str:
        if node.node is None or node.name not in FILTERS:
            self._complain(node.lineno, f"没有名为“{node.name}”的写法")
            return _ANY
        kind = self._kind(node.node, scope)
        wanted = FILTERS[node.name].kinds
        if wanted and kind not in (*wanted, _ANY):
            self._complain(node.lineno, f"“{node.name}”不能用于“{_path(node.node)}”")
        if not all(isinstance(arg, nodes.Const) for arg in node.args) or node.kwargs:
            self._complain(node.lineno, f"“{node.name}”的参数应当是固定的值")
        return "text"

    def _call(self, node: nodes.Call, scope: Scope) -> str:
        if not isinstance(node.node, nodes.Name) or node.node.name not in FUNCTIONS:
            self._complain(node.lineno, f"只能调用 {'、'.join(FUNCTIONS)}")
            return _ANY
        if node.node.name == "law_days" and len(node.args) != 1:
            self._complain(node.lineno, "law_days 只能写一个“法律.事项”")
        for arg in node.args:
            if not isinstance(arg, nodes.Const) or not isinstance(arg.value, str):
                self._complain(node.lineno, f"{node.node.name} 的参数应当是“法律.事项”")
            elif not self._table.knows(arg.value):
                self._complain(node.lineno, f"法条表中没有“{arg.value}”")
            else:
                self.laws.setdefault(arg.value)
        return "text"

    def _parts(self, node: nodes.Node, scope: Scope) -> str:
        for child in node.iter_child_nodes():
            if not isinstance(child, nodes.Operand):
                self._kind(child, scope)
            else:
                self._kind(child.expr, scope)
        return "flag"

    def _choice(self, node: nodes.CondExpr, scope: Scope) -> str:
        self._kind(node.test, scope)
        first = self._kind(node.expr1, scope)
        if node.expr2 is not None:
            self._kind(node.expr2, scope)
        return first

    def _const(self, node: nodes.Const, _scope: Scope) -> str:
        return "text" if isinstance(node.value, str) else _ANY

    # ---------------------------------------------------------------------------------------- text

    def _check_text(self, body: str) -> None:
        """Check the lines themselves, each value standing for one mark."""
        bare = _COMMENT.sub(_same_lines, body)
        words = _OUTPUT.sub(_same_lines, _STATEMENT.sub(_same_lines, bare))
        for match in _ARTICLE.finditer(words):
            line = words.count("\n", 0, match.start()) + 1
            self._complain(line, f"“{match.group()}”应当用 law 从法条表中取得")
        marked = _OUTPUT.sub(lambda m: f"{OPEN}0{CLOSE}{_same_lines(m)}", bare)
        empty = Fillers(
            value=lambda _number: Run("值"),
            title=lambda _words: (),
            parties=lambda _who: (Paragraph((Run("当事人"),)),),
            day=lambda: (Run("日期"),),
        )
        parser = BodyParser(empty, file=self._file, first_line=self._first)
        parser.parse(_STATEMENT.sub(_same_lines, marked))
        self.problems += parser.problems


def _same_lines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _path(node: nodes.Node | None) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f"{_path(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else "…"
