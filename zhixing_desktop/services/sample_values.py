"""What the officers of the sample have entered at the nodes, beside the events themselves.

A node's makers return values by the names of its fields; each is written with the row of the work
item it belongs to, the others with the first.  Days that an event records are not told again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services.sample_values_closing import MAKERS as CLOSING
from zhixing_desktop.services.sample_values_control import MAKERS as CONTROL
from zhixing_desktop.services.sample_values_measures import MAKERS as MEASURES
from zhixing_desktop.services.sample_values_money import MAKERS as MONEY
from zhixing_desktop.services.sample_values_sale import MAKERS as SALE
from zhixing_desktop.services.sample_values_search import MAKERS as SEARCH
from zhixing_desktop.services.sample_values_start import MAKERS as START

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script
    from zhixing_desktop.workflow.rulebook import NodeSpec

Maker = Callable[["Script", str], Mapping[str, Any]]

_MAKERS: Mapping[int, Maker] = MappingProxyType(
    {
        **START,
        **SEARCH,
        **CONTROL,
        **SALE,
        **MONEY,
        **MEASURES,
        **CLOSING,
    }
)
# Acts that are entered together with everything else the node asks.
_WHOLE = frozenset(
    {
        (20, "确定财产处置参考价"), (28, "变卖公告发布"), (28, "变卖成交"), (28, "变卖不成"),
        (29, "不接受以物抵债"), (38, "失信信息撤销更正删除"), (40, "罚款拘留等决定"),
        (41, "拒执移送"),
    }
)  # fmt: skip
_ITEM = "工作内容"


def entered(s: Script, node: int, subject: str, what: str, known: set[str]) -> dict[str, str]:
    """Return what is entered with a row, by the labels of the fields.

    ``known`` are the names of what was entered at the instance before, and is added to.
    """
    maker = _MAKERS.get(node)
    item = int(what.removeprefix(_ITEM)) if what.startswith(_ITEM) else None
    whole = (node, what) in _WHOLE
    if maker is None or (item is None and not whole):
        return {}
    spec = s.rules.book.nodes[node]
    values = maker(s, subject)
    found: dict[str, str] = {}
    for name in _in_turn(spec, item, whole=whole):
        if name not in known and values.get(name) not in (None, ""):
            found[spec.field(name).label] = written(values[name])
            known.add(name)
    return found


def values_at(s: Script, node: int, subject: str) -> Mapping[str, Any]:
    """Return everything that an officer would enter at an instance today, by the fields' names."""
    maker = _MAKERS.get(node)
    return maker(s, subject) if maker is not None else {}


def _in_turn(spec: NodeSpec, item: int | None, *, whole: bool) -> list[str]:
    """Return the fields that are entered with a work item."""
    return [
        field.name
        for field in spec.fields
        if field.event is None and (whole or field.item in (None, item))
    ]


def written(value: Any) -> str:
    """Write a value as the list holds it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return str(value)
