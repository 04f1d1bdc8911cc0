"""Live a month of the sample bureau with all its people, and prove what is left of it.

    .venv/bin/python tools/month.py [--out out/month] [--cases 300] [--days 30]

Each person's news of each morning, and each evening's daily sheet, stay in the folder to be read.
Prints a line for each working day; exit code 1 when a check at the end fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from helpers import month as living


def main() -> int:
    """Run the month that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/month"))
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--days", type=int, default=30)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    month = living.open_month(options.out, options.cases, lambda words: print(words, flush=True))
    try:
        print(living.HEADINGS)
        living.live(month, options.days)
        found = living.prove(month)
    finally:
        month.bureau.close()
    (options.out / "每日一览.txt").write_text(living.table(month) + "\n", "utf-8")
    print(f"每日情况{month.digests}页，代审批{month.deputy_decisions}次，上级答复{month.replies}件")
    for sentence, count in month.refused.most_common():
        print(f"{count:>6} 次被拒绝：{sentence}")
    code, said, python = found["bundle"]
    print(f"检查：{found['check'] or '没有发现问题'}\n校验：{found['verify']}")
    print(f"验证包（{python}）：{said.strip().splitlines()[-1]}")
    print(f"截去末尾（不对照、对照日报）：{found['cut']}")
    good = not found["check"] and found["verify"][0] and code == 0
    return 0 if good and all(cut == (True, False) for cut in found["cut"]) else 1


if __name__ == "__main__":
    sys.exit(main())
