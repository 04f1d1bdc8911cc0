"""The court's own templates: what is accepted, what is refused and where, what is filled in."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from markupsafe import Markup

from helpers.word_files import changed, docx_of, in_body, in_runs, opened, related, saved, words_in
from zhixing_desktop.documents.templates import TemplateCheck, check_template, fill_template
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import InputRefusedError

FIELDS = {
    "case.number": "案号",
    "case.amount": "执行标的",
    "debtor.name": "被执行人",
    "debtor.agent": "被执行人的代理人",
    "assets[]": "财产清单",
    "assets[].name": "财产名称",
    "assets[].value": "价值",
    "assets[].holders[]": "权利人",
    "creditors[]": "申请执行人",
}
LIST_ROWS = (
    ("财产名称", "价值"),
    ("{%tr for a in assets %}", ""),
    ("{{ a.name }}", "{{ a.value }}元"),
    ("{%tr endfor %}", ""),
)
VALUES: dict[str, Any] = {
    "case": {"number": "（2024）豫0811执123号", "amount": "107000.53元"},
    "debtor": {"name": "王镕", "agent": ""},
    "assets": [
        {"name": "房屋", "value": 1, "holders": ["王镕", "李𬭚"]},
        {"name": "车辆", "value": 2, "holders": []},
    ],
    "creditors": ["张喆", "张珺"],
}


def check(*paragraphs: str, required: tuple[str, ...] = ()) -> TemplateCheck:
    return check_template(docx_of(*paragraphs), FIELDS, required)


def sentences(found: TemplateCheck) -> str:
    assert not found.accepted
    return "\n".join(problem.sentence for problem in found.problems)


def filled(*paragraphs: str, **values: Any) -> list[str]:
    data = docx_of(*paragraphs)
    assert check_template(data, FIELDS).problems == ()
    return words_in(fill_template(data, {**VALUES, **values}))


# ---------------------------------------------------------------------------------- accepted


def test_fields_loops_and_conditions_are_filled_in() -> None:
    assert filled(
        "案号：{{ case.number }}",
        "{%p for a in assets %}",
        "{{ loop.index }}. {{ a.name }}{% if a.holders %}（{{ a.holders|join('、') }}）{% endif %}",
        "{%p endfor %}",
        "{% if debtor.agent %}代理人{{ debtor.agent }}{% else %}无代理人{% endif %}",
        "申请执行人：{{ creditors|join }}，共{{ creditors|length }}人",
        "{%p for a in assets %}",
        "{%p for h in a.holders %}",
        "{{ h }}",
        "{%p endfor %}",
        "{%p endfor %}",
    ) == [
        "案号：（2024）豫0811执123号",
        "1. 房屋（王镕、李𬭚）",
        "2. 车辆",
        "无代理人",
        "申请执行人：张喆、张珺，共2人",
        "王镕",
        "李𬭚",
    ]


def test_it_says_what_is_used_missing_and_unused() -> None:
    found = check("{{ case.number }}{{ debtor.name }}", required=("case.number", "case.amount"))
    assert found.used == ("case.number", "debtor.name")
    assert found.missing == ("case.amount",)
    assert "debtor.agent" in found.unused
    assert "缺少必需的“执行标的”。请在应当出现的地方写上 {{ case.amount }}。" in sentences(found)


def test_what_is_not_required_may_be_left_out() -> None:
    found = check("{{ case.number }}", required=("case.number",))
    assert (found.accepted, found.problems) == (True, ())


def test_tags_that_word_cut_into_runs_are_read_and_filled() -> None:
    data = in_runs("案号：{", "{ case", ".num", "ber }", "}。")
    assert check_template(data, FIELDS).used == ("case.number",)
    assert words_in(fill_template(data, VALUES)) == ["案号：（2024）豫0811执123号。"]


def test_quotation_marks_that_word_made_round_are_read() -> None:
    assert filled("{{ creditors|join(“；”) }}") == ["张喆；张珺"]


def test_rows_of_a_table_are_repeated_200_times_and_names_may_be_long() -> None:
    data = docx_of("清单", rows=LIST_ROWS)
    assert check_template(data, FIELDS).accepted
    name = "阿不都热合曼·买买提艾力" * 5
    rows = [{"name": name, "value": number, "holders": []} for number in range(200)]
    table = opened(fill_template(data, {**VALUES, "assets": rows})).tables[0]
    assert len(table.rows) == 201
    assert len(name) == 60
    assert [cell.text for cell in table.rows[200].cells] == [name, "199元"]


def test_heads_and_feet_of_pages_are_filled_too() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{{ case.number }}"
    document.sections[0].footer.paragraphs[0].text = "{{ case.nummer }}"
    data = saved(document)
    found = check_template(data, FIELDS)
    assert found.used == ("case.number",)
    assert [problem.where for problem in found.problems] == ["页脚"]
    header = opened(fill_template(mended(data), VALUES)).sections[0].header
    assert header.paragraphs[0].text == "（2024）豫0811执123号"


def mended(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        foot = next(name for name in archive.namelist() if "footer" in name)
    return changed(data, foot, lambda xml: xml.replace("case.nummer", "case.amount"))


def test_the_same_template_and_values_give_the_same_bytes() -> None:
    data = docx_of("{{ case.number }}")
    assert fill_template(data, VALUES) == fill_template(data, VALUES)


# ------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    "name",
    [
        "张喆 & <某>公司",
        "{{ 7 * 7 }}",
        "{% for a in assets %}",
        "</w:t></w:r></w:p><w:p/>",
        "&lt;b&gt;",
        Markup("<w:br/>"),
        "“引号”与'引号'",
        "𬭚㛃　喆",
    ],
)
def test_a_value_stays_words(name: str) -> None:
    values = {"debtor": {"name": name, "agent": ""}}
    assert filled("被执行人：{{ debtor.name }}。", **values) == [f"被执行人：{name!s}。"]


def test_breaks_and_control_characters_in_a_value_do_no_harm() -> None:
    values = {"debtor": {"name": "甲\a乙\f丙\x00\n丁\t戊", "agent": ""}}
    assert filled("{{ debtor.name }}", **values) == ["甲乙丙\n丁\t戊"]


def test_an_entry_named_like_a_method_is_the_entry() -> None:
    data = docx_of("{{ debtor.items }}{{ debtor.keys }}")
    made = fill_template(data, {"debtor": {"items": "一", "keys": "二"}})
    assert words_in(made) == ["一二"]


def test_a_field_without_a_value_stops_the_paper() -> None:
    with pytest.raises(InputRefusedError, match="没有内容"):
        fill_template(docx_of("{{ case.number }}"), {"case": {}})


def test_yes_no_and_nothing_are_written_in_words() -> None:
    values = {"debtor": {"name": True, "agent": None}}
    assert filled("{{ debtor.name }}{{ debtor.agent|default('无') }}", **values) == ["是无"]


def test_only_plain_values_can_be_filled_in(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        fill_template(docx_of("{{ case.number }}"), {"case": {"number": tmp_path}})


# ---------------------------------------------------------------------------------- refused


def test_unknown_fields_are_named_with_the_likely_one_and_their_paragraph() -> None:
    found = check("第一段", "{{ case.nubmer }}", "{{ 被执行人 }}", "{{ zzz }}")
    assert found.unknown == ("case.nubmer", "被执行人", "zzz")
    assert [problem.where for problem in found.problems] == ["正文第2段", "正文第3段", "正文第4段"]
    assert "是不是“case.number”（案号）？" in found.problems[0].sentence
    assert "是不是“debtor.name”（被执行人）？" in found.problems[1].sentence
    assert "请对照字段清单改正。" in found.problems[2].sentence


CODE = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ case.__init__ }}",
    "{{ case['number'] }}",
    "{{ case.number.upper() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self }}",
    "{{ 9 * 9 }}",
    "{{ 'x' * 9999999 }}",
    "{{ 9 ** 9 }}",
    "{{ case.number|attr('x') }}",
    "{{ case.number|map(attribute='x') }}",
    "{{ creditors|join(case.number) }}",
    "{{ case.number is defined }}",
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{{ case.number ~ case.amount }}",
    "{% set x = 1 %}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% from 'a' import b %}",
    "{% extends 'a' %}",
    "{% block a %}{% endblock %}",
    "{% macro a() %}{% endmacro %}",
    "{% call a() %}{% endcall %}",
    "{% filter upper %}{% endfilter %}",
    "{% with x = 1 %}{% endwith %}",
    "{% raw %}{% endraw %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% colspan 3 %}",
    "{% vm %}",
    "{% for i in range(1000000000) %}{% endfor %}",
    "{% for a in assets recursive %}{% endfor %}",
    "{% for a in assets if a.name %}{% endfor %}",
    "{% for a, b in assets %}{% endfor %}",
    "{% for a in assets %}{% for b in assets %}{{ b.name }}{% endfor %}{% endfor %}",
    "{{ _ }}",
]


@pytest.mark.parametrize("code", CODE)
def test_whatever_is_more_than_filling_in_is_refused(code: str) -> None:
    found = check("第一段", code)
    assert not found.accepted
    assert {problem.where for problem in found.problems} == {"正文第2段"}


# Unlike the check, filling knows no fields: what only the fields rule out is not its business.
HARMLESS = {"{{ self }}", "{% vm %}", "{% colspan 3 %}", "{% raw %}{% endraw %}"}
HARMLESS |= {code for code in CODE if "for b in assets" in code}


@pytest.mark.parametrize("code", [code for code in CODE if code not in HARMLESS])
def test_it_is_refused_again_when_it_is_filled(code: str) -> None:
    with pytest.raises(InputRefusedError):
        fill_template(docx_of(code), VALUES)


def test_code_hidden_in_a_foot_of_a_page_is_refused() -> None:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "{{ ''.__class__ }}"
    assert "下划线" in sentences(check_template(saved(document), FIELDS))


@pytest.mark.parametrize(
    ("paragraphs", "where", "words"),
    [
        (("{{ case.number",), "正文第1段", "没有配对"),
        (("一", "case.number }}"), "正文第2段", "没有配对"),
        (("{{ case. }}",), "正文第1段", "写错了"),
        (("{% if %}x{% endif %}",), "正文第1段", "写错了"),
        (("{%p if debtor.agent %}", "一"), "正文第1段", "没有用 endif 结束"),
        (("一", "{%p endif %}"), "正文第2段", "前面没有对应的 if"),
        (("{% else %}",), "正文第1段", "前面没有对应的 if"),
        (("{% if debtor.agent %}", "一", "{% endif %}"), "正文第3段", "不在同一段"),
        (("{%p if debtor.agent %}", "{% endif %}"), "正文第2段", "不一致"),
        (("{%p if debtor.agent %}另外的字", "{%p endif %}"), "正文第1段", "会一起丢失"),
        (("{%r if debtor.agent %}{%r endif %}",), "正文第1段", "不支持"),
        (("{{p case.number }}",), "正文第1段", "不要写"),
        (("{{ assets }}",), "正文第1段", "是清单"),
        (("{{ assets|join }}",), "正文第1段", "请用循环"),
        (("{{ case.number|length }}",), "正文第1段", "只能用于清单"),
        (("{{ debtor }}",), "正文第1段", "没有“debtor”这个字段"),
        (("{%p for x in case.number %}", "{%p endfor %}"), "正文第1段", "不是可以逐项列出的清单"),
        (("{{ " + "a" * 600 + " }}",), "正文第1段", "太长"),
    ],
)
def test_mistakes_are_named_with_their_paragraph(
    paragraphs: tuple[str, ...], where: str, words: str
) -> None:
    found = check(*paragraphs)
    assert any(p.where == where and words in p.sentence for p in found.problems), found.problems


def test_a_loop_variable_ends_with_its_loop() -> None:
    found = check("{%p for a in assets %}", "{{ a.name }}", "{%p endfor %}", "{{ a.name }}")
    assert [problem.where for problem in found.problems] == ["正文第4段"]


def test_a_loop_that_leaves_its_table_is_refused() -> None:
    data = docx_of("{%p for a in assets %}", rows=(("{%p endfor %}", "x"),))
    assert "不在同一处" in sentences(check_template(data, FIELDS))


def test_what_tears_the_page_apart_is_found_before_it_is_needed() -> None:
    """A whole row in a loop that begins in another cell: only trying it shows."""
    data = docx_of("一", rows=(("{% if debtor.agent %}{{ case.number }}", "{% endif %}"),))
    assert not check_template(data, FIELDS).accepted


def test_text_beside_the_tag_of_a_row_would_be_lost() -> None:
    rows = (("{%tr for a in assets %}", "合计"), ("{{ a.name }}", ""), ("{%tr endfor %}", ""))
    assert "会一起丢失" in sentences(check_template(docx_of("一", rows=rows), FIELDS))


def test_all_mistakes_are_listed_at_once() -> None:
    found = check(
        "{{ nobody }}",
        "{{ case.number",
        "{% set a = 1 %}",
        "{{ assets }}",
        required=("case.amount",),
    )
    assert len(found.problems) == 5


def test_tags_where_nothing_is_filled_are_named() -> None:
    document = docx.Document()
    document.core_properties.title = "{{ case.number }}"
    assert "文件的属性" in sentences(check_template(saved(document), FIELDS))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: data[:100], "损坏"),
        (lambda data: b"", "空的"),
        (lambda data: changed(data, "word/vbaProject.bin", lambda _x: "x"), "宏"),
        (lambda data: related(data, "attachedTemplate", "http://a.example/t.dotm"), "外部的模板"),
        (lambda data: related(data, "image", "file://server/x.png"), "外部的图片"),
        (lambda data: changed(data, "word/embeddings/a.bin", lambda _x: "x"), "嵌入"),
        (
            lambda data: changed(
                data, "word/big.xml", lambda _x: f"<a>{' ' * (101 * 1024 * 1024)}</a>"
            ),
            "过大",
        ),
        (
            lambda data: in_body(
                data, "<w:body>", '<w:body><w:p><w:ins w:id="1" w:author="甲"/></w:p>'
            ),
            "修订",
        ),
    ],
)
def test_a_file_that_is_no_plain_word_file_is_refused(spoil: Any, words: str) -> None:
    data = spoil(docx_of("{{ case.number }}"))
    assert words in sentences(check_template(data, FIELDS, ["case.number"]))


def test_a_file_with_a_part_missing_is_refused() -> None:
    relation = (
        '<Relationship Id="rIdY" Target="nowhere.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/header"/>'
    )
    data = changed(
        docx_of("{{ case.number }}"),
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace("</Relationships>", f"{relation}</Relationships>"),
    )
    assert "结构不完整" in sentences(check_template(data, FIELDS))


def test_a_file_with_macros_is_not_even_filled() -> None:
    data = changed(docx_of("{{ case.number }}"), "word/vbaProject.bin", lambda _x: "x")
    with pytest.raises(InputRefusedError):
        fill_template(data, VALUES)


def test_thousands_of_tags_are_refused_quickly() -> None:
    assert "请改用循环" in sentences(check(*["{{ case.number }}" * 100] * 60))


def test_what_the_handbook_shows_is_accepted() -> None:
    page = resources_dir().parent / "docs" / "handbook" / "templates.md"
    rows = re.findall(r"^\| (`\{.*?) \|[^|]*\|$", page.read_text("utf-8"), re.MULTILINE)
    shown = [re.findall("`([^`]+)`", row.replace("\\|", "|"))[:2] for row in rows]
    assert len(shown) == 9
    for tags in shown:
        is_row = "{%tr" in tags[0]
        if len(tags) == 1 or not is_row:
            middle = ["甲"] if len(tags) == 2 else []
            loop = "loop.index" in tags[0]
            lines = ["{%p for a in assets %}", *tags, "{%p endfor %}"] if loop else tags
            data = docx_of(*lines[:1], *middle, *lines[1:])
        else:
            data = docx_of("一", rows=[(tags[0], ""), ("甲", "乙"), (tags[1], "")])
        assert check_template(data, FIELDS).problems == ()
