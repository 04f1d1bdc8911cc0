"""Applications that wait for a decision, and the decision itself."""

from zhixing_desktop.ui.approvals.panel import ApprovalPanel

__all__ = ["ApprovalPanel"]
