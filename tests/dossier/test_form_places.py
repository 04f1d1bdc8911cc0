"""Each form's place in the catalogues, as decided: by the item's name and the map of nodes.

Where the name and the map differ the name decides: what was approved lies in the 副卷, but for the
approvals of payments and of periods, which items of the 正卷 name (有关审批材料, 延长执行期限材料).
"""

from __future__ import annotations

import pytest

from helpers.bureau import rules
from helpers.full_case import library
from zhixing_desktop import paths
from zhixing_desktop.documents.form_types import Form
from zhixing_desktop.dossier.catalogue import SIDE, load_catalogues
from zhixing_desktop.dossier.places import load_places

CATALOGUES = load_catalogues(paths.resources_dir() / "dossier")

FIRST: dict[str, str] = {
    "案件登记表": "04-transfer-sheet 05-file-review 44-dossier-cover 44-dossier-index",
    "申请执行材料收取清单": "01-supplement-notice 05-correction-notice",
    "申请执行书": "01-application",
    "移送执行函": "01-transfer-letter",
    "受理案件通知书": (
        "02-acceptance-notice 02-clue-request 02-integrity-card 02-rights-notice 02-risk-notice"
    ),
    "执行通知书": "07-enforcement-notice 07-property-declaration 07-property-report-order",
    "询问笔录": (
        "07-interview-record 07-talk-record 08-verification-record 10-inquiry-record "
        "13-questioning-record 13-summons 17-enforcement-record 18-creditor-request "
        "18-interview-record 18-termination-preview 29-offset-inquiry-record "
        "39-inquiry-record"
    ),
    "财产查询": (
        "03-query-summary 08-clue-feedback 08-clue-table 10-query-assistance "
        "11-property-analysis 14-search-assistance 15-bounty-announcement "
        "15-bounty-application 15-bounty-decision 16-inquiry-application "
        "16-inquiry-order 16-refusal-notice 45-followup-record"
    ),
    "财产处置": (
        "03-freeze-notice 17-assistance-notice 17-control-record 17-custody-entrustment "
        "17-holder-notice 17-seal 17-seizure-announcement 17-seizure-list "
        "19-inspection-record 19-property-condition-table 20-appraisal-entrustment "
        "20-directed-inquiry 20-online-inquiry 20-price-talk-notice 21-report-delivery "
        "24-auction-notice 24-viewing-record 25-auction-announcement "
        "25-bidder-instructions 26-failed-auction-record 28-sale-announcement "
        "30-delivery-order 30-delivery-record 30-transfer-assistance-notice"
    ),
    "行为执行": "30-eviction-announcement",
    "强制措施": (
        "12-search-list 12-search-order 12-search-record "
        "36-consumption-restriction-order 37-credit-listing-decision "
        "39-bring-in-warrant 40-detention-decision 40-detention-execution-notice "
        "40-exit-assistance-notice 40-exit-restriction-decision 40-fine-decision "
        "40-passport-decision 40-repentance-statement 41-criminal-referral-letter "
        "41-explanation-record 41-private-prosecution-notice"
    ),
    "解除、撤销": (
        "17-release-ruling 36-restriction-lifting-order 38-credit-correction-decision "
        "38-credit-deletion-decision 38-credit-revocation-decision "
        "43-control-release-ruling"
    ),
    "强制执行裁定书": (
        "17-detention-ruling 17-freeze-ruling 17-queue-ruling 17-renewal-ruling "
        "17-seizure-ruling 23-auction-ruling 27-sale-confirmation-ruling "
        "28-sale-completed-ruling 28-sale-ruling 29-offset-ruling 31-transfer-ruling "
        "31-withdrawal-ruling"
    ),
    "执行和解协议、": "43-settlement-record",
    "终结执行": (
        "02-refusal-ruling 06-dismissal-ruling 06-non-enforcement-ruling "
        "42-resume-after-stay-notice 42-stay-ruling 43-current-termination-ruling "
        "43-termination-ruling"
    ),
    "执行款物": (
        "02-payee-confirmation 31-transfer-assistance-notice 32-claim-slip 32-receipt "
        "33-collection-notice 33-payment-receipt 33-payment-voucher 33-payout-approval "
        "34-escrow-approval 34-escrow-notice 35-goods-collection-notice "
        "35-goods-receipt 35-handover-record 35-inventory 35-performance-record"
    ),
    "执行异议": "22-objection-notice 22-objection-ruling",
    "延长执行期限": "42-deadline-change-approval 42-deferral-decision",
    "结案": "43-completion-notice 43-current-termination-checklist",
    "送达回证": "02-address-confirmation 07-service-announcement 07-service-proof",
    "其他": "44-dossier-closing-note 46-resumption-notice",
}
"""The forms under an item of the first catalogue that has these words in its name."""
PRESERVATION: dict[str, str] = {
    "案件登记表": "04-transfer-sheet 05-file-review 44-dossier-cover 44-dossier-index",
    "财产保全申请书": "01-application",
    "裁定书": (
        "02-refusal-ruling 06-dismissal-ruling 06-non-enforcement-ruling "
        "17-detention-ruling 17-freeze-ruling 17-queue-ruling 17-release-ruling "
        "17-renewal-ruling 17-seizure-ruling 42-stay-ruling 43-control-release-ruling "
        "43-current-termination-ruling 43-termination-ruling"
    ),
    "询问笔录": (
        "07-interview-record 07-talk-record 08-verification-record 10-inquiry-record "
        "13-questioning-record 13-summons 17-enforcement-record 39-inquiry-record "
        "41-explanation-record 43-settlement-record"
    ),
    "财产查询": (
        "03-query-summary 08-clue-feedback 08-clue-table 10-query-assistance "
        "11-property-analysis 12-search-list 12-search-order 12-search-record "
        "14-search-assistance 15-bounty-announcement 15-bounty-application "
        "15-bounty-decision 16-inquiry-application 16-inquiry-order 16-refusal-notice "
        "45-followup-record"
    ),
    "财产处置": (
        "03-freeze-notice 17-assistance-notice 17-control-record 17-custody-entrustment "
        "17-holder-notice 17-seal 17-seizure-announcement"
    ),
    "财产保全清单": "17-seizure-list",
    "结案": "43-completion-notice 43-current-termination-checklist",
    "送达回证": "02-address-confirmation 07-service-announcement 07-service-proof",
    "其他": (
        "01-supplement-notice 01-transfer-letter 02-acceptance-notice 02-clue-request "
        "02-integrity-card 02-payee-confirmation 02-rights-notice 02-risk-notice "
        "05-correction-notice 36-restriction-lifting-order "
        "38-credit-correction-decision 38-credit-deletion-decision "
        "38-credit-revocation-decision 39-bring-in-warrant 40-detention-decision "
        "40-detention-execution-notice 40-exit-assistance-notice "
        "40-exit-restriction-decision 40-fine-decision 40-passport-decision "
        "40-repentance-statement 41-criminal-referral-letter "
        "41-private-prosecution-notice 42-deadline-change-approval 42-deferral-decision "
        "42-resume-after-stay-notice 44-dossier-closing-note 46-resumption-notice"
    ),
}
"""The same of the catalogue of preservation."""
SIDE_ITEMS: dict[str, str] = {
    "批材料": (
        "02-filing-approval 03-unfreeze-approval 03-unfreeze-report "
        "39-bring-in-approval 40-sanction-approval 46-officer-change-approval "
        "46-resumption-review"
    ),
    "结案": "43-closing-approval",
    "合议庭评议": "43-panel-deliberation-record",
}
"""The same of the 副卷."""
ONLY_RESUMED = {
    "01-application": "恢复执行申请书",
    "01-transfer-letter": "其他",
    "46-resumption-notice": "执行通知书",
}
"""Where the catalogue of a resumed case has no item of the same name, or a better one."""
FORMS = library().forms


