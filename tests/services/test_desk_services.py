"""Drafts, announcements read and unread, the people of the bureau."""

from __future__ import annotations

import pytest

from helpers.bureau import ADMIN, Office
from helpers.offices import contents, journal
from zhixing_desktop.services import alerts, drafts, health, people, work
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.views import Key

KEY = Key(7, "case")
BODY = {"values": {"note": "送达回证“已收”\n第二行", "rare": "喆𬭚😀"}, "items": [1, 2]}


def test_a_draft_is_kept_until_it_is_dropped(office: Office, second: Office) -> None:
    case, me, other = office.register(1), office.actor(), office.actor("孙法官")
    start = len(journal(office.bureau))
    assert drafts.load_draft(office.bureau, me, case, KEY) is None
    drafts.save_draft(office.bureau, me, case, KEY, BODY)
    office.at("2024-03-01T09:30")
    drafts.save_draft(office.bureau, me, case, KEY, {**BODY, "items": [3]})
    drafts.save_draft(office.bureau, me, 0, None, {"new": "case"})
    kept = drafts.load_draft(second.bureau, me, case, KEY)
    assert kept is not None
    assert kept.body == {**BODY, "items": [3]}
    assert kept.saved_at == office.clock.now()
    assert drafts.load_draft(office.bureau, other, case, KEY) is None
    assert drafts.load_draft(office.bureau, me, case, Key(7, "debtor/1")) is None
    new = drafts.load_draft(office.bureau, me, 0, None)
    assert new is not None
    assert new.body == {"new": "case"}
    drafts.drop_draft(office.bureau, me, case, KEY)
    assert drafts.load_draft(office.bureau, me, case, KEY) is None
    # Beside the case, not in it.
    assert len(journal(office.bureau)) == start
    assert health.check_all(office.bureau) == []


def test_who_has_no_number_keeps_no_drafts(office: Office) -> None:
    drafts.save_draft(office.bureau, ADMIN, 0, None, BODY)
    assert contents(office.bureau)["drafts"] == []
    drafts.drop_draft(office.bureau, ADMIN, 0, None)


def test_everybody_reads_what_concerns_him_once(office: Office) -> None:
    mine, his = office.register(1), office.register(2, officer="孙法官")
    for case in (mine, his):
        office.fill(case, 1)
        office.fill(case, 2)
    office.at("2024-11-01T09:00").sweep()
    me, other = office.actor(), office.actor("孙法官")
    chief, clerk = office.actor("李局长"), office.actor("周书记")
    heard = alerts.alerts_for(office.bureau, me)
    assert {entry.case_id for entry in heard} == {mine}
    assert {entry.case_id for entry in alerts.alerts_for(office.bureau, other)} == {his}
    first = [entry for entry in heard if entry.recipients == ("承办人",)]
    told = alerts.alerts_for(office.bureau, chief)
    assert {entry.case_id for entry in told} == {mine, his}
    assert first
    assert not {entry.id for entry in first} & {entry.id for entry in told}
    assert all("执行局长" in entry.recipients for entry in told)
    president = office.actor("赵院长")
    leader = alerts.alerts_for(office.bureau, office.actor("王院长"))
    assert [e.id for e in alerts.alerts_for(office.bureau, president)] == [e.id for e in leader]
    assert {entry.case_id for entry in alerts.alerts_for(office.bureau, clerk)} == {mine, his}
    for actor in (me, other, chief, clerk):
        unread = alerts.alerts_for(office.bureau, actor, unread_only=True)
        assert alerts.unread_count(office.bureau, actor) == len(unread) > 0
    noticed = [(entry.noticed_at, entry.id) for entry in heard]
    assert noticed == sorted(noticed, reverse=True)
    some = [entry.id for entry in heard[:2]]
    alerts.mark_read(office.bureau, me, some)
    alerts.mark_read(office.bureau, me, [*some, some[0]])
    assert alerts.unread_count(office.bureau, me) == len(heard) - 2
    assert {e.id for e in alerts.alerts_for(office.bureau, me) if e.read} == set(some)
    assert alerts.unread_count(office.bureau, chief) == len(alerts.alerts_for(office.bureau, chief))
    story = alerts.case_alerts(office.bureau, office.actor(), mine)
    assert [entry.legal_at for entry in story] == sorted(entry.legal_at for entry in story)
    assert {entry.id for entry in story} == {entry.id for entry in heard}
    assert journal(office.bureau).count(("alert.read", "张承办")) == 1
    assert health.check_all(office.bureau) == []


def test_who_takes_over_a_case_hears_what_was_said_of_it_from_then_on(office: Office) -> None:
    case = office.register(1)
    for node in (1, 2):
        office.fill(case, node)
    office.at("2024-05-06T09:00").sweep()
    before = {entry.id for entry in alerts.alerts_for(office.bureau, office.actor())}
    work.assign_officer(office.bureau, office.actor("李局长"), case, "孙法官", reason="调整分工")
    office.at("2024-11-01T09:00").sweep()
    later = {entry.id for entry in alerts.alerts_for(office.bureau, office.actor("孙法官"))}
    assert later
    assert not before & later
    assert {entry.id for entry in alerts.alerts_for(office.bureau, office.actor())} == before


def test_people_are_entered_once_and_found_by_name(office: Office) -> None:
    before = people.all_people(office.bureau)
    rows = journal(office.bureau)
    people.add_people(office.bureau, ADMIN, [("张承办", ("执行局长",), "别的团队")])
    assert people.all_people(office.bureau) == before
    assert journal(office.bureau) == rows
    people.add_people(office.bureau, ADMIN, [("喆𬭚", ("承办人", "书记员"), "执行一团队")])
    added = people.find_person(office.bureau, "喆𬭚")
    assert added.roles == ("承办人", "书记员")
    assert added.actor() == Actor("喆𬭚", ("承办人", "书记员"), added.id)
    with pytest.raises(InputRefusedError, match="没有“无此人”"):
        people.find_person(office.bureau, "无此人")


def test_all_mistakes_in_a_list_of_people_are_named_and_nobody_is_entered(office: Office) -> None:
    before = contents(office.bureau)
    with pytest.raises(InputRefusedError) as caught:
        people.add_people(
            office.bureau,
            ADMIN,
            [("甲", ("法官",), ""), (" ", ("承办人",), ""), ("乙", ("干事",), "")],
        )
    assert len(caught.value.problems) == 3
    assert contents(office.bureau) == before
