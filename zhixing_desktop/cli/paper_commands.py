"""Commands on papers: the forms, and the life of a paper of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhixing_desktop.cli.arguments import add, arg
from zhixing_desktop.cli.lookup import reference, subject_of
from zhixing_desktop.cli.paper_office_commands import office_actions
from zhixing_desktop.cli.session import Session, moment, pairs
from zhixing_desktop.documents.blocks import words_of
from zhixing_desktop.documents.form_reader import Library
from zhixing_desktop.documents.form_types import Form, Numbering
from zhixing_desktop.documents.laws import Law
from zhixing_desktop.documents.naming import Naming
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import (
    paper_batch,
    paper_drafts,
    paper_issuing,
    paper_serving,
    paper_voiding,
    papers,
)
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_files import known_ending
from zhixing_desktop.services.paper_rows import CATALOGUES
from zhixing_desktop.services.paper_types import (
    PaperLine,
    PaperWish,
    Preview,
    ServiceLine,
)
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.errors import InputRefusedError, UsageError
from zhixing_desktop.workflow.service_of_papers import Result, Service, Way
from zhixing_desktop.workflow.views import Key

_FORM = arg("form", metavar="样式", help="文书样式的名称或者编号，见 paper list")
_CASE = arg("case", metavar="案件", help="案号或者案件序号")
_ID = arg("paper", metavar="文书", type=int, help="文书的编号，见 paper made")
_REASON = arg("--reason", metavar="理由", required=True, help="理由")
_SEEN = arg("--seen", metavar="版本", type=int, help="看到的是第几版；别人改过的不办理")
_WISH = (
    arg("values", nargs="*", metavar="名称=内容", help="填写项，如 fee=650"),
    arg("--set", action="append", default=[], metavar="名称=内容", help="同上，可以写几次"),
    arg("--data", metavar="JSON", help="填写项，写成 JSON 对象"),
    arg("--for", dest="about", metavar="对象", help="为谁、为哪项财产制作，如 debtor/1、财产2"),
    arg("--recipient", metavar="当事人", help="这一份给谁，如 creditor/1"),
    arg("--node", metavar="节点", help="在哪个节点制作，如 17@asset/1"),
    arg("--enclose", action="append", type=int, metavar="文书", help="附上哪几号文书"),
    arg("--day", metavar="日期", help="文书日期；默认今天"),
)


def paper_group(group: Any) -> None:
    """Add the actions of ``zhixing paper``."""
    node = arg("--node", type=int, metavar="节点", help="只列这个节点的")
    add(group, "list", paper_list, "全部文书样式：节点、需要的数据、引用的法条", node)
    add(group, "show", paper_show, "一个样式：填写项、需要的数据、引用的法条", _FORM)
    touched = arg("--touches", metavar="法条", help="改动它会涉及哪些样式，如 民诉法.划拨")
    on = arg("--on", metavar="日期", help="哪一天适用的条文；默认今天")
    add(group, "laws", paper_laws, "法条表，以及引用它的样式", touched, on)
    add(group, "check", paper_check, "检查样式、法条表和字体；有问题时退出码为 1")
    add(group, "made", paper_made, "一个案件已经制作的文书", _CASE)
    out = arg("--out", metavar="文件", help="写成 PDF 或者 Word 文件（.pdf、.docx）")
    keep = arg("--keep", action="store_true", help="存为草稿")
    hand = arg("--by-hand", action="store_true", help="缺少的留空手写（外勤用），不存为草稿")
    words = "预览文书：内容和缺少的数据；不写 --keep 什么都不保存"
    add(group, "draft", paper_draft, words, _CASE, _FORM, *_WISH, out, keep, hand)
    add(group, "issue", paper_issue, "制作并签发文书", _CASE, _FORM, *_WISH)
    day = arg("--day", metavar="日期", help="文书日期；默认草稿的，或者今天")
    add(group, "issue-draft", paper_issue_draft, "签发草稿", _ID, day, _SEEN)
    add(group, "void", paper_void, "作废文书，文号不再使用", _ID, _REASON, _SEEN)
    add(group, "again", paper_again, "按作废的文书重新制作，存为草稿", _ID)
    _serving(group)
    office_actions(group)
    ids = arg("papers", nargs="+", type=int, metavar="文书", help="文书的编号")
    folder = arg("--folder", metavar="文件夹", required=True, help="写到哪个文件夹")
    kind = arg("--format", default="pdf", choices=["pdf", "docx"], help="格式；默认 pdf")
    add(group, "export", paper_export, "把已签发的文书写成文件，记入日志", ids, folder, kind)


def _serving(group: Any) -> None:
    ways = "、".join(f"{way.value} {way.label}" for way in Way)
    results = "、".join(f"{result.value} {result.label}" for result in Result)
    way = arg("way", choices=[way.value for way in Way], metavar="方式", help=ways)
    sent = arg("--sent", metavar="日期", help="交邮、发送、委托、公告的日期")
    arrived = arg("--on", metavar="日期", help="签收、留置、到达、退回的日期")
    what = arg("--result", choices=[r.value for r in Result], default="served", help=results)
    details = (
        sent,
        arrived,
        what,
        arg("--place", metavar="地点", default="", help="送达地点、电子地址、公告载体、受托法院"),
        arg("--received-by", metavar="姓名", default="", help="代收人、转交单位"),
        arg("--relation", metavar="关系", default="", help="代收人与受送达人的关系"),
        arg("--reason", metavar="原因", default="", help="拒收、退回、公告的原因"),
        arg("--witness", metavar="见证", default="", help="见证人，或者拍照、录像的情况"),
        arg("--server", metavar="姓名", default="", help="送达人"),
        arg("--scan", metavar="文件", help="送达回证等的扫描件"),
    )
    whom = arg("--whom", metavar="当事人", help="送达给哪个当事人，如 debtor/1")
    outsider = arg("--recipient", metavar="名称", default="", help="当事人以外的受送达人")
    add(group, "serve", paper_serve, "登记送达，算出送达日期", _ID, way, whom, outsider, *details)
    service = arg("service", type=int, metavar="送达", help="送达登记的编号，见 paper made")
    add(group, "served", paper_served, "补充登记送达的结果", service, way, *details, _SEEN)
    add(group, "unserve", paper_unserve, "撤回送达登记", service, _REASON, _SEEN)
    add(group, "settle", paper_settle, "公告期满后在节点登记送达日期", _ID)
    ids = arg("papers", nargs="+", type=int, metavar="文书", help="文书的编号")
    out = arg("--out", metavar="文件", required=True, help="PDF 或者 Word 文件")
    add(group, "proof", paper_proof, "打印用的送达回证", ids, whom, out)


# ------------------------------------------------------------------------------------- the forms


def _library(session: Session) -> Library:
    return PaperRules(resources_dir()).library(session.rules())


def paper_list(session: Session) -> None:
    """List all forms, or those of a node."""
    library = _library(session)
    node = session.options.node
    forms = library.forms.values() if node is None else library.of_node(node)
    ordered = sorted(forms, key=lambda form: (form.nodes[0], form.key))
    lines = []
    for form in ordered:
        nodes = "、".join(map(str, form.nodes[:6])) + ("…" if len(form.nodes) > 6 else "")
        lines.append("　".join([form.name, f"节点{nodes}", form.kind.label, form.key]))
        asks = "、".join(ask.label for ask in form.asks if ask.required)
        laws = "、".join(library.needs[form.key].laws)
        lines += [f"  填写：{asks}"] if asks else []
        lines += [f"  引用：{laws}"] if laws else []
    data = [_form_json(library, form) for form in ordered]
    session.show({"forms": data}, [*lines, f"共{len(ordered)}种"])


def _form_json(library: Library, form: Form) -> dict[str, Any]:
    needs = library.needs[form.key]
    return {
        "key": form.key,
        "name": form.name,
        "kind": form.kind.value,
        "nodes": list(form.nodes),
        "subject": form.subject,
        "number": form.numbering.value,
        "series": form.series,
        "signs": form.signs,
        "seal": form.seal,
        "approval": form.approval,
        "served_on": list(form.served_on),
        "dossier": dict(form.dossier),
        "carries": [asdict(entry) for entry in form.carries],
        "asks": [
            {
                "name": ask.name,
                "label": ask.label,
                "type": ask.type.value,
                "options": list(ask.options),
                "required": ask.required,
                "default": ask.default,
                "remember": ask.remember,
                "example": ask.example,
            }
            for ask in form.asks
        ],
        "needs": list(needs.names),
        "laws": list(needs.laws),
        "basis": form.basis,
    }


def paper_show(session: Session) -> None:
    """Show one form: what it asks and needs, what it cites, what it does for its node."""
    rules = PaperRules(resources_dir())
    library = rules.library(session.rules())
    form = library.form(session.options.form)
    data = _form_json(library, form)
    words = Naming(rules.dictionary(session.rules()), form)
    data["needs_words"] = {p: words.of(p) for p in data["needs"] if words.knows(p)}
    nodes = "、".join(map(str, form.nodes))
    dossier = "、".join(f"{CATALOGUES[name]}第{item}项" for name, item in form.dossier.items())
    number = _NUMBERS[form.numbering] + (f"（{form.series}）" if form.series else "")
    lines = [
        f"《{form.name}》　{form.kind.label}　{form.key}",
        f"节点：{nodes}　按{subjects.KIND_LABELS[form.subject]}制作",
        f"署名：{form.signs}　印章：{form.seal or '无'}　编号：{number}",
        f"卷宗目录：{dossier}",
        f"依据：{form.basis}",
    ]
    if form.approval:
        lines.append(f"签发以前须经审批：{form.approval}")
    for ask in form.asks:
        tail = "" if ask.required else "（可以不填）"
        lines.append(f"填写：{ask.name}　{ask.label}{tail}")
    named = [said for path, said in data["needs_words"].items() if path[:4] != "ask."]
    lines.append("数据：" + "、".join(dict.fromkeys(named)))
    if data["laws"]:
        lines.append("引用：" + "、".join(data["laws"]))
    session.show(data, lines)


_NUMBERS = {
    Numbering.CASE: "案号",
    Numbering.SUFFIX: "案号，之一、之二",
    Numbering.SERIES: "本院年度编号",
    Numbering.NONE: "不编号",
}


def paper_laws(session: Session) -> None:
    """Show the dated table of articles, or which forms a change of one touches."""
    library = _library(session)
    o = session.options
    day = moment(o.on).date() if o.on else session.clock().now().date()
    if o.touches:
        if not library.laws.knows(o.touches):
            raise InputRefusedError(f"法条表中没有“{o.touches}”。用 zhixing paper laws 查看全部。")
        forms = library.citing(o.touches)
        found = [{"key": form.key, "name": form.name} for form in forms]
        lines = [f"{form.name}　{form.key}" for form in forms]
        session.show({"touches": o.touches, "forms": found}, [*lines, f"共{len(lines)}种"])
        return
    rows = []
    lines = []
    for law in library.laws.by_key.values():
        lines.append(f"《{law.title}》（{law.key}）")
        for row in _articles(library, law, day):
            rows.append(row)
            checked = "" if row["checked"] else "　未核对原文"
            lines.append(
                f"  {law.key}.{row['subject']}　{row['article'] or '尚无条文'}　"
                f"{row['label']}　{len(row['forms'])}种文书引用{checked}"
            )
    session.show({"on": day, "articles": rows}, lines)


def _articles(library: Library, law: Law, day: Any) -> list[dict[str, Any]]:
    found = []
    for subject, versions in law.subjects.items():
        name = f"{law.key}.{subject}"
        held = [article for article in versions if article.since <= day]
        found.append(
            {
                "law": law.key,
                "subject": subject,
                "label": law.labels[subject],
                "article": held[-1].words() if held else "",
                "since": held[-1].since if held else None,
                "checked": held[-1].checked if held else True,
                "forms": [key for key, needs in library.needs.items() if name in needs.laws],
            }
        )
    return found


def paper_check(session: Session) -> int:
    """Check forms, articles and fonts; return 1 where something is wrong."""
    rules = PaperRules(resources_dir())
    problems: list[str] = []
    count = unchecked = 0
    try:
        library = rules.library(session.rules())
        count = len(library.forms)
        unchecked = sum(
            not article.checked
            for law in library.laws.by_key.values()
            for versions in law.subjects.values()
            for article in versions
        )
    except InputRefusedError as error:
        problems += [f"{p.where}：{p.sentence}" for p in error.problems]
    layout = rules.layout()
    fonts = rules.fonts(layout)
    substitutions = [found.sentence for found in fonts.substitutions()]
    data = {
        "forms": count,
        "articles_unchecked": unchecked,
        "substitutions": substitutions,
        "problems": problems,
    }
    lines = [f"文书样式：{count}种", f"法条：{unchecked}条未核对原文", *substitutions, *problems]
    session.show(data, [*lines, f"问题：{len(problems)}处"])
    return 1 if problems else 0


# ------------------------------------------------------------------------------------- a case


def _wish(session: Session) -> PaperWish:
    o = session.options
    case = reference(session, o.case)
    return PaperWish(
        case=case,
        form=o.form,
        key=_key(o.node),
        about=subject_of(o.about) if o.about else "",
        recipient=subject_of(o.recipient) if o.recipient else "",
        asked=pairs([*o.values, *o.set], o.data),
        enclosed=tuple(o.enclose) if o.enclose else None,
        day=moment(o.day).date() if o.day else None,
    )


def _key(text: str | None) -> Key | None:
    if not text:
        return None
    number, _, subject = text.partition("@")
    if not number.isdecimal():
        raise UsageError(f"“{text}”不是节点，应当写成 7 或者 17@asset/1。")
    return Key(int(number), subject_of(subject) if subject else "case")


def paper_draft(session: Session) -> None:
    """Preview a paper; with ``--keep`` keep the draft, with ``--out`` write a file."""
    o = session.options
    wish = _wish(session)
    bureau, actor = session.bureau(), session.actor()
    found = papers.preview(bureau, actor, wish)
    data = _preview_json(found)
    lines = [f"《{found.name}》　{found.number or '不编号'}"]
    if o.out:
        path = _new_file(o.out)
        ending = known_ending(path.suffix)
        made = (
            papers.blank_file(bureau, actor, wish, ending)
            if o.by_hand
            else papers.draw_preview(bureau, found, ending)
        )
        paper_batch.write_out(bureau, actor, made, path, int(found.wish.case))
        data["file"] = str(path)
        lines.append(f"已写入：{o.out}")
    else:
        lines += words_of(found.paper)
    lines += _answer_lines(found)
    if o.keep:
        line = paper_drafts.keep_draft(bureau, actor, wish)
        data["draft"] = {"id": line.id, "version": line.version}
        lines.append(f"已存为草稿，第{line.id}号文书")
    session.show(data, lines)


def _answer_lines(found: Preview) -> list[str]:
    sources = {"typed": "填写", "remembered": "上次填写", "default": "取自案件", "": "没有填写"}
    lines = [
        f"填写项 {ask.name}　{ask.label}：{ask.value or ''}（{sources[ask.source]}）"
        for ask in found.asks
    ]
    lines += [f"缺少：{gap.label}　在此填写：{gap.place}" for gap in found.gaps]
    if found.approval is not None:
        lines.append(f"审批：{found.approval.label}　{found.approval.words}")
    return [*lines, f"缺少{len(found.gaps)}项"]


def _preview_json(found: Preview) -> dict[str, Any]:
    wish = found.wish
    return {
        "form": wish.form,
        "name": found.name,
        "instance": str(wish.key),
        "about": wish.about,
        "day": wish.day,
        "number": found.number,
        "words": words_of(found.paper),
        "asks": [asdict(ask) for ask in found.asks],
        "gaps": [asdict(gap) for gap in found.gaps],
        "approval": asdict(found.approval) if found.approval is not None else None,
        "citations": list(found.citations),
    }


def _new_file(text: str) -> Path:
    path = Path(text).expanduser()
    if path.exists():
        raise UsageError(f"“{text}”已经存在，为免覆盖没有写入。请换一个文件名。")
    return path


def paper_issue(session: Session) -> None:
    """Make and issue a paper."""
    made = paper_issuing.issue(session.bureau(), session.actor(), _wish(session))
    _show_one(session, made.paper, (*made.notes, *made.warnings))


def paper_issue_draft(session: Session) -> None:
    """Issue a kept draft."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    day = moment(o.day).date() if o.day else None
    version = _version(session)
    made = paper_issuing.issue_draft(bureau, actor, o.paper, day, version=version)
    _show_one(session, made.paper, (*made.notes, *made.warnings))


