"""What the claims of a case are called on screens and on papers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CONTENT_LABELS: Mapping[str, str] = MappingProxyType(
    {"money": "金钱给付", "act": "行为", "thing": "特定物交付", "interest": "财产性权益"}
)
"""给付内容, in the order in which lists and papers name them."""
