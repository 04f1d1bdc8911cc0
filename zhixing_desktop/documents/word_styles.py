"""The styles, fonts and settings of a Word file, from the court's layout.

Named in Chinese, so that a clerk who goes on writing finds them in Word's list of styles.  Names
that a Chinese Word shows for its own styles (正文, 标题) are avoided: it would take ours for those.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from zhixing_desktop.documents.blocks import Align, Face, Style
from zhixing_desktop.documents.layout import TWIPS, Grid, LayoutProfile
from zhixing_desktop.documents.word_xml import escape, fonts, size

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SIGNATURE, TEAR, RULED, THIN = "Signature", "Tear", "Ruled", "Thin"
PAGE_NUMBER, DRAFT, FOOT, GAP = "PageNumber", "DraftMark", "SignedFoot", "Gap"


@dataclass(frozen=True, slots=True)
class Preset:
    """What a style sets by itself: its name in Word's list, how its lines stand, first indent."""

    name: str
    align: Align
    first: int = 0
    level: int | None = None


RULE_EIGHTHS = 4
"""The width of a ruled line in eighths of a point."""

_TITLE_LINE = 1.3  # of its size: the height of a line of a title itself

PRESETS = {
    Style.COURT: Preset("法院名称", Align.CENTER),
    Style.TITLE: Preset("文书名称", Align.CENTER, level=0),
    Style.SUBTITLE: Preset("文书副题", Align.CENTER),
    Style.NUMBER: Preset("案号", Align.RIGHT),
    Style.BODY: Preset("文书正文", Align.JUSTIFY, first=2),
    Style.HEADING: Preset("文内标题", Align.JUSTIFY, first=2, level=1),
    Style.TABLE: Preset("表格文字", Align.LEFT),
    Style.NOTE: Preset("附注", Align.JUSTIFY),
}
JC = {Align.JUSTIFY: "both", Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right"}


FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
"""Undoes the first indent of a style."""


def style_id(style: Style) -> str:
    """Return the id by which paragraphs name a style."""
    return f"Paper{style.value.capitalize()}"


def spacing(points: float) -> int:
    """Return the letter spacing that Word is given for a tracking in points, in twips.

    Rounded down: a line of 28 characters must never be wider than the text.
    """
    return math.floor(points * TWIPS + 1e-6)


def exact(height: int) -> str:
    """Return the attributes of ``w:spacing`` for lines of one height in twips."""
    return f'w:line="{height}" w:lineRule="exact"'


def styles_xml(layout: LayoutProfile, grid: Grid) -> str:
    """Return ``word/styles.xml``."""
    body = grid.styles[Style.BODY]
    family = layout.fonts[body.face].word
    return (
        f"{HEAD}<w:styles {NAMESPACE}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(family)}"
        f'{size(body.size)}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f"<w:qFormat/><w:pPr><w:widowControl/>{_PUNCTUATION}"
        f'<w:spacing w:before="0" w:after="0" {exact(grid.pitch)}/><w:jc w:val="both"/></w:pPr>'
        f"<w:rPr>{fonts(family)}{_letter_spacing(grid, Style.BODY)}{size(body.size)}</w:rPr>"
        "</w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'
        f"{_TABLE_NORMAL}"
        f"{''.join(_paper_styles(layout, grid))}{''.join(_own_styles(layout, grid))}"
        "</w:styles>"
    )


# Lines have the height they say, not the grid's.  Between Chinese and figures Word leaves a little
# room of itself, and so does the PDF.  A mark may hang over the margin, as Word has it by default:
# LibreOffice 7.4 reads that switch the wrong way round, and when it lets marks hang it loses the
# one before a character beyond the BMP.
_PUNCTUATION = '<w:kinsoku/><w:overflowPunct/><w:snapToGrid w:val="0"/>'
_TABLE_NORMAL = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "</w:style>"
)


def line_spacing(grid: Grid, style: Style, lines: int = 1) -> str:
    """Return ``w:spacing`` for a paragraph of so many lines of a style.

    Word sets the type of a line of exact height at its foot.  A title, whose line is much higher
    than its type, therefore has lines of its own height and room above and below; as much in all.
    """
    height = grid.line(style)
    if style not in {Style.COURT, Style.TITLE}:
        return f"<w:spacing {exact(height)}/>"
    own = min(height, round(grid.styles[style].size * _TITLE_LINE * TWIPS))
    room = lines * (height - own)
    return f'<w:spacing w:before="{room // 2}" w:after="{room - room // 2}" {exact(own)}/>'


