"""The report to a superior court on a frozen node: the paper 解冻报告, as it stands for a hop.

The officer issues it from the node's panel.  Until he has, whoever passes the application on sees
the draft, with what was typed into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.services import cases, paper_batch, papers, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.paper_files import known_ending
from zhixing_desktop.services.paper_types import (
    DRAFT,
    ISSUED,
    PDF_ENDING,
    PaperFile,
    PaperLine,
    PaperWish,
    Preview,
)
from zhixing_desktop.services.permission import About, permit
from zhixing_desktop.workflow.approvals import rule_for
from zhixing_desktop.workflow.deciding import find_application
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.views import Key

FORM = "解冻报告"
_RECEIVERS = {
    "intermediate_court": ("superior", "中级人民法院", ""),
    "intermediate_court_bureau_chief": ("superior", "中级人民法院", "执行局"),
    "high_court": ("high", "高级人民法院", ""),
}


@dataclass(frozen=True, slots=True)
class Report:
    """The report for an application: its title, who sends it and to whom, its pages as a PDF.

    ``line`` is the paper that was issued, ``None`` while it is a draft: ``draft`` is what it would
    be then.  ``words`` say how it stands.
    """

    title: str
    receiver: str
    sender: str
    case_id: int
    file: PaperFile
    words: str
    line: PaperLine | None = None
    draft: Preview | None = None


def report(bureau: Bureau, actor: Actor, case: str | int, request: int) -> Report:
    """Return the report on an application that an authority outside the court decides.

    Raises ``RuleRefusedError`` for one that the court decides itself, ``InputRefusedError`` for an
    unknown one, ``NotAllowedError``.
    """
    detail = cases.detail(bureau, actor, case)
    ctx, view = detail.context, detail.view
    asked = find_application(ctx, request)
    rule = rule_for(ctx, view, asked)
    if rule.level == "local":
        raise RuleRefusedError(f"“{rule.label}”由本院决定，不需要报上级法院。", cite=rule.cite)
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "print", case=ctx, about=About(request=request))
    court = read_settings(bureau).court
    which, general, office = _RECEIVERS[rule.level]
    receiver = f"{(court.superior if which == 'superior' else court.high) or general}{office}"
    form = bureau.papers.library(bureau.rules).form(FORM)
    key = Key(asked.node, asked.subject)
    own = [
        line
        for line in papers.papers_of(bureau, actor, detail.id, key)
        # A report of before is on the freeze of before.
        if line.form == form.key and line.made_at >= asked.recorded_at
    ]
    issued = next((line for line in reversed(own) if line.state == ISSUED), None)
    sender = court.name or "本院"
    title = f"{detail.case_no}{form.name}"
    if issued is not None:
        file = papers.paper_file(bureau, actor, issued.id)
        words = f"《{form.name}》已签发。"
        return Report(title, receiver, sender, detail.id, file, words, line=issued)
    kept = next((line for line in reversed(own) if line.state == DRAFT), None)
    if kept is not None:
        draft = papers.preview_of(bureau, actor, kept.id)
    else:
        wish = PaperWish(detail.id, form.key, key)
        draft = papers.preview(bureau, actor, wish)
    file = papers.draw_preview(bureau, draft)
    return Report(title, receiver, sender, detail.id, file, _lacking(draft), draft=draft)


def _lacking(draft: Preview) -> str:
    number = draft.wish.key.node if draft.wish.key is not None else 0
    words = f"《{draft.name}》还没有签发，这是草稿。请承办人在节点{number}的“文书”中签发。"
    gaps = "、".join(dict.fromkeys(gap.label for gap in draft.gaps))
    return f"{words}还缺：{gaps}。" if gaps else words


def report_file(bureau: Bureau, actor: Actor, made: Report, ending: str = PDF_ENDING) -> PaperFile:
    """Return a report as PDF or Word; raises as ``papers.paper_file``."""
    known = known_ending(ending)
    if known == PDF_ENDING:
        return made.file
    if made.line is not None:
        return papers.paper_file(bureau, actor, made.line.id, known)
    assert made.draft is not None
    return papers.draw_preview(bureau, made.draft, known)


def write_report(bureau: Bureau, actor: Actor, made: Report, path: Path) -> Path:
    """Write a report as PDF or Word, by the name's ending; journalled before it is there.

    Raises ``InputRefusedError`` for another ending, else as ``paper_batch.export``.
    """
    file = report_file(bureau, actor, made, path.suffix)
    return paper_batch.write_out(bureau, actor, file, path, made.case_id)


def note_print(
    bureau: Bureau, actor: Actor, made: Report, printer: str = "", *, copies: int = 1
) -> None:
    """Journal that a report is printed; before it goes out, raises as ``papers.note_print``."""
    if made.line is not None:
        papers.note_print(bureau, actor, [made.line.id], copies=copies, printer=printer)
        return
    what: dict[str, object] = {"内容": f"{made.title}（草稿）", "份数": copies}
    if printer:
        what["打印机"] = printer
    traces.note(bureau, actor, traces.PRINTED, what, case_id=made.case_id)
