"""The node of the chosen case: what to do, until when and why, what is missing, what comes next."""

from zhixing_desktop.ui.node_panel.panel import NodePanel

__all__ = ["NodePanel"]
