"""Commands on the court's own hand on papers: templates, layout, edited papers, missing PDFs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from zhixing_desktop.cli.arguments import add, arg, group_of
from zhixing_desktop.cli.lookup import reference, subject_of
from zhixing_desktop.cli.session import Session, moment
from zhixing_desktop.documents.edited import Change, read_edited
from zhixing_desktop.documents.layout_reader import layout_json
from zhixing_desktop.services import (
    paper_edited,
    paper_layout,
    paper_layout_trial,
    paper_take_back,
    paper_templates,
    papers,
)
from zhixing_desktop.services.paper_templates import TemplateLine, TemplateReport
from zhixing_desktop.services.paper_types import PaperFile, PaperWish
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError, UsageError

_FORM = arg("form", metavar="样式", help="文书样式的名称或者编号，见 paper list")
_FILE = arg("file", metavar="文件", help="Word 文件（.docx）")
_REASON = arg("--reason", metavar="理由", required=True, help="理由，记入日志")
_FROM = arg("--from", dest="first", metavar="日期", help="从哪一天起启用；默认今天")
_ID = arg("paper", metavar="文书", type=int, help="文书的编号，见 paper made")
_SEEN = arg("--seen", metavar="版本", type=int, help="看到的是第几版；别人改过的不办理")
_OUT = arg("--out", metavar="文件", required=True, help="写到哪个文件；已有的不覆盖")


def office_actions(group: Any) -> None:
    """Add the actions of ``zhixing paper`` that are the court's own hand."""
    _template_actions(group_of(group, "template", "本院的文书模板"))
    _layout_actions(group_of(group, "layout", "文书版式"))
    out = arg("--out", metavar="文件", required=True, help="Word 文件（.docx）")
    add(group, "edit", paper_edit, "导出草稿的 Word 文件，用来修改", _ID, out)
    look = arg("--dry-run", action="store_true", help="只看改了什么，不取回")
    why = arg("--reason", metavar="理由", help="修改的理由，记入日志")
    sure = arg("--confirm", action="store_true", help="提示的各处已经核对无误")
    words = "取回改过的 Word 文件，作为文书的定稿"
    add(group, "take-back", paper_take, words, _ID, _FILE, why, look, sure, _SEEN)
    add(group, "drop-edited", paper_drop, "放弃取回的定稿，恢复样式的文字", _ID, _SEEN)
    pdf = arg("--file", metavar="PDF", help="在 Word、WPS 中另存的 PDF；不写由 LibreOffice 转换")
    add(group, "add-pdf", paper_add_pdf, "给签发时没有 PDF 的文书补 PDF", _ID, pdf, _SEEN)


def _template_actions(group: Any) -> None:
    add(group, "list", template_list, "哪些样式换成了本院模板；写样式的列历次", *_optional_form())
    add(group, "start", template_start, "把样式的文字连同标签存为 Word 文件，作为起点", _FORM, _OUT)
    find = arg("--find", metavar="文字", default="", help="只列名称或者标签里有这些字的")
    add(group, "fields", template_fields, "一个样式的模板可以用的标签", _FORM, find)
    add(group, "check", template_check, "检查模板；有错误时退出码为 1", _FORM, _FILE)
    case = arg("--case", metavar="案件", help="用哪件案件的数据；不写用示例数据")
    about = arg("--for", dest="about", metavar="对象", help="为谁、为哪项财产制作")
    out = arg("--out", metavar="文件", required=True, help="PDF 或者 Word 文件")
    add(group, "try", template_try, "按模板试做一份，什么都不保存", _FORM, _FILE, case, about, out)
    add(group, "accept", template_accept, "采用模板", _FORM, _FILE, _REASON, _FROM)
    back = arg("--to", dest="version", type=int, metavar="编号", help="换回第几号模板")
    words = "停用模板，恢复程序自带的样式；写 --to 的换回以前的模板"
    add(group, "remove", template_remove, words, _FORM, back, _REASON, _FROM)


def _optional_form() -> tuple[Any, ...]:
    return (arg("form", metavar="样式", nargs="?", help="只列这个样式的，全部历次"),)


def _layout_actions(group: Any) -> None:
    add(group, "show", layout_show, "现在的版式、本院改过的各项、本机的字体")
    values = arg("values", nargs="+", metavar="名称=内容", help="如 zero=零、seal.diameter=42")
    add(group, "set", layout_set, "修改版式，以后制作的文书按它", values, _REASON)
    add(group, "reset", layout_reset, "恢复程序自带的版式", _REASON)


# ------------------------------------------------------------------------------- templates


def _data(text: str) -> tuple[str, bytes]:
    path = Path(text).expanduser()
    return path.name, read_edited(path)


def _new(text: str) -> Path:
    path = Path(text).expanduser()
    if path.exists():
        raise UsageError(f"“{text}”已经存在，为免覆盖没有写入。请换一个文件名。")
    return path


