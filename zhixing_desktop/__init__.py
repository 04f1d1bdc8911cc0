"""知行 · 执行案件流程节点办案系统: a desktop program for a court's enforcement bureau."""

__version__ = "0.2.0"