def named(form: Form, kind: str) -> str:
    """The name of the item that a form names in a catalogue; it must be there."""
    return CATALOGUES.of(kind).item(form.dossier[kind]).name


def of_preservation(form: Form) -> bool:
    """Whether any node of the form occurs in a case of preservation."""
    book = rules().book
    return any("not_preservation" not in book.nodes[node].applies for node in form.nodes)


@pytest.mark.parametrize(
    ("kind", "decided"), [("first", FIRST), ("preservation", PRESERVATION), (SIDE, SIDE_ITEMS)]
)
def test_each_form_lies_where_it_was_decided(kind: str, decided: dict[str, str]) -> None:
    wanted = {key: words for words, keys in decided.items() for key in keys.split()}
    assert {key for key, form in FORMS.items() if kind in form.dossier} == set(wanted)
    wrong = {
        key: named(FORMS[key], kind)
        for key, words in wanted.items()
        if words not in named(FORMS[key], kind)
    }
    assert wrong == {}


def test_a_resumed_case_has_it_under_the_item_of_the_same_name() -> None:
    """Not under the same number: its catalogue leaves two items out and has one more."""

    def common(name: str) -> str:
        """What the two catalogues word alike."""
        for words in ("强制执行", "强制", "正本", "恢复"):
            name = name.replace(words, "")
        return name

    for key, form in FORMS.items():
        if SIDE in form.dossier:
            continue
        name = named(form, "resumed")
        if key in ONLY_RESUMED:
            assert ONLY_RESUMED[key] in name, key
        else:
            assert common(name) == common(named(form, "first")), key


@pytest.mark.parametrize("key", sorted(FORMS))
def test_a_form_has_a_place_in_each_kind_of_case_it_is_made_in(key: str) -> None:
    form = FORMS[key]
    if SIDE in form.dossier:
        assert set(form.dossier) == {SIDE}
        return
    wanted = {"first", "resumed"} | ({"preservation"} if of_preservation(form) else set())
    assert set(form.dossier) == wanted


def test_papers_of_one_kind_lie_together() -> None:
    """Whoever serves, decides in the end or keeps what was said looks for it in one place."""
    for kind, proofs in (("first", 30), ("resumed", 29), ("preservation", 11)):
        assert FORMS["07-service-proof"].dossier[kind] == proofs
        assert FORMS["07-service-announcement"].dossier[kind] == proofs
    assert FORMS["17-release-ruling"].dossier == FORMS["43-control-release-ruling"].dossier
    assert FORMS["17-freeze-ruling"].dossier == FORMS["17-seizure-ruling"].dossier
    approvals = ("33-payout-approval", "34-escrow-approval", "33-payment-voucher")
    assert len({tuple(FORMS[key].dossier.items()) for key in approvals}) == 1


def test_a_paper_and_the_material_of_its_name_lie_in_one_place() -> None:
    """Whether it was made here or came in as a scan."""
    places = load_places(paths.resources_dir() / "dossier", CATALOGUES)
    by_name = {form.name: form for form in FORMS.values()}
    same = [(node, name) for node, name in places.of_materials if name in by_name]
    assert len(same) >= 6
    for node, name in same:
        for kind, item in by_name[name].dossier.items():
            place = places.place_of(kind, node, name)
            assert place is None or (place.catalogue, place.item) == (kind, item), (node, name)
