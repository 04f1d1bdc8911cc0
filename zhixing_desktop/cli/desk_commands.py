"""Commands on what a person is told by itself: the digest, the daily sheet.

The services are imported by the command that needs them, so that no other one waits.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from zhixing_desktop.cli.session import Session, moment
from zhixing_desktop.workflow.errors import StoreError


def digest_show(session: Session) -> None:
    """Say what is new since the last look; with ``--looked`` that was the look."""
    from zhixing_desktop.services import alerts, digest

    bureau, actor = session.bureau(), session.actor()
    found = digest.digest(bureau, actor)
    lines = [found.heading]
    lines += [
        f"等您决定　{e.case_no}　第{e.request}号　节点{e.node}　{e.matter}　{e.requested_by}"
        for e in found.asked
    ]
    lines += [f"{e.word}　{e.case_no}　{e.sentence}" for e in found.news]
    lines += [
        f"{e.outcome}　{e.case_no}　节点{e.node}　{e.matter}　{e.decided_by}：{e.reason}"
        for e in found.answers
    ]
    lines += [
        f"等您支付　{e.case_no}　节点33　{e.officer}　{e.decided_by}批准" for e in found.payable
    ]
    lines += [f"新收　{e.case_no}　{e.parties}" for e in found.arrived]
    if session.options.looked:
        ids = [number for entry in found.news for number in entry.alert_ids]
        alerts.mark_read(bureau, actor, ids)
        digest.mark_looked(bureau, actor, found.until)
    session.show(asdict(found), lines)


def sheet_show(session: Session) -> None:
    """Say what a day was like; with a file, write the page to be printed and journal it."""
    from zhixing_desktop.services.bureau_settings import read_settings
    from zhixing_desktop.services.daily_sheet import daily_sheet, record_printed
    from zhixing_desktop.services.daily_sheet_page import sheet_html

    o = session.options
    bureau, actor = session.bureau(), session.actor()
    day = moment(o.day).date() if o.day else bureau.database.now().date()
    sheet = daily_sheet(bureau, actor, day, court=read_settings(bureau).court.name)
    counted = [*sheet.moves, *sheet.states, *sheet.announced, *sheet.freezes]
    lines = [
        f"{sheet.court}执行工作日报　{day}",
        "　".join(f"{word}{count}" for word, count in counted if count),
    ]
    lines += [
        f"届满最久　{late.case_no}　节点{late.node}　{late.officer}　逾期{late.days_late}日"
        for late in sheet.worst
    ]
    lines += [
        f"决定　{made.at:%H:%M}　{made.case_no}　{made.matter}　{made.outcome}　{made.decided_by}"
        for made in sheet.decisions
    ]
    lines.append(f"日志末条　第{sheet.head_id}条　{sheet.head_hash}")
    if o.file:
        target = Path(o.file).expanduser()
        if target.exists():
            raise StoreError(
                f"目标文件已经存在，为免覆盖没有写入：{target}。请换一个文件名。",
                data={"kind": "exists", "place": str(target)},
            )
        record_printed(bureau, actor, sheet)
        target.write_text(sheet_html(sheet), encoding="utf-8")
        lines.append(f"日报已写入：{o.file}")
    session.show(asdict(sheet), lines)
