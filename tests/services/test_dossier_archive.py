"""Node 44: the package of a case, verified by tools that know nothing of the program; hand-over,
receipt, return with points."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import bagit
import pikepdf
import pytest

from helpers.bureau import OFFICER, Office
from helpers.closed_case import ARCHIVIST, CLERK, closed_case, file_pages, printed
from zhixing_desktop.services import archive_check, dossier_archive, journal_keys
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.archive_types import HANDED, MADE, RECEIVED, RETURNED, Packed
from zhixing_desktop.services.archive_waiting import archive_state
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    NotAllowedError,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)
from zhixing_desktop.workflow.views import Key

ARCHIVING = Key(44, "case")


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[Office, int]]:
    office, case = closed_case(tmp_path)
    printed(office, case, tmp_path)
    yield office, case
    office.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "移交"
    folder.mkdir()
    return folder


def pack(office: Office, case: int, out: Path, by: str = CLERK, **more: bool) -> Packed:
    return make_package(office.bureau, office.actor(by), case, out, **more)


def test_the_package_verifies_with_tools_that_do_not_know_the_program(
    closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    made = pack(office, case, out)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(
            ["sha256sum", "--quiet", "-c", manifest],
            check=False,
            cwd=made.path,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
    assert bagit.Bag(str(made.path)).validate(processes=1)
    assert dossier_archive.verify_package(made.path, digest=made.line.digest) == ()
    data = made.path / "data"
    names = {path.relative_to(data).as_posix() for path in data.rglob("*.*")}
    assert {"影像卷宗/正卷第1册.pdf", "影像卷宗/副卷第1册.pdf", "日志/日志验证包.zip"} <= names
    assert any(name.startswith("原件/正卷/") and name.endswith("谈话录音.wav") for name in names)
    listed = json.loads((data / "目录.json").read_bytes())
    assert listed["归档"]["正卷册数"] == 1
    assert {i["名称"]: i["页数"] for i in listed["件"]}["委托书原件"] == 2


def test_the_image_dossier_has_outline_labels_and_a_sheet_for_what_is_on_paper_only(
    closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    made = pack(office, case, out)
    with pikepdf.open(made.path / "data" / "影像卷宗" / "正卷第1册.pdf") as pdf:
        with pdf.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
        assert titles[:2] == ["封面", "卷内目录"]
        assert titles[-1] == "备考表"
        assert any("银行流水" in title for title in titles)
        assert any("委托书原件" in title for title in titles)
        labels = [page.label for page in pdf.pages]
        content = [label for label in labels if label.isdigit()]
        assert content == [str(number) for number in range(1, len(content) + 1)]
        assert str(pdf.docinfo["/CaseNumber"]) == made.line.case_no


def test_the_package_enters_what_it_knows_at_node_44(closed: tuple[Office, int], out: Path) -> None:
    office, case = closed
    made = pack(office, case, out)
    values = office.detail(case).context.index.values[44, "case"]
    assert values["retention_period"] == "长期（六十年）"
    assert values["main_volume_pages"].startswith("1册，")
    assert values["side_volume_pages"] == "1册，2页"
    assert str(values["images_made_on"]) == "2024-03-05"
    assert any("节点44" in note for note in made.notes)


def test_hand_over_receipt_and_what_node_44_says_then(
    closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    made = pack(office, case, out)
    assert made.line.state == MADE
    bureau, archivist = office.bureau, office.actor(ARCHIVIST)
    with pytest.raises(RuleRefusedError, match="不能接收"):
        dossier_archive.receive(bureau, archivist, made.line.id, "2024-1", version=1)
    handed = dossier_archive.hand_to_archive(
        bureau, office.actor(CLERK), made.line.id, version=1
    ).line
    assert handed.state == HANDED
    with pytest.raises(NotAllowedError):
        dossier_archive.receive(bureau, office.actor(CLERK), handed.id, "2024-1", version=2)
    with pytest.raises(InputRefusedError, match="归档号"):
        dossier_archive.receive(bureau, archivist, handed.id, " ", version=2)
    office.at("2024-03-08T10:00")
    done = dossier_archive.receive(
        bureau, archivist, handed.id, "执2024-0001", version=2, receipt="收讫"
    )
    assert (done.line.state, done.line.archive_number) == (RECEIVED, "执2024-0001")
    index = office.detail(case).context.index
    assert index.event("archived", "case") is not None
    assert index.values[44, "case"]["archive_received_by"] == ARCHIVIST
    assert set(index.items[ARCHIVING]) == {1, 2}
    assert "影像卷宗" in index.items[ARCHIVING][2].data["materials"]
    with pytest.raises(RuleRefusedError, match="已经接收归档"):
        pack(office, case, out / "..")


def test_returned_with_points_it_is_mended_and_made_again(
    closed: tuple[Office, int], out: Path, tmp_path: Path
) -> None:
    office, case = closed
    bureau = office.bureau
    made = pack(office, case, out)
    dossier_archive.hand_to_archive(bureau, office.actor(CLERK), made.line.id, version=1)
    with pytest.raises(RuleRefusedError, match="还没有接收或者退回"):
        pack(office, case, tmp_path)
    with pytest.raises(InputRefusedError, match="逐条写明"):
        dossier_archive.return_with_points(
            bureau, office.actor(ARCHIVIST), made.line.id, [" "], version=2
        )
    back = dossier_archive.return_with_points(
        bureau, office.actor(ARCHIVIST), made.line.id, ["第3页不清楚", ""], version=2
    ).line
    assert (back.state, back.points) == (RETURNED, ("第3页不清楚",))
    file_pages(office, case, "补充证据", 1, place=10)
    again = pack(office, case, tmp_path)
    found = dossier_archive.packages(bureau, office.actor(), case)
    assert [line.id for line in found] == [again.line.id, made.line.id]
    values = office.detail(case).context.index.values[44, "case"]
    assert values["main_volume_pages"] != ""


def test_what_was_changed_since_or_by_another_is_not_handed_over(
    closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    made = pack(office, case, out)
    with pytest.raises(StaleEditError):
        dossier_archive.hand_to_archive(office.bureau, office.actor(CLERK), made.line.id, version=7)
    file_pages(office, case, "后来的材料", 1, place=10)
    with pytest.raises(RuleRefusedError, match="请重新制作归档包"):
        dossier_archive.hand_to_archive(office.bureau, office.actor(CLERK), made.line.id, version=1)


def test_every_fault_is_named_before_anything_is_written(
    closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    change_setting(
        office.bureau, office.actor("何管理"), "dossier.since", "2024-03-01", "启用逐件核对"
    )
    file_pages(office, case, "没有打印的", 1, place=10)
    found = archive_check.check(office.bureau, office.actor(OFFICER), case)
    words = "".join(problem.sentence for problem in found.faults)
    assert "没有打印入纸质卷宗" in words
    assert "还没有用扫描件核对过" in words
    with pytest.raises(RuleRefusedError, match="归档核查发现"):
        pack(office, case, out)
    assert list(out.iterdir()) == []


def test_a_case_that_is_not_closed_or_somebody_who_may_not(
    tmp_path: Path, closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    with pytest.raises(NotAllowedError):
        pack(office, case, out, by="孙法官")
    opened = office.register(2, debtor="丁")
    with pytest.raises(RuleRefusedError, match="归档节点没有启动"):
        pack(office, opened, out)


def test_given_up_or_with_a_file_that_was_changed_nothing_is_left(
    closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    from zhixing_desktop.dossier.package import PackingCancelledError

    with pytest.raises(PackingCancelledError):
        make_package(office.bureau, office.actor(CLERK), case, out, cancelled=lambda: True)
    assert list(out.iterdir()) == []
    for path in (out.parent / "bureau.db.files").rglob("*"):
        if path.is_file() and path.read_bytes()[:4] == b"RIFF":
            path.write_bytes(b"RIFF" + path.read_bytes()[4:-1] + b"x")
    with pytest.raises(StoreError, match="内容与登记的不同"):
        pack(office, case, out)
    assert list(out.iterdir()) == []
    assert dossier_archive.packages(office.bureau, office.actor(), case) == ()


def test_where_the_bureaus_key_is_elsewhere_it_says_so_before_anything_is_drawn(
    closed: tuple[Office, int], out: Path, tmp_path: Path
) -> None:
    """With a server each workstation has its own data folder: one of them holds the key."""
    office, case = closed
    assert archive_state(office.bureau, office.actor(CLERK), case).unsigned == ""
    first = pack(office, case, out)
    key = journal_keys.key_file(office.bureau)
    key.rename(tmp_path / "elsewhere.pem")
    seen = archive_state(office.bureau, office.actor(CLERK), case)
    assert "请在工作站“试验工作站”办理" in seen.unsigned
    told: list[str] = []
    other = tmp_path / "another"
    other.mkdir()
    with pytest.raises(StoreError, match="请在工作站“试验工作站”办理") as refused:
        make_package(
            office.bureau, office.actor(CLERK), case, other,
            progress=lambda _done, _all, what: told.append(what),
        )  # fmt: skip
    assert refused.value.data["workstation"] == "试验工作站"
    assert (told, list(other.iterdir())) == ([], [])
    dossier_archive.hand_to_archive(office.bureau, office.actor(CLERK), first.line.id, version=1)


XMP = {
    "{http://purl.org/dc/elements/1.1/}title",
    "{http://purl.org/dc/elements/1.1/}creator",
    "{http://ns.adobe.com/xap/1.0/}CreatorTool",
}


def test_every_pdf_of_the_package_is_sound_by_a_checker_and_says_what_it_is(
    closed: tuple[Office, int], out: Path
) -> None:
    office, case = closed
    made = pack(office, case, out)
    found = sorted((made.path / "data").rglob("*.pdf"))
    assert {path.parent.name for path in found} >= {"正卷", "副卷", "影像卷宗"}
    for path in found:
        with pikepdf.open(path) as pdf:
            assert pdf.check_pdf_syntax() == [], path.name
            assert not pdf.is_encrypted
            assert len(pdf.pages) > 0
    for side, title in (("正卷", "正卷第1册"), ("副卷", "副卷第1册")):
        with pikepdf.open(made.path / "data" / "影像卷宗" / f"{title}.pdf") as pdf:
            meta = pdf.open_metadata()
            assert set(meta) >= XMP
            named = str(meta["dc:title"])
            assert made.line.case_no in named
            assert side in named
            assert str(pdf.docinfo["/Title"]) == named
            # The labels are those on paper; what bears no number has a Roman one.
            labels = [page.label for page in pdf.pages]
            numbers = [label for label in labels if label.isdigit()]
            assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
            assert labels[0] == "i"
            assert not labels[-1].isdigit()
            with pdf.open_outline() as outline:
                places = [_page_of(pdf, entry) for entry in outline.root]
            assert places == sorted(places)
            assert places[0] == 0


def _page_of(pdf: pikepdf.Pdf, entry: pikepdf.OutlineItem) -> int:
    target = entry.destination
    assert isinstance(target, pikepdf.Array)
    return [page.objgen for page in pdf.pages].index(target[0].objgen)


def test_the_image_dossier_passes_the_check_of_qpdf(closed: tuple[Office, int], out: Path) -> None:
    office, case = closed
    made = pack(office, case, out)
    for path in (made.path / "data" / "影像卷宗").glob("*.pdf"):
        job = pikepdf.Job(["qpdf", "--check", str(path)])
        job.run()
        assert job.exit_code == 0, path.name
