"""The pages of record: what was chosen, as it was turned, with all that was to be seen on it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from helpers.foreign_files import (
    BLUE,
    GREEN,
    RED,
    Ink,
    field,
    filled,
    locked,
    look,
    mark,
    pdf_of,
    script,
    word_file,
)
from helpers.pictures_made import corner, jpeg, tiff_of, written
from zhixing_desktop.dossier.composing import Composed, compose, identity, whole
from zhixing_desktop.dossier.incoming import PageCut, Source
from zhixing_desktop.dossier.intake import examine
from zhixing_desktop.dossier.pdf_pages import page_raster, page_texts
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

THREE = pdf_of(RED, GREEN, BLUE)
WHITE = (1.0, 1.0, 1.0)


def made(data: bytes, *cuts: PageCut) -> bytes:
    """Return the pages of record of one file; all of its pages without cuts."""
    pages = examine(data, "a").pages
    done = compose([Source(data, "a")], cuts or whole(0, pages))
    assert done.data is not None
    return done.data


def ink(data: bytes, page: int, across: float, down: float) -> Ink:
    """Return the colour at a place of a page, in parts of its width and height."""
    raster = page_raster(data, page, 300)
    at = int(raster.height * down) * raster.stride + 4 * int(raster.width * across)
    blue, green, red = raster.data[at : at + 3]
    return round(red / 255), round(green / 255), round(blue / 255)


def left_inks(data: bytes) -> list[Ink]:
    return [ink(data, page, 0.25, 0.5) for page in range(examine(data, "x").pages)]


def test_a_clean_pdf_taken_whole_stays_the_same_file(tmp_path: Path) -> None:
    done = compose([Source(THREE, "a")], whole(0, 3))
    assert done == Composed(3, THREE, None, untouched=True)
    source, target = tmp_path / "in.pdf", tmp_path / "out.pdf"
    source.write_bytes(THREE)
    assert compose([Source(source, "a")], whole(0, 3), target).path == target
    assert target.read_bytes() == THREE


@pytest.mark.parametrize(
    ("cuts", "same"),
    [
        (whole(0, 3), True),
        (whole(1, 3), True),
        (whole(0, 2), False),
        ((PageCut(0, 0), PageCut(0, 2), PageCut(0, 1)), False),
        ((PageCut(0, 0), PageCut(0, 1, 90), PageCut(0, 2)), False),
        ((PageCut(0, 0), PageCut(1, 1), PageCut(0, 2)), False),
        ((), False),
    ],
)
def test_only_a_file_taken_whole_and_unturned_stays_itself(
    cuts: tuple[PageCut, ...], same: bool
) -> None:
    assert identity(cuts, 3) == same


def test_pages_are_chosen_and_put_in_order() -> None:
    assert left_inks(made(THREE, PageCut(0, 2), PageCut(0, 0), PageCut(0, 2))) == [BLUE, RED, BLUE]


@pytest.mark.parametrize(
    ("turn", "where"),
    [(90, (0.5, 0.25)), (180, (0.75, 0.5)), (270, (0.5, 0.75)), (-90, (0.5, 0.75))],
)
def test_a_page_is_turned_as_the_person_turned_it(turn: int, where: tuple[float, float]) -> None:
    data = made(THREE, PageCut(0, 0, turn))
    assert ink(data, 0, *where) == RED
    assert ink(data, 0, 1 - where[0], 1 - where[1]) in (WHITE, RED)
    assert examine(data, "x").shapes[0].turn == turn % 360


def test_several_sources_are_joined_page_by_page() -> None:
    sources = [Source(THREE, "a"), Source(jpeg(), "b"), Source(pdf_of(GREEN, BLUE), "c")]
    cuts = [PageCut(2, 1), PageCut(0, 0), PageCut(1, 0, 90), PageCut(2, 0), PageCut(0, 2)]
    data = compose(sources, cuts).data
    assert data is not None
    assert left_inks(data)[:2] + left_inks(data)[3:] == [BLUE, RED, GREEN, BLUE]
    assert ink(data, 2, 0.8, 0.2) == RED
    assert examine(data, "x").clean


def test_the_same_files_and_cuts_give_the_same_bytes(tmp_path: Path) -> None:
    sources = [Source(THREE, "a"), Source(jpeg(), "b"), Source(tiff_of(3), "c")]
    cuts = [PageCut(2, 1), PageCut(0, 1), PageCut(1, 0), PageCut(2, 0)]
    target = tmp_path / "out.pdf"
    compose(sources, cuts, target)
    assert compose(sources, cuts).data == target.read_bytes()
    assert list(tmp_path.iterdir()) == [target]


def test_a_seal_and_a_filled_in_field_stay_visible_and_can_no_longer_be_changed() -> None:
    def filled_in(pdf: Pdf) -> None:
        field(pdf, 0, "/Sig", AP=Dictionary(N=look(pdf, RED)))
        field(pdf, 1, "/Tx", V=String("x"), AP=Dictionary(N=look(pdf, GREEN)))
        pdf.Root.AcroForm.NeedAppearances = True
        mark(pdf, 2, Subtype=Name.Stamp, AP=Dictionary(N=look(pdf, BLUE)))

    data = made(pdf_of(BLUE, BLUE, RED, change=filled_in))
    assert [ink(data, page, 0.75, 0.47) for page in range(3)] == [RED, GREEN, BLUE]
    assert examine(data, "x").clean


def test_a_hidden_mark_stays_hidden() -> None:
    def hidden(pdf: Pdf) -> None:
        field(pdf, 0, "/Sig", AP=Dictionary(N=look(pdf, RED))).F = 2

    assert ink(made(pdf_of(BLUE, change=hidden)), 0, 0.75, 0.47) == WHITE


@pytest.mark.parametrize("words", ["申请执行人张三", "Zhang San 13800000000 " * 9])
def test_what_was_typed_but_never_drawn_is_drawn_with_an_embedded_font(words: str) -> None:
    def typed(pdf: Pdf) -> None:
        field(pdf, 0, "/Tx", V=String(words), DA=String("/Helv 20 Tf 0 g"))

    data = made(pdf_of(BLUE, change=typed))
    assert page_texts(data)[0].split() == words.split()
    with Pdf.open(io.BytesIO(data)) as pdf:
        assert any("/FontFile2" in one for one in pdf.objects if isinstance(one, Dictionary))


def test_nothing_that_runs_points_elsewhere_or_hides_is_left() -> None:
    def laden(pdf: Pdf) -> None:
        pdf.Root.OpenAction = script(pdf)
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=[String("a"), script(pdf)]))
        pdf.pages[0].obj.AA = Dictionary(O=script(pdf))
        pdf.attachments["secret.txt"] = b"hello secret"
        pdf.docinfo["/Author"] = "somebody"
        with pdf.open_metadata() as data:
            data["dc:creator"] = ["somebody"]
        mark(pdf, 0, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("http://a.example")))
        form = filled(pdf, RED, (0, 0, 9, 9))
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        form.PieceInfo = Dictionary(Secret=String("hidden"))
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(F=form))

    data = made(pdf_of(RED, change=laden))
    with Pdf.open(io.BytesIO(data)) as pdf:
        text = b" ".join(
            one.unparse(resolved=True) if isinstance(one, Dictionary) else bytes(repr(one), "utf-8")
            for one in pdf.objects
        )
        assert sorted(pdf.Root.keys()) == ["/Pages", "/Type"]
        assert "/Info" not in pdf.trailer
    for left in (b"JavaScript", b"secret", b"somebody", b"a.example", b"hidden"):
        assert left not in text


def test_pages_left_out_leave_nothing_behind() -> None:
    """Resources of a PDF may be one list for all pages: the others must not lie hidden in it."""

    def shared(pdf: Pdf) -> None:
        forms = []
        for name in (b"one", b"two"):
            form = pdf.make_stream(b"% only page " + name)
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
            forms.append(form)
        both = pdf.make_indirect(Dictionary(XObject=Dictionary(F0=forms[0], F1=forms[1])))
        for number, page in enumerate(pdf.pages):
            page.obj.Resources = both
            page.obj.Contents = pdf.make_stream(b"/F%d Do" % number)

    data = made(pdf_of(RED, GREEN, change=shared), PageCut(0, 1))
    with Pdf.open(io.BytesIO(data)) as pdf:
        assert list(pdf.pages[0].obj.Resources.XObject.keys()) == ["/F1"]
        assert not any(
            b"only page one" in one.read_bytes() for one in pdf.objects if isinstance(one, Stream)
        )


def test_odd_boxes_become_plain_ones_and_show_the_same() -> None:
    def odd(pdf: Pdf) -> None:
        pdf.pages[0].obj.MediaBox = [-100, -50, 495, 792]
        pdf.pages[0].obj.CropBox = [197, 100, 397, 400]
        pdf.pages[1].obj.UserUnit = 2
        pdf.pages[2].obj.Rotate = 450

    before = pdf_of(RED, GREEN, BLUE, change=odd)
    data = made(before)
    assert examine(data, "x").clean
    places = [(x, y) for x in (0.1, 0.4, 0.6, 0.9) for y in (0.1, 0.4, 0.6, 0.9)]
    for page in range(3):
        assert [ink(data, page, *at) for at in places] == [ink(before, page, *at) for at in places]
    with Pdf.open(io.BytesIO(data)) as pdf:
        assert [[float(side) for side in page.mediabox] for page in pdf.pages] == [
            [0, 0, 200, 300], [0, 0, 1190, 1684], [0, 0, 595, 842],
        ]  # fmt: skip
        assert not any("/CropBox" in page.obj or "/UserUnit" in page.obj for page in pdf.pages)


def layered(pdf: Pdf) -> None:
    """Two layers over the right half: a red one that is off and a green one that is on."""
    names = Dictionary()
    groups = []
    for name in ("Off", "On"):
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name)))
        names[f"/{name}"] = group
        groups.append(group)
    page = pdf.pages[0].obj
    page.Resources = Dictionary(Properties=names)
    page.Contents = pdf.make_stream(
        b"/OC /On BDC 0 1 0 rg 300 421 295 421 re f EMC "
        b"/OC /Off BDC 1 0 0 rg 300 0 295 842 re f EMC"
    )
    pdf.Root.OCProperties = Dictionary(OCGs=groups, D=Dictionary(OFF=[groups[0]], Order=groups))


@pytest.mark.parametrize("others", [0, 1], ids=["alone", "joined"])
def test_a_layer_that_was_hidden_stays_hidden(others: int) -> None:
    sources = [Source(pdf_of(RED, change=layered), "a"), Source(THREE, "b")]
    cuts = [PageCut(0, 0, 180), *[PageCut(1, 0)] * others]
    data = compose(sources, cuts).data
    assert data is not None
    assert ink(data, 0, 0.25, 0.75) == GREEN
    assert ink(data, 0, 0.25, 0.25) == WHITE
    assert b"ZhixingHidden" not in data


def test_a_pdf_that_forbids_printing_is_free_on_record() -> None:
    data = made(locked(THREE, owner="o", user=""))
    with Pdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.is_encrypted
    assert left_inks(data) == [RED, GREEN, BLUE]


@pytest.mark.parametrize(
    ("orientation", "where"),
    list(enumerate([(0, 0), (1, 0), (1, 1), (0, 1)] * 2, start=1)),
)
def test_a_photograph_stands_as_the_phone_was_held(
    orientation: int, where: tuple[int, int]
) -> None:
    data = made(jpeg(orientation=orientation))
    places = [(x, y) for x in (0, 1) for y in (0, 1)]
    red = [at for at in places if ink(data, 0, 0.2 + 0.6 * at[0], 0.2 + 0.6 * at[1]) == RED]
    assert red == [where]
    shape = examine(jpeg(orientation=orientation), "x").shapes[0]
    again = examine(data, "x").shapes[0]
    assert (again.width, again.height) == pytest.approx((shape.width, shape.height), abs=0.1)
    assert (shape.width > shape.height) == (orientation >= 5)


def test_a_jpeg_goes_in_as_it_is() -> None:
    photo = jpeg(size=(800, 1200))
    with Pdf.open(io.BytesIO(made(photo))) as pdf:
        (picture,) = pdf.pages[0].obj.Resources.XObject.values()
        assert picture.read_raw_bytes() == photo


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "GIF", "BMP", "WEBP"])
def test_every_kind_of_picture_becomes_a_page(kind: str, mode: str) -> None:
    if (kind, mode) in {("BMP", "LA"), ("TIFF", "LA")}:
        mode = "L"  # what such files cannot hold
    data = made(written(corner(mode, (1240, 1754)), kind, dpi=(150, 150)))
    dark, light = ink(data, 0, 0.2, 0.2), ink(data, 0, 0.8, 0.8)
    assert dark in (RED, (0, 0, 0))
    assert light == WHITE


def test_a_small_picture_is_not_blown_up_over_the_sheet() -> None:
    data = made(jpeg(size=(100, 100), dpi=None))
    assert (ink(data, 0, 0.47, 0.47), ink(data, 0, 0.3, 0.3)) == (RED, WHITE)


def test_what_cannot_be_cut_is_named_all_at_once() -> None:
    sources = [Source(THREE, "甲.pdf"), Source(word_file(), "乙.docx")]
    cuts = [PageCut(0, 3), PageCut(1, 0), PageCut(7, 0), PageCut(0, 0, 45)]
    with pytest.raises(InputRefusedError) as refused:
        compose(sources, cuts)
    assert [one.where for one in refused.value.problems] == [f"第{page}页" for page in (1, 2, 3, 4)]
    with pytest.raises(InputRefusedError, match="一页也没有选"):
        compose(sources, [])
    with pytest.raises(InputRefusedError, match="向交来的人要密码"):
        compose([Source(locked(THREE, owner="a", user="b"), "丙.pdf")], [PageCut(0, 0)])


def test_who_stops_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: int) -> None:
        if done == 2:
            raise StoreError("已经停止。")

    with pytest.raises(StoreError, match="已经停止"):
        compose([Source(THREE, "a")], [PageCut(0, 1), PageCut(0, 0)], tmp_path / "o.pdf", step=stop)
    assert list(tmp_path.iterdir()) == []


FULL = """
import resource, sys
from pathlib import Path
from zhixing_desktop.dossier.composing import compose
from zhixing_desktop.dossier.incoming import PageCut, Source
from zhixing_desktop.workflow.errors import StoreError
folder = Path(sys.argv[1])
sources = [Source(folder / "a.png", "a"), Source(folder / "b.png", "b")]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    compose(sources, [PageCut(0, 0), PageCut(1, 0)], folder / "made.pdf")
except StoreError as error:
    print(error.data["kind"])
"""


@pytest.mark.parametrize("room", [100_000, 1_000_000], ids=["first part", "last step"])
def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path, room: int) -> None:
    from numpy.random import default_rng
    from PIL import Image

    for name in ("a.png", "b.png"):
        noise = default_rng(1).integers(0, 255, (800, 1000), dtype="uint8")
        Image.fromarray(noise).save(tmp_path / name)
    before = sorted(tmp_path.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), str(room)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "full"
    assert sorted(tmp_path.iterdir()) == before
