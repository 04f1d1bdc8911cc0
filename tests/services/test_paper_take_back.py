"""An edited Word file taken back: wrong words pointed out, an issued paper replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpers.bureau import OTHER_OFFICER, Office
from helpers.offices import contents
from helpers.paper_forms import RULING
from helpers.paper_office import notice, paper_office
from helpers.papers import pdf as blank_pdf
from helpers.word_files import docx_of, opened, saved, words_in
from zhixing_desktop.documents.blocks import words_of
from zhixing_desktop.documents.edited import read_edited
from zhixing_desktop.documents.libreoffice import Converter
from zhixing_desktop.documents.pdf import render_pdf
from zhixing_desktop.documents.word_paper import as_paper
from zhixing_desktop.services import paper_files, papers
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.paper_drafts import keep_draft
from zhixing_desktop.services.paper_edited import word_to_edit
from zhixing_desktop.services.paper_issuing import issue, issue_draft
from zhixing_desktop.services.paper_serving import serve
from zhixing_desktop.services.paper_take_back import add_pdf, look, take
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)
from zhixing_desktop.workflow.service_of_papers import Result, Service, Way

WHY = "按合议庭意见修改"


def no_converter(_fonts: str) -> Converter:
    raise StoreError("本机没有找到 LibreOffice。")


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A workstation that has no word processor."""
    made = paper_office(database_url, tmp_path)
    made.bureau.papers = PaperRules(tmp_path / "papers", no_converter)
    yield made
    made.close()


def changed(data: bytes, change: Callable[[str], str]) -> bytes:
    """Return a Word file with the words of its runs changed."""
    document = opened(data)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = change(run.text)
    return saved(document)


def drafted(office: Office) -> tuple[int, bytes]:
    (case,) = office.case_ids
    line = keep_draft(office.bureau, office.actor(), notice(case))
    return line.id, word_to_edit(office.bureau, office.actor(), line.id).data


# ------------------------------------------------------------------------------- wrong words


def test_a_number_or_a_day_changed_by_hand_is_refused(office: Office) -> None:
    paper, word = drafted(office)
    before = contents(office.bureau)
    for old, new, what in (
        ("执1号", "执11号", "文号"),
        ("三月五日", "三月六日", "成文日期"),
    ):
        data = changed(word, lambda text, o=old, n=new: text.replace(o, n))
        found = look(office.bureau, office.actor(), paper, data)
        assert [problem.where for problem in found.refused] == [what]
        with pytest.raises(InputRefusedError, match="由程序给出"):
            take(office.bureau, office.actor(), paper, data, WHY, version=1, confirmed=True)
    assert contents(office.bureau) == before


def test_names_amounts_and_articles_changed_by_hand_are_pointed_out_and_confirmed(
    office: Office,
) -> None:
    paper, word = drafted(office)
    data = changed(
        word,
        lambda text: (
            text.replace("乙建强", "乙健强")
            .replace("50000元", "5000元")
            .replace("第二百五十三条", "第二百五十二条")
        ),
    )
    found = look(office.bureau, office.actor(), paper, data)
    said = {problem.where: problem.sentence for problem in found.problems}
    assert set(said) == {"当事人", "金额", "法条"}
    assert "“乙建强”比原来少出现1处" in said["当事人"]
    assert "“50000元”" in said["金额"]
    assert "“5000元”，不是程序给出的" in said["金额"]
    with pytest.raises(InputRefusedError, match="确认后再取回"):
        take(office.bureau, office.actor(), paper, data, WHY, version=1)
    taken = take(office.bureau, office.actor(), paper, data, WHY, version=1, confirmed=True)
    assert taken.paper.edited
    with office.bureau.database.reading() as conn:
        (row,) = conn.exec_driver_sql("SELECT payload FROM journal ORDER BY id DESC LIMIT 1").all()
    assert WHY in row[0]


def test_a_reason_is_needed_and_the_right(office: Office) -> None:
    paper, word = drafted(office)
    with pytest.raises(InputRefusedError, match="理由"):
        take(office.bureau, office.actor(), paper, word, "", version=1)
    with pytest.raises(NotAllowedError):
        take(office.bureau, office.actor(OTHER_OFFICER), paper, word, WHY, version=1)
    with pytest.raises(StaleEditError):
        take(office.bureau, office.actor(), paper, word, WHY, version=3)


# ------------------------------------------------------------------------------- replaced


def test_an_issued_paper_that_nobody_has_is_replaced_and_stays_void(office: Office) -> None:
    (case,) = office.case_ids
    office.event(case, "asset_found", "asset/1", name="轿车", category="车辆", online=False)
    wish = PaperWish(case, RULING, about="asset/1")
    first = issue(office.bureau, office.actor(), wish).paper
    old = papers.paper_file(office.bureau, office.actor(), first.id, ".docx").data
    data = changed(old, lambda text: text.replace("轿车", "轿车，期限二年"))
    office.at("2024-03-06T10:00")
    assert look(office.bureau, office.actor(), first.id, data).replaces
    taken = take(office.bureau, office.actor(), first.id, data, WHY, version=1)
    before = papers.paper(office.bureau, office.actor(), first.id)
    assert (before.state, before.docx) == ("void", first.docx)
    assert WHY in before.reason
    assert (taken.paper.state, taken.paper.replaces) == ("draft", first.id)
    made = issue_draft(office.bureau, office.actor(), taken.paper.id, version=taken.paper.version)
    assert (made.paper.number, made.paper.day) == (
        "（2024）豫0811执1号之一",
        date(2024, 3, 6),
    )
    words = words_in(papers.paper_file(office.bureau, office.actor(), made.paper.id, ".docx").data)
    assert "（2024）豫0811执1号之一" in words
    assert any("期限二年" in line for line in words)
    assert words[-1] == "二〇二四年三月六日"
    assert check_all(office.bureau) == []


