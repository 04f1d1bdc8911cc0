"""How papers are called on the screen and on a disk."""

from __future__ import annotations

from datetime import date

from zhixing_desktop.services.paper_types import DRAFT, VOID, Offer, PaperLine
from zhixing_desktop.workflow.day_words import date_words

SOURCES = {
    "typed": "本次填写",
    "remembered": "沿用以前填写的",
    "default": "取自案件",
}
"""Where an answer comes from, in words."""
_FORBIDDEN = '/\\:*?"<>|'
_TITLE, _NAME = 32, 24
"""Signs of Chinese, three bytes each: most disks take names of 255 bytes."""


def state_words(line: PaperLine) -> str:
    """Return how a paper stands: 草稿, 已签发 number and day, 已送达 day, 已作废."""
    if line.state == DRAFT:
        return "草稿"
    if line.state == VOID:
        return "已作废"
    served = line.served_on
    if served is not None:
        return f"已送达 {served}"
    day = f" {line.day}" if line.day is not None else ""
    return f"已签发{day}"


def offer_words(offer: Offer) -> str:
    """Return how an offer stands: its latest paper that is not void, or that there is none."""
    latest = latest_of(offer)
    return state_words(latest) if latest is not None else "未制作"


def latest_of(offer: Offer) -> PaperLine | None:
    """Return the newest paper of an offer that is not void."""
    return next((line for line in reversed(offer.papers) if line.state != VOID), None)


def about(words: str) -> str:
    """Return what a paper is for, to stand behind its name; empty for the case."""
    return f"　{words}" if words else ""


def issued_words(line: PaperLine) -> str:
    """Return number, day and who issued it, in one sentence."""
    number = line.number or "不编号"
    day = date_words(line.day) if line.day is not None else ""
    return f"{number}　{day}　{line.issued_by}签发"


def disk_name(case_no: str, name: str, whom: str, ending: str) -> str:
    """Return a file's name as it is sent and filed: 案号_名称_当事人.pdf.

    What no disk takes is left out; long names are cut, or the file could not be saved.
    """
    parts = (case_no, name[:_TITLE], whom[:_NAME])
    return "_".join(kept for part in parts if (kept := _kept(part))) + ending


def whom_of(about_words: str) -> str:
    """Return the name out of 被执行人1（李四光）."""
    head, mark, tail = about_words.partition("（")
    return tail.removesuffix("）") if mark else head


def day_of(text: object) -> date | None:
    """Return a day as an editor gives it back, ``None`` where it is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _kept(words: str) -> str:
    plain = " ".join(words.split())
    return "".join(s for s in plain if s.isprintable() and s not in _FORBIDDEN).strip(" .")
