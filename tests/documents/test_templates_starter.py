"""A form's own text as a template: accepted, and filled it says what the form says."""

from __future__ import annotations

from functools import cache

from helpers.bureau import rules
from helpers.office import official
from zhixing_desktop import paths
from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_reader import Library
from zhixing_desktop.documents.form_types import Form
from zhixing_desktop.documents.making import Making, make_paper
from zhixing_desktop.documents.sample_data import SAMPLE_DAY, sample_data
from zhixing_desktop.documents.templates import check_template, fill_template
from zhixing_desktop.documents.templates_fields import Values, template_fields
from zhixing_desktop.documents.templates_starter import starter_paper
from zhixing_desktop.documents.word import render_docx
from zhixing_desktop.documents.word_paper import words_in
from zhixing_desktop.services.forms import load_library


@cache
def library() -> Library:
    return load_library(paths.resources_dir(), rules())


def starter(form: Form, dictionary: Dictionary) -> bytes:
    return render_docx(starter_paper(form, dictionary), official())


def squeezed(data: bytes) -> str:
    return "".join("".join(words_in(data)).split())


def test_every_form_has_a_starter_that_says_the_same_when_it_is_filled() -> None:
    dictionary = Dictionary(rules().book)
    laws = library().laws
    refused: list[str] = []
    other: list[str] = []
    for key, form in library().forms.items():
        fields = template_fields(dictionary, laws, form, library().needs[key].names)
        data = starter(form, dictionary)
        found = check_template(data, fields.fields)
        if not found.accepted:
            refused.append(key)
            continue
        values = sample_data(dictionary, form)
        filled = fill_template(data, Values(values, laws, SAMPLE_DAY).context(found.used))
        paper = make_paper(form, values, laws, Making(day=SAMPLE_DAY))
        if squeezed(filled) != squeezed(render_docx(paper, official())):
            other.append(key)
    assert refused == []
    assert other == []


def test_an_articles_number_is_that_of_the_papers_day() -> None:
    dictionary = Dictionary(rules().book)
    form = library().form("报告财产令")
    data = starter(form, dictionary)
    fields = template_fields(dictionary, library().laws, form, ())
    used = check_template(data, fields.fields).used
    values = sample_data(dictionary, form)
    for day, article in (
        (SAMPLE_DAY, "第二百五十二条"),
        (SAMPLE_DAY.replace(year=2023), "第二百四十八条"),
    ):
        asked = Values(values, library().laws, day)
        assert article in squeezed(fill_template(data, asked.context(used)))
        assert any(article in citation.words for citation in asked.citations)


def test_a_period_of_the_law_is_that_of_the_papers_day() -> None:
    dictionary = Dictionary(rules().book)
    form = library().form("公告送达公告")
    data = starter(form, dictionary)
    fields = template_fields(dictionary, library().laws, form, ())
    assert "days.民诉法.公告送达" in fields.fields
    assert "days.民诉法.划拨" not in fields.fields, "it sets none"
    used = check_template(data, fields.fields).used
    values = sample_data(dictionary, form)
    for day, words in (
        (SAMPLE_DAY, "经过三十日"),
        (SAMPLE_DAY.replace(year=2021), "经过六十日"),
    ):
        asked = Values(values, library().laws, day)
        assert words in squeezed(fill_template(data, asked.context(used)))
