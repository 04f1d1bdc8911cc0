"""Make the pictures of the README and of the officers' handbook from the real window.

Run by ``make shots``.  The sample bureau is made anew, so the pictures show what the program does.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from zhixing_desktop.demo import run_demo

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 1280
PICTURES = {
    "03-案件节点图": ("docs/images/main-window.png", "docs/handbook/images/main-window.png"),
    "05-节点办理": ("docs/handbook/images/node.png",),
    "06-执行局长待决定": ("docs/handbook/images/approvals.png",),
    "08-推演": ("docs/handbook/images/simulator.png",),
    "10-督办": ("docs/handbook/images/supervision.png",),
    "11-工作日报": ("docs/handbook/images/daily-sheet.png",),
    "12-新情况": ("docs/handbook/images/digest.png",),
    "09-工作日历": ("docs/handbook/images/calendar.png",),
    "13-首次启动": ("docs/handbook/images/first-start.png",),
    "14-登录": ("docs/handbook/images/sign-in.png",),
    "15-锁定": ("docs/handbook/images/lock.png",),
    "16-人员名册": ("docs/handbook/images/people.png",),
    "17-账号": ("docs/handbook/images/accounts.png",),
    "18-本院设置": ("docs/handbook/images/settings.png",),
    "19-代理人": ("docs/handbook/images/deputies.png",),
    "20-权限表": ("docs/handbook/images/matrix.png",),
    "21-更换密码": ("docs/handbook/images/new-password.png",),
    "22-文书": ("docs/handbook/images/paper.png",),
    "23-整组文书": ("docs/handbook/images/paper-pack.png",),
    "24-卷宗": ("docs/handbook/images/dossier.png",),
    "25-入卷": ("docs/handbook/images/intake.png",),
    "26-待归扫描件": ("docs/handbook/images/tray.png",),
    "27-整批收取": ("docs/handbook/images/stack.png",),
    "28-三卷一致-有不一致": ("docs/handbook/images/triangle.png",),
    "29-纸质卷宗": ("docs/handbook/images/volumes.png",),
    "30-扫描核对": ("docs/handbook/images/proof.png",),
    "32-文件检查": ("docs/handbook/images/store.png",),
    "33-归档": ("docs/handbook/images/archive.png",),
    "35-卷宗逾期清单": ("docs/handbook/images/dossier-overdue.png",),
    "04-执行措施节点图": ("docs/handbook/images/chart.png",),
}


def main() -> int:
    """Run the demo in a temporary folder and keep its pictures."""
    with tempfile.TemporaryDirectory() as folder:
        code = run_demo(Path(folder), lambda words: print(words, file=sys.stderr))
        for name, targets in PICTURES.items():
            picture = QImage(str(Path(folder) / f"{name}.png"))
            if picture.width() > WIDTH:
                picture = picture.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
            picture = picture.convertToFormat(QImage.Format.Format_RGB888)
            for target in targets:
                path = ROOT / target
                path.parent.mkdir(parents=True, exist_ok=True)
                picture.save(str(path))
    return code


if __name__ == "__main__":
    sys.exit(main())
