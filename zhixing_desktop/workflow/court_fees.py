"""The fee for applying for enforcement, from the amount that is to be enforced.

Source: 《诉讼费用交纳办法》（国务院令第481号）第十四条第一项.
"""

from __future__ import annotations

from decimal import Decimal

from zhixing_desktop.workflow.money import to_cents

LEAST = Decimal("50.00")
_STEPS: tuple[tuple[Decimal, Decimal], ...] = (
    (Decimal(10_000), Decimal("0.015")),
    (Decimal(500_000), Decimal("0.01")),
    (Decimal(5_000_000), Decimal("0.005")),
    (Decimal(10_000_000), Decimal("0.001")),
)
"""What exceeds the first number is charged at the second, up to the next step."""


def enforcement_fee(amount: Decimal | None) -> Decimal | None:
    """Return the fee in yuan for an amount in yuan, rounded half up to 分.

    ``None`` without an amount or with none above zero: a case without an amount costs 50 to 500
    yuan, which the court decides.
    """
    if amount is None or amount <= 0:
        return None
    fee = LEAST
    for place, (above, rate) in enumerate(_STEPS):
        upto = _STEPS[place + 1][0] if place + 1 < len(_STEPS) else amount
        fee += max(Decimal(0), min(amount, upto) - above) * rate
    return to_cents(fee)
