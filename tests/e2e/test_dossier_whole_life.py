"""A case of the sample from filing to archive: each duty open before its node, closed after.

The story is told by the services (``dossier_showcase_story``); what is asserted is read anew from
the bureau, as any window reads it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path

import pikepdf
import pytest

from helpers.bureau import rules
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.dossier.pdf_pages import page_texts
from zhixing_desktop.services import cases, dossier_tray, health, papers, people
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.dossier import dossier
from zhixing_desktop.services.dossier_at_node import at_node
from zhixing_desktop.services.dossier_showcase import Showcase, showcase
from zhixing_desktop.services.dossier_showcase_archive import Archived, to_the_archive
from zhixing_desktop.services.dossier_showcase_story import FILED_ON, live, open_showcase
from zhixing_desktop.services.dossier_triangle import triangle
from zhixing_desktop.services.dossier_triangle_rows import triangle_sheet
from zhixing_desktop.services.dossier_types import MAIN, SIDE, Medium
from zhixing_desktop.services.dossier_volume_rows import BOUND
from zhixing_desktop.services.dossier_volumes import volumes
from zhixing_desktop.services.node_detail import overview
from zhixing_desktop.services.sample import SAMPLE_NOW
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

pytestmark = pytest.mark.e2e

NODES = (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 11, 17, 31, 32, 33, 43)
CATALOGUE_OF = {
    "申请执行书": 3, "生效法律文书副本": 6, "执行通知书": 8, "申请执行人身份证明": 9,
    "收条": 10, "调查笔录": 11, "网络查控反馈材料": 12, "查封、扣押、冻结措施的材料": 13,
    "划拨裁定": 19, "到账相关材料": 23, "案款发放审批表": 23, "送达回证": 30,
}  # fmt: skip
"""Item of the catalogue in which things of such a name lie (domain notes §7.1)."""


@dataclass
class Life:
    """What was seen at each stop, and the bureau as it stands at the end."""

    bureau: Bureau
    officer: Actor
    case: int
    before: dict[Key, set[str]] = field(default_factory=dict)
    after: dict[Key, set[str]] = field(default_factory=dict)
    wanted: dict[Key, set[str]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    holes: tuple[str, ...] = ()
    shown: Showcase | None = None
    archived: Archived | None = None
    out: Path = Path()


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("卷宗")
    clock = FixedClock(datetime.combine(FILED_ON, time(8, 30)))
    bureau = open_bureau(
        f"sqlite:///{folder / 'bureau.db'}",
        clock=clock,
        resources=paths.resources_dir(),
        workstation="试验工作站",
        create=True,
        purpose="sample",
        rules=rules(),
    )
    open_showcase(bureau)
    seen: Life | None = None
    for stop in live(bureau, clock, folder):
        officer = people.find_person(bureau, stop.officer).actor()
        seen = seen or Life(bureau, officer, stop.case_id, out=folder / "out")
        found = at_node(bureau, officer, stop.case_id, stop.key)
        there = {*found.by_material, *found.elsewhere}
        if stop.closed:
            seen.after[stop.key] = there
            seen.wanted[stop.key] = required(seen, stop.key)
            seen.order.append(stop.key.node)
        else:
            seen.before[stop.key] = there
    assert seen is not None
    clock.set(SAMPLE_NOW)
    seen.holes = tuple(h.sentence for h in triangle(bureau, seen.officer, seen.case).holes)
    seen.shown = showcase(bureau)
    assert seen.shown is not None
    seen.archived = to_the_archive(bureau, seen.shown, seen.out, lambda _: None)
    yield seen
    bureau.close()


def required(life: Life, key: Key) -> set[str]:
    ctx = cases.detail(life.bureau, life.officer, life.case).context
    spec = ctx.rulebook.nodes[key.node]
    return {m.name for m in materials_in_play(ctx, spec, key.subject) if m.required}


def test_each_duty_is_open_before_its_node_and_closed_after(life: Life) -> None:
    assert tuple(life.order) == NODES
    assert sum(len(names) for names in life.wanted.values()) >= 12
    for key, names in life.wanted.items():
        assert not names & life.before[key], key
        assert names <= life.after[key], key
    view = cases.detail(life.bureau, life.officer, life.case).view
    for key in life.wanted:
        assert view.instances[key].state in (State.DONE, State.DONE_LATE), key


def test_what_was_filed_is_reported_at_its_node(life: Life) -> None:
    ctx = cases.detail(life.bureau, life.officer, life.case).context
    for key, names in life.wanted.items():
        items = ctx.index.items.get(key, {}).values()
        told = {name for fact in items for name in fact.data.get("materials", ())}
        assert names <= told, key


def test_the_sheet_of_the_payout_is_not_asked_for_a_second_time(life: Life) -> None:
    found = at_node(life.bureau, life.officer, life.case, Key(43, "case"))
    (sheet,) = found.elsewhere["案款发放审批表"]
    assert sheet.key == Key(33, "payment/1")
    view = dossier(life.bureau, life.officer, life.case)
    assert [i.id for i in view.main.items if i.name.startswith("案款发放审批表")] == [sheet.id]
    sheets = triangle_sheet(life.bureau, life.officer, life.case).rows
    (row,) = [r for r in sheets if r.what == "案款发放审批表" and r.key == Key(43, "case")]
    assert (row.agrees, row.files) == (True, "已归入节点33（款项1）")


def test_nothing_is_lifted_that_has_been_drawn_and_the_node_says_so(life: Life) -> None:
    paper = "解除查封、扣押、冻结裁定书"
    detail = overview(cases.detail(life.bureau, life.officer, life.case), 43).find("case")
    (row,) = [row for row in detail.papers if row.name == paper]
    assert row.made.startswith("不需要制作：没有尚在控制中的财产")
    assert "节点四十三 执行完毕案件3" in row.made
    offers = papers.offers(life.bureau, life.officer, life.case, Key(43, "case"))
    (offer,) = [one for one in offers if one.name == paper]
    assert (offer.required, offer.why_not) == (False, row.made)


def test_what_is_made_after_the_closing_goes_on_in_the_bound_volume(life: Life) -> None:
    (line,) = volumes(life.bureau, life.officer, life.case, SIDE)
    last = line.plan.lines[-1].title
    assert last.startswith("结案审批表") or "结案审批表" in {x.title for x in line.plan.lines}
    assert (line.state, line.added) == (BOUND, 0)


def test_no_hole_is_left_when_it_is_closed_but_what_came_after(life: Life) -> None:
    assert [words for words in life.holes if "打印" not in words and "核对" not in words] == []


def test_the_catalogue_stands_in_the_order_of_the_court(life: Life) -> None:
    view = dossier(life.bureau, life.officer, life.case)
    places = [item.place for item in view.main.items]
    assert places == sorted(places)
    assert view.main.unplaced == ()
    for name, place in CATALOGUE_OF.items():
        found = {item.place for item in view.main.items if item.name.startswith(name)}
        assert found == {place}, name
    assert view.side is not None
    assert [item.place for item in view.side.items] == [1, 4]
    media = {item.medium for item in view.main.items}
    assert {Medium.BOTH, Medium.ORIGINAL, Medium.PAPER} <= media


def test_pages_are_numbered_through_from_the_first_page_of_content(life: Life) -> None:
    (line,) = volumes(life.bureau, life.officer, life.case, MAIN)
    numbers = [page.number.words for page in line.plan.pages]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert line.added == 0
    assert life.archived is not None
    texts = page_texts((life.out / "正卷第1册.pdf").read_bytes())
    cover = "".join(texts[0].split())
    assert "（2025）豫0811执1688号" in cover
    assert "执行完毕" in cover
    assert f"正卷1册，{len(line.plan.pages)}页" in cover


def test_every_volume_is_proven_and_the_package_verifies(life: Life) -> None:
    made = life.archived
    assert made is not None
    assert [(proof.same, proof.findings) for proof in made.proofs] == [(True, ())] * 2
    assert made.faults == ()
    assert made.package is not None
    found = triangle(life.bureau, life.officer, life.case)
    assert found.enforced
    assert found.holes == ()
    view = cases.detail(life.bureau, life.officer, life.case).view
    assert view.instances[Key(44, "case")].state in (State.DONE, State.DONE_LATE)
    assert showcase(life.bureau) is None


def test_the_outline_of_the_image_dossier_names_every_thing(life: Life) -> None:
    assert life.archived is not None
    assert life.archived.package is not None
    (images,) = life.archived.package.rglob("*正卷*第1册*.pdf")
    with pikepdf.open(images) as pdf, pdf.open_outline() as outline:
        titles = [str(entry.title) for top in outline.root for entry in (top, *top.children)]
        labels = pdf.Root.get("/PageLabels")
    view = dossier(life.bureau, life.officer, life.case)
    for item in view.main.items:
        if item.pages and item.medium is not Medium.PAPER:
            assert any(item.name in title for title in titles), item.name
    assert labels is not None


def test_what_comes_of_it_lies_in_the_folder_and_common_tools_verify_it(life: Life) -> None:
    names = {path.name for path in life.out.iterdir()}
    assert {
        "正卷第1册.pdf", "副卷第1册.pdf", "正卷第1册-扫描.pdf", "正卷第1册-核对证明.pdf",
        "分隔页.pdf", "粘贴用页标.pdf", "卷脊标签.pdf", "卷宗交接单.pdf",
    } <= names  # fmt: skip
    assert life.archived is not None
    command = ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"]
    assert subprocess.run(command, cwd=life.archived.package, check=False).returncode == 0


def test_scans_that_nobody_knows_wait_in_the_tray_and_the_bureau_is_sound(life: Life) -> None:
    assert dossier_tray.waiting_count(life.bureau, life.officer) == 2
    assert health.check_all(life.bureau) == []
