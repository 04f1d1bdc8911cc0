"""What the tags of a template say, checked tag by tag with the places they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, nodes

from zhixing_desktop.documents.templates_sandbox import DEEPEST, Sandbox, refusals
from zhixing_desktop.documents.templates_tags import Tag
from zhixing_desktop.workflow.errors import Problem

_MOST_TAGS = 5000
_LONGEST_TAG = 500
_ENDS = {"endif": "if", "endfor": "for"}
_KEYWORDS = "for、endfor、if、elif、else、endif"


@dataclass(slots=True)
class Code:
    """What the tags use: names of known fields, unknown names, and the faults."""

    used: set[str] = field(default_factory=set)
    unknown: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Open:
    """A statement that is not closed yet; a loop with its variable and the list it runs over."""

    word: str
    tag: Tag
    variable: str = ""
    path: str = ""


def read_code(tags: list[Tag], fields: Mapping[str, str]) -> Code:
    """Read the tags of a template in order against the known fields."""
    reader = _Reader(fields)
    if len(tags) > _MOST_TAGS:
        sentence = f"标签有 {len(tags)} 个，超过 {_MOST_TAGS} 个。请改用循环。"
        return Code(problems=[Problem("模板", sentence)])
    for tag in tags:
        reader.read(tag)
    reader.finish()
    reader.code.unknown = tuple(reader.unknown)
    return reader.code


class _Reader:
    """Reads tags one after another and remembers which statements are open."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields
        self._sandbox = Sandbox()
        self._open: list[_Open] = []
        self.code = Code()
        self.unknown: dict[str, None] = {}

    def read(self, tag: Tag) -> None:
        if tag.kind == "{#":
            return
        if len(tag.code) > _LONGEST_TAG:
            self._fault(tag, f"标签太长（{len(tag.code)} 个字）。请拆成几个简单的标签。")
        elif tag.kind == "{{":
            self._value(tag)
        else:
            self._statement(tag)

    def finish(self) -> None:
        """Name what was never closed."""
        for entry in self._open:
            self._fault(
                entry.tag, f"{{% {entry.tag.code} %}} 没有用 end{entry.word} 结束。请补上。"
            )

    def _fault(self, tag: Tag, sentence: str, **data: str) -> None:
        self.code.problems.append(
            Problem(tag.place, f"“{tag.around}”：{sentence}", data={"code": tag.code, **data})
        )

    def _value(self, tag: Tag) -> None:
        if tag.unit:
            self._fault(tag, f"请写 {{{{ {tag.code} }}}}，不要写 {{{{{tag.unit}。")
        tree = self._parse(tag, f"{{{{ {tag.code} }}}}")
        if tree is not None:
            self._expression(tag, tree, printed=True)

    def _statement(self, tag: Tag) -> None:
        word, _, _rest = tag.code.partition(" ")
        if tag.unit == "r":
            self._fault(tag, "不支持 {%r。请写 {%、{%p（整段）或者 {%tr（整行）。")
        elif not tag.alone:
            unit = {"p": "段", "tr": "行", "tc": "格"}[tag.unit]
            self._fault(
                tag, f"这一{unit}里还有其他内容，生成时会一起丢失。请把标签单独放一{unit}。"
            )
        if word in {"if", "for"}:
            self._begin(tag, word)
        elif word in {"elif", "else"}:
            self._between(tag, word)
        elif tag.code in _ENDS:
            self._end(tag, _ENDS[tag.code])
        else:
            self._fault(
                tag, f"模板里不能用“{word[:20]}”，只能用 {_KEYWORDS}。请改写。", refused=word
            )

    def _begin(self, tag: Tag, word: str) -> None:
        tree = self._parse(tag, f"{{% {tag.code} %}}{{% end{word} %}}")
        opened = _Open(word, tag)
        found = tree.find(nodes.For) if tree is not None else None
        if tree is not None and not self._refused(tag, tree):
            if isinstance(found, nodes.For):
                opened = self._loop(tag, found)
            else:
                self._names(tag, tree, printed=False)
        self._open.append(opened)

    def _loop(self, tag: Tag, loop: nodes.For) -> _Open:
        path = self._path(loop.iter)
        if not isinstance(loop.target, nodes.Name) or path is None:
            self._fault(tag, "循环要写成“for 项 in 清单”。请改写。")
            return _Open("for", tag)
        loops = [entry for entry in self._open if entry.word == "for"]
        whole = f"{path}[]"
        if whole not in self._fields and not self._has_parts(whole):
            self._not_known(tag, path, f"“{path}”不是可以逐项列出的清单")
        elif loops and not path.startswith(loops[-1].path):
            self._fault(tag, "循环里面的循环只能用外层那一项自己的清单。请把两个循环分开写。")
        elif len(loops) >= DEEPEST:
            self._fault(tag, f"循环套了 {len(loops) + 1} 层，最多 {DEEPEST} 层。请改写。")
        self.code.used.add(whole)
        return _Open("for", tag, loop.target.name, whole)

    def _between(self, tag: Tag, word: str) -> None:
        opened = self._open[-1] if self._open else None
        if opened is None or (word == "elif" and opened.word != "if"):
            self._fault(tag, f"{word} 前面没有对应的 if。请补上或者删去。")
            return
        self._matches(tag, opened)
        if word == "elif":
            tree = self._parse(tag, f"{{% if 1 %}}{{% {tag.code} %}}{{% endif %}}")
            if tree is not None:
                self._expression(tag, tree, printed=False)
        elif tag.code != "else":
            self._fault(tag, "else 后面不能写条件；有条件请写 elif。")

    def _end(self, tag: Tag, word: str) -> None:
        if not self._open or self._open[-1].word != word:
            self._fault(tag, f"end{word} 前面没有对应的 {word}，或者次序颠倒。请检查。")
            return
        self._matches(tag, self._open.pop())

    def _matches(self, tag: Tag, opened: _Open) -> None:
        """Check that a statement ends where it began: the same unit in the same paragraph, cell."""
        if tag.unit != opened.tag.unit:
            self._fault(
                tag,
                f"与前面的 {{%{opened.tag.unit} {opened.tag.code} %}} 不一致，"
                f"请写 {{%{opened.tag.unit} {tag.code} %}}。",
            )
        elif not tag.unit and tag.number != opened.tag.number:
            self._fault(
                tag,
                f"{{% {opened.tag.code} %}} 与 {{% {tag.code} %}} 不在同一段。"
                "跨段请写 {%p …… %}，表格的行请写 {%tr …… %}，各占一段或者一行。",
            )
        elif tag.unit and _container(tag) != _container(opened.tag):
            self._fault(
                tag, f"{{%{tag.unit} {opened.tag.code} %}} 与它的结束不在同一处。请移到一起。"
            )

    def _parse(self, tag: Tag, source: str) -> nodes.Template | None:
        try:
            return self._sandbox.parse(source)
        except TemplateSyntaxError:
            self._fault(tag, "标签写错了，读不懂。请检查括号、引号和拼写。")
            return None

    def _expression(self, tag: Tag, tree: nodes.Template, *, printed: bool) -> None:
        if not self._refused(tag, tree):
            self._names(tag, tree, printed=printed)

    def _refused(self, tag: Tag, tree: nodes.Template) -> bool:
        sentences = dict.fromkeys(refusals(tree))
        for sentence in sentences:
            self._fault(tag, sentence, refused="code")
        return bool(sentences)

    def _names(self, tag: Tag, tree: nodes.Node, *, printed: bool) -> None:
        """Look up all names of an expression; ``printed`` when its value goes onto the page."""
        for node in tree.iter_child_nodes():
            if isinstance(node, nodes.Filter):
                self._filtered(tag, node, printed=printed)
            elif isinstance(node, nodes.CondExpr):
                self._names(tag, nodes.Output([node.test]), printed=False)
                sides = [side for side in (node.expr1, node.expr2) if side is not None]
                self._names(tag, nodes.Output(sides), printed=printed)
            elif isinstance(node, nodes.Getattr | nodes.Name):
                path = self._path(node)
                if path is not None:
                    self._look_up(tag, path, printed=printed)
            else:
                self._names(tag, node, printed=printed and not isinstance(node, nodes.Compare))

    def _filtered(self, tag: Tag, node: nodes.Filter, *, printed: bool) -> None:
        path = self._path(node.node) if node.node is not None else None
        is_list = path is not None and f"{path}[]" in self._fields
        if path is not None and is_list and node.name in {"join", "length"}:
            self.code.used.add(f"{path}[]")
            if node.name == "join" and self._has_parts(f"{path}[]"):
                self._fault(tag, f"“{path}”的每一项有几个内容，不能直接连写。请用循环。")
        elif node.name in {"join", "length"}:
            self._fault(tag, f"{node.name} 只能用于清单。请检查名称。")
        else:
            self._names(tag, nodes.Output([node.node] if node.node else []), printed=printed)

    def _look_up(self, tag: Tag, path: str, *, printed: bool) -> None:
        if path in self._fields and not path.endswith("[]"):
            self.code.used.add(path)
        elif path.endswith("[]") and path in self._fields and not self._has_parts(path):
            self.code.used.add(path)  # an entry of a list of words
        elif not printed and (f"{path}[]" in self._fields or self._has_parts(path)):
            self.code.used |= {f"{path}[]"} & set(self._fields)
        elif f"{path}[]" in self._fields:
            self._fault(tag, f"“{path}”是清单，不能直接写出。请用循环，或者写 {path}|join。")
        else:
            self._not_known(tag, path, f"没有“{path}”这个字段")

    def _not_known(self, tag: Tag, path: str, what: str) -> None:
        self.unknown.setdefault(path)
        near = self._near(path)
        self._fault(tag, f"{what}。{near}", unknown=path)

    def _near(self, path: str) -> str:
        found = get_close_matches(path, self._fields, n=1, cutoff=0.6)
        named = [name for name, label in self._fields.items() if label == path]
        name = next(iter([*named, *found]), "")
        if not name:
            return "请对照字段清单改正。"
        return f"是不是“{name}”（{self._fields[name]}）？"

    def _has_parts(self, path: str) -> bool:
        return any(name.startswith(f"{path}.") for name in self._fields)

    def _path(self, node: nodes.Node) -> str | None:
        """Return the dotted name of a node with loop variables resolved; none for ``loop``."""
        names: list[str] = []
        while isinstance(node, nodes.Getattr):
            names.append(node.attr)
            node = node.node
        if not isinstance(node, nodes.Name):
            return None
        first = node.name
        loops = [entry for entry in self._open if entry.word == "for"]
        if first == "loop" and loops:
            return None
        for entry in reversed(loops):
            if entry.variable == first:
                first = entry.path
                break
        return ".".join([first, *reversed(names)])


def _container(tag: Tag) -> str:
    """Return what a unit must not leave: the cell of a paragraph, the table of a row."""
    if tag.unit == "p":
        return tag.place if "表格" in tag.place else tag.place.rstrip("0123456789段").rstrip("第")
    return tag.place.partition("个表格")[0] if tag.unit == "tr" else tag.place.partition("行")[0]
