"""Evaluating a case again after a few new facts: only what they or the time can have touched.

The result is that of ``engine.view_of``, by construction: an instance is taken over only when every
question its evaluation asked (``watched``) has the same answer as then.  A property test compares
the two over random commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from zhixing_desktop.workflow.agenda import in_order, steps_of
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import assembled, instance_view, subjects_for
from zhixing_desktop.workflow.rulebook import NodeSpec
from zhixing_desktop.workflow.views import AgendaStep, CaseView, InstanceView, Key
from zhixing_desktop.workflow.watched import Question, Watch, WatchedContext, changed_between


@dataclass(frozen=True, slots=True)
class Piece:
    """One instance with its announcements; ``view`` is ``None`` where the node does not apply.

    ``asked`` are the questions it rests on, ``until`` the moment before which it holds.
    """

    view: InstanceView | None
    steps: tuple[AgendaStep, ...]
    asked: frozenset[Question]
    until: datetime


@dataclass(frozen=True, slots=True)
class _Node:
    """All instances of a node: which there are (with what that rests on), and each of them.

    ``asked`` and ``until`` are those of the listing and of all its pieces together.
    """

    listing_asked: frozenset[Question]
    listing_until: datetime
    pieces: Mapping[Key, Piece]
    asked: frozenset[Question]
    until: datetime
    views: Mapping[Key, InstanceView]
    steps: tuple[AgendaStep, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A view, the context it was made of, and what each of its parts rests on.

    Before ``until`` time alone changes nothing.
    """

    ctx: Context
    view: CaseView
    until: datetime
    nodes: Mapping[int, _Node]

    @property
    def pieces(self) -> Mapping[Key, Piece]:
        """All instances that were evaluated, with what they rest on."""
        return {key: piece for node in self.nodes.values() for key, piece in node.pieces.items()}


def evaluated(ctx: Context, before: Evaluation | None = None) -> Evaluation:
    """Return the view of a case, with whatever of ``before`` (the same case, earlier) still holds.

    Facts may have come, been corrected or withdrawn since.  Under other rules, another calendar or
    at an earlier moment nothing is taken over.
    """
    if before is None or not _comparable(before.ctx, ctx):
        return _Evaluator(ctx, set()).case({})
    changed = changed_between(before.ctx.index, ctx.index)
    if not changed and ctx.now < before.until:
        return replace(before, ctx=ctx, view=replace(before.view, at=ctx.now))
    return _Evaluator(ctx, changed).case(before.nodes)


def _comparable(old: Context, new: Context) -> bool:
    same_rules = old.rulebook is new.rulebook and old.calendar is new.calendar
    return same_rules and old.now <= new.now


class _Evaluator:
    """One evaluation: the case, watched, and the questions that are answered otherwise now."""

    def __init__(self, ctx: Context, changed: set[Question]) -> None:
        self.ctx = ctx
        self.now = ctx.now
        self.watch = Watch(ctx.now)
        self.watched = WatchedContext(ctx, self.watch)
        self.untouched = changed.isdisjoint

    def case(self, old: Mapping[int, _Node]) -> Evaluation:
        nodes: dict[int, _Node] = {}
        instances: dict[Key, InstanceView] = {}
        steps: list[AgendaStep] = []
        for number, spec in self.ctx.rulebook.nodes.items():
            node = old.get(number)
            if node is None or node.until <= self.now or not self.untouched(node.asked):
                node = self._node(spec, node)
            nodes[number] = node
            instances.update(node.views)
            steps += node.steps
        view = assembled(self.ctx, instances, in_order(steps))
        return Evaluation(self.ctx, view, min(node.until for node in nodes.values()), nodes)

    def _node(self, spec: NodeSpec, old: _Node | None) -> _Node:
        if old is None or not self._holds(old.listing_asked, old.listing_until):
            keys = [Key(spec.number, subject) for subject in subjects_for(self.watched, spec)]
            asked, until = self.watch.take()
        else:
            keys, asked, until = list(old.pieces), old.listing_asked, old.listing_until
        pieces = {key: self._piece(spec, key, old.pieces.get(key) if old else None) for key in keys}
        return _Node(
            listing_asked=asked,
            listing_until=until,
            pieces=pieces,
            asked=asked.union(*(piece.asked for piece in pieces.values())),
            until=min([until, *(piece.until for piece in pieces.values())]),
            views={key: piece.view for key, piece in pieces.items() if piece.view is not None},
            steps=tuple([step for piece in pieces.values() for step in piece.steps]),
        )

    def _piece(self, spec: NodeSpec, key: Key, old: Piece | None) -> Piece:
        if old is not None and self._holds(old.asked, old.until):
            return old
        view = instance_view(self.watched, spec, key.subject)
        steps = () if view is None else tuple(steps_of(self.watched, view))
        return Piece(view, steps, *self.watch.take())

    def _holds(self, asked: frozenset[Question], until: datetime) -> bool:
        return self.now < until and self.untouched(asked)