def _version(session: Session) -> int:
    o = session.options
    if o.seen is not None:
        return int(o.seen)
    return papers.paper(session.bureau(), session.actor(), o.paper).version


def paper_void(session: Session) -> None:
    """Make a paper void."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    _show_one(
        session, paper_voiding.void(bureau, actor, o.paper, o.reason, version=_version(session))
    )


def paper_again(session: Session) -> None:
    """Make a void paper again, as a draft."""
    bureau, actor = session.bureau(), session.actor()
    _show_one(session, paper_drafts.again(bureau, actor, session.options.paper))


def paper_made(session: Session) -> None:
    """List a case's papers with their service."""
    case = reference(session, session.options.case)
    found = papers.papers_of(session.bureau(), session.actor(), case)
    lines = [words for line in found for words in _words(line)]
    session.show({"papers": [_paper_json(line) for line in found]}, [*lines, f"共{len(found)}份"])


def _words(line: PaperLine) -> list[str]:
    day = f"{line.day}" if line.day else "未定日期"
    parts = [f"第{line.id}号", line.state_words, line.name, line.number, day, line.about_words]
    parts += [line.dossier, f"作废理由：{line.reason}" if line.state == "void" else ""]
    found = ["　".join(part for part in parts if part)]
    for service in line.services:
        words = f"  第{service.id}次送达　{service.recipient}　{service.service.way.label}"
        state = f"{service.effective_on}送达" if service.effective_on else ""
        state = f"已撤回：{service.withdrawn_reason}" if service.withdrawn_by else state
        found.append(f"{words}　{state or service.service.result.label}")
    if line.unserved:
        found.append(f"  尚未送达：{'、'.join(line.unserved)}")
    return found


