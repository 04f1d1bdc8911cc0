"""The court's own templates: checked, accepted, used, put back; without a word processor, too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from helpers.bureau import CLERK, Office
from helpers.offices import contents, journal
from helpers.paper_forms import NOTICE
from helpers.paper_office import notice, paper_office
from helpers.word_files import docx_of, related, words_in
from zhixing_desktop.documents.libreoffice import Converter
from zhixing_desktop.models import health
from zhixing_desktop.services import papers
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_templates import (
    accept,
    check,
    field_lines,
    in_use,
    put_back,
    starter_file,
    template_file,
    try_template,
    versions,
)
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    StoreError,
)

ADMIN, REVIEW = "何管理", "郑审管"
WHY = "本院统一样式"
LINES = (
    "{{ court.name }}", "执行通知书（本院样式）", "{{ paper.number }}", "{{ debtor.name }}：",
    "依照{{ law.民诉法.划拨 }}、{{ article.民诉法.查封拍卖 }}，责令你履行：{{ ask.duty }}",
    "{% if clerk.phone %}书记员电话{{ clerk.phone }}{% endif %}",
    "{{ paper.day_numerals }}",
)  # fmt: skip


def no_converter(_fonts: str) -> Converter:
    raise StoreError("本机没有找到 LibreOffice。")


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A workstation that has no word processor."""
    made = paper_office(database_url, tmp_path)
    made.bureau.papers = PaperRules(tmp_path / "papers", no_converter)
    yield made
    made.close()


def template(*more: str) -> bytes:
    return docx_of(*LINES, *more)


def taken(office: Office, *more: str, name: str = "通知书.docx") -> int:
    found = accept(office.bureau, office.actor(ADMIN), "执行通知书", template(*more), name, WHY)
    return found.id


# ------------------------------------------------------------------------------- the checker


def test_the_checker_lists_what_is_used_missing_unused_and_unknown(office: Office) -> None:
    data = docx_of("{{ court.name }}{{ debtor.nmae }}{{ paper.number }}", "依照第二百四十条")
    found = check(office.bureau, "执行通知书", data)
    assert not found.accepted
    assert [line.label for line in found.missing] == ["应当履行的义务"]
    assert found.unknown == ("debtor.nmae",)
    assert "debtor.name" in {line.name for line in found.unused}
    said = [(problem.severity, problem.sentence) for problem in found.problems]
    assert any("debtor.name" in sentence for _, sentence in said)
    assert any("成文日期" in sentence for _, sentence in said)
    assert [severity for severity, sentence in said if "第二百四十条" in sentence] == ["warning"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (docx_of("{{ ''.__class__.__mro__ }}"), "程序代码|下划线"),
        (docx_of("{% set a = 1 %}"), "不能用“set”"),
        (docx_of("{{ court.name"), "没有配对"),
        (docx_of("{% for a in assets %}"), "没有用 endfor 结束"),
        (template()[:900], "不完整|损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "旧版格式"),
        (related(template(), "attachedTemplate", "file:///x.dotm"), "链接到外部"),
    ],
    ids=["code", "set", "half", "open", "torn", "old", "linked"],
)
def test_a_bad_template_is_refused_in_words_and_nothing_is_kept(
    office: Office, data: bytes, words: str
) -> None:
    before = contents(office.bureau)
    assert not check(office.bureau, NOTICE, data).accepted
    with pytest.raises(InputRefusedError, match=words):
        accept(office.bureau, office.actor(ADMIN), NOTICE, data, "坏.docx", WHY)
    assert contents(office.bureau) == before


def test_the_starter_is_the_forms_own_text_and_passes_the_checker(office: Office) -> None:
    found = starter_file(office.bureau, "执行通知书")
    words = words_in(found.data)
    assert "{{ debtor.name }}：" in words
    assert "{{ paper.day_numerals }}" in words
    assert any("{{ law.民诉法.划拨 }}" in line for line in words)
    assert check(office.bureau, NOTICE, found.data).accepted
    names = {line.name for line in field_lines(office.bureau, NOTICE)}
    assert {"case.amount_daxie", "assets[].n17.control_until", "parties[]"} <= names


# ------------------------------------------------------------------------------- accepting


def test_a_template_is_tried_with_a_cases_data_before_it_is_accepted(office: Office) -> None:
    (case,) = office.case_ids
    before = contents(office.bureau)
    wish = PaperWish(case, NOTICE, about="debtor/1")
    found = try_template(office.bureau, office.actor(), NOTICE, template(), wish)
    assert contents(office.bureau) == before
    assert "乙建强：" in words_in(found.word.data)
    assert found.pages.data.startswith(b"%PDF-")
    assert not found.true_pages
    assert found.gaps == ("应当履行的义务",)
    samples = try_template(office.bureau, office.actor(ADMIN), NOTICE, template())
    assert "李四：" in words_in(samples.word.data)


