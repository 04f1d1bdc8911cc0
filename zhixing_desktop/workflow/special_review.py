"""Three kinds of material that go to their reviewer by themselves (general rule 7, rule X40).

认可执行完毕, the creditor's opinion on 终本, 撤销/撤回 of the application: whoever records them
need not apply for anything; the application is made with the recording, in his name, so that both
names are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import holds
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.new_facts import NewFact
from zhixing_desktop.workflow.reviewed_materials import (
    MATERIALS,
    SPECIAL_REVIEW,
    Material,
    latest_review,
)
from zhixing_desktop.workflow.views import Key

MENDED = frozenset({"returned", "refused", "countermanded"})
"""After these whatever is recorded of the material goes to the reviewer again."""


def pushed(
    before: Context,
    then: Context,
    key: Key,
    changed: Mapping[str, Any],
    filed: Collection[str],
) -> list[NewFact]:
    """Return the applications that a recording makes by itself.

    ``then`` is the case with the recording in it, ``changed`` the fields that are new, ``filed``
    the materials that were filed.  Nothing is pushed while the same waits for its reviewer; what
    he has accepted is pushed again only where it was changed.
    """
    made = []
    for entry in MATERIALS:
        if key.node == CLOSING_NODE and not holds(then, entry.when, subjects.CASE):
            continue
        latest = latest_review(before, entry.kind)
        if latest is not None and latest.status == "pending":
            continue
        if _calls(before, key, entry, changed, filed, latest):
            made.append(_application(then, entry, latest))
    return made


def _calls(
    before: Context,
    key: Key,
    entry: Material,
    changed: Mapping[str, Any],
    filed: Collection[str],
    latest: ApprovalView | None,
) -> bool:
    touched = [name for node, name in entry.fields if node == key.node and changed.get(name)]
    if latest is None or latest.status in MENDED:
        return bool(touched) or any((key.node, name) in entry.materials for name in filed)
    # Something else than before was recorded; the first recording at another node is the same.
    return any(before.index.value(key.node, key.subject, name) for name in touched)


def _application(then: Context, entry: Material, latest: ApprovalView | None) -> NewFact:
    spec = then.rulebook.nodes[CLOSING_NODE]
    rule = next(found for found in spec.approvals if found.matter == SPECIAL_REVIEW)
    body: dict[str, Any] = {
        "matter": SPECIAL_REVIEW,
        "reason": f"已录入{entry.label}，系统自动推送专人审核",
        "level": "local",
        "roles": list(rule.roles),
        "material": entry.kind,
        "pushed": True,
    }
    if latest is not None and latest.status in MENDED:
        body["previous"] = latest.seq
    return NewFact(kinds.REQUESTED, subjects.CASE, then.now, CLOSING_NODE, body)
