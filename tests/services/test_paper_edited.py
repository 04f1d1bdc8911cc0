"""A paper edited in Word: handed out, taken back, issued with the edited words."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import pypdfium2
import pytest

from helpers.bureau import CLERK, Office
from helpers.paper_office import notice, paper_office
from zhixing_desktop.services import papers
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.paper_drafts import change_draft, keep_draft
from zhixing_desktop.services.paper_edited import (
    changes_of,
    drop_edited,
    take_back,
    word_to_edit,
)
from zhixing_desktop.services.paper_issuing import issue_draft
from zhixing_desktop.services.paper_types import PaperLine
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError, StaleEditError

ADDED = "逾期不履行的，本院将依法强制执行。"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def draft(office: Office) -> PaperLine:
    (case,) = office.case_ids
    return keep_draft(office.bureau, office.actor(CLERK), notice(case))


def edited(office: Office, draft: PaperLine) -> bytes:
    """What a clerk makes of it: one sentence more."""
    given = word_to_edit(office.bureau, office.actor(CLERK), draft.id)
    word = docx.Document(io.BytesIO(given.data))
    place = next(p for p in word.paragraphs if "支付借款50000元" in p.text)
    place.add_run(ADDED)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def words_of_pdf(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
def test_the_edited_words_are_issued_in_word_and_pdf(office: Office, draft: PaperLine) -> None:
    data = edited(office, draft)
    taken = take_back(office.bureau, office.actor(CLERK), draft.id, data, version=1)
    (change,) = taken.edited.changes
    assert ADDED in change.after
    assert ADDED not in change.before
    assert taken.paper.edited
    again = changes_of(office.bureau, office.actor(), draft.id)
    assert again is not None
    assert again.changes == taken.edited.changes
    made = issue_draft(office.bureau, office.actor(), draft.id, version=2).paper
    word = papers.paper_file(office.bureau, office.actor(), made.id, ".docx")
    assert word.data == data
    pdf = words_of_pdf(papers.paper_file(office.bureau, office.actor(), made.id).data)
    said = "".join(pdf.split())  # LibreOffice spaces numbers within Chinese
    assert ADDED in said
    assert made.number in said
    assert check_all(office.bureau) == []


def test_what_has_changed_since_keeps_the_edited_text_from_being_issued(
    office: Office, draft: PaperLine
) -> None:
    data = edited(office, draft)
    take_back(office.bureau, office.actor(CLERK), draft.id, data, version=1)
    with pytest.raises(RuleRefusedError, match="先放弃定稿"):
        change_draft(office.bureau, office.actor(), draft.id, {"duty": "腾退"}, version=2)
    office.at("2024-03-06T09:00")
    with pytest.raises(RuleRefusedError, match="定稿与现在的内容不一致"):
        issue_draft(office.bureau, office.actor(), draft.id, date(2024, 3, 6), version=2)
    dropped = drop_edited(office.bureau, office.actor(), draft.id, version=2)
    assert dropped.edited == ""
    assert issue_draft(office.bureau, office.actor(), draft.id, version=3).paper.number


def test_what_cannot_be_a_text_of_record_is_refused(office: Office, draft: PaperLine) -> None:
    with pytest.raises(InputRefusedError):
        take_back(office.bureau, office.actor(), draft.id, b"not a file of Word", version=1)
    data = edited(office, draft)
    take_back(office.bureau, office.actor(), draft.id, data, version=1)
    with pytest.raises(StaleEditError):
        take_back(office.bureau, office.actor(CLERK), draft.id, data, version=1)
    with pytest.raises(InputRefusedError, match="还没有签发"):
        papers.paper_file(office.bureau, office.actor(), draft.id, ".docx")


def test_a_paper_with_gaps_is_not_handed_out_for_editing(office: Office) -> None:
    (case,) = office.case_ids
    kept = keep_draft(office.bureau, office.actor(), notice(case, duty=""))
    with pytest.raises(InputRefusedError, match="应当履行的义务"):
        word_to_edit(office.bureau, office.actor(), kept.id)
