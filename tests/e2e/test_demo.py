"""What ``make run`` does where there is no display: the whole job in one real process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import approvals, health, people
from zhixing_desktop.services.bureau import open_bureau
from zhixing_desktop.services.sample import SAMPLE_NOW

ROOT = Path(__file__).resolve().parents[2]
SCREENS = (
    "01-全局概览",
    "02-总体图",
    "03-案件节点图",
    "04-执行措施节点图",
    "05-节点办理",
    "06-执行局长待决定",
    "07-解冻以后",
    "08-推演",
    "09-工作日历",
    "13-首次启动",
    "14-登录",
    "15-锁定",
    "16-人员名册",
    "17-账号",
    "18-本院设置",
    "19-代理人",
    "20-权限表",
    "21-更换密码",
    "22-文书",
    "23-整组文书",
    "24-卷宗",
    "25-入卷",
    "26-待归扫描件",
    "27-整批收取",
    "28-三卷一致-有不一致",
    "29-纸质卷宗",
    "30-扫描核对",
    "31-三卷一致",
    "32-文件检查",
    "33-归档",
    "34-卷宗-深色",
)


def test_the_demo_leaves_its_screens_and_a_sound_database(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ZHIXING_")}
    environment |= {"ZHIXING_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-m", "zhixing_desktop", "demo", "--out", str(tmp_path), "--cases", "60"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    for name in SCREENS:
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000, name
    papers = tmp_path / "papers"
    forms = {path.stem for path in papers.glob("*.docx")}
    assert len(forms) > 100
    assert {"07-执行通知书", "36-限制消费令", "33-案款发放审批表"} <= forms
    assert {path.stem for path in papers.glob("*.pdf")} == forms | {"总览"}
    assert (papers / "总览.pdf").read_bytes().startswith(b"%PDF")
    assert len(list(papers.glob("总览-*.png"))) > 10
    bureau = open_bureau(
        f"sqlite:///{tmp_path / '示例局.db'}",
        clock=FixedClock(SAMPLE_NOW),
        resources=resources_dir(),
        workstation="test",
    )
    try:
        chief = people.find_person(bureau, "梁宏伟").actor()
        decided = approvals.applications(bureau, chief, status="granted")
        assert [a.matter for a in decided if a.decided_by == "梁宏伟" and a.decision_reason] != []
        assert health.check_all(bureau) == []
    finally:
        bureau.close()
