"""What a warning says: work content, limit and next node (general rule 5), in one or two lines."""

from __future__ import annotations

from datetime import datetime

from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook

_STEP_WORDS = {
    "warn1": "即将届满",
    "warn2": "今日届满",
    "overdue": "已逾期",
    "freeze": "逾期未完成，已自动冻结，不得流转下一节点",
    "supervise": "未及时启动，通过执行指挥管理平台督办",
    "open": "已启动",
    "lapse": "期满",
}
_MAX_WORK = 60


def alert_sentence(
    book: Rulebook, case_no: str, node: int, limit_id: str, step: str, due: datetime
) -> str:
    """Return the sentence of one announcement."""
    spec = book.nodes[node]
    head = f"{case_no} 节点{node}“{spec.name}”{_STEP_WORDS[step]}"
    parts = [head]
    if limit_id:
        limit = book.limit(limit_id)
        kind = f"（{limit.variant}）" if limit.variant else ""
        parts.append(f"完成时限：{limit.words()}{kind}，{when(due)}届满")
        parts.append(f"工作内容：{work_words(spec, limit.items)}")
    parts.append(f"下一节点：{next_words(book, spec)}")
    if step == "freeze" and spec.unfreeze is not None:
        parts.append(f"解冻{spec.unfreeze.words}")
    return "；".join(parts) + "。"


def alert_brief(book: Rulebook, node: int, limit_id: str, step: str, due: datetime) -> str:
    """Return the same for one line of a digest: no 案号, work content or next node.

    The line stands beside the 案号 and leads to the node, where everything is said.
    """
    spec = book.nodes[node]
    parts = [f"节点{node}“{spec.name}”{_STEP_WORDS[step].partition('，不得')[0]}"]
    if limit_id:
        parts.append(f"{when(due)}届满")
    if step == "freeze" and spec.unfreeze is not None:
        parts.append(f"解冻{spec.unfreeze.words}")
    return "，".join(parts)


def when(moment: datetime) -> str:
    """Return a moment in court words; the end of a day is the day."""
    day = f"{moment.year}年{moment.month}月{moment.day}日"
    return (
        day
        if (moment.hour, moment.minute) == (23, 59)
        else f"{day}{moment.hour}时{moment.minute:02d}分"
    )


def work_words(spec: NodeSpec, items: tuple[int, ...]) -> str:
    """Return the work content of some items, shortened for a list."""
    texts = [entry.text for entry in spec.work_items if not items or entry.item in items]
    words = "".join(texts)
    # The sentence goes on behind it.
    return words.rstrip("。；") if len(words) <= _MAX_WORK else words[:_MAX_WORK] + "……"


def next_words(book: Rulebook, spec: NodeSpec) -> str:
    """Return the names of the next nodes; where the chart draws none the work goes on as it was."""
    names: list[str] = []
    for edge in spec.next:
        name = "流程结束" if edge.to == "end" else f"节点{edge.to}“{book.nodes[int(edge.to)].name}”"
        if edge.to != spec.number and name not in names:
            names.append(name)
    return "、".join(names) if names else "回到原办理节点"
