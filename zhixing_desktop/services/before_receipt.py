"""What the people of the filing must have issued before 收案 hands the case to the executors.

With the day of 收案 the filing clerk's sight of the case ends (authority matrix, relation 立案); a
paper of his nodes that is still open then can be issued by nobody of the filing any more.
"""

from __future__ import annotations

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.completeness import items_in_play, papers_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.facts import NOTHING, State
from zhixing_desktop.workflow.rulebook import NodeSpec
from zhixing_desktop.workflow.views import Blocker, CaseView, Key

RECEIPT = "case_received"
CODE = "收案"


def before_receipt(ctx: Context, view: CaseView, spec: NodeSpec) -> tuple[Blocker, ...]:
    """Return the caution of the node at which 收案 is entered: papers that must go before it.

    Empty at any other node, after 收案, and where every paper of the filing is issued (or said not
    to be made).
    """
    if not any(field.event == RECEIPT for field in spec.fields):
        return ()
    if ctx.index.event(RECEIPT, subjects.CASE) is not None:
        return ()
    open_ones = _open_papers(ctx, view, spec.role)
    if not open_ones:
        return ()
    named = "、".join(f"《{name}》" for name in open_ones)
    item = next(entry for entry in spec.work_items if entry.papers)
    sentence = (
        f"收案登记后，案件转由承办人办理，{spec.role}不再能签发文书。还没有签发的有：{named}。"
        "请先签发，再登记收案日期。"
    )
    cite = Cite(f"{spec.cite.paragraph} 工作内容{item.item}", item.text)
    return (Blocker(CODE, sentence, cite, severity="caution"),)


def _open_papers(ctx: Context, view: CaseView, role: str) -> tuple[str, ...]:
    """Return the papers that nodes of a role still ask for."""
    found: dict[str, None] = {}
    for number, spec in ctx.rulebook.nodes.items():
        instance = view.instances.get(Key(number, subjects.CASE))
        if spec.role != role or instance is None or instance.state is State.NOT_APPLICABLE:
            continue
        done = ctx.index.items.get((number, subjects.CASE), {})
        for item in items_in_play(ctx, spec, subjects.CASE):
            fact = done.get(item.item)
            data = fact.data if fact is not None else NOTHING
            if item.optional or data.get("not_needed"):
                continue
            answered = data.get("papers", NOTHING)
            wanted = papers_in_play(ctx, item, subjects.CASE)
            found |= dict.fromkeys(paper for paper in wanted if not answered.get(paper))
    return tuple(found)