def _write(path: Path, file: PaperFile) -> None:
    try:
        path.write_bytes(file.data)
    except OSError as error:
        raise StoreError(f"写不了“{path.name}”：请检查文件夹和磁盘空间。") from error


def template_list(session: Session) -> None:
    """List the forms made from templates, or all that one form was ever made from."""
    form = session.options.form
    bureau = session.bureau()
    if form:
        lines = paper_templates.versions(bureau, form)
    else:
        lines = tuple(paper_templates.in_use(bureau).values())
    names = bureau.papers.library(bureau.rules).forms
    session.show(
        {"templates": [asdict(line) for line in lines]},
        [*(f"{names[line.form].name}　{_line(line)}" for line in lines), f"共{len(lines)}项"],
    )


def _line(line: TemplateLine) -> str:
    what = f"本院模板“{line.file}”" if line.file else "程序自带的样式"
    now = "　现用" if line.current else ""
    return f"第{line.id}号　{what}　{line.effective_on}起　{line.who}　{line.reason}{now}"


def template_start(session: Session) -> None:
    """Write a form's own text with its tags as a Word file."""
    o = session.options
    path = _new(o.out)
    _write(path, paper_templates.starter_file(session.bureau(), o.form))
    session.show({"file": str(path)}, [f"已写入：{o.out}"])


def template_fields(session: Session) -> None:
    """List what a template of a form may name."""
    o = session.options
    found = paper_templates.field_lines(session.bureau(), o.form)
    lines = [line for line in found if o.find in line.name or o.find in line.label]
    session.show(
        {"fields": [asdict(line) for line in lines]},
        [*(f"{line.name}　{line.label}" for line in lines), f"共{len(lines)}个"],
    )


def template_check(session: Session) -> int:
    """Check a Word file as a template; return 1 where it cannot be used."""
    o = session.options
    _, data = _data(o.file)
    report = paper_templates.check(session.bureau(), o.form, data)
    session.show(_report_json(report), report_lines(report))
    return 0 if report.accepted else 1


def _report_json(report: TemplateReport) -> dict[str, Any]:
    return {**asdict(report), "accepted": report.accepted}


def report_lines(report: TemplateReport) -> list[str]:
    """Return what the checker found, in lines."""
    lines = [f"使用 {len(report.used)} 个标签"]
    lines += [f"缺少：{line.label}　{line.name}" for line in report.missing]
    lines += [f"没有这个标签：{name}" for name in report.unknown]
    lines += [f"没有用到：{line.label}　{line.name}" for line in report.unused]
    for problem in report.problems:
        word = "错误" if problem.severity == "error" else "注意"
        lines.append(f"{word}　{problem.where}：{problem.sentence}")
    return [*lines, "可以采用" if report.accepted else "不能采用"]


def template_try(session: Session) -> None:
    """Fill a template and write what comes of it."""
    o = session.options
    path = _new(o.out)
    _, data = _data(o.file)
    bureau, actor = session.bureau(), session.actor()
    wish = None
    if o.case:
        about = subject_of(o.about) if o.about else ""
        wish = PaperWish(reference(session, o.case), o.form, about=about)
    found = paper_templates.try_template(bureau, actor, o.form, data, wish)
    made = found.word if path.suffix.lower() == ".docx" else found.pages
    _write(path, made)
    lines = [f"已写入：{o.out}", *(f"缺少：{label}" for label in found.gaps)]
    if path.suffix.lower() != ".docx" and not found.true_pages:
        lines.append("本机没有 LibreOffice，这个 PDF 只有文字，版面以 Word 文件为准。")
    session.show({"file": str(path), "gaps": found.gaps, "true_pages": found.true_pages}, lines)


def template_accept(session: Session) -> None:
    """Let a form be made from a Word file."""
    o = session.options
    name, data = _data(o.file)
    day = moment(o.first).date() if o.first else None
    made = paper_templates.accept(
        session.bureau(), session.actor(), o.form, data, name, o.reason, day
    )
    session.show(asdict(made), [_line(made)])


def template_remove(session: Session) -> None:
    """Go back to the program's form or an earlier template."""
    o = session.options
    day = moment(o.first).date() if o.first else None
    made = paper_templates.put_back(
        session.bureau(), session.actor(), o.form, o.reason, o.version, day
    )
    session.show(asdict(made), [_line(made)])


# ------------------------------------------------------------------------------- layout


