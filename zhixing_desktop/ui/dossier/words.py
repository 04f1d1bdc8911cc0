"""Short words for things of the dossier."""

from __future__ import annotations

from collections.abc import Sequence

from zhixing_desktop.services.dossier_types import WITHDRAWN, ItemLine, Medium
from zhixing_desktop.workflow.views import Key

MEDIA = {
    Medium.BOTH: "打印",
    Medium.ORIGINAL: "原件",
    Medium.PAPER: "仅纸质",
    Medium.ELECTRONIC: "仅电子",
}
"""Where the pages are, in two or three characters; the whole words are in the tip."""


def pages_words(item: ItemLine) -> str:
    """Return how many pages a thing has; a dash where it has none."""
    return str(item.pages) if item.pages else "—"


def version_words(item: ItemLine) -> str:
    """Return the mark of a thing that was replaced."""
    return f"第{item.current}版" if item.current > 1 else ""


def where_words(key: Key | None, material: str) -> str:
    """Return what duty a thing answers."""
    if key is None:
        return ""
    return f"节点{key.node}{f'　{material}' if material else ''}"


def about_item(item: ItemLine) -> str:
    """Return a thing in one line, for the head of its pages."""
    parts = [item.place_name, item.origin.label, item.medium.label]
    parts.append(f"{item.pages}页" if item.pages else "没有页面")
    if item.number:
        parts.append(item.number)
    if item.thing_on is not None:
        parts.append(f"材料日期 {item.thing_on}")
    where = where_words(item.key, item.material)
    if where:
        parts.append(where)
    parts.append(f"{item.filed_at:%Y-%m-%d %H:%M} {item.filed_by}入卷")
    return "　".join(parts)


def state_words(item: ItemLine) -> str:
    """Return why a thing is not in the dossier any more; empty where it is."""
    if item.state != WITHDRAWN:
        return ""
    return f"已由{item.withdrawn_by}撤出：{item.reason}"


def size_words(size: int) -> str:
    """Return a file's size as people read it."""
    if size < 1024 * 1024:
        return f"{max(round(size / 1024), 1)} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def fits(item: ItemLine, words: Sequence[str]) -> bool:
    """Tell whether a thing has all of some words somewhere in what is said about it."""
    whole = "".join(
        (
            item.name,
            item.number,
            item.place_name,
            item.material,
            item.origin.label,
            item.medium.label,
            str(item.thing_on or ""),
            item.filed_by,
        )
    )
    return all(word in whole for word in words)
