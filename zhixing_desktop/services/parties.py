"""The parties of a case, and the case, with all that papers say of them: seen and corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhixing_desktop.services import cases, work
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import PERSON_KINDS, NewParty, check_party
from zhixing_desktop.services.steps import Outcome
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.facts import HEADER
from zhixing_desktop.workflow.identifiers import (
    check_phone,
    id_birth_date,
    id_gender,
    tidy,
    tidy_name,
)

CASE = subjects.CASE
NATURAL = PERSON_KINDS[0]
GENDERS = ("男", "女")


@dataclass(frozen=True, slots=True)
class PartyField:
    """What is known of a party: ``natural`` True for natural persons only, False for others only.

    ``options`` are the answers of a choice; ``help`` says what papers make of it.  ``of_case``
    marks what is known of the case itself.
    """

    name: str
    label: str
    natural: bool | None = None
    options: tuple[str, ...] = ()
    help: str = ""
    of_case: bool = False


FIELDS: tuple[PartyField, ...] = (
    PartyField("cause", "案由", of_case=True, help="如民间借贷纠纷"),
    PartyField(
        "basis", "执行依据", of_case=True, help="名称及文号，如（2023）豫0811民初1号民事判决书"
    ),
    PartyField("name", "姓名（名称）"),
    PartyField("kind", "类型", options=PERSON_KINDS),
    PartyField("id_number", "证件号码", help="自然人填公民身份号码，其他填统一社会信用代码"),
    PartyField("gender", "性别", natural=True, options=GENDERS, help="空着时按公民身份号码"),
    PartyField("birth", "出生日期", natural=True, help="空着时按公民身份号码，如1980-05-06"),
    PartyField("ethnicity", "民族", natural=True, help="如汉族；裁定书首部写明"),
    PartyField("workplace", "工作单位和职务", natural=True),
    PartyField("address", "住址（住所地）", help="裁定书首部写明；送达地址另填"),
    PartyField("phone", "联系电话"),
    PartyField("legal_representative", "法定代表人（负责人）", natural=False),
    PartyField("representative_title", "其职务", natural=False, help="如执行董事、经理"),
    PartyField("guardian", "法定代理人", natural=True, help="未成年人等须有法定代理人"),
    PartyField("guardian_relation", "与被代理人的关系", natural=True, help="如父亲"),
    PartyField("agent", "委托诉讼代理人"),
    PartyField("agent_office", "代理人的单位或者身份", help="如河南某某律师事务所律师"),
    PartyField("service_address", "送达地址", help="送达地址确认书上的地址"),
    PartyField("account_name", "收款户名"),
    PartyField("account_number", "收款账号"),
    PartyField("bank", "开户银行"),
)
_KNOWN = {field.name: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """A party as it stands: subject (``debtor/1``), its standing in words, its values."""

    subject: str
    standing: str
    values: Mapping[str, str]

    @property
    def natural(self) -> bool:
        """Whether it is a natural person."""
        return self.values.get("kind") == NATURAL


@dataclass(frozen=True, slots=True)
class CaseParties:
    """All parties of a case and the version they were read at."""

    case_id: int
    case_no: str
    version: int
    parties: tuple[PartyEntry, ...]


def parties_of(bureau: Bureau, actor: Actor, case: str | int) -> CaseParties:
    """Return the parties as the person sees them (numbers covered where he sees them so).

    Raises ``NotAllowedError`` for a case he may not see.
    """
    found = cases.detail(bureau, actor, case)
    preservation = found.header.get("kind") == "preservation"
    words = {
        "creditor": "申请保全人" if preservation else "申请执行人",
        "debtor": "被保全人" if preservation else "被执行人",
    }
    own = {field.name: str(found.header.get(field.name) or "") for field in FIELDS if field.of_case}
    entries = (
        PartyEntry(CASE, "案件", {**dict.fromkeys(_KNOWN, ""), **own, "name": found.case_no}),
        *(
            PartyEntry(
                subject,
                words[subjects.kind_of(subject)],
                {name: str(data.get(name) or "") for name in _KNOWN},
            )
            for subject, data in found.parties.items()
        ),
    )
    return CaseParties(found.id, found.case_no, found.version, entries)


def known_from_number(values: Mapping[str, str]) -> tuple[str, str]:
    """Return gender and day of birth (ISO) that a 公民身份号码 tells, empty where it does not."""
    number = tidy(values.get("id_number", ""))
    born = id_birth_date(number)
    return id_gender(number) or "", born.isoformat() if born else ""


def party_problems(values: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong with a party's values (errors and warnings), each at its label."""
    party = NewParty(
        "debtor",
        values.get("kind", ""),
        values.get("name", ""),
        tidy(values.get("id_number", "")),
        values.get("phone", ""),
    )
    found = [
        Problem(_KNOWN["id_number"].label if p.where.startswith("当事人“") else p.where,
                p.sentence, p.severity)
        for p in check_party(party, "当事人")
    ]  # fmt: skip
    found += check_phone(values.get("phone", ""), where="联系电话")
    if values.get("kind") == NATURAL:
        found += _natural_problems(values)
    return found