def _show_one(session: Session, line: PaperLine, notes: Sequence[str] = ()) -> None:
    session.show({**_paper_json(line), "notes": list(notes)}, [*_words(line), *notes])


def _paper_json(line: PaperLine) -> dict[str, Any]:
    data = {
        name: getattr(line, name)
        for name in (
            "id", "case_no", "form", "name", "about", "recipient", "state", "number", "day",
            "asked", "made_by", "made_at", "issued_by", "issued_at", "voided_by", "reason",
            "replaces", "replaced_by", "pdf", "docx", "edited", "dossier",
            "unserved", "served_on", "version",
        )
    }  # fmt: skip
    services = [_service_json(service) for service in line.services]
    return {**data, "instance": str(line.key), "services": services}


def _service_json(line: ServiceLine) -> dict[str, Any]:
    steps = [{"words": words, "cite": cite} for words, cite in line.derivation]
    return {
        **asdict(line.service),
        "id": line.id,
        "whom": line.whom,
        "recipient": line.recipient,
        "effective_on": line.effective_on,
        "steps": steps,
        "proof": line.proof,
        "withdrawn_by": line.withdrawn_by,
        "version": line.version,
    }


# ------------------------------------------------------------------------------------- service


def _service(o: Any) -> Service:
    return Service(
        way=Way(o.way),
        result=Result(o.result),
        sent_on=moment(o.sent).date() if o.sent else None,
        arrived_on=moment(o.on).date() if o.on else None,
        place=o.place,
        received_by=o.received_by,
        relation=o.relation,
        reason=o.reason,
        witness=o.witness,
        server=o.server,
    )


