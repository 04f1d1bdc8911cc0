"""报结 against each kind of disagreement: refused while it is there, let through when mended.

Every disagreement is brought about and mended by what people really do; the table of cases holds
every kind that there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from helpers import closable_case
from helpers.bureau import CLERK, Office
from helpers.closable_case import (
    closed,
    file_pages,
    looked,
    on_paper,
    proven,
    report_closed,
    taken,
)
from helpers.papers import pdf
from helpers.word_files import opened as word
from helpers.word_files import saved
from zhixing_desktop.documents.libreoffice import Converter
from zhixing_desktop.services import dossier, dossier_archive, work
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.dossier_earlier import file_paper_again
from zhixing_desktop.services.dossier_filing import (
    Change,
    change_item,
    file_item,
    replace_item,
    withdraw_item,
)
from zhixing_desktop.services.dossier_triangle import Hole, HoleKind
from zhixing_desktop.services.dossier_triangle_types import HOLE_RULES, SHOWN_ONLY
from zhixing_desktop.services.dossier_types import MAIN, SIDE, Filing, ItemLine, Medium
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_drafts import keep_draft
from zhixing_desktop.services.paper_edited import word_to_edit
from zhixing_desktop.services.paper_issuing import issue, issue_draft
from zhixing_desktop.services.paper_proofs import add_proof
from zhixing_desktop.services.paper_serving import serve
from zhixing_desktop.services.paper_take_back import take
from zhixing_desktop.services.paper_types import PaperLine, PaperWish
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.errors import RuleRefusedError, StoreError
from zhixing_desktop.workflow.service_of_papers import Service, Way
from zhixing_desktop.workflow.views import Key

NOTICE, QUERY, BOUNTY, ARCHIVING = Key(7, "case"), Key(9, "case"), Key(15, "case"), Key(44, "case")
FEEDBACK, FEEDBACK_ITEM = "网络查控反馈材料", 5
PROOF = "执行通知书、报告财产令送达回证"
WRONG = "属于另一案件，误放"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("closable") / "built"
    folder.mkdir()
    closable_case.build(folder)
    return folder


@dataclass(slots=True)
class Court:
    """The case's officer and clerk at work, with what a test needs in one line each."""

    office: Office
    case: int
    folder: Path

    def lines(self, side: str = MAIN) -> tuple[ItemLine, ...]:
        view = dossier.dossier(self.office.bureau, self.office.actor(), self.case)
        found = view.side if side == SIDE else view.main
        assert found is not None
        return found.items

    def line(self, name: str) -> ItemLine:
        return next(line for line in self.lines() if line.name == name)

    def holes(self) -> list[Hole]:
        return [h for h in looked(self.office, self.case).holes if h.kind not in SHOWN_ONLY]

    def hole(self, kind: HoleKind) -> Hole:
        found = looked(self.office, self.case).holes
        return next(hole for hole in found if hole.kind is kind)

    def file(self, name: str, **said: object) -> ItemLine:
        return file_pages(self.office, self.case, name, **said)  # type: ignore[arg-type]

    def on_paper(self) -> None:
        on_paper(self.office, self.case, self.folder)

    def withdraw(self, line: ItemLine) -> None:
        withdraw_item(self.office.bureau, self.office.actor(), line.id, WRONG, version=line.version)

    def report(self, key: Key, item: int, *materials: str) -> None:
        entry = ItemEntry(self.office.clock.now(), materials=materials)
        work.record_work(self.office.bureau, self.office.actor(), self.case, key, {}, {item: entry})

    def issue(self) -> PaperLine:
        wish = PaperWish(self.case, "07-talk-record", NOTICE)
        return issue(self.office.bureau, self.office.actor(), wish).paper

    def prove(self, *, without: int | None = None) -> None:
        proven(self.office, self.case, self.folder, without=without)


@pytest.fixture
def court(built: Path, tmp_path: Path) -> Iterator[Court]:
    office, case = closable_case.opened(built, tmp_path / "bureau")
    yield Court(office, case, tmp_path / "bureau")
    office.close()


Step = Callable[[Court], object]


@dataclass(frozen=True, slots=True)
class Course:
    """How a kind of disagreement comes about, and the act that mends it."""

    breaks: Step
    mends: Step


def take_in_what_is_missing(court: Court) -> None:
    """What the triangle proposes for a missing material: take it in for its duty; print it."""
    (hole,) = [h for h in court.holes() if h.material]
    assert hole.key is not None
    court.file(hole.material, key=hole.key, material=hole.material)
    court.on_paper()


