"""The sandbox in which templates run: Jinja2 without whatever is more than filling in.

The whole template is read through once more right before it runs: whatever is not on the list of
what a template may do is refused, so nothing depends on an earlier check having been right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from zhixing_desktop.documents.closing_marks import phrase, sentence
from zhixing_desktop.documents.word_xml import clean
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

LOOP = ("index", "index0", "first", "last", "length")
"""What a template may ask of the loop it is in."""

DEEPEST = 2
"""How deep loops may stand in each other."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.Filter, nodes.CondExpr, nodes.If, nodes.For, nodes.And, nodes.Or, nodes.Not,
    nodes.Compare, nodes.Operand,
)  # fmt: skip


class Missing:
    """A datum that is missing: false in a condition, an empty list in a loop.

    Where it is written ``words`` stand in its place and ``met`` is called: only then does the
    paper lack it.
    """

    __slots__ = ("met", "words")

    def __init__(self, words: str, met: Callable[[], object]) -> None:
        self.words, self.met = words, met

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())


def _join(values: Any, between: str = "、") -> Any:
    return values if isinstance(values, Missing) else str(between).join(map(_words, values))


def _default(value: Any, instead: str = "") -> str:
    return _words(value) or instead


def _told(close: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, Missing) else close(_words(value))


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "join": _join,
        "length": len,
        "default": _default,
        "phrase": _told(phrase),
        "sentence": _told(sentence),
    }
)
"""The filters of templates: a list joined, its length, words in place of nothing, words without
and with the mark that closes them."""


def _words(value: Any) -> str:
    """Return a value as it is written: yes and no in Chinese, nothing as nothing."""
    if isinstance(value, Missing):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def refusals(tree: nodes.Node, depth: int = 0) -> Iterator[str]:
    """Yield a sentence for everything in a template that is more than names, loops, conditions."""
    for node in tree.iter_child_nodes():
        inner = depth + isinstance(node, nodes.For)
        yield from _refusals_of(node, inner)
        yield from refusals(node, inner)


def _refusals_of(node: nodes.Node, depth: int) -> Iterator[str]:
    if not isinstance(node, _ALLOWED):
        yield f"模板里不能有程序代码（{_NAMED.get(type(node), '运算')}）。请只写字段的名称。"
    elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        yield f"名称不能以下划线开头（{node.attr[:40]}）。请只写字段的名称。"
    elif isinstance(node, nodes.Name) and node.name.startswith("_"):
        yield f"名称不能以下划线开头（{node.name[:40]}）。请只写字段的名称。"
    elif isinstance(node, nodes.Filter):
        if node.name not in FILTERS or node.kwargs or node.dyn_args or node.dyn_kwargs:
            yield f"不能用“|{node.name}”，只能用 {'、'.join(FILTERS)}。请改写。"
        elif not all(isinstance(arg, nodes.Const) for arg in node.args):
            yield f"“|{node.name}”的括号里只能写带引号的文字。请改写。"
    elif isinstance(node, nodes.For) and (node.recursive or node.test is not None):
        yield "循环只能写成“for 项 in 清单”。请改写。"
    elif depth > DEEPEST:
        yield f"循环最多套 {DEEPEST} 层。请改写。"


_NAMED: Mapping[type, str] = MappingProxyType(
    {
        nodes.Call: "调用",
        nodes.Getitem: "方括号",
        nodes.Assign: "set",
        nodes.Include: "include",
        nodes.Import: "import",
        nodes.FromImport: "import",
        nodes.Macro: "macro",
        nodes.Test: "is",
        nodes.Mul: "乘法",
        nodes.Pow: "乘方",
    }
)


class Sandbox(SandboxedEnvironment):
    """Jinja2 with our filters only; names lead into dictionaries, never into objects."""

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, autoescape=True, finalize=_written, cache_size=0
        )
        self.globals.clear()
        self.tests.clear()
        self.filters.clear()
        self.filters.update(FILTERS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an entry of a dictionary, or what a template may ask of its loop."""
        if isinstance(obj, Missing):
            return obj
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return the same as by a dot; templates with brackets are refused before they run."""
        return self.getattr(obj, str(argument))

    def from_string(self, source: Any, *args: Any, **keywords: Any) -> Template:
        """Return a template that has been read through: what it may not do is refused here."""
        sentences = tuple(dict.fromkeys(refusals(self.parse(source))))
        if sentences:
            problems = [Problem("模板", sentence) for sentence in sentences]
            raise InputRefusedError("模板里有不允许的代码，没有使用。", problems)
        return super().from_string(source, *args, **keywords)


def _written(value: Any) -> Any:
    """Return what is written for a value; templates' own words pass unchanged."""
    if isinstance(value, Missing):
        value.met()
        return value.words
    return _words(value) if isinstance(value, bool) or value is None else value


def plain_values(value: Any) -> Any:
    """Return values as nothing but dictionaries, lists, words, numbers and truth values.

    A text of a class of its own (as one that claims to be markup) becomes plain words; characters
    that no file can carry are left out.  Raises ``TypeError`` for anything else.
    """
    if isinstance(value, Mapping):
        return {str(name): plain_values(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(entry) for entry in value]
    if isinstance(value, str):
        return clean("".join(list(value)))
    if value is None or type(value) in {bool, int, Missing}:
        return value
    if type(value) is Decimal:
        return str(value)
    raise TypeError(f"a template cannot be filled with {type(value).__name__}")
