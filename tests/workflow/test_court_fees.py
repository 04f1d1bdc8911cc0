"""The fee for applying for enforcement: the courts' own table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhixing_desktop.workflow.court_fees import enforcement_fee


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("0.01", "50.00"), ("10000", "50.00"), ("10000.01", "50.00"), ("100000", "1400.00"),
        ("286543.21", "4198.15"), ("400000", "5900.00"), ("500000", "7400.00"),
        ("1000000", "12400.00"), ("5000000", "52400.00"), ("10000000", "77400.00"),
        ("20000000", "87400.00"),
    ],
)  # fmt: skip
def test_the_fee_of_an_amount(amount: str, fee: str) -> None:
    assert enforcement_fee(Decimal(amount)) == Decimal(fee)


@pytest.mark.parametrize("amount", [None, Decimal("0.00")])
def test_a_case_without_an_amount_has_no_computed_fee(amount: Decimal | None) -> None:
    assert enforcement_fee(amount) is None
