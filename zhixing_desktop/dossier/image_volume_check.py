"""Whether a PDF will still be read in sixty years: what archives ask of PDF/A, one by one.

Not a proof of PDF/A: colours and the finer rules of ISO 19005 are not looked at, and our files do
not claim to be PDF/A.  What would do harm is: programs inside, forms, files within the file, parts
that lie elsewhere, fonts that are not embedded, encryption; and what a reader of the image dossier
needs: title, outline, page labels, metadata in both forms that say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.loose_fonts import loose_fonts
from zhixing_desktop.workflow.errors import Problem, StoreError

if TYPE_CHECKING:
    from pikepdf import Pdf

    from zhixing_desktop.dossier.pdf_document import Metadata

_XMP_PLACES = MappingProxyType(
    {
        "Title": "dc:title",
        "Subject": "dc:description",
        "Keywords": "pdf:Keywords",
        "Creator": "xmp:CreatorTool",
    }
)
_OURS = "{http://ns.adobe.com/pdfx/1.3/}"
_STANDARD_ENTRIES = frozenset(
    {"Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate",
     "Trapped"}
)  # fmt: skip
_ACTIVE = MappingProxyType(
    {
        "/JavaScript": "含有脚本",
        "/Launch": "会启动其他程序",
        "/SubmitForm": "会把内容发送出去",
        "/ImportData": "会读入其他文件",
        "/GoToR": "有指向其他文件的链接",
        "/GoToE": "有指向附件的链接",
        "/URI": "有指向网络的链接",
        "/Rendition": "含有音视频",
        "/Movie": "含有音视频",
        "/Sound": "含有音视频",
    }
)
_HARMLESS_ANNOTATIONS = frozenset({"/Link", "/Popup"})
_PLAYING = frozenset({"/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"})


def image_volume_problems(path: Path, about: Metadata | None = None) -> tuple[Problem, ...]:
    """Return everything that keeps a PDF from being a good image dossier, all at once.

    ``about`` is what it should say of itself; without it only whether both forms of its metadata
    agree is looked at.  What a strict archive would ask besides is a warning.  Raises
    :class:`StoreError` where it cannot be opened without a password or at all.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            return tuple(_problems(pdf, about))
    except pikepdf.PasswordError as error:
        raise StoreError(
            f"影像卷宗设有打开密码（{path}），不能核对，也不能归档。请重新转换影像卷宗。",
            data={"kind": "file_locked", "place": str(path)},
        ) from error
    except (pikepdf.PdfError, OSError) as error:
        raise StoreError(
            f"影像卷宗打不开（{path}），可能已经损坏。请重新转换影像卷宗。",
            data={"kind": "file_damaged", "place": str(path)},
        ) from error


def _problems(pdf: Pdf, about: Metadata | None) -> Iterator[Problem]:
    if pdf.is_encrypted:
        yield _problem("安全设置", "影像卷宗是加密的，以后可能打不开。请去掉加密。", "encrypted")
    if not pdf.pages:
        yield _problem("页面", "影像卷宗一页也没有。", "empty")
        return
    yield from _of_metadata(pdf, about)
    yield from _of_outline(pdf)
    yield from _of_labels(pdf)
    told: set[str] = set()
    for problem in (*_of_catalogue(pdf), *_of_objects(pdf)):
        # A volume with a thousand scripts has one fault.
        if problem.sentence not in told:
            told.add(problem.sentence)
            yield problem
    yield from _of_fonts(pdf)


def _problem(where: str, sentence: str, kind: str, severity: str = "error") -> Problem:
    return Problem(where, sentence, severity, {"kind": kind})


# --- what it says of itself


def _of_metadata(pdf: Pdf, about: Metadata | None) -> Iterator[Problem]:
    said = {str(key)[1:]: str(words) for key, words in (pdf.docinfo or {}).items()}
    if not said.get("Title"):
        yield _problem("元数据", "影像卷宗没有写明标题（案号、卷别、册次）。", "no_title")
    if "/Metadata" not in pdf.Root:
        yield _problem("元数据", "影像卷宗没有 XMP 元数据，档案系统读不到案号。", "no_xmp")
        return
    xmp = _xmp(pdf)
    for key, words in said.items():
        place = _XMP_PLACES.get(key) or (_OURS + key if key not in _STANDARD_ENTRIES else "")
        if place and xmp.get(place, "") != words:
            sentence = f"影像卷宗的文档属性和 XMP 元数据写的不一致（{key}：“{words}”）。"
            yield _problem("元数据", sentence, "metadata_differs")
    for key, words in _wanted(about).items():
        if said.get(key, "") != words:
            sentence = f"影像卷宗的元数据（{key}）应当是“{words}”，写的是“{said.get(key, '')}”。"
            yield _problem("元数据", sentence, "metadata_wrong")


def _wanted(about: Metadata | None) -> Mapping[str, str]:
    if about is None:
        return {}
    plain = {
        "Title": about.title,
        "Author": about.author,
        "Subject": about.subject,
        **about.more,
    }
    return {key: words for key, words in plain.items() if words}


def _xmp(pdf: Pdf) -> dict[str, str]:
    """Return the XMP metadata; what is no XMP is empty, and then agrees with nothing."""
    # update_docinfo would write into the document that is only looked at.
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        names = [*_XMP_PLACES.values(), *(str(name) for name in xmp)]
        return {name: str(xmp.get(name, "")) for name in names}


# --- finding one's way


