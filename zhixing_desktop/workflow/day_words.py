"""Days and moments in Chinese, for sentences that a person reads."""

from __future__ import annotations

from datetime import date, datetime

_WEEKDAYS = "一二三四五六日"


def weekday_words(day: date) -> str:
    """``星期六``."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def date_words(day: date) -> str:
    """``2024年2月10日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_words(day: date) -> str:
    """``2024年2月10日（星期六）``; a calendar's ``describe`` adds what the day is."""
    return f"{date_words(day)}（{weekday_words(day)}）"


def time_words(moment: datetime) -> str:
    """``16时``, ``15时30分`` or ``23时59分59秒``: as short as the moment allows."""
    words = f"{moment.hour}时"
    if moment.minute or moment.second:
        words += f"{moment.minute}分"
    if moment.second:
        words += f"{moment.second}秒"
    return words
