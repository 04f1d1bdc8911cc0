"""Checks that hold the rulebook's parts together; each returns problems, none raises.

``check`` runs them all, so that a person sees every fault at once.  What names what is checked in
``rulebook_names``, numbers and freezing in ``rulebook_numbers``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem
from zhixing_desktop.workflow.guideline import chinese_number, plain
from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook
from zhixing_desktop.workflow.rulebook_names import NAME_CHECKS
from zhixing_desktop.workflow.rulebook_numbers import NUMBER_CHECKS
from zhixing_desktop.workflow.subjects import KINDS
from zhixing_desktop.workflow.timespec import BeforeHoliday, BeforeReading, ExactHour, Rolling

NODE_COUNT = 46
BASES = frozenset({"S", "L", "I"})
Check = Callable[[Rulebook, str], list[Problem]]


def check(book: Rulebook, guideline: str) -> None:
    """Hold a rulebook against itself and the guideline's text.

    Raises :class:`InputRefusedError` with every problem found.
    """
    text = plain(guideline)
    problems = [problem for one in CHECKS for problem in one(book, text)]
    if problems:
        raise InputRefusedError(f"规则库有{len(problems)}处错误，程序不能使用它", problems)


def _nodes_complete(book: Rulebook, text: str) -> list[Problem]:
    lacking = sorted(set(range(1, NODE_COUNT + 1)) - set(book.nodes))
    beyond = sorted(set(book.nodes) - set(range(1, NODE_COUNT + 1)))
    found = [Problem(f"节点{n}", "规则库缺少这个节点") for n in lacking]
    found += [Problem(f"节点{n}", "指引只有四十六个节点") for n in beyond]
    for spec in book.nodes.values():
        where = f"节点{spec.number}"
        heading = plain(f"节点{chinese_number(spec.number)}：{spec.name}")
        if heading not in text:
            found.append(Problem(where, f"指引中没有“{heading}”这一标题"))
        if plain(spec.cite.quote) != heading:
            found.append(Problem(where, f"节点引用的应当是它的标题“{heading}”"))
        if f"部分{plain(spec.part)}" not in text:
            found.append(Problem(where, f"指引中没有“{spec.part}”这一部分"))
        if spec.subject not in KINDS:
            found.append(Problem(where, f"不认识的办理对象“{spec.subject}”"))
    return found


def cites_of(book: Rulebook) -> Iterator[tuple[str, Cite]]:
    """Yield every citation of the rulebook with the place it stands."""
    yield "总体要求5", book.warning_cite
    yield "空话", book.hollow_words.cite
    for cite in book.general_rules:
        yield cite.paragraph, cite
    for gate in book.gates:
        yield f"{gate.code}（节点{gate.node}）", gate.cite
    for coupling in book.couplings:
        if coupling.cite is not None:
            yield coupling.code, coupling.cite
    for spec in book.nodes.values():
        yield from _node_cites(spec)


def _node_cites(spec: NodeSpec) -> Iterator[tuple[str, Cite]]:
    where = f"节点{spec.number}"
    yield where, spec.cite
    for item in spec.work_items:
        yield f"{where} 工作内容{item.item}", Cite("", item.text)
    for limit in spec.time_limits:
        yield f"{where} 时限{limit.id}", limit.cite
    if spec.freeze is not None:
        yield f"{where} 冻结", spec.freeze.cite
    if spec.unfreeze is not None:
        yield f"{where} 解冻", spec.unfreeze.cite
        yield f"{where} 解冻用语", Cite("", spec.unfreeze.words)
    for field in spec.fields:
        if field.cite is not None:
            yield f"{where} 字段“{field.label}”", field.cite
    for material in spec.materials:
        yield f"{where} 材料“{material.name}”", material.cite
    for approval in spec.approvals:
        yield f"{where} 审批“{approval.label}”", approval.cite
    for note in spec.notes:
        yield f"{where} 提示", note


def _quotes(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for where, cite in cites_of(book):
        words = plain(cite.quote)
        if not words:
            found.append(Problem(where, "没有引用指引原文"))
        elif words not in text:
            found.append(Problem(where, f"指引原文中没有这句话：“{cite.quote}”"))
    return found


def _edges(book: Rulebook, text: str) -> list[Problem]:
    found = []
    reached: set[int] = {1}
    for spec in book.nodes.values():
        where = f"节点{spec.number}"
        for edge in spec.next:
            if isinstance(edge.to, int):
                if edge.to not in book.nodes:
                    found.append(Problem(where, f"流向不存在的节点{edge.to}"))
                reached.add(edge.to)
            elif edge.to != "end":
                found.append(Problem(where, f"不认识的流向“{edge.to}”"))
            if edge.basis not in BASES:
                found.append(Problem(where, f"不认识的依据“{edge.basis}”，应为 S、L 或者 I"))
        if not spec.next and not spec.on_demand:
            found.append(Problem(where, "没有下一节点"))
    for number in sorted(set(book.nodes) - reached):
        if not book.nodes[number].on_demand:
            found.append(Problem(f"节点{number}", "没有任何节点流向它"))
    return found


_COUNTING = (
    ("rolling", Rolling),
    ("before", BeforeReading),
    ("before_holiday", BeforeHoliday),
    ("exact_hour", ExactHour),
)


def _head(book: Rulebook, text: str) -> list[Problem]:
    found = []
    try:
        date.fromisoformat(book.effective)
    except ValueError:
        found.append(Problem("rulebook.yaml", "effective 应当是日期"))
    for name, choices in _COUNTING:
        if getattr(book.settings, name) not in tuple(choices):
            found.append(Problem(f"设置 {name}", f"只能是 {' 或者 '.join(choices)}"))
    codes = {entry.code for entry in book.couplings}
    for number in range(1, 46):
        if f"X{number}" not in codes:
            found.append(Problem("couplings.yaml", f"缺少耦合规则X{number}"))
    for number in range(1, 70):
        if f"A{number}" not in book.readings:
            found.append(Problem("readings.yaml", f"缺少释义A{number}"))
    return found


CHECKS: tuple[Check, ...] = (
    _nodes_complete,
    _quotes,
    *NAME_CHECKS,
    *NUMBER_CHECKS,
    _edges,
    _head,
)