def unreported(court: Court) -> None:
    """The duty is more than an upload, so a filing does not report it; nobody else has."""
    court.file(PROOF, key=NOTICE, material=PROOF)
    court.on_paper()


def for_a_node_not_started(court: Court) -> None:
    file_item(
        court.office.bureau, court.office.actor(), court.case,
        Filing("悬赏公告照片", BOUNTY, place=12), taken(court.office),
    )  # fmt: skip
    court.on_paper()


def paper_taken_out(court: Court) -> None:
    made = court.issue()
    court.on_paper()
    court.withdraw(next(line for line in court.lines() if line.paper_id == made.id))
    court.on_paper()


def paper_filed_again(court: Court) -> None:
    hole = court.hole(HoleKind.PAPER_UNFILED)
    assert hole.paper is not None
    file_paper_again(court.office.bureau, court.office.actor(), hole.paper)
    court.on_paper()


def signed_scan(court: Court) -> None:
    hole = court.hole(HoleKind.PAPER_WITHOUT_PAGES)
    (line,) = [line for line in court.lines() if line.id == hole.item]
    replace_item(
        court.office.bureau, court.office.actor(), line.id, taken(court.office, 2),
        "换成签名盖章的原件", version=line.version, medium=Medium.ORIGINAL,
    )  # fmt: skip
    court.on_paper()


def no_converter(_fonts: str) -> Converter:
    raise StoreError("本机没有找到 LibreOffice。")


def issued_without_a_word_processor(court: Court) -> None:
    """Its text was edited in Word, and this workstation cannot make a PDF of it."""
    bureau, officer = court.office.bureau, court.office.actor()
    bureau.papers = PaperRules(bureau.resources, no_converter)
    draft = keep_draft(bureau, officer, PaperWish(court.case, "07-talk-record", NOTICE))
    document = word(word_to_edit(bureau, officer, draft.id).data)
    document.paragraphs[-1].add_run("以上笔录已向本人宣读。")
    edited = take(bureau, officer, draft.id, saved(document), "补充宣读情况", version=1)
    made = issue_draft(bureau, officer, draft.id, version=edited.paper.version)
    assert made.paper.pdf == ""
    court.on_paper()


def newer_version(court: Court) -> None:
    line = court.line("银行流水")
    replace_item(
        court.office.bureau, court.office.actor(), line.id, taken(court.office, 4),
        "换成清晰的扫描件", version=line.version,
    )  # fmt: skip


def unplaced(court: Court) -> None:
    court.file("无名扫描件", place=None)
    court.on_paper()


def placed(court: Court) -> None:
    hole = court.hole(HoleKind.UNPLACED)
    assert hole.item is not None
    change_item(court.office.bureau, court.office.actor(), hole.item, Change(place=31), version=1)
    court.on_paper()


def started(court: Court) -> None:
    work.start_node(court.office.bureau, court.office.actor(), court.case, BOUNTY)


def proven_different(court: Court) -> None:
    court.on_paper()
    court.prove(without=4)


def archived_by_hand(court: Court) -> None:
    """The case is closed; at node 44 somebody says that the archive has its image dossier."""
    closed(court.office, court.case)
    court.report(ARCHIVING, 2, "影像卷宗")


def handed_to_the_archive(court: Court) -> None:
    bureau, clerk = court.office.bureau, court.office.actor(CLERK)
    court.prove()
    made = make_package(bureau, clerk, court.case, court.folder)
    dossier_archive.hand_to_archive(bureau, clerk, made.line.id, version=1)


def served_without_proof(court: Court) -> None:
    made = court.issue()
    court.on_paper()
    how = Service(Way.DIRECT, arrived_on=date(2024, 3, 5), server="周书记")
    clerk = court.office.actor(CLERK)
    serve(court.office.bureau, clerk, made.id, how, recipient="乙建强")


def proof_comes(court: Court) -> None:
    hole = court.hole(HoleKind.PROOF_MISSING)
    assert hole.service is not None
    add_proof(
        court.office.bureau, court.office.actor(CLERK), hole.service,
        Scan("回证.pdf", pdf((200, 210, 220))), version=hole.service_version,
    )  # fmt: skip
    court.on_paper()