def _of_outline(pdf: Pdf) -> Iterator[Problem]:
    with pdf.open_outline() as outline:
        entries = list(_flat(outline.root))
    if not entries:
        yield _problem("书签", "影像卷宗没有书签，翻不到各件材料。", "no_outline")
    pages = {page.objgen for page in pdf.pages}
    for entry in entries:
        if _page_of(entry) not in pages:
            words = f"书签“{entry.title}”没有指向本册的页面。"
            yield _problem("书签", words, "outline_astray")


def _page_of(entry: Any) -> tuple[int, int] | None:
    """Return the page that a bookmark leads to, ``None`` where it leads nowhere in this file."""
    import pikepdf

    target = entry.destination
    if target is None and entry.action is not None and entry.action.get("/S") == "/GoTo":
        target = entry.action.get("/D")
    first = target[0] if _is_array(target) and len(target) else None
    return first.objgen if isinstance(first, pikepdf.Dictionary) else None


def _flat(entries: Any) -> Iterator[Any]:
    for entry in entries:
        yield entry
        yield from _flat(entry.children)


def _of_labels(pdf: Pdf) -> Iterator[Problem]:
    if "/PageLabels" not in pdf.Root:
        yield _problem("页码", "影像卷宗没有页码标签，与纸质卷宗的页码对不上。", "no_labels")


# --- what does harm


def _of_fonts(pdf: Pdf) -> Iterator[Problem]:
    for name, page in loose_fonts(pdf):
        words = f"字体“{name}”没有嵌入（第一次出现在第{page}页），换一台电脑字形会变。"
        yield _problem(f"第{page}页", words, "font")


def _of_catalogue(pdf: Pdf) -> Iterator[Problem]:
    root = pdf.Root
    form = root.get("/AcroForm")
    if form is not None and len(form.get("/Fields", ())):
        yield _problem("表单", "影像卷宗里有可以填写的表单，内容会变。请重新转换。", "form")
    if form is not None and "/XFA" in form:
        yield _problem("表单", "影像卷宗里有 XFA 动态表单，多数阅读器打不开。", "xfa")
    names: Any = root.get("/Names", {})
    if "/JavaScript" in names or "/AA" in root:
        yield _problem("脚本", _active("含有脚本"), "active")
    if "/EmbeddedFiles" in names or "/AF" in root:
        yield _problem("附件", "影像卷宗里夹带其他文件，长期保存时不可靠。", "attachment")
    opening = root.get("/OpenAction")
    if opening is not None and hasattr(opening, "keys") and opening.get("/S") != "/GoTo":
        yield _problem("脚本", _active("打开时会自动执行操作"), "active")


def _active(what: str) -> str:
    return f"影像卷宗{what}，不能作为档案保存。请重新转换影像卷宗。"


def _of_objects(pdf: Pdf) -> Iterator[Problem]:
    """Look at every object once, also at what lies within it without a number of its own."""
    for numbered in pdf.objects:
        for thing, is_stream in _within(numbered):
            if is_stream:
                yield from _of_stream(thing)
            yield from _of_dictionary(thing)


def _within(thing: Any, depth: int = 20) -> Iterator[tuple[Any, bool]]:
    """Yield the dictionaries of an object, and whether they are of a stream."""
    import pikepdf

    is_stream = isinstance(thing, pikepdf.Stream)
    if is_stream or _is_dictionary(thing):
        yield thing, is_stream
        parts = [part for _, part in thing.items()]
    else:
        parts = list(thing) if _is_array(thing) else []
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect and depth:
            yield from _within(part, depth - 1)


def _of_dictionary(thing: Any) -> Iterator[Problem]:
    kind = str(thing.get("/S", ""))
    # An element of the structure tree has /S too, with other names.
    if kind in _ACTIVE:
        yield _problem("脚本", _active(_ACTIVE[kind]), "active", _weight(kind))
    if "/AA" in thing or "/JS" in thing:
        yield _problem("脚本", _active("含有脚本"), "active")
    if "/EF" in thing:
        yield _problem("附件", "影像卷宗里夹带其他文件，长期保存时不可靠。", "attachment")
    yield from _of_annotation(thing)


def _weight(action: str) -> str:
    """A link that leads outside does no harm as long as nobody follows it."""
    return "warning" if action in {"/URI", "/GoToR"} else "error"


def _of_annotation(thing: Any) -> Iterator[Problem]:
    kind = str(thing.get("/Subtype", ""))
    if kind in _PLAYING and thing.get("/Rect") is not None:
        yield _problem("音视频", _active("含有音视频"), "playing")
    elif thing.get("/Rect") is None or kind in _HARMLESS_ANNOTATIONS:
        return
    elif "/AP" not in thing:
        words = "影像卷宗里有批注没有固定的样子，各阅读器显示不同。请重新转换。"
        yield _problem("批注", words, "annotation")


def _of_stream(thing: Any) -> Iterator[Problem]:
    if "/F" in thing:
        yield _problem("外部文件", "影像卷宗有一部分内容在别的文件里，迟早会缺失。", "external")
    filters: Any = thing.get("/Filter", [])
    named = {str(one) for one in (filters if _is_array(filters) else [filters])}
    if "/Crypt" in named:
        yield _problem("安全设置", "影像卷宗有加密的部分，以后可能打不开。", "encrypted")
    if "/LZWDecode" in named:
        words = "影像卷宗里有 LZW 压缩的内容，PDF/A 不允许；现在的阅读器都能打开。"
        yield _problem("压缩", words, "lzw", "warning")
    if str(thing.get("/Subtype", "")) == "/PS":
        yield _problem("脚本", _active("含有 PostScript 程序"), "active")


def _is_dictionary(thing: object) -> bool:
    import pikepdf

    return isinstance(thing, pikepdf.Dictionary)


def _is_array(thing: object) -> bool:
    import pikepdf

    return isinstance(thing, pikepdf.Array | list)