def test_versions_are_kept_and_one_goes_back_to_any_of_them(office: Office) -> None:
    first = taken(office)
    second = taken(office, "第二稿", name="通知书二.docx")
    assert in_use(office.bureau)[NOTICE].id == second
    back = put_back(office.bureau, office.actor(REVIEW), NOTICE, "第二稿有误", first)
    assert (back.file, back.current) == ("通知书.docx", True)
    assert words_in(template_file(office.bureau, back.id).data) == words_in(template())
    own = put_back(office.bureau, office.actor(ADMIN), NOTICE, "改用程序样式")
    assert (own.file, own.current) == ("", True)
    assert [line.current for line in versions(office.bureau, NOTICE)] == [True, False, False, False]
    assert journal(office.bureau)[-1] == ("paper.template", ADMIN)
    assert health.check(office.bureau.database) == []


def test_it_takes_effect_on_its_day(office: Office) -> None:
    (case,) = office.case_ids
    accept(
        office.bureau, office.actor(ADMIN), NOTICE, template(), "通知书.docx", WHY,
        date(2024, 3, 8),
    )  # fmt: skip
    wish = notice(case)
    assert papers.preview(office.bureau, office.actor(), wish).word is None
    office.at("2024-03-08T09:00")
    assert papers.preview(office.bureau, office.actor(), wish).word is not None
    with pytest.raises(InputRefusedError, match="不能早于今天"):
        put_back(office.bureau, office.actor(ADMIN), NOTICE, "改回", None, date(2024, 3, 7))


def test_others_may_not_and_a_reason_is_needed(office: Office) -> None:
    for name in (CLERK, "张承办", "邢安全", "赵院长"):
        with pytest.raises(NotAllowedError, match="权限表"):
            accept(office.bureau, office.actor(name), NOTICE, template(), "x.docx", WHY)
    with pytest.raises(InputRefusedError, match="理由"):
        accept(office.bureau, office.actor(ADMIN), NOTICE, template(), "x.docx", " ")


# ------------------------------------------------------------------------------- using


def test_a_paper_is_issued_from_it_with_number_articles_and_no_pdf_but_a_word(
    office: Office,
) -> None:
    taken(office)
    (case,) = office.case_ids
    made = issue(office.bureau, office.actor(), notice(case))
    assert (made.paper.pdf, bool(made.paper.docx)) == ("", True)
    assert any("没有 LibreOffice" in words for words in made.warnings)
    word = papers.paper_file(office.bureau, office.actor(), made.paper.id, ".docx")
    words = words_in(word.data)
    assert words[1:4] == ["执行通知书（本院样式）", "（2024）豫0811执1号", "乙建强："]
    assert "《中华人民共和国民事诉讼法》第二百五十三条、第" in words[4]
    assert words[-1] == "二〇二四年三月五日"
    with pytest.raises(InputRefusedError, match="还没有 PDF，以 Word 文件为准"):
        papers.paper_file(office.bureau, office.actor(), made.paper.id)
    assert health.check(office.bureau.database) == []


def test_what_it_lacks_keeps_it_from_being_issued_and_a_condition_does_not(office: Office) -> None:
    taken(office, "账号{{ court.account_number }}")
    (case,) = office.case_ids
    found = papers.preview(office.bureau, office.actor(), notice(case))
    assert [gap.label for gap in found.gaps] == ["执行款专户账号"]
    assert "账号［执行款专户账号］" in words_in(found.word or b"")
    with pytest.raises(InputRefusedError, match="执行款专户账号"):
        issue(office.bureau, office.actor(), notice(case))
    admin = office.actor(ADMIN)
    change_setting(office.bureau, admin, "court.account_number", "4100", "首次设置")
    assert issue(office.bureau, office.actor(), notice(case)).paper.state == "issued"


def test_issued_papers_stay_as_they_are(office: Office) -> None:
    (case,) = office.case_ids
    before = issue(office.bureau, office.actor(), notice(case)).paper
    taken(office)
    after = papers.paper(office.bureau, office.actor(), before.id)
    assert (after.pdf, after.docx) == (before.pdf, before.docx)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
def test_with_libreoffice_the_pdf_comes_from_the_word_file(office: Office, tmp_path: Path) -> None:
    taken(office)
    office.bureau.papers = PaperRules(tmp_path / "papers")
    (case,) = office.case_ids
    made = issue(office.bureau, office.actor(), notice(case)).paper
    from helpers.office import pages_of

    pdf = papers.paper_file(office.bureau, office.actor(), made.id)
    assert "执行通知书（本院样式）" in "".join("".join(pages_of(pdf.data)).split())