def _scan(text: str | None) -> Scan | None:
    if not text:
        return None
    path = Path(text).expanduser()
    return Scan(path.name, path.read_bytes())


def paper_serve(session: Session) -> None:
    """Enter how a paper was served."""
    o = session.options
    whom = subject_of(o.whom) if o.whom else ""
    bureau, actor = session.bureau(), session.actor()
    made = paper_serving.serve(
        bureau, actor, o.paper, _service(o), whom, o.recipient, _scan(o.scan)
    )
    _show_service(session, made.service, made.paper, made.notes)


def paper_served(session: Session) -> None:
    """Enter the result of a service that had none."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    made = paper_serving.complete_service(
        bureau, actor, o.service, _service(o), _scan(o.scan), version=o.seen or 1
    )
    _show_service(session, made.service, made.paper, made.notes)


def _show_service(
    session: Session, service: ServiceLine, line: PaperLine, notes: Sequence[str]
) -> None:
    steps = [f"  {words}{f'（{cite}）' if cite else ''}" for words, cite in service.derivation]
    data: Mapping[str, Any] = {
        "service": _service_json(service),
        "paper": _paper_json(line),
        "notes": list(notes),
    }
    day = f"送达日期：{service.effective_on}" if service.effective_on else "尚未送达"
    session.show(data, [f"第{service.id}次送达　{service.recipient}　{day}", *steps, *notes])


def paper_unserve(session: Session) -> None:
    """Take a service back that was entered wrongly."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    line = paper_serving.withdraw_service(bureau, actor, o.service, o.reason, version=o.seen or 1)
    _show_one(session, line)