def layout_show(session: Session) -> None:
    """Show the layout and which fonts play its faces here."""
    bureau = session.bureau()
    state = paper_layout_trial.layout_state(bureau)
    faces = paper_layout_trial.faces(bureau, paper_layout.layout(bureau))
    data = {
        "standing": state.standing,
        "overrides": state.overrides,
        "faces": [asdict(face) for face in faces],
    }
    text = yaml.safe_dump(dict(state.overrides), allow_unicode=True, sort_keys=False).strip()
    lines = ["本院改过的：" + (f"\n{text}" if state.overrides else "没有，用程序自带的版式")]
    for face in faces:
        tail = "（代替）" if face.stands_in else ""
        lines.append(f"{face.label}　文书写明{face.wanted}，本机用{face.used}{tail}")
    session.show(data, lines)


def layout_set(session: Session) -> None:
    """Change some values of the layout."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    state = paper_layout_trial.layout_state(bureau)
    wanted = state.standing
    for entry in o.values:
        place, mark, text = entry.partition("=")
        if not mark:
            raise UsageError(f"“{entry}”应当写成 名称=内容。")
        try:
            paper_layout_trial.value_at(state.standing, place.strip())
        except (KeyError, TypeError):
            raise InputRefusedError(
                f"版式里没有“{place}”。用 zhixing paper layout show --json 查看全部名称。"
            ) from None
        wanted = paper_layout_trial.set_at(wanted, place.strip(), yaml.safe_load(text))
    overrides = paper_layout_trial.overrides_of(state.shipped, wanted)
    changed = paper_layout.change_layout(bureau, actor, overrides, o.reason)
    _show_layout(session, changed=changed)


def layout_reset(session: Session) -> None:
    """Go back to the layout that comes with the program."""
    bureau, actor = session.bureau(), session.actor()
    changed = paper_layout.change_layout(bureau, actor, {}, session.options.reason)
    _show_layout(session, changed=changed)


def _show_layout(session: Session, *, changed: bool) -> None:
    found = layout_json(paper_layout.layout(session.bureau()))
    words = "已修改，以后制作的文书按新的版式" if changed else "原来就是这样，没有修改"
    session.show({"changed": changed, "standing": found}, [words])


# ------------------------------------------------------------------------------- edited papers


def paper_edit(session: Session) -> None:
    """Write a draft's Word file to be edited."""
    from zhixing_desktop.services.paper_batch import write_out

    o = session.options
    path = _new(o.out)
    bureau, actor = session.bureau(), session.actor()
    made = paper_edited.word_to_edit(bureau, actor, o.paper)
    write_out(bureau, actor, made, path, papers.paper(bureau, actor, o.paper).case_id)
    session.show(
        {"file": str(path)}, [f"已写入：{o.out}", "改好保存并关闭后，用 paper take-back 取回"]
    )


def paper_take(session: Session) -> None:
    """Look at an edited Word file, or take it back."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    _, data = _data(o.file)
    found = paper_take_back.look(bureau, actor, o.paper, data)
    changes = [
        {"place": item.place, "change": item.change.value, "before": item.before,
         "after": item.after}
        for item in found.edited.changes
    ]  # fmt: skip
    problems = [asdict(problem) for problem in found.problems]
    shown: dict[str, Any] = {"changes": changes, "problems": problems, "replaces": found.replaces}
    lines = [_change_line(item) for item in found.edited.changes] or ["没有改动"]
    lines += [f"注意：{problem.sentence}" for problem in found.problems]
    if not o.dry_run:
        version = _version(session)
        made = paper_take_back.take(
            bureau, actor, o.paper, data, o.reason or "", version=version, confirmed=o.confirm
        )
        shown |= {"draft": made.paper.id, "version": made.paper.version}
        lines.append(f"已取回，第{made.paper.id}号文书的草稿以它为定稿")
    session.show(shown, lines)


def _change_line(item: Any) -> str:
    signs = {Change.KEPT: "{}", Change.REMOVED: "［-{}-］", Change.ADDED: "［+{}+］"}
    words = "".join(signs[piece.change].format(piece.text) for piece in item.pieces)
    return f"{item.place}　{item.change.label}：{words}"


def _version(session: Session) -> int:
    o = session.options
    if o.seen is not None:
        return int(o.seen)
    return papers.paper(session.bureau(), session.actor(), o.paper).version


def paper_drop(session: Session) -> None:
    """Let the form's own text count again."""
    bureau, actor = session.bureau(), session.actor()
    line = paper_edited.drop_edited(bureau, actor, session.options.paper, version=_version(session))
    session.show({"id": line.id, "version": line.version}, [f"第{line.id}号　已恢复样式的文字"])


def paper_add_pdf(session: Session) -> None:
    """Give an issued paper its PDF."""
    o = session.options
    bureau, actor = session.bureau(), session.actor()
    data = _data(o.file)[1] if o.file else None
    line = paper_take_back.add_pdf(bureau, actor, o.paper, data, version=_version(session))
    session.show({"id": line.id, "pdf": line.pdf}, [f"第{line.id}号　{line.title}　PDF 已补入"])