CASES: dict[HoleKind, Course] = {
    HoleKind.MATERIAL_MISSING: Course(
        lambda court: court.report(QUERY, FEEDBACK_ITEM), take_in_what_is_missing
    ),
    HoleKind.MATERIAL_REPORTED: Course(
        lambda court: court.report(QUERY, FEEDBACK_ITEM, FEEDBACK), take_in_what_is_missing
    ),
    HoleKind.MATERIAL_UNREPORTED: Course(unreported, lambda court: court.report(NOTICE, 1)),
    HoleKind.NODE_NOT_STARTED: Course(for_a_node_not_started, started),
    HoleKind.PAPER_UNFILED: Course(paper_taken_out, paper_filed_again),
    HoleKind.PAPER_WITHOUT_PAGES: Course(issued_without_a_word_processor, signed_scan),
    HoleKind.UNPLACED: Course(unplaced, placed),
    HoleKind.NOT_PRINTED: Course(
        lambda court: court.file("新证据"), lambda court: court.on_paper()
    ),
    HoleKind.OLD_PRINT: Course(newer_version, lambda court: court.on_paper()),
    HoleKind.GONE_ON_PAPER: Course(
        lambda court: court.withdraw(court.line("银行流水")), lambda court: court.on_paper()
    ),
    HoleKind.PROVEN_DIFFERENT: Course(proven_different, lambda court: court.prove()),
    HoleKind.PROOF_MISSING: Course(served_without_proof, proof_comes),
    HoleKind.NOT_PROVEN: Course(lambda court: court.on_paper(), lambda court: court.prove()),
    HoleKind.NOT_ARCHIVED: Course(archived_by_hand, handed_to_the_archive),
}


def test_every_kind_of_disagreement_has_its_case() -> None:
    assert set(CASES) == set(HoleKind) == set(HOLE_RULES)


def test_a_case_in_which_the_three_agree_is_let_through(court: Court) -> None:
    assert court.holes() == []
    made = report_closed(court.office, court.case)
    assert "closing_requested" in {fact.kind for fact in made.facts}


def refused(court: Court, kind: HoleKind) -> None:
    """报结 is refused, naming the kind with what it rests on and what mends it; nothing happens."""
    assert {hole.kind for hole in court.holes()} == {kind}
    hole = court.hole(kind)
    with pytest.raises(RuleRefusedError) as said:
        report_closed(court.office, court.case)
    error = said.value
    assert hole.sentence.rstrip("。") in error.sentence
    assert hole.mend in error.sentence
    assert error.cite == hole.cite
    assert set(error.data["holes"]) == {kind.value}
    assert error.data["found"][0]["cite"] == hole.cite.words()
    index = court.office.detail(court.case).context.index
    assert index.event("closing_requested", "case") is None


def let_through(court: Court) -> None:
    assert court.holes() == []
    made = report_closed(court.office, court.case)
    assert "closing_requested" in {fact.kind for fact in made.facts}


@pytest.mark.parametrize("kind", [kind for kind in CASES if kind not in SHOWN_ONLY])
def test_it_stops_the_closing_until_it_is_mended(court: Court, kind: HoleKind) -> None:
    CASES[kind].breaks(court)
    refused(court, kind)
    CASES[kind].mends(court)
    let_through(court)


@pytest.mark.parametrize("kind", [HoleKind.PROOF_MISSING, HoleKind.NOT_PROVEN])
def test_what_no_rule_names_is_shown_and_stops_nothing(court: Court, kind: HoleKind) -> None:
    CASES[kind].breaks(court)
    assert not court.hole(kind).blocks
    let_through(court)


@pytest.mark.parametrize("kind", sorted(SHOWN_ONLY))
def test_what_is_only_shown_goes_when_it_is_mended(court: Court, kind: HoleKind) -> None:
    CASES[kind].breaks(court)
    before = court.hole(kind)
    assert not before.blocks
    CASES[kind].mends(court)
    assert before not in looked(court.office, court.case).holes


def test_the_refusal_names_each_kind_once_before_it_names_more_of_one(court: Court) -> None:
    for number in range(12):
        court.file(f"新证据{number}")
    court.file("无名扫描件", place=None)
    with pytest.raises(RuleRefusedError) as said:
        report_closed(court.office, court.case)
    assert "有14处不一致" in said.value.sentence
    assert "“无名扫描件”还没有编目" in said.value.sentence
    assert "另有6处" in said.value.sentence
    assert len(said.value.data["found"]) == 14
    assert said.value.cite is not None
    assert said.value.cite.paragraph == "节点四十三 工作内容2"


def test_an_empty_dossier_lacks_the_cases_material(court: Court) -> None:
    """释义 A62: the main material is there at 报结; anything in the 正卷 is it."""
    for line in court.lines():
        court.withdraw(line)
    court.on_paper()
    lacking = {hole.material for hole in court.holes()}
    assert "案件材料" in lacking
    court.file("银行流水")
    court.on_paper()
    assert "案件材料" not in {hole.material for hole in court.holes()}
