"""What a case list holds, row by row, as immutable data.  Texts that were left out are empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.money import ZERO


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case.

    ``row`` is the row of the sheet; ``case_no`` the normalised number and ``case_no_raw`` what
    stood there; ``kind`` is ``first``, ``resumed`` or ``preservation``; ``content`` holds
    ``money``, ``act``, ``thing``, ``interest``.  Amounts are yuan with two places; ``amount`` is
    the total, the parts may all be zero.  ``creditor_is_court`` marks cases a court applied for
    (移送).
    """

    row: int
    case_no_raw: str
    case_no: str
    kind: str
    filed_at: datetime
    content: tuple[str, ...]
    received_on: date | None = None
    officer: str = ""
    clerk: str = ""
    cause: str = ""
    source: str = ""
    is_non_litigation: bool = False
    creditor_is_court: bool = False
    basis_type: str = ""
    basis_number: str = ""
    basis_court: str = ""
    basis_effective_on: date | None = None
    basis_due_on: date | None = None
    amount_principal: Decimal = ZERO
    amount_interest: Decimal = ZERO
    amount_fee: Decimal = ZERO
    amount: Decimal = ZERO
    previous_case_no: str = ""
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party of one case.

    ``standing`` is 申请执行人, 被执行人 …, ``kind`` 自然人, 法人 or 其他组织; ``e_service`` is None
    where nothing was said.  ``from_list`` marks a party that was only named in the case list: its
    kind was told from the name.
    """

    row: int
    case_no: str
    standing: str
    kind: str
    name: str
    id_type: str = ""
    id_number: str = ""
    gender: str = ""
    ethnicity: str = ""
    birth: date | None = None
    address: str = ""
    phone: str = ""
    legal_representative: str = ""
    representative_title: str = ""
    workplace: str = ""
    guardian: str = ""
    guardian_relation: str = ""
    agent: str = ""
    agent_office: str = ""
    agent_powers: str = ""
    service_address: str = ""
    e_service: bool | None = None
    account_name: str = ""
    account_number: str = ""
    bank: str = ""
    from_list: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that was done in a case.

    ``subject`` is a path like ``asset/1``; ``what`` the label of an event, or 工作内容N, 节点启动,
    节点办结, 材料：name (then ``node`` is set).  ``day_only`` tells that no time was given (the
    moment is then 00:00).  ``data`` holds what else was told of it, by the headings of further
    columns or the names in 填写内容, days as ``2024-03-05``.
    """

    row: int
    case_no: str
    subject: str
    node: int | None
    what: str
    happened_at: datetime
    day_only: bool = False
    officer: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseList:
    """A whole list that can be imported; ``warnings`` are to be shown before it is."""

    cases: tuple[CaseRow, ...]
    parties: tuple[PartyRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    warnings: tuple[Problem, ...] = ()
