"""``python -m zhixing_desktop``, and the entry of the one-folder program."""

from __future__ import annotations

import sys

from zhixing_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
