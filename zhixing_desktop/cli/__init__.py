"""The command line: the same services as the window, with stable output."""

from zhixing_desktop.cli.main import main

__all__ = ["main"]
