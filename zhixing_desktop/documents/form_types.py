"""A form: what one kind of paper needs, who signs it, where it goes, and its body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhixing_desktop.workflow.freezing import UNFREEZE
from zhixing_desktop.workflow.rule_words import FieldType


class PaperKind(StrEnum):
    """What kind of paper it is; the first letter of its life in the dossier."""

    RULING = "ruling"
    DECISION = "decision"
    ORDER = "order"
    NOTICE = "notice"
    LETTER = "letter"
    SUMMONS = "summons"
    ANNOUNCEMENT = "announcement"
    RECORD = "record"
    APPROVAL = "approval"
    TABLE = "table"
    PROOF = "proof"

    @property
    def label(self) -> str:
        """The kind in words of the court."""
        return _KINDS[self]


_KINDS = {
    PaperKind.RULING: "裁定",
    PaperKind.DECISION: "决定",
    PaperKind.ORDER: "命令",
    PaperKind.NOTICE: "通知",
    PaperKind.LETTER: "函",
    PaperKind.SUMMONS: "传票",
    PaperKind.ANNOUNCEMENT: "公告",
    PaperKind.RECORD: "笔录",
    PaperKind.APPROVAL: "审批表",
    PaperKind.TABLE: "表",
    PaperKind.PROOF: "凭证",
}


class Numbering(StrEnum):
    """How a paper gets its number when it is issued.

    ``CASE``: the 案号 itself; ``SUFFIX``: the 案号 and 之一, 之二 … counted in the case;
    ``SERIES``: a number of the bureau's own series of the year; ``NONE``: no number.
    """

    CASE = "case"
    SUFFIX = "suffix"
    SERIES = "series"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ask:
    """A datum that no node has: asked when the paper is made, and remembered.

    ``remember`` is ``paper`` (this paper alone), ``case`` (proposed for the case's later papers) or
    ``bureau`` (proposed for all).  ``default`` is a path of the data (``officer.phone``) or empty.
    ``example`` is an answer as a person would type it, for previews of the empty form and tests.
    """

    name: str
    label: str
    type: FieldType
    options: tuple[str, ...] = ()
    required: bool = True
    default: str = ""
    remember: str = "paper"
    help: str = ""
    example: Any = ""


@dataclass(frozen=True, slots=True)
class Carries:
    """What a paper does for its node: the rulebook's ``paper`` of a work ``item`` it is.

    ``issued`` and ``served`` are fields (dates) of the node that its issue and its service fill.
    """

    node: int
    item: int | None = None
    paper: str = ""
    issued: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    ``key`` is its file's name.  ``subject`` is the kind of subject one paper is made for (``case``,
    ``debtor``, ``asset`` …).  ``signs`` is the role in whose name it is issued; ``approval`` the
    matter of the rulebook that must be granted before, empty for none.  ``served_on`` are whom
    it is served on (``creditor``, ``debtor``, ``assistant``, ``other``).  ``dossier`` gives, by
    kind of case, the item of the catalogue (``side``: of the 副卷).  ``basis`` says where its
    structure comes from.  ``body`` is the text in the block language, beginning at ``body_line`` of
    the file.  ``signed_by`` is who signs each page of a record (``signed_pages``).  ``adults_only``
    is the article (``失信规定.未成年人``) by which it is never made for a minor, empty for none.
    """

    key: str
    name: str
    title: str
    kind: PaperKind
    nodes: tuple[int, ...]
    subject: str
    numbering: Numbering
    series: str
    signs: str
    seal: str
    approval: str
    served_on: tuple[str, ...]
    carries: tuple[Carries, ...]
    dossier: Mapping[str, int]
    asks: tuple[Ask, ...]
    basis: str
    body: str
    body_line: int
    dense: bool = False
    signed_pages: bool = False
    signed_by: str = "被询问人"
    unnumbered: bool = False
    note: str = ""
    adults_only: str = ""

    @property
    def presents(self) -> bool:
        """Whether it puts an application before those who decide, and so is made before they do.

        Approval sheets, and the report to a superior court on a freeze.
        """
        return self.kind is PaperKind.APPROVAL or self.approval == UNFREEZE

    def ask(self, name: str) -> Ask:
        """Return the datum asked for under a name; ``KeyError`` when there is none."""
        for entry in self.asks:
            if entry.name == name:
                return entry
        raise KeyError(name)
