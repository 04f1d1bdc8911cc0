"""What the services of papers take and give; plain data for the window and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from zhixing_desktop.workflow.facts import NOTHING
from zhixing_desktop.workflow.service_of_papers import Service
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.documents.blocks import Paper
    from zhixing_desktop.documents.edited import Edited
    from zhixing_desktop.services.steps import Outcome

DRAFT, ISSUED, VOID = "draft", "issued", "void"
STATES: Mapping[str, str] = {DRAFT: "草稿", ISSUED: "已签发", VOID: "已作废"}
PDF_ENDING, DOCX_ENDING = ".pdf", ".docx"


@dataclass(frozen=True, slots=True)
class PaperWish:
    """A paper that somebody wants.

    ``case``: row number or 案号.  ``form``: a form's key or name.  ``key``: the node instance in
    whose panel it stands, else the one that fits.  ``about``: the subject it is made for
    (``debtor/2``), where the form is made for several; ``recipient``: the party whose copy it is.
    ``asked``: answers by name, as a person types them or as they are stored; what is not there is
    taken from what was typed before.  ``enclosed``: numbers of the case's papers that go along or
    are served with it; ``None``: those that fit (for a 送达回证 what has not yet reached
    the recipient).  ``day``: the paper's day, else today's.
    """

    case: str | int
    form: str
    key: Key | None = None
    about: str = ""
    recipient: str = ""
    asked: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    enclosed: tuple[int, ...] | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class AskLine:
    """A datum that the form asks for, with what it stands at.

    ``type`` is the kind of field (as of a node); ``value`` in stored form, ``None`` for nothing;
    ``source``: ``typed``, ``remembered`` (of an earlier paper), ``default`` (of the case's data) or
    empty.
    """

    name: str
    label: str
    type: str
    options: tuple[str, ...]
    required: bool
    help: str
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class GapLine:
    """A missing datum: label, its place in the data, and in words where it is entered."""

    label: str
    source: str
    place: str


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """The decision a form needs before it is issued.

    ``status`` is that of the application (``granted``, ``pending`` …) or ``none``; ``request`` its
    number; ``node`` and ``subject`` where it is applied for.  ``presented`` tells that the paper
    puts the application before those who decide: it is issued while they have not.
    """

    matter: str
    label: str
    status: str
    request: int | None
    node: int
    subject: str
    words: str
    presented: bool = False

    @property
    def bars(self) -> bool:
        """Whether the paper cannot be issued as the decision stands."""
        return self.status != "granted" and not self.presented


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service of a paper, with the derivation of the day it counts from: words, citations."""

    id: int
    paper: int
    whom: str
    recipient: str
    service: Service
    effective_on: date | None
    derivation: tuple[tuple[str, str], ...]
    proof: str
    entered_by: str
    entered_at: datetime
    withdrawn_by: str
    withdrawn_reason: str
    version: int


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper of a case as a list shows it.

    ``state``: ``draft``, ``issued`` or ``void``.  ``key``: the instance in whose panel it stands;
    ``about_words`` names what it is for.  ``pdf`` and ``docx`` are digests, empty for a draft.
    ``edited``: the digest of the Word file that is its text of record, where it was edited.
    ``unserved``: names of those whom it has not reached yet.  ``replaces`` and ``replaced_by`` are
    numbers of papers.  ``dossier``: its place in the catalogue in words.
    """

    id: int
    case_id: int
    case_no: str
    form: str
    name: str
    key: Key
    about: str
    about_words: str
    recipient: str
    state: str
    number: str
    day: date | None
    asked: Mapping[str, Any]
    enclosed: tuple[int, ...]
    made_by: str
    made_at: datetime
    issued_by: str
    issued_at: datetime | None
    voided_by: str
    voided_at: datetime | None
    reason: str
    replaces: int | None
    replaced_by: int | None
    pdf: str
    docx: str
    edited: str
    dossier: str
    services: tuple[ServiceLine, ...]
    unserved: tuple[str, ...]
    version: int

    @property
    def state_words(self) -> str:
        """The state's word on the screen."""
        return STATES[self.state]

    @property
    def served_on(self) -> date | None:
        """The day on which it had reached everybody, ``None`` while it has not."""
        days = [s.effective_on for s in self.services if not s.withdrawn_by and s.effective_on]
        return max(days) if days and not self.unserved else None

    @property
    def title(self) -> str:
        """Name and number, for headings and file names."""
        return f"{self.name}{self.number}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be made at a node instance for one subject, and those made already.

    ``why_not`` says what stands in the way of making it (empty: nothing), in words.
    """

    form: str
    name: str
    kind: str
    key: Key
    about: str
    about_words: str
    signs: str
    seal: str
    served_on: tuple[str, ...]
    approval: ApprovalLine | None
    required: bool
    papers: tuple[PaperLine, ...]
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A paper as it would be now, nothing written.

    ``wish`` is complete: instance, subject and day are filled in.  ``gaps`` are what keeps it from
    being issued; ``number`` the number it would get, in words.  ``citations`` are the articles it
    cites.  ``word`` is the Word file where it comes from the court's own template: ``paper`` has
    its words then, and what counts is the file.
    """

    wish: PaperWish
    name: str
    paper: Paper
    asks: tuple[AskLine, ...]
    gaps: tuple[GapLine, ...]
    approval: ApprovalLine | None
    number: str
    citations: tuple[str, ...]
    word: bytes | None = None


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper's file: a name for the disk, what it is, its bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was issued.

    ``notes`` say what was entered at its node by itself, and what was not and why; ``warnings``
    what is to be looked at before printing (a font that stands in for another).
    """

    paper: PaperLine
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An edited Word file that is a draft's text of record now, and what was changed in it."""

    paper: PaperLine
    edited: Edited


@dataclass(frozen=True, slots=True)
class Served:
    """A service that was entered, the paper after it, and what was entered at its node."""

    service: ServiceLine
    paper: PaperLine
    notes: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Failure:
    """A paper of a batch that was not made: which, and the sentence."""

    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch: papers done, refused, and not tried (stopped by somebody, disk full).

    ``stopped`` says why the rest was not tried; empty where everything was.
    """

    done: tuple[PaperLine, ...]
    failed: tuple[Failure, ...]
    untried: int
    stopped: str
    files: tuple[str, ...] = ()
