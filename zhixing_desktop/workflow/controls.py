"""What of a case is still under the court's control, and the paper that needs nothing of it.

The one place that says when a seizure, attachment or freeze has ended: it was lifted (node 17), the
ruling that transfers the thing was served (node 30), or the money was drawn (node 31).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rulebook import WorkItem

CONTROL = 17
RELEASED_ALL = "已全部解除"
RELEASE_RULE = "controls_were_released"
"""The condition of the paper that lifts what still stands at the closing."""

_COMPLETED = "执行完毕"
_CITE_PARAGRAPH = "节点四十三 执行完毕案件3"
_QUOTE = "应解除对被执行人财产采取的查封、冻结、扣押等控制措施"


@dataclass(frozen=True, slots=True)
class Spared:
    """A paper that a work item does not need here: why, and by which rule."""

    paper: str
    why: str
    cite: Cite

    @property
    def words(self) -> str:
        """Reason and rule in one line."""
        return f"不需要制作：{self.why}（{self.cite.paragraph}）"


def is_under_control(ctx: Context, asset: str, day: date) -> bool:
    """Tell whether a control stands on an asset (``asset/2``) on a day.

    On the day on which it is lifted it still does: that is what the ruling of this day lifts.
    """
    if not ctx.index.value(CONTROL, asset, "control_measure"):
        return False
    if _drawn(ctx, asset) or _transferred(ctx, asset):
        return False
    released = _released_on(ctx, asset)
    return released is None or released >= day


def _drawn(ctx: Context, asset: str) -> bool:
    said = ctx.index.value(31, asset, "drawn_on")
    return bool(said) or ctx.find("funds_drawn", asset) is not None


def _transferred(ctx: Context, asset: str) -> bool:
    said = ctx.index.value(30, asset, "ruling_served_on")
    return bool(said) or ctx.find("transfer_ruling_served", asset) is not None


def _released_on(ctx: Context, asset: str) -> date | None:
    said = ctx.index.value(CONTROL, asset, "released_on")
    if said:
        return date.fromisoformat(str(said)[:10])
    fact = ctx.index.last_event("control_released", asset)
    return fact.happened_at.date() if fact is not None else None


def under_control(ctx: Context, day: date | None = None) -> tuple[str, ...]:
    """Return the assets of a case on which a control stands (on the present day)."""
    on = day or ctx.now.date()
    found = ctx.index.subjects_of("asset")
    return tuple(asset for asset in found if is_under_control(ctx, asset, on))


def release_is_due(ctx: Context) -> bool:
    """Tell whether the closing has to lift something by its own ruling.

    It has where the officer says that all was lifted and something still stands; what ended before,
    by a ruling of node 17 or with the thing itself, is not lifted twice.
    """
    return _says_released(ctx) and bool(under_control(ctx))


def _says_released(ctx: Context) -> bool:
    answer = ctx.index.value(CLOSING_NODE, subjects.CASE, "controls_release")
    return ctx.closing_way == _COMPLETED and str(answer or "") == RELEASED_ALL


def spared_papers(ctx: Context, item: WorkItem) -> tuple[Spared, ...]:
    """Return the papers of a work item that are not needed because nothing is under control."""
    if not _says_released(ctx) or under_control(ctx):
        return ()
    cite = Cite(_CITE_PARAGRAPH, _QUOTE)
    return tuple(
        Spared(paper, _why(ctx), cite)
        for paper in item.papers
        if item.paper_condition(paper) == RELEASE_RULE
    )


def _why(ctx: Context) -> str:
    """Return in words how the controls of the case ended."""
    index = ctx.index
    ways = [
        _end_of(ctx, asset)
        for asset in index.subjects_of("asset")
        if index.value(CONTROL, asset, "control_measure")
    ]
    if not ways:
        return "本案没有登记过查封、扣押、冻结措施"
    return f"没有尚在控制中的财产，{'；'.join(ways)}"


def _end_of(ctx: Context, asset: str) -> str:
    name = ctx.index.name_of(asset) or subjects.label(asset)
    if _drawn(ctx, asset):
        return f"“{name}”已经划拨（提取）"
    if _transferred(ctx, asset):
        return f"“{name}”的成交（抵债）裁定已经送达"
    return f"“{name}”已经在节点{CONTROL}解除"
