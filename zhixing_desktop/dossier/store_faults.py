"""What can be wrong with the folder of kept files, each fault in one sentence for a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from zhixing_desktop.workflow.errors import Problem

HEX_DIGITS = 64
"""A SHA-256 in hexadecimal digits; a kept file is called so, with an ending."""
DAMAGED = ".damaged"
"""Where a repair puts what it takes out of the store; nothing there is ever deleted."""
TEMPORARY = ".new-"
"""How a file begins while it is being written."""
_LOWER_HEX = frozenset("0123456789abcdef")


class FaultKind(StrEnum):
    """The kinds of fault; ``label`` is the word of a heading."""

    LOST = "lost"
    CHANGED = "changed"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    MISPLACED = "misplaced"
    DOUBLED = "doubled"
    ORPHANED = "orphaned"
    FOREIGN = "foreign"
    LEFT_OVER = "left_over"
    BAD_ROW = "bad_row"
    DISCONNECTED = "disconnected"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self]

    @property
    def harms(self) -> bool:
        """Whether a file that a case needs is not there as it was kept."""
        return self in _HARMFUL


_LABELS = MappingProxyType(
    {
        FaultKind.LOST: "文件丢失",
        FaultKind.CHANGED: "内容变动",
        FaultKind.TRUNCATED: "文件不完整",
        FaultKind.EMPTY: "文件为空",
        FaultKind.UNREADABLE: "不能读取",
        FaultKind.MISPLACED: "位置不对",
        FaultKind.DOUBLED: "重复存放",
        FaultKind.ORPHANED: "没有登记",
        FaultKind.FOREIGN: "外来文件",
        FaultKind.LEFT_OVER: "临时文件",
        FaultKind.BAD_ROW: "登记有误",
        FaultKind.DISCONNECTED: "文件夹不可用",
    }
)
_HARMFUL = frozenset(
    {
        FaultKind.LOST,
        FaultKind.CHANGED,
        FaultKind.TRUNCATED,
        FaultKind.EMPTY,
        FaultKind.UNREADABLE,
        FaultKind.BAD_ROW,
        FaultKind.DISCONNECTED,
    }
)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A row of the table of files: SHA-256, the name it came with, type, size in bytes."""

    digest: str
    name: str
    media_type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the store.

    ``place`` is where it lies, ``home`` where the file belongs (empty where nothing belongs), both
    below the folder and with ``/``.  ``digest`` and ``bytes`` are what was kept, ``name`` what the
    file was called when it came.
    """

    kind: FaultKind
    place: str
    sentence: str
    home: str = ""
    digest: str = ""
    bytes: int = 0
    name: str = ""

    def problem(self) -> Problem:
        """Return the fault as a line of a report; what harms no case is a warning."""
        data = {"kind": self.kind.value, "digest": self.digest, "home": self.home}
        severity = "error" if self.kind.harms else "warning"
        return Problem(self.place, self.sentence, severity, data)


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What a check found: the faults in order of their places; how much was looked at.

    ``complete`` is false where the check was given up or the folder went away meanwhile.
    """

    faults: tuple[Fault, ...]
    files: int
    bytes: int
    complete: bool

    @property
    def sound(self) -> bool:
        """Whether all was looked at and nothing is wrong."""
        return self.complete and not self.faults


def is_digest(words: str) -> bool:
    """Tell whether some words are a SHA-256 as the store writes it, in lower case."""
    return len(words) == HEX_DIGITS and _LOWER_HEX.issuperset(words)


def home_of(known: KnownFile, ending: str) -> str:
    """Return where a file belongs below the folder."""
    return f"{known.digest[:2]}/{known.digest}{ending}"


_RESTORE = "请从备份恢复，或者用同一文件的其他副本修复。"
_WORDS = MappingProxyType(
    {
        FaultKind.LOST: f"“{{name}}”的文件不见了（{{place}}）。{_RESTORE}",
        FaultKind.CHANGED: f"“{{name}}”的内容与保存时不同（{{place}}），不能再用。{_RESTORE}",
        FaultKind.TRUNCATED: (
            f"“{{name}}”缺了一截（{{place}}）：保存时{{bytes}}字节，现在{{found}}字节。{_RESTORE}"
        ),
        FaultKind.EMPTY: (
            f"“{{name}}”成了空文件（{{place}}）：保存时{{bytes}}字节，现在一个字节也没有。{_RESTORE}"
        ),
        FaultKind.MISPLACED: "“{name}”不在应在的位置：现在是{place}，应当是{home}。可以移回原处。",
        FaultKind.DOUBLED: (
            "“{name}”除了{home}，还多出一份（{place}）。不影响办案，多出的一份可以移到一旁。"
        ),
        FaultKind.ORPHANED: (
            "{place}没有任何登记指向它，可能是登记时断电留下的。"
            "不影响办案，请系统管理员对照备份查明来源，不要删除。"
        ),
        FaultKind.FOREIGN: (
            "{place}不是本系统保存的文件，不应放在这个文件夹里。请系统管理员查明来源后移走。"
        ),
        FaultKind.LEFT_OVER: (
            "{place}是没有写完的临时文件，可能是断电留下的。不影响办案，可以移到一旁。"
        ),
        FaultKind.BAD_ROW: (
            "“{name}”的登记有误（校验值“{digest}”、类型“{media_type}”），找不到对应的文件。"
            "请检查数据库，从备份恢复这条登记。"
        ),
    }
)
"""Each says what is wrong and what to do; the names are filled in below."""


def fault_of(kind: FaultKind, known: KnownFile, place: str, home: str, found: int = 0) -> Fault:
    """Return a fault of a file that has a row; ``found`` is how many bytes it has now."""
    sentence = _WORDS[kind].format(
        name=known.name,
        place=place,
        home=home,
        bytes=known.bytes,
        found=found,
        digest=known.digest[:HEX_DIGITS],
        media_type=known.media_type,
    )
    return Fault(kind, place, sentence, home, known.digest, known.bytes, known.name)


def stray(kind: FaultKind, place: str, *, more: str = "") -> Fault:
    """Return a fault of something that has no row."""
    return Fault(kind, place, _WORDS[kind].format(place=place) + more)


def unreadable(known: KnownFile | None, place: str, home: str, error: OSError) -> Fault:
    """Return the fault of a file or a folder that the system does not let us read."""
    denied = isinstance(error, PermissionError)
    why = "没有权限" if denied else f"系统报告：{error.strerror or error}"
    do = (
        "请系统管理员检查这个文件夹的权限。"
        if denied
        else f"磁盘可能有坏道，请尽快检查磁盘；{_RESTORE}"
    )
    what = f"“{known.name}”不能读取（{place}）" if known else f"{place}不能读取"
    return Fault(
        FaultKind.UNREADABLE,
        place,
        f"{what}，{why}。{do}",
        home,
        known.digest if known else "",
        known.bytes if known else 0,
        known.name if known else "",
    )


class Gone(StrEnum):
    """How a folder shows that it is not the one that is meant."""

    CLOSED = "打不开"
    EMPTY = "是空的"
    ANOTHER = "里没有一个登记过的文件，可能连到了别的文件夹"


def disconnected(folder: str, count: int, how: Gone) -> Fault:
    """Return the one fault that stands for all files where the folder itself is not there."""
    return Fault(
        FaultKind.DISCONNECTED,
        ".",
        f"数据文件夹{how}（{folder}），登记的{count}个文件一个也找不到。"
        "请检查共享文件夹或者磁盘是否连着；连上之前，看不到卷宗里的文件，也不能保存新的文件。",
    )
