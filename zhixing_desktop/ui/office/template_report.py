"""What the checker says of a template, as a page: faults first, then the tags."""

from __future__ import annotations

from html import escape

from zhixing_desktop.services.paper_templates import FieldLine, TemplateReport


def report_html(name: str, report: TemplateReport) -> str:
    """Return what the checker says as a page: faults first, then the fields."""
    parts = [f"<p><b>{escape(name)}</b>　{'可以采用' if report.accepted else '不能采用'}</p>"]
    for severity, title in (("error", "错误"), ("warning", "注意")):
        found = [p for p in report.problems if p.severity == severity]
        if found:
            rows = "".join(f"<li>{escape(p.where)}：{escape(p.sentence)}</li>" for p in found)
            parts.append(f"<p><b>{title}（{len(found)}处）</b></p><ul>{rows}</ul>")
    parts.append(_listed("没有用到的标签（程序的样式用了它们）", report.unused))
    parts.append(_listed("用到的标签", report.used))
    return "".join(parts)


def _listed(title: str, fields: tuple[FieldLine, ...]) -> str:
    if not fields:
        return ""
    rows = "".join(f"<li>{escape(f.label)}　<tt>{escape(f.name)}</tt></li>" for f in fields)
    return f"<p><b>{title}（{len(fields)}个）</b></p><ul>{rows}</ul>"
