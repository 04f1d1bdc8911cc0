"""What the archiving of cases takes and gives: checks, packages, the list of what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from zhixing_desktop.workflow.errors import Cite, Problem
from zhixing_desktop.workflow.views import Key

MADE, HANDED, RECEIVED, RETURNED = "made", "handed", "received", "returned"
STATES: Mapping[str, str] = MappingProxyType(
    {
        MADE: "已制作，待移交",
        HANDED: "已移交，待接收",
        RECEIVED: "已接收归档",
        RETURNED: "已退回，待整改",
    }
)
ARCHIVING = Key(44, "case")
CITE = Cite(
    "节点四十四 工作内容2",
    "案件报结前，流程系统自动核查电子卷宗材料，自动编目，自动转换影像卷宗。"
    "影像卷宗应上传至河南法院档案系统提交归档。",
)
SIGNED = "归档包里的日志"
"""What of a package is signed, in words."""
PACK, HAND, RECEIVE, RETURN = "archive.pack", "archive.hand", "archive.receive", "archive.return"


@dataclass(frozen=True, slots=True)
class ArchiveCheck:
    """What stands in the way of archiving a case.

    Problems of severity ``error`` keep the package from being made, each ``warning`` is to be
    looked at.  ``main`` and ``side`` are 册数 and 页数 in words, empty where there is none.
    """

    case_id: int
    case_no: str
    problems: tuple[Problem, ...]
    main: str
    side: str

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What has to be mended first."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def ready(self) -> bool:
        """Whether a package can be made."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package of a case and how far it has come; ``digest`` is what the hand-over slip says."""

    id: int
    case_id: int
    case_no: str
    state: str
    name: str
    digest: str
    bytes: int
    retention: str
    archive_number: str
    made_by: str
    made_at: datetime
    handed_by: str
    handed_at: datetime | None
    settled_by: str
    settled_at: datetime | None
    receipt: str
    points: tuple[str, ...]
    version: int

    @property
    def state_words(self) -> str:
        """How far it has come, in words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was made: its row, where it lies, what there is to know about it."""

    line: PackageLine
    path: Path
    files: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A step with a package: its row afterwards, and in words what was entered at node 44."""

    line: PackageLine
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A case whose archiving is open.

    ``due_on`` is the last day of the fifteen (node 44), ``late`` tells that it has passed; ``step``
    says what comes next, ``whose`` the role that has to do it; ``package`` is the newest one.
    """

    case_id: int
    case_no: str
    parties: str
    officer: str
    closed_on: date | None
    due_on: date | None
    late: bool
    step: str
    whose: str
    package: PackageLine | None