def _letter_spacing(grid: Grid, style: Style) -> str:
    found = spacing(grid.tracking(style))
    return f'<w:spacing w:val="{found}"/>' if found else ""


def _paper_styles(layout: LayoutProfile, grid: Grid) -> Iterator[str]:
    for style, preset in PRESETS.items():
        spec = grid.styles[style]
        level = "" if preset.level is None else f'<w:outlineLvl w:val="{preset.level}"/>'
        chars = f'w:firstLineChars="{preset.first * 100}" ' if preset.first else ""
        indent = f'<w:ind {chars}w:firstLine="{round(preset.first * grid.cell * TWIPS)}"/>'
        yield _paragraph_style(
            style_id(style),
            preset.name,
            f"{line_spacing(grid, style)}{indent if preset.first else ''}"
            f'<w:jc w:val="{JC[preset.align]}"/>{level}',
            f"{fonts(layout.fonts[spec.face].word)}"
            f'<w:spacing w:val="{spacing(grid.tracking(style))}"/>{size(spec.size)}',
        )


def _own_styles(layout: LayoutProfile, grid: Grid) -> Iterator[str]:
    """Yield the styles of what is no paragraph of text."""
    number, foot, draft, tear = layout.page_number, layout.signed_foot, layout.draft, layout.tear

    def face(found: Face) -> str:
        return fonts(layout.fonts[found].word)

    yield _paragraph_style(SIGNATURE, "落款", '<w:keepLines/><w:jc w:val="right"/>', "")
    yield _paragraph_style(
        TEAR, "骑缝", '<w:jc w:val="center"/>', _plain(face(tear.face), tear.size)
    )
    yield _paragraph_style(RULED, "横线", f"<w:spacing {exact(_ruled(grid))}/>", "")
    yield _paragraph_style(
        PAGE_NUMBER,
        "页码",
        f'<w:spacing {exact(line_of(number.size))}/><w:jc w:val="center"/>',
        _plain(face(number.face), number.size),
    )
    yield _paragraph_style(
        FOOT,
        "逐页签名",
        f'<w:spacing {exact(line_of(foot.size))}/><w:jc w:val="left"/>',
        _plain(face(foot.face), foot.size),
    )
    yield _paragraph_style(
        DRAFT,
        "草稿标记",
        f'<w:spacing {exact(line_of(draft.size))}/><w:jc w:val="right"/>',
        _plain(f'{face(draft.face)}<w:color w:val="808080"/>', draft.size),
    )
    # Word wants a paragraph after and between tables; this one is hardly there.
    yield _paragraph_style(THIN, "表格间隔", f"<w:spacing {exact(TWIPS)}/>", size(1))
    yield (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{GAP}"><w:name w:val="待补"/>'
        '<w:qFormat/><w:rPr><w:u w:val="single"/></w:rPr></w:style>'
    )


def _plain(face: str, points: float) -> str:
    """Return type of a size of its own, not spaced as the body's is."""
    return f'{face}<w:spacing w:val="0"/>{size(points)}'


def _ruled(grid: Grid) -> int:
    """Return the height of a ruled line; the rule itself comes on top of it."""
    return grid.height_of(grid.ruled) - RULE_EIGHTHS * TWIPS // 8


def line_of(points: float) -> int:
    """Return the height in twips of a line of type of some size in head or foot of a page."""
    return round(points * 1.5 * TWIPS)


def _paragraph_style(key: str, name: str, paragraph: str, letters: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def font_table_xml(layout: LayoutProfile) -> str:
    """Return ``word/fontTable.xml``: for each font the names that may stand in for it."""
    entries = []
    for face in Face:
        font = layout.fonts[face]
        instead = escape(",".join(font.word_instead))
        family = "swiss" if face is Face.HEI else "roman"
        entries.append(
            f'<w:font w:name="{escape(font.word)}"><w:altName w:val="{instead}"/>'
            f'<w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="variable"/>'
            "</w:font>"
        )
    return f"{HEAD}<w:fonts {NAMESPACE}>{''.join(entries)}</w:fonts>"


def settings_xml() -> str:
    """Return ``word/settings.xml``: spacing and line breaks as this program counts them.

    Punctuation is not compressed, a line that ends with a line break is not spread, and the file
    is laid out by the rules of Word 2013 and later.
    """
    return (
        f'{HEAD}<w:settings {NAMESPACE}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="doNotCompress"/>'
        "<w:compat><w:balanceSingleByteDoubleByteWidth/><w:doNotExpandShiftReturn/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )
