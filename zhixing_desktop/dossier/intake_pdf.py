"""A PDF examined: its pages, and everything in it that is no page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import PageShape, fault, note, size_of
from zhixing_desktop.dossier.pdf_boxes import seen_of
from zhixing_desktop.dossier.pdf_fineness import scanned_dpi
from zhixing_desktop.dossier.pdf_forms import inherited, typed_in
from zhixing_desktop.dossier.pdf_opening import open_pdf
from zhixing_desktop.dossier.pdf_plain import plain_catalogue, plain_page
from zhixing_desktop.workflow.errors import Problem, StoreError

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_CHECKED = 64 * 1024 * 1024
"""Up to here every stream is read once: one that breaks off is found before it is on record."""
_LONG, _HEAVY = 1000, 512 * 1024 * 1024
_SHOWN = 5
_COARSE = 140
"""Dots per inch below which small print is hard to read; as for pictures."""
_HARMLESS = frozenset({"long", "layers", "coarse"})
_UNTOLD = frozenset({"links", "extras"})
"""Nothing a person need know, and yet nothing that belongs into the pages of record."""


@dataclass(slots=True)
class _Found:
    """What was met on the way through the pages: which pages (from 1 on) have what."""

    shapes: list[PageShape] = field(default_factory=list)
    odd: dict[str, list[int]] = field(default_factory=dict)
    coarsest: float = _COARSE

    def add(self, kind: str, page: int) -> None:
        pages = self.odd.setdefault(kind, [])
        if not pages or pages[-1] != page:
            pages.append(page)


@dataclass(frozen=True, slots=True)
class ExaminedPdf:
    """The pages of a PDF and what is to be known; ``clean`` as in :class:`Examined`."""

    shapes: tuple[PageShape, ...]
    problems: tuple[Problem, ...]
    clean: bool


def examine_pdf(content: Path | bytes, name: str) -> ExaminedPdf:
    """Return the pages of a PDF and what is in it besides; never raises for what stands in it.

    A file on the disk is read in pieces.  :class:`StoreError` only where it cannot be read at all.
    """
    try:
        pdf = open_pdf(content)
    except StoreError as error:
        if error.data.get("kind") == "unreadable":
            raise
        kind = str(error.data.get("kind"))
        return ExaminedPdf((), (fault(name, error.sentence, kind),), clean=False)
    with pdf:
        return _examined(pdf, name, size_of(content))


def _examined(pdf: Pdf, name: str, size: int) -> ExaminedPdf:
    from pikepdf import PdfError

    found = _Found()
    broken: list[str] = []
    try:
        _walk(pdf, found)
        if size <= _CHECKED:
            broken = _broken(pdf)
    except (PdfError, RuntimeError):
        broken.append("pages")
    mended = bool(broken or pdf.get_warnings())
    if not found.shapes:
        sentence = "这个 PDF 文件已经损坏，一页也读不出来。请重新导出或者重新扫描，再放入一次。"
        return ExaminedPdf((), (fault(name, sentence, "file_damaged"),), clean=False)
    problems = [
        *_whole_file(pdf, name, len(found.shapes), size, mended=mended),
        *_beside_the_pages(pdf, name),
        *_on_pages(found, name),
    ]
    kinds = {str(one.data["kind"]) for one in problems}
    clean = kinds <= _HARMLESS and not found.odd.keys() & _UNTOLD and plain_catalogue(pdf)
    return ExaminedPdf(tuple(found.shapes), tuple(problems), clean)


def _broken(pdf: Pdf) -> list[str]:
    return [str(line) for line in pdf.check_pdf_syntax()]


def _walk(pdf: Pdf, found: _Found) -> None:
    for number, page in enumerate(pdf.pages, start=1):
        seen = seen_of(page.obj)
        found.shapes.append(seen.shape())
        dpi = scanned_dpi(page.obj, found.shapes[-1])
        if dpi is not None and dpi < _COARSE:
            found.coarsest = min(found.coarsest, dpi)
            found.add("coarse", number)
        for oddity in seen.oddities:
            found.add(oddity, number)
        if not plain_page(page.obj):
            found.add("extras", number)
        if "/AA" in page.obj:
            found.add("script", number)
        for mark in _marks(page.obj):
            found.add(_kind_of(mark), number)
            if _has_script(mark):
                found.add("script", number)


def _marks(page: Object) -> Iterator[Object]:
    from pikepdf import Array, Dictionary

    listed = page.get("/Annots")
    if isinstance(listed, Array):
        for entry in listed:
            if isinstance(entry, Dictionary):
                yield entry


def _kind_of(mark: Object) -> str:
    subtype = str(mark.get("/Subtype", ""))
    if subtype == "/Widget":
        if str(inherited(mark, "/FT")) == "/Sig":
            return "signature" if "/AP" in mark else "form"
        return "no_look" if "/AP" not in mark and typed_in(mark) else "form"
    if subtype in ("/Link", "/Popup"):
        return "links"
    if subtype == "/FileAttachment":
        return "embedded"
    if subtype in ("/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"):
        return "media"
    return "annotations"


def _has_script(mark: Object) -> bool:
    from pikepdf import Dictionary

    if "/AA" in mark:
        return True
    action = mark.get("/A")
    return isinstance(action, Dictionary) and str(action.get("/S", "")) in (
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
    )


def _whole_file(pdf: Pdf, name: str, pages: int, size: int, *, mended: bool) -> Iterator[Problem]:
    if mended:
        yield note(
            name,
            f"文件有损坏，已经尽量修复，读出{pages}页。请对照纸质原件，核对页数和每一页的内容。",
            "repaired",
        )
    if pdf.is_encrypted:
        yield note(
            name,
            "文件设有限制打印或者修改的密码，可以打开；卷宗页不带这些限制，原件照原样保存。",
            "restricted",
        )
    if pages >= _LONG or size >= _HEAVY:
        yield note(
            name,
            f"文件较大（{pages}页，{max(size >> 20, 1)} MB），处理需要一些时间；"
            "一册一般不超过200页，归入卷宗后会分册。",
            "long",
        )


def _beside_the_pages(pdf: Pdf, name: str) -> Iterator[Problem]:
    from pikepdf import Dictionary

    root = pdf.Root
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/XFA" in form:
        yield note(
            name,
            "这是动态表单（XFA），页面上可能只有“请稍候”的字样。请用填表的软件打开，打印成 PDF "
            "后再放入，并核对填写的内容。",
            "xfa",
        )
    if "/Collection" in root:
        yield note(
            name,
            "这是 PDF 文件包，真正的材料在它的附件里。请打开后把里面的文件逐个放入。",
            "portfolio",
        )
    names = _attachments(pdf)
    if names:
        listed = "、".join(names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")
        yield note(
            name,
            f"里面带有{len(names)}个附件（{listed}），卷宗页中不带。需要入卷的，请取出后另行放入。",
            "embedded",
        )
    if _acts_at_opening(pdf):
        yield note(name, "文件带有自动运行的脚本或者动作，卷宗页中去掉，原件照原样保存。", "script")
    if "/OCProperties" in root:
        yield note(name, "页面分有图层，卷宗页按打开时的样子显示，隐藏的图层仍然隐藏。", "layers")


def _attachments(pdf: Pdf) -> list[str]:
    try:
        return sorted(str(name) for name in pdf.attachments)
    except (ValueError, TypeError, RuntimeError):
        return []


def _acts_at_opening(pdf: Pdf) -> bool:
    """Whether something runs by itself; a place to open at is no act."""
    from pikepdf import Dictionary

    root = pdf.Root
    if "/AA" in root:
        return True
    opening = root.get("/OpenAction")
    if isinstance(opening, Dictionary) and str(opening.get("/S", "")) != "/GoTo":
        return True
    names = root.get("/Names")
    return isinstance(names, Dictionary) and "/JavaScript" in names


_SENTENCES = {
    "script": "{pages}带有脚本或者动作，卷宗页中去掉，原件照原样保存。",
    "form": "{pages}有表单，填好的内容固定在卷宗页上，不能再改。",
    "no_look": "{pages}的表单有没画出来的内容，卷宗页按填写的文字补画。请核对这些页。",
    "signature": "{pages}有电子签章，卷宗页上保留图样；验证签章请用保存的原件。",
    "annotations": "{pages}有批注，看得见的固定在卷宗页上。请核对是否应当随卷。",
    "embedded": "{pages}夹有附件，卷宗页中不带。需要入卷的，请取出后另行放入。",
    "media": "{pages}嵌有录音、录像或者动画，卷宗页中只留画面。请另行取得原始文件放入视听资料。",
    "boxes": "{pages}设有裁剪框或者偏移，卷宗页按看到的部分。",
    "unit": "{pages}使用了放大的单位，卷宗页按实际大小换算。",
    "rotation": "{pages}的旋转角度不是直角，按不旋转处理。请看一下方向，不对的可以转正。",
    "coarse": "{pages}扫描的分辨率只有{dpi}dpi，小字和印章可能看不清。要长期保存的，"
    "建议以200dpi以上重新扫描。",
    "zero_size": "{pages}没有有效的页面大小，按A4处理。请核对这些页。",
}


def _on_pages(found: _Found, name: str) -> Iterator[Problem]:
    for kind, sentence in _SENTENCES.items():
        pages = found.odd.get(kind)
        if pages:
            words = {"pages": _pages(pages, len(found.shapes)), "dpi": round(found.coarsest)}
            yield note(name, sentence.format(**words), kind)


def _pages(pages: list[int], total: int) -> str:
    if len(pages) == total and total > 1:
        return "每一页"
    shown = "、".join(str(page) for page in pages[:_SHOWN])
    return f"第{shown}页" + (f"等{len(pages)}页" if len(pages) > _SHOWN else "")
