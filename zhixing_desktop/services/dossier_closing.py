"""报结 asks whether node, electronic and paper dossier agree, whichever way it comes in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import Permit, may
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.views import CaseView

CLOSING_REVIEW, CLOSING_REQUESTED = "closing_review", "closing_requested"


class ClosingCheck:
    """Beside a step that is 报结: it is refused while the three disagree (X30, X37, X42)."""

    def __init__(self, bureau: Bureau, actor: Actor) -> None:
        self._bureau, self._actor = bureau, actor

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """Raise ``RuleRefusedError`` naming every disagreement that the rules know."""
        # Only a closing needs it, and it brings the forms along.
        from zhixing_desktop.services.dossier_triangle import refuse_holes

        case = case_store.find_case(conn, str(ctx.header["case_no"]))
        inner = may(conn, self._bureau, self._actor, "dossier.side", case=case["id"])
        refuse_holes(self._bureau, conn, case, ctx, view, inner=inner)

    def write(self, conn: Connection, record: Recorder, new: Sequence[Fact]) -> None:
        """Write nothing beside the facts."""
