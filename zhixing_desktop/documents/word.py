"""A paper as a Word file (.docx): the same words in the same order as its PDF.

The parts are written as strings into a package made here, without python-docx: its own empty
document is a US letter in Calibri with wider lines, and it takes ten times as long.
Format: ECMA-376 parts 1 and 2.
"""

from __future__ import annotations

from datetime import date

from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.documents.fonts import Metrics
from zhixing_desktop.documents.layout import TWIPS, Grid, LayoutProfile, PageNumber, twips
from zhixing_desktop.documents.word_blocks import BodyWriter
from zhixing_desktop.documents.word_package import pack
from zhixing_desktop.documents.word_styles import (
    DRAFT,
    FOOT,
    HEAD,
    NAMESPACE,
    PAGE_NUMBER,
    font_table_xml,
    line_of,
    settings_xml,
    styles_xml,
)
from zhixing_desktop.documents.word_widths import held_by_signatures
from zhixing_desktop.documents.word_xml import escape, run

_FORMATS = "application/vnd.openxmlformats-officedocument"
_MAIN = f"{_FORMATS}.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EPOCH = date(2000, 1, 1)


def render_docx(paper: Paper, layout: LayoutProfile, metrics: Metrics | None = None) -> bytes:
    """Return the bytes of a .docx of a paper; the same input gives the same bytes.

    ``metrics`` are the fonts that the paper will be shown with (a ``FontShelf``), to say where its
    last page begins; without, that is reckoned in cells.  Raises ``ValueError`` for a table whose
    rows do not fit its columns (a fault of the form).
    """
    grid = layout.grid(dense=paper.dense)
    parts = {
        "[Content_Types].xml": _content_types(draft=paper.draft),
        "_rels/.rels": _PACKAGE_RELATIONS,
        "docProps/core.xml": _core(paper),
        "docProps/app.xml": _APP,
        "word/document.xml": _document(paper, layout, grid, metrics),
        "word/_rels/document.xml.rels": _relations(draft=paper.draft),
        "word/styles.xml": styles_xml(layout, grid),
        "word/settings.xml": settings_xml(),
        "word/fontTable.xml": font_table_xml(layout),
        "word/footer1.xml": _footer(paper, layout, grid),
    }
    if paper.draft:
        parts["word/header1.xml"] = _header(layout)
    return pack({name: words.encode("utf-8") for name, words in parts.items()})


def _document(paper: Paper, layout: LayoutProfile, grid: Grid, metrics: Metrics | None) -> str:
    held = held_by_signatures(paper, layout, metrics)
    body = BodyWriter(layout, grid).write(paper.blocks, held)
    return (
        f'{HEAD}<w:document {NAMESPACE} xmlns:r="{_OFFICE}"><w:body>{body}'
        f"{_section(paper, layout, grid)}</w:body></w:document>"
    )


def _section(paper: Paper, layout: LayoutProfile, grid: Grid) -> str:
    """Return the properties of the page; head and foot end where their middle line is wanted."""
    margins = grid.margins
    bottom, top = twips(margins.bottom), twips(margins.top)
    below = twips(layout.number_below(signed=paper.signed_pages))
    foot = bottom - below - line_of(layout.page_number.size) // 2
    head = top - twips(layout.draft.above) - line_of(layout.draft.size) // 2
    header = '<w:headerReference w:type="default" r:id="rId5"/>' if paper.draft else ""
    return (
        f'<w:sectPr>{header}<w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{twips(grid.width)}" w:h="{twips(grid.height)}"/>'
        f'<w:pgMar w:top="{top}" w:right="{twips(margins.right)}" w:bottom="{bottom}"'
        f' w:left="{twips(margins.left)}" w:header="{max(head, 0)}" w:footer="{max(foot, 0)}"'
        f' w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="{grid.pitch}"/></w:sectPr>'
    )


def _footer(paper: Paper, layout: LayoutProfile, grid: Grid) -> str:
    signed = _signed_foot(paper, layout, grid) if paper.signed_pages else ""
    number = "" if paper.unnumbered else _page_number(layout.page_number)
    return (
        f'{HEAD}<w:ftr {NAMESPACE}>{signed}<w:p><w:pPr><w:pStyle w:val="{PAGE_NUMBER}"/></w:pPr>'
        f"{number}</w:p></w:ftr>"
    )


def _signed_foot(paper: Paper, layout: LayoutProfile, grid: Grid) -> str:
    """Return the line for a signature over the page number, with room to sign at the right."""
    foot, number = layout.signed_foot, layout.page_number
    apart = twips(layout.number_below(signed=True)) - twips(foot.below)
    after = apart - (line_of(foot.size) + line_of(number.size)) // 2
    right = round(grid.text_width * TWIPS)
    tabs = (
        f'<w:tab w:val="right" w:pos="{right - twips(foot.room)}"/>'
        f'<w:tab w:val="right" w:leader="underscore" w:pos="{right}"/>'
    )
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{FOOT}"/><w:tabs>{tabs}</w:tabs>'
        f'<w:spacing w:after="{max(after, 0)}"/></w:pPr><w:r><w:tab/></w:r>'
        f"{run(foot.said(paper.signed_by))}<w:r><w:tab/></w:r></w:p>"
    )


def _page_number(spec: PageNumber) -> str:
    before, _mark, after = spec.pattern.partition("{n}")
    return (
        f'{run(before)}<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r>{run(after)}'
    )


def _header(layout: LayoutProfile) -> str:
    return (
        f'{HEAD}<w:hdr {NAMESPACE}><w:p><w:pPr><w:pStyle w:val="{DRAFT}"/></w:pPr>'
        f"{run(layout.draft.words)}</w:p></w:hdr>"
    )


def _content_types(*, draft: bool) -> str:
    kinds = {
        "/word/document.xml": f"{_MAIN}.document.main+xml",
        "/word/styles.xml": f"{_MAIN}.styles+xml",
        "/word/settings.xml": f"{_MAIN}.settings+xml",
        "/word/fontTable.xml": f"{_MAIN}.fontTable+xml",
        "/word/footer1.xml": f"{_MAIN}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": f"{_FORMATS}.extended-properties+xml",
    }
    if draft:
        kinds["/word/header1.xml"] = f"{_MAIN}.header+xml"
    listed = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _relations(*, draft: bool) -> str:
    targets = [("styles", "styles.xml"), ("settings", "settings.xml")]
    targets += [("fontTable", "fontTable.xml"), ("footer", "footer1.xml")]
    if draft:
        targets.append(("header", "header1.xml"))
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


_PACKAGE_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/extended-properties" Target="docProps/app.xml"/>'
    "</Relationships>"
)
_APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>知行</Application></Properties>'
)


def _core(paper: Paper) -> str:
    """Return the file's properties; its dates are the paper's own day, never the clock's."""
    day = (paper.day or _EPOCH).isoformat()
    title = f"{paper.title}（{paper.number}）" if paper.number else paper.title
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:subject>{escape(paper.court)}</dc:subject>"
        f"<dc:creator>{escape(paper.author or paper.court)}</dc:creator>"
        f"<cp:keywords>{escape('、'.join(paper.keywords))}</cp:keywords>"
        "<dc:language>zh-CN</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified>'
        "</cp:coreProperties>"
    )