def paper_settle(session: Session) -> None:
    """Enter at the node what a notice's last day has brought."""
    bureau, actor = session.bureau(), session.actor()
    notes = paper_serving.settle_served(bureau, actor, session.options.paper)
    session.show({"notes": list(notes)}, list(notes) or ["没有可以登记的。"])


def paper_proof(session: Session) -> None:
    """Write the 送达回证 for some papers of one recipient."""
    o = session.options
    path = _new_file(o.out)
    whom = subject_of(o.whom) if o.whom else ""
    bureau, actor = session.bureau(), session.actor()
    made = paper_serving.proof_file(bureau, actor, o.papers, whom, ending=known_ending(path.suffix))
    case_id = papers.paper(bureau, actor, o.papers[0]).case_id
    paper_batch.write_out(bureau, actor, made, path, case_id)
    session.show({"file": str(path)}, [f"送达回证已写入：{o.out}"])


def paper_export(session: Session) -> int:
    """Write issued papers into a folder; return 1 where some could not be."""
    o = session.options
    folder = Path(o.folder).expanduser()
    bureau, actor = session.bureau(), session.actor()
    found = paper_batch.export_many(bureau, actor, o.papers, folder, f".{o.format}")
    data = {
        "files": list(found.files),
        "failed": [asdict(failure) for failure in found.failed],
        "untried": found.untried,
        "stopped": found.stopped,
    }
    lines = [f"已写入：{name}" for name in found.files]
    lines += [f"没有写出：{failure.what}：{failure.sentence}" for failure in found.failed]
    if found.untried:
        lines.append(f"没有办理的{found.untried}份：{found.stopped}")
    session.show(data, [*lines, f"共写出{len(found.files)}份"])
    return 1 if found.failed or found.untried else 0
