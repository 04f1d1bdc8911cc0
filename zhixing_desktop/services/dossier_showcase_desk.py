"""How the people of the sample's case deal with one node: enter, issue, serve, file, report.

Every step goes through the services as in the window, by whoever has to do it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from zhixing_desktop.services import cases, dossier_arrivals, dossier_intake, papers, people, work
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.dossier import dossier
from zhixing_desktop.services.dossier_at_node import at_node
from zhixing_desktop.services.dossier_filing import file_item, replace_item
from zhixing_desktop.services.dossier_showcase_things import (
    Thing,
    proof_of,
    signed,
    thing_for,
    things_beside,
    unknown_scans,
)
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, Medium, Piece
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_serving import serve
from zhixing_desktop.services.paper_showcase import as_of_today, fits_today
from zhixing_desktop.services.paper_types import Offer, PaperLine, Preview
from zhixing_desktop.services.sample_script import Script
from zhixing_desktop.services.sample_values import values_at, written
from zhixing_desktop.workflow.completeness import (
    current_value,
    fields_in_play,
    items_in_play,
    materials_in_play,
    notices_in_play,
    papers_in_play,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, midnight
from zhixing_desktop.workflow.drafts import with_draft
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rule_words import FieldType
from zhixing_desktop.workflow.rulebook import FieldSpec, WorkItem
from zhixing_desktop.workflow.service_of_papers import Service, Way
from zhixing_desktop.workflow.views import Key

_FILING_ROLE = "立案人员"
_BY_PAPERS = frozenset({"notice_number", "ruling_number", "ruling_on", "termination_ruling_number"})
"""What the issue of a paper enters by itself."""
_FILING = 2
_OTHER_WAYS = frozenset({"17-queue-ruling", "17-release-ruling", "17-renewal-ruling"})
"""Rulings of another step of the same measure."""
_NOT_MADE = "存款已经划拨，没有需要制作这份文书的情形"
_AFTERWARDS = frozenset({"received_on"})
"""What ends the filing: from then on who filed the case makes no more papers of it."""
_BY_OTHERS = frozenset(
    {"closing_requested_on", "closing_confirmed_on", "paid_out_on", "payment_voucher"}
)
"""Fields that somebody else enters, in a step of its own."""


class CaseDesk:
    """The people of one case; ``script`` tells what they enter, its time is set by the story."""

    def __init__(self, bureau: Bureau, script: Script, case_id: int) -> None:
        self.bureau, self.script, self.case_id = bureau, script, case_id
        self.officer = people.find_person(bureau, script.row.officer).actor()
        self.filer = self.holder(_FILING_ROLE)

    def holder(self, role: str) -> Actor:
        """Return who holds a role."""
        return next(p.actor() for p in people.all_people(self.bureau) if role in p.roles)

    def actor_of(self, node: int) -> Actor:
        """Return who works at a node."""
        role = self.bureau.rules.book.nodes[node].role
        return self.filer if role == _FILING_ROLE else self.officer

    @property
    def detail(self) -> CaseDetail:
        """The case as it stands."""
        return cases.detail(self.bureau, self.officer, self.case_id)

    # ------------------------------------------------------------------------- the whole node

    def finish(self, key: Key, given: Mapping[str, Any] | None = None) -> None:
        """Do everything a node asks for, then let it flow on."""
        self.prepare(key, given)
        self.report(key)
        self.complete(key)

    def prepare(self, key: Key, given: Mapping[str, Any] | None = None) -> None:
        """Enter what is known, issue and serve the papers, file what the node is waiting for."""
        self.enter(key, given, leave=_BY_PAPERS | _AFTERWARDS)
        self.issue_papers(key)
        self.enter(key, leave=_AFTERWARDS)
        self.file_materials(key)
        self.enter(key)

    def complete(self, key: Key) -> None:
        """办结（流转）."""
        work.complete_node(self.bureau, self.actor_of(key.node), self.case_id, key)

    # ------------------------------------------------------------------------------- entering

    def enter(
        self, key: Key, given: Mapping[str, Any] | None = None, leave: Collection[str] = ()
    ) -> None:
        """Enter every field that is required and still empty."""
        ctx = self.detail.context
        spec = ctx.rulebook.nodes[key.node]
        known = values_at(self.script, key.node, key.subject)
        values = {name: written(value) for name, value in (given or {}).items()}
        for _ in spec.fields:
            drafted = with_draft(ctx, key, values)
            found = next(
                (
                    field
                    for field in fields_in_play(drafted, spec, key.subject)
                    if self._wanted(field, known)
                    and field.name not in (*values, *leave)
                    and current_value(drafted, key, field) in (None, "", [])
                ),
                None,
            )
            if found is None:
                break
            values[found.name] = written(known.get(found.name) or self._answer(key, found))
        if values:
            actor = self.actor_of(key.node)
            work.record_work(self.bureau, actor, self.case_id, key, values)

    @staticmethod
    def _wanted(field: FieldSpec, known: Mapping[str, Any]) -> bool:
        if field.name in _BY_OTHERS:
            return False
        return field.required or known.get(field.name) not in (None, "", ())

    def _answer(self, key: Key, field: FieldSpec) -> Any:
        """Return what is entered where the story says nothing: today, yes, the officer."""
        now = self.bureau.database.now()
        answers: dict[FieldType, Any] = {
            FieldType.DATE: now.date(),
            FieldType.DATETIME: now,
            FieldType.STAFF: self.officer.name,
            FieldType.BOOL: True,
        }
        if field.type not in answers:
            raise LookupError(f"node {key.node} asks for {field.name}")
        return answers[field.type]

    # --------------------------------------------------------------------------------- papers

    def issue_papers(self, key: Key, *, ready: bool = False) -> None:
        """Issue what the rules want of the node, serve it, and file the signed copy of each.

        With ``ready`` those that lack something yet are left for later.
        """
        waiting = list(self._wanted_papers(key))
        while waiting:
            # A notice that names the number of a ruling waits until that has been issued.
            waiting.sort(key=lambda offer: len(self._made(key, offer).gaps))
            offer = waiting.pop(0)
            if ready and self._made(key, offer).gaps:
                return
            line = issue(self.bureau, self.actor_of(key.node), self._made(key, offer).wish).paper
            self._signed(line)
            for whom in self._recipients(key, offer):
                self._serve(line, whom)

    def _made(self, key: Key, offer: Offer) -> Preview:
        detail = self.detail
        actor = self.actor_of(key.node)
        return as_of_today(self.bureau, actor, detail, detail.view.instances[key], offer)

    def _wanted_papers(self, key: Key) -> Iterator[Offer]:
        offered = papers.offers(self.bureau, self.actor_of(key.node), self.case_id, key)
        detail = self.detail
        view = detail.view.instances[key]
        for offer in offered:
            wanted = offer.required and not offer.papers and not offer.why_not
            if (
                wanted
                and offer.form not in _OTHER_WAYS
                and fits_today(self.bureau, self.officer, detail, view, offer)
            ):
                yield offer

    def _recipients(self, key: Key, offer: Offer) -> list[str]:
        """Return whom a paper is served on: at the filing there is only the creditor."""
        standings = ("creditor",) if key.node <= _FILING else offer.served_on
        parties = self.detail.context.index.parties
        return [
            whom
            for whom in parties
            if whom.partition("/")[0] in standings and whom.partition("/")[0] in offer.served_on
        ]

    def _signed(self, line: PaperLine) -> None:
        """The paper comes back signed and sealed: its scan takes the place of the page."""
        view = dossier(self.bureau, self.officer, self.case_id)
        sides = (view.main, *((view.side,) if view.side is not None else ()))
        item = next(i for side in sides for i in side.items if i.paper_id == line.id)
        if not line.name.endswith(("通知书", "裁定书", "令")):
            return
        pages = papers.paper_file(self.bureau, self.officer, line.id)
        taken = take_in(self.bureau, [signed(line.name, pages.data)])
        replace_item(
            self.bureau, self.officer, item.id, taken, "更换为签名盖章后的扫描件",
            version=item.version, medium=Medium.ORIGINAL,
        )  # fmt: skip

    def _serve(self, line: PaperLine, whom: str) -> None:
        party = self.detail.context.index.parties[whom].data
        today = self.today
        service = Service(
            Way.DIRECT, sent_on=today, arrived_on=today, place=str(party["address"]),
            received_by="", server=f"{self.officer.name}、{self.script.row.clerk}",
        )  # fmt: skip
        scan = proof_of(line.name, line.number, str(party["name"]), today)
        serve(
            self.bureau, self.actor_of(line.key.node), line.id, service, whom,
            scan=scan,
        )  # fmt: skip

    # ------------------------------------------------------------------------------ the dossier

    def waiting_for(self, key: Key) -> tuple[str, ...]:
        """Return the materials that a node must have and that nobody has filed."""
        ctx = self.detail.context
        spec = ctx.rulebook.nodes[key.node]
        found = at_node(self.bureau, self.officer, self.case_id, key)
        there = {*found.by_material, *found.elsewhere}
        wanted = materials_in_play(ctx, spec, key.subject)
        return tuple(m.name for m in wanted if m.required and m.name not in there)

    def file_materials(self, key: Key) -> None:
        """File everything that a node is waiting for."""
        for name in self.waiting_for(key):
            self.file(thing_for(name, self.script, self.today), key, name)

    def file(self, thing: Thing, key: Key | None = None, material: str = "") -> None:
        """File one thing, as scanned paper or as a photograph."""
        taken = take_in(self.bureau, self._pieces(thing)) if thing.pieces else None
        actor = self.actor_of(key.node) if key is not None else self.officer
        filing = Filing(
            thing.name, key, material=material, origin=thing.origin, medium=thing.medium,
            thing_on=self.today, place=thing.place, side=thing.side,
            paper_pages=thing.paper_pages,
        )  # fmt: skip
        file_item(self.bureau, actor, self.case_id, filing, taken)

    def _pieces(self, thing: Thing) -> list[Piece]:
        """Return its files; photographs are straightened as the window does it."""
        pieces = list(thing.pieces)
        if not thing.photographed:
            return pieces
        seen = dossier_intake.looked_at(self.bureau, pieces)
        return [(dossier_intake.straightened(self.bureau, one).after or one).piece for one in seen]

    def file_beside(self) -> None:
        """File what lies in the dossier without a duty; the rest waits in the tray."""
        for thing in things_beside(self.script, self.today):
            self.file(thing)
        for piece, source in unknown_scans():
            dossier_arrivals.arrive(self.bureau, self.officer, piece, source)

    # ------------------------------------------------------------------------------- reporting

    def report(self, key: Key, leave: Collection[int] = ()) -> None:
        """Report the work items that no paper and no filing has reported yet."""
        ctx = self.detail.context
        spec = ctx.rulebook.nodes[key.node]
        done = ctx.index.items.get(key, {})
        today = midnight(ctx.now)
        items = {
            item.item: self._entry(ctx, key, item, done.get(item.item), today)
            for item in items_in_play(ctx, spec, key.subject)
            if item.item not in leave
            and (item.item not in done or self._told_nobody(ctx, key, item, done[item.item]))
        }
        if items:
            actor = self.actor_of(key.node)
            work.record_work(self.bureau, actor, self.case_id, key, {}, items)

    @staticmethod
    def _told_nobody(ctx: Context, key: Key, item: WorkItem, before: Fact) -> bool:
        wanted = notices_in_play(ctx, item, key.subject)
        return bool(wanted) and not before.data.get("notices")

    @staticmethod
    def _entry(
        ctx: Context, key: Key, item: WorkItem, before: Fact | None, today: datetime
    ) -> ItemEntry:
        """Return the report of a work item; what a paper has brought before is kept."""
        known = before.data if before is not None else {}
        day = f"{today:%Y-%m-%d}"
        made = dict.fromkeys(papers_in_play(ctx, item, key.subject), _NOT_MADE)
        return ItemEntry(
            before.happened_at if before is not None else today,
            papers={**made, **known.get("papers", {})},
            notices=tuple(
                {
                    "who": duty.who,
                    "channel": duty.channels[0] if duty.channels else "当面",
                    "on": day,
                }
                for duty in notices_in_play(ctx, item, key.subject)
            ),
            materials=tuple(known.get("materials", ())),
        )

    @property
    def today(self) -> date:
        """The court's day."""
        return self.bureau.database.now().date()
