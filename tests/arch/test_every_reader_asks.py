"""Case content reaches a person only through services that know who he is."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import zhixing_desktop
from zhixing_desktop.services import (
    accounts,
    alerts,
    approvals,
    archive_check,
    archive_waiting,
    calendar,
    case_list,
    cases,
    decision_sheet,
    digest,
    dossier_archive,
    dossier_at_node,
    dossier_choices,
    dossier_copies,
    dossier_front_changes,
    dossier_moves,
    dossier_originals,
    dossier_overdue,
    dossier_printing,
    dossier_proof_views,
    dossier_proving,
    dossier_rights,
    dossier_spine,
    dossier_steps,
    dossier_triangle_rows,
    dossier_volumes,
    exports,
    journal_view,
    outside,
    outside_report,
    paper_edited,
    paper_proofs,
    paper_serving,
    paper_take_back,
    paper_templates,
    papers,
    personal_data,
    rulebook_change,
    supervision,
    waiting,
)

PACKAGE = Path(zhixing_desktop.__file__).parent
OUTSIDE = [
    *sorted((PACKAGE / "ui").rglob("*.py")),
    *sorted((PACKAGE / "cli").glob("*.py")),
    PACKAGE / "app.py",
    PACKAGE / "demo" / "__init__.py",
    PACKAGE / "demo" / "dossier_pictures.py",
    PACKAGE / "scheduler.py",
]
UNASKED = {
    *("read_case", "load_index", "load_facts", "load_standing", "find_case"),
    *("file_store", "read_file", "kept_file", "fetch"),
}
"""Give a case or a paper whole, for services that have asked."""


@pytest.mark.parametrize("path", OUTSIDE, ids=[path.stem for path in OUTSIDE])
def test_no_window_and_no_command_reads_a_case_unasked(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & UNASKED


@pytest.mark.parametrize(
    "reader",
    [
        accounts.account_list, calendar.foresee,
        archive_check.check, archive_waiting.archive_state, archive_waiting.waiting_for_archive,
        dossier_archive.packages, dossier_copies.copies, dossier_copies.export_copy,
        dossier_copies.parties, dossier_copies.preview, dossier_copies.proposed,
        alerts.alerts_for, alerts.case_alerts, alerts.unread_count, approvals.applications,
        case_list.page, case_list.count, case_list.counts, case_list.node_counts, cases.detail,
        dossier_front_changes.changed_fronts,
        dossier_at_node.at_node, dossier_choices.choices, dossier_originals.originals,
        dossier_originals.save_original, dossier_originals.copy_to_open,
        dossier_triangle_rows.triangle_sheet,
        decision_sheet.decision_sheet, digest.digest, exports.export_cases,
        dossier_overdue.overdue_page, dossier_overdue.export_overdue, dossier_rights.barred,
        dossier_moves.slip, dossier_moves.where,
        dossier_proof_views.proof_certificate, dossier_proof_views.proof_pictures,
        dossier_proof_views.proofs, dossier_proving.prove_volume, dossier_spine.spine_labels,
        dossier_steps.steps_sheet, dossier_volumes.offers, dossier_printing.prepare,
        dossier_volumes.volumes, dossier_volumes.ways,
        journal_view.case_journal, outside.scan_of, outside_report.report,
        paper_edited.changes_of, paper_edited.word_to_edit, paper_take_back.look,
        paper_proofs.proof_scan, paper_templates.try_template, papers.filled_preview,
        paper_serving.proof_file, papers.blank_file, papers.offers, papers.paper,
        papers.paper_file, papers.papers_of, papers.preview, papers.preview_file, papers.preview_of,
        personal_data.show_personal, rulebook_change.compare,
        supervision.supervised, waiting.pending_at_others, waiting.waiting_for,
    ],
    ids=lambda reader: reader.__name__,
)  # fmt: skip
def test_a_reader_cannot_be_called_without_saying_who_reads(reader: object) -> None:
    assert callable(reader)
    who = inspect.signature(reader).parameters["actor"]
    assert who.default is inspect.Parameter.empty
