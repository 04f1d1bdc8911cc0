"""What is typed for a paper: kept from a crash, saved as a draft, asked about when it would go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, Signal

from zhixing_desktop.services import paper_drafts, papers
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.services.paper_types import DRAFT, PaperLine, PaperWish, Preview
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
from zhixing_desktop.ui.papers import reading
from zhixing_desktop.ui.papers.making_side import MakingSide
from zhixing_desktop.ui.papers.open_paper import OpenPaper
from zhixing_desktop.ui.papers.reading import Opening
from zhixing_desktop.workflow.errors import StaleEditError


class Drafting(QObject):
    """``saved`` when the draft is kept; ``outdated`` when it is no draft any more.

    ``unsaved`` tells that something was typed since.
    """

    saved = Signal()
    outdated = Signal()

    def __init__(self, paper: OpenPaper, making: MakingSide) -> None:
        super().__init__(paper)
        self._paper, self._making = paper, making
        self.keeper: DraftKeeper | None = None
        self.unsaved = False
        making.offer.taken.connect(self._restore)
        making.offer.dropped.connect(self._forget)

    def begin(self, opening: Opening) -> None:
        """Begin with a paper as it was opened; offer what was typed before a crash."""
        paper, preview = self._paper, opening.shown.preview if opening.shown else None
        assert preview is not None
        if self.keeper is not None:
            self.keeper.stop()
        place = Place(paper.bureau, paper.actor, opening.case.id, reading.draft_key(preview.wish))
        self.keeper = DraftKeeper(paper.bridge, place, self._making.body, self)
        self.unsaved = False
        # What is typed into a paper whose text of record is an edited file would not count.
        if opening.draft is not None and opening.draft.body and not paper.edited:
            when = f"{opening.draft.saved_at:%Y-%m-%d %H:%M}"
            self._making.offer.offer(f"{when}填写的内容没有保存，是否恢复？")

    def touch(self) -> None:
        """Something was typed."""
        self.unsaved = True
        if self.keeper is not None:
            self.keeper.touch()

    def settle(self) -> None:
        """What was typed is saved, or to be forgotten."""
        self.unsaved = False
        if self.keeper is not None:
            self.keeper.drop()

    def wish(self) -> PaperWish:
        """Return the paper as it stands on the left."""
        preview, side = self._paper.preview, self._making
        assert preview is not None
        return replace(
            preview.wish,
            asked=side.asked(),
            recipient=side.whom() or preview.wish.recipient,
            # Nobody has said it: it is the day on which it is looked at, not that of the opening.
            day=side.paper_day(),
            enclosed=None,
        )

    def preview_job(self) -> Callable[[], Preview]:
        """Return the job that makes the paper as it stands now, for a thread of the bridge.

        A draft that was edited in Word is shown with those words, not with the form's.
        """
        bureau, actor, line = self._paper.bureau, self._paper.actor, self._paper.line
        if line is not None and self._paper.edited:
            number = line.id
            return lambda: papers.preview_of(bureau, actor, number)
        wish = self.wish()
        return lambda: papers.preview(bureau, actor, wish)

    # -------------------------------------------------------------------------------- saving

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Keep the paper as a draft, then go on with something else."""
        paper = self._paper
        if paper.busy or paper.preview is None or paper.opening is None:
            return
        bureau, actor, wish, line = paper.bureau, paper.actor, self.wish(), paper.line
        day = self._making.paper_day()

        def done(kept_line: PaperLine) -> None:
            self._kept(kept_line)
            if then is not None:
                then()

        paper.run(lambda: kept(bureau, actor, wish, line, day), done)

    def _kept(self, line: PaperLine) -> None:
        self.settle()
        self._paper.take(line)
        self.saved.emit()
        self._paper.announce()

    def show_theirs(self, error: StaleEditError) -> None:
        """Say what the other one wrote; what stands here can then be saved over it, knowingly."""
        line = self._paper.line
        assert line is not None
        theirs = dict(error.data.get("theirs", {}))
        asked = dict(theirs.get("asked") or {})
        rows = self._making.rows
        told = [
            f"{rows[name].label}：别人填的是“{value}”"
            for name, value in asked.items()
            if name in rows and rows[name].value() != value
        ]
        self._making.refuse("\n".join((error.sentence, *told)))
        if theirs.get("state") == DRAFT and "version" in theirs:
            self._paper.line = replace(line, version=int(theirs["version"]))
        else:
            self.unsaved = False
            self.outdated.emit()

    def ask_before_leaving(self, leave: Callable[[], object]) -> None:
        """Ask what becomes of what is not saved; it stays kept for a while in any case."""
        if self.keeper is not None:
            self.keeper.flush()

        def throw_away() -> None:
            self.settle()
            leave()

        messages.choose(
            self._paper.window,
            "文书",
            "填写的内容还没有保存。",
            (("保存草稿", lambda: self.save(leave)), ("不保存", throw_away)),
            below="不保存的，下次打开时不再提示恢复。",
        )

    def _restore(self) -> None:
        opening = self._paper.opening
        assert opening is not None
        assert opening.draft is not None
        self._making.offer.hide()
        self._making.restore(opening.draft.body)

    def _forget(self) -> None:
        self._making.offer.hide()
        if self.keeper is not None:
            self.keeper.drop()


def kept(
    bureau: Bureau, actor: Actor, wish: PaperWish, line: PaperLine | None, day: date | None
) -> PaperLine:
    """Keep a wish as a draft, or set the answers of the draft that ``line`` is.

    Raises as ``paper_drafts.keep_draft`` and ``change_draft``.
    """
    if line is None:
        return paper_drafts.keep_draft(bureau, actor, replace(wish, day=day))
    return paper_drafts.change_draft(bureau, actor, line.id, wish.asked, day, version=line.version)