def _natural_problems(values: Mapping[str, str]) -> list[Problem]:
    found: list[Problem] = []
    gender, born = known_from_number(values)
    typed = values.get("birth", "")
    if typed:
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            found.append(Problem("出生日期", "应当写成1980-05-06的样式"))
        else:
            if born and day.isoformat() != born:
                found.append(Problem("出生日期", "与公民身份号码中的出生日期不一致"))
    if values.get("gender") and gender and values["gender"] != gender:
        found.append(Problem("性别", "与公民身份号码不一致"))
    return found


def save_party(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    subject: str,
    values: Mapping[str, str],
    *,
    reason: str,
    expected_version: int | None = None,
) -> Outcome:
    """Correct what is known of a party: the fact with a reason, the former one stays in history.

    Only what changed is written.  Raises :class:`InputRefusedError` with all that is wrong, or when
    nothing changed; ``NotAllowedError``; ``StaleEditError``.
    """
    unknown = [name for name in values if name not in _KNOWN]
    found = cases.detail(bureau, actor, case)
    index = found.context.index
    fact = index.parties.get(subject)
    if subject == CASE:
        fact = next(known for known in index.facts if known.kind == HEADER)
        unknown += [name for name in values if name in _KNOWN and not _KNOWN[name].of_case]
    if fact is None or unknown:
        raise InputRefusedError("案件没有这名当事人，或者没有这一项", [Problem("当事人", subject)])
    before = {name: str(fact.data.get(name) or "") for name in _KNOWN}
    after = {**before, **{name: _clean(name, value) for name, value in values.items()}}
    changed: dict[str, Any] = {n: after[n] for n in _KNOWN if after[n] != before[n]}
    if not changed:
        raise InputRefusedError("没有改动，不需要保存。", [])
    problems = [] if subject == CASE else party_problems(after)
    problems = [p for p in problems if _concerns(p, changed)]
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        words = "；".join(dict.fromkeys(f"{p.where}：{p.sentence.rstrip('。')}" for p in errors))
        raise InputRefusedError(f"当事人信息没有保存：{words}。", problems)
    return work.correct_fact(
        bureau,
        actor,
        found.id,
        fact.seq,
        data=changed,
        reason=reason,
        expected_version=expected_version,
    )


def _clean(name: str, value: str) -> str:
    if name == "name":
        return tidy_name(value)
    return tidy(value) if name == "id_number" else value.strip()


def _concerns(problem: Problem, changed: Mapping[str, Any]) -> bool:
    """What was wrong before and is not touched now does not hold up another correction."""
    labels = {_KNOWN[name].label for name in changed}
    own = {field.label for field in FIELDS}
    return problem.where not in own or problem.where in labels or bool({"kind"} & set(changed))


def missing_for_papers(party: PartyEntry) -> Sequence[str]:
    """Return the labels of what papers ask of every party and this one does not have yet."""
    if party.subject == CASE:
        return [field.label for field in FIELDS if field.of_case and not party.values[field.name]]
    wanted = ["name", "id_number", "address"]
    if not party.natural:
        wanted.append("legal_representative")
    return [_KNOWN[name].label for name in wanted if not party.values.get(name)]
