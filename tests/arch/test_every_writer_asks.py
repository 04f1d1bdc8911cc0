"""Every public function of ``services`` that writes asks whether it may.

A function writes when it opens ``writing()`` itself or by a private helper of its module; it asks
when it, or such a helper, calls ``permit`` (or the journal's own question, which does) or hands
its act on to ``steps.take``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import zhixing_desktop
from zhixing_desktop.workflow.authority_acts import ACTS

SERVICES = Path(zhixing_desktop.__file__).parent / "services"
ASKING = {"permit", "permit_step", "take", "take_under", "journal_rights.ask"}
# What asks nobody, and why.
EXCUSED = {
    "sweep.sweep": "time alone brings it",
    "paper_notices.settle_due": "time alone brings it; each paper is entered as the system (M-133)",
    "store_health.read_some": "the beat reads what is due; it notes when a file was read whole",
    "first_start.first_start": "there is nobody who could be asked; it can be done once",
    "sample_people.give_accounts": "refused in a real bureau's database",
    "signing_in.sign_in": "it is how somebody becomes a person who can be asked",
    "signing_in.sign_in_beside": "the same, for a second person",
    "signing_in.unlock_screen": "the same, once more",
    "signing_in.change_password": "with the old password, for oneself",
    "signing_in.sign_out": "one's own",
    "after_upgrade.finish_upgrade": "the upgrade, by the program itself",
    "rulebook_store.found_rulebook": "the first rulebook of a bureau, by the program itself",
    "journal_keys.signing_key": "a part of the export, which asks",
    "traces.note": "a journal row about what somebody was let do",
    "traces.note_in": "the same",
    "traces.leaving": "the same",
    "traces.looked_at_personal_data": "the same",
    "drafts.drop_draft": "one's own; nothing can be read by it",
    "digest.mark_looked": "one's own",
    "popups.take_popups": "one's own",
}


def functions() -> Iterator[tuple[str, ast.FunctionDef, dict[str, ast.FunctionDef]]]:
    for path in sorted(SERVICES.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for name, node in own.items():
            if not name.startswith("_"):
                yield f"{path.stem}.{name}", node, own


def _owner(target: ast.expr) -> str:
    """``journal_rights.`` before ``ask``: questions to the database have that name, too."""
    owner = target.value if isinstance(target, ast.Attribute) else None
    named = isinstance(owner, ast.Name) and owner.id == "journal_rights"
    return "journal_rights." if named else ""


def called(node: ast.FunctionDef, own: dict[str, ast.FunctionDef]) -> set[str]:
    """The names of all that a function calls, its module's private helpers looked through."""
    found: set[str] = set()
    todo, seen = [node], {node.name}
    while todo:
        for call in (part for part in ast.walk(todo.pop()) if isinstance(part, ast.Call)):
            target = call.func
            name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
            found.add(f"{_owner(target)}{name}")
            if name in own and name not in seen:
                seen.add(name)
                todo.append(own[name])
    return found


WRITERS = [(where, called(node, own)) for where, node, own in functions()]
WRITERS = [(where, calls) for where, calls in WRITERS if "writing" in calls]


def test_there_are_writers_to_look_at() -> None:
    assert {"cases.register", "steps.take_under", "imports.run"} <= {where for where, _ in WRITERS}


@pytest.mark.parametrize(("where", "calls"), WRITERS, ids=[where for where, _ in WRITERS])
def test_a_writer_asks_or_is_excused(where: str, calls: set[str]) -> None:
    assert calls & ASKING or where in EXCUSED, f"{where} writes and asks nobody"


def test_acts_named_in_the_services_are_those_of_the_matrix() -> None:
    """A misspelt act would refuse everybody: found here, not by a clerk."""
    named = set()
    for path in SERVICES.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call) in ASKING | {"may"}:
                named |= {
                    (path.stem, entry.value)
                    for entry in call.args[:4]
                    if isinstance(entry, ast.Constant) and isinstance(entry.value, str)
                }
    assert len(named) > 20
    # 登记上级法院的决定 is asked as approval.forward or reply.enter.
    unknown = {entry for entry in named if entry[1] not in {*ACTS, "approval.register"}}
    assert unknown == set()


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
