"""The filled dossier of the sample: its duties close, its volume is proven equal and archived."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from helpers.bureau import Office
from helpers.closed_case import NOTICE, close_case
from helpers.paper_desk import paper_desk
from zhixing_desktop.dossier.pdf_pages import page_texts
from zhixing_desktop.services import dossier_tray
from zhixing_desktop.services.dossier import dossier
from zhixing_desktop.services.dossier_showcase import Showcase, fill_showcase, showcase
from zhixing_desktop.services.dossier_showcase_archive import to_the_archive
from zhixing_desktop.services.dossier_triangle import HoleKind, triangle
from zhixing_desktop.services.dossier_types import Medium
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_desk(tmp_path)
    (case,) = made.case_ids
    issue(made.bureau, made.actor(), PaperWish(case, "07-talk-record", NOTICE))
    close_case(made, case)
    yield made
    made.close()


def filled(office: Office) -> Showcase:
    found = fill_showcase(office.bureau)
    assert found is not None
    return found


def test_what_the_nodes_want_is_filed_and_what_nobody_knows_waits(office: Office) -> None:
    shown = filled(office)
    actor = office.actor(shown.officer)
    kinds = {hole.kind for hole in triangle(office.bureau, actor, shown.case_id).holes}
    assert not kinds & {
        HoleKind.MATERIAL_MISSING, HoleKind.MATERIAL_REPORTED, HoleKind.UNPLACED,
    }  # fmt: skip
    view = dossier(office.bureau, actor, shown.case_id)
    media = {item.medium for item in view.main.items}
    assert {Medium.BOTH, Medium.ORIGINAL, Medium.PAPER} <= media
    assert view.side is not None
    assert [item.name for item in view.side.items] == ["合议庭评议笔录"]
    assert dossier_tray.waiting_count(office.bureau, actor) == 2
    assert showcase(office.bureau) == shown


def test_it_goes_to_the_archive_proven_equal_page_by_page(office: Office, tmp_path: Path) -> None:
    shown, out = filled(office), tmp_path / "dossier"
    told: list[str] = []
    made = to_the_archive(office.bureau, shown, out, told.append)
    assert [(proof.same, proof.findings) for proof in made.proofs] == [(True, ()), (True, ())]
    assert made.faults == ()
    assert made.package is not None
    done = subprocess.run(
        ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=made.package, check=False
    )
    assert done.returncode == 0
    names = {path.name for path in out.iterdir()}
    assert {
        "正卷第1册.pdf", "副卷第1册.pdf", "正卷第1册-扫描.pdf", "正卷第1册-核对证明.pdf",
        "分隔页.pdf", "粘贴用页标.pdf", "卷脊标签.pdf", "卷宗交接单.pdf",
    } <= names  # fmt: skip
    assert showcase(office.bureau) is None


def test_the_cover_says_how_many_volumes_and_pages_there_are_and_how_long_it_is_kept(
    office: Office, tmp_path: Path
) -> None:
    shown, out = filled(office), tmp_path / "dossier"
    to_the_archive(office.bureau, shown, out, lambda _words: None)
    cover = "".join(page_texts((out / "正卷第1册.pdf").read_bytes())[0].split())
    assert "副卷1册，1页" in cover
    assert "保管期限长期（六十年）" in cover
    actor = office.actor(shown.officer)
    pages = dossier(office.bureau, actor, shown.case_id).main.pages
    assert f"正卷1册，{pages}页" in cover
    with pikepdf.open(out / "正卷第1册.pdf") as pdf:
        assert len(pdf.pages) > pages
