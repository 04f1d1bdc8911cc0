"""How a due moment is written in lists and boxes: 3月14日（还剩3日）, 今日, 逾期2日."""

from __future__ import annotations

from datetime import datetime

_DAY_ENDS = (23, 59)


def days_left(due: datetime, now: datetime) -> int:
    """Return how many days are left; 0 is today, negative is past."""
    return (due.date() - now.date()).days


def days_left_words(due: datetime, now: datetime) -> str:
    """Return ``还剩3日``, ``今日``, ``今日15时30分止`` or ``逾期2日``."""
    left = days_left(due, now)
    if left > 0:
        return f"还剩{left}日"
    if left < 0:
        return f"逾期{-left}日"
    if (due.hour, due.minute) == _DAY_ENDS:
        return "今日"
    clock = f"{due.hour}时{due.minute:02d}分"
    return f"已过{clock}" if due < now else f"今日{clock}止"


def day_words(due: datetime, now: datetime) -> str:
    """Return ``3月14日``, with the year where it is another one."""
    year = "" if due.year == now.year else f"{due.year}年"
    return f"{year}{due.month}月{due.day}日"


def due_words(due: datetime, now: datetime) -> str:
    """Return ``3月14日（还剩3日）``."""
    return f"{day_words(due, now)}（{days_left_words(due, now)}）"