def test_a_paper_is_replaced_by_a_short_step_whatever_others_do_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes its place is drawn before the step, and anew where its number was given away."""
    (case,) = office.case_ids
    for number in (1, 2):
        office.event(
            case, "asset_found", f"asset/{number}", name=f"轿车{number}", category="车辆",
            online=False,
        )  # fmt: skip
    bureau, actor = office.bureau, office.actor()
    first = issue(bureau, actor, PaperWish(case, RULING, about="asset/1")).paper
    old = papers.paper_file(bureau, actor, first.id, ".docx").data
    data = changed(old, lambda text: text.replace("轿车1", "轿车1，期限二年"))
    drawn: list[int] = []
    real = paper_files.draw_one

    def draw(*given: Any) -> bytes:
        drawn.append(len(drawn))
        if len(drawn) == 1:  # would wait for ever for a step that draws
            issue(bureau, actor, PaperWish(case, RULING, about="asset/2"))
        return real(*given)

    monkeypatch.setattr(paper_files, "draw_one", draw)
    taken = take(bureau, actor, first.id, data, WHY, version=1)
    assert len(drawn) == 2
    made = issue_draft(bureau, actor, taken.paper.id, version=taken.paper.version).paper
    words = words_in(papers.paper_file(bureau, actor, made.id, ".docx").data)
    assert "（2024）豫0811执1号之二" in words
    assert made.number == "（2024）豫0811执1号之二"
    # Where nobody comes in between it is drawn once, before the step.
    data = changed(
        papers.paper_file(bureau, actor, made.id, ".docx").data,
        lambda text: text.replace("二年", "三年"),
    )
    drawn.append(0)
    before = len(drawn)
    take(bureau, actor, made.id, data, WHY, version=made.version)
    assert len(drawn) == before + 1


def test_what_was_served_is_not_replaced(office: Office) -> None:
    (case,) = office.case_ids
    made = issue(office.bureau, office.actor(), notice(case)).paper
    word = papers.paper_file(office.bureau, office.actor(), made.id, ".docx").data
    service = Service(Way.DIRECT, Result.SERVED, arrived_on=date(2024, 3, 5), server="张承办")
    serve(office.bureau, office.actor(), made.id, service, "debtor/1")
    with pytest.raises(RuleRefusedError, match="裁定补正"):
        look(office.bureau, office.actor(), made.id, word)
    assert papers.paper(office.bureau, office.actor(), made.id).state == "issued"


# ------------------------------------------------------------------------------- the PDF


def test_the_pdf_is_added_later_if_it_has_the_same_words(office: Office) -> None:
    paper, word = drafted(office)
    data = changed(word, lambda text: text.replace("责令你履行", "现责令你履行"))
    taken = take(office.bureau, office.actor(), paper, data, WHY, version=1)
    seen = papers.preview_of(office.bureau, office.actor(), paper)
    assert any("现责令你履行" in words for words in words_of(seen.paper))
    made = issue_draft(office.bureau, office.actor(), paper, version=taken.paper.version)
    assert made.paper.pdf == ""
    assert "没有 LibreOffice" in made.warnings[-1]
    version = made.paper.version
    for wrong, words in (
        (b"no pdf", "不是一个完整的 PDF"),
        (blank_pdf((255, 255, 255)), "不一致"),
    ):
        with pytest.raises(InputRefusedError, match=words):
            add_pdf(office.bureau, office.actor(), paper, wrong, version=version)
    with pytest.raises(StoreError, match="LibreOffice"):
        add_pdf(office.bureau, office.actor(), paper, version=version)
    layout = office.bureau.papers.layout()
    shown = papers.paper_file(office.bureau, office.actor(), paper, ".docx").data
    case = papers.preview(office.bureau, office.actor(), notice(office.case_ids[0], "debtor/2"))
    own = render_pdf(as_paper(shown, case.paper), layout, office.bureau.papers.fonts(layout))
    line = add_pdf(office.bureau, office.actor(), paper, own, version=version)
    assert line.pdf
    assert papers.paper_file(office.bureau, office.actor(), paper).data == own
    with pytest.raises(RuleRefusedError, match="已经有 PDF"):
        add_pdf(office.bureau, office.actor(), paper, own, version=line.version)
    assert check_all(office.bureau) == []


# ------------------------------------------------------------------------------- bad files


def test_a_file_that_is_still_open_or_torn_is_told(office: Office, tmp_path: Path) -> None:
    paper, word = drafted(office)
    path = tmp_path / "执行通知书.docx"
    path.write_bytes(word)
    (tmp_path / "~$行通知书.docx").write_bytes(b"who has it open")
    with pytest.raises(StoreError, match="还在 Word、WPS 或者 LibreOffice 中打开着"):
        read_edited(path)
    for data in (word[: len(word) // 2], b"", docx_of("")):
        with pytest.raises(InputRefusedError):
            look(office.bureau, office.actor(), paper, data)
