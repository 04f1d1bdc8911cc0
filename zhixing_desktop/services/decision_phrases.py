"""Sentences for the reason of a decision, to be picked by number and mended."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_GENERAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "granted": ("情况属实，同意。", "材料齐全，符合规定，同意。"),
        "refused": ("理由不成立，不予批准。", "不符合规定的条件，不予批准。"),
        "returned": ("材料不全，退回补充后再报。", "理由没有写明具体经过，退回补充。"),
    }
)
_OF_MATTER: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("unfreeze", "granted"): (
            "理由成立，同意解冻，限三日内办结。",
            "逾期原因属实，同意解冻，请抓紧办理。",
            "已经整改，同意解冻，下不为例。",
        ),
        ("unfreeze", "refused"): (
            "逾期没有正当理由，不同意解冻。",
            "整改措施不落实，暂不同意解冻。",
        ),
        ("unfreeze", "returned"): (
            "请写明逾期的具体原因和办结的时间后再报。",
            "请附逾期期间的办理情况后再报。",
        ),
        ("payout", "granted"): ("数额、收款人核对无误，同意发放。",),
        ("payout", "refused"): ("收款账户与申请执行人不符，不予发放。",),
        ("payout", "returned"): ("请核对收款账户后再报。", "请附分配方案后再报。"),
        ("closing_review", "granted"): ("结案方式正确，材料齐全，同意结案。",),
        ("closing_review", "refused"): ("不符合结案条件，不同意结案。",),
        ("closing_review", "returned"): ("结案信息不完整，请补充后重新提请报结。",),
        ("special_review", "granted"): ("材料审核无误，通过。",),
        ("deadline_change", "granted"): ("符合法定情形，同意变更期限。",),
        ("deadline_change", "refused"): ("不属于可以变更期限的情形，不予批准。",),
    }
)
MOST = 5


def phrases(matter: str, outcome: str) -> tuple[str, ...]:
    """Return sentences for a matter and an outcome, those of the matter first; at most five."""
    own = _OF_MATTER.get((matter, outcome), ())
    return (*own, *_GENERAL.get(outcome, ()))[:MOST]
