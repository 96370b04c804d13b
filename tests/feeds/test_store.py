"""Feed addresses: made, rotated, served, emptied. A father without consent subscribes, too."""

from datetime import datetime, timedelta

import pytest
import vobject
from sqlalchemy import select

from calendar_client import subscribed
from household import MONDAY, NOW, SECRETS, Household, place
from scheduler import consents, feeds
from scheduler.admissions import discharge
from scheduler.consents import left_sessions
from scheduler.consents.model.models import BarrierKind
from scheduler.invitations import announce, answer, dates_of_page, lint, page_of_date
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.people import choose_calendar
from scheduler.people.models import Person, Way
from scheduler.programs import Kind, Seats
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.lifecycle import move
from scheduler.sessions.models import Session
from scheduler.sessions.rescheduling import meeting_at


def subscribe(person: Person) -> str:
    return feeds.make(person, by="command", now=NOW)


def served(token: str, **later: int) -> bytes:
    found = feeds.serve(token, now=NOW + timedelta(**later))
    assert found is not None
    assert lint(found.body, SECRETS) == []
    calendar = vobject.readOne(found.body.decode())
    assert "method" not in calendar.contents
    for event in calendar.contents.get("vevent", []):
        assert not {"attendee", "organizer", "valarm"} & set(event.contents)
        said = [line.value for line in event.contents.get("description", [])]
        assert {line.rpartition("/")[0] for line in said} <= {"https://hl-sched.example/date"}
    return found.body


def uids(body: bytes) -> set[str]:
    lines = body.decode().replace("\r\n ", "").split("\r\n")
    inside = lines[lines.index("BEGIN:VEVENT") :] if "BEGIN:VEVENT" in lines else []
    return {line for line in inside if line.startswith("UID:")}


def starts(body: bytes) -> int:
    return body.count(b"BEGIN:VEVENT") - body.count(b":20000101T120000")


def test_each_person_subscribes_to_what_they_may_know(home: Household) -> None:
    home.consent()
    home.appointment(1)
    home.slot(0, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")
    found = [
        starts(served(subscribe(one)))
        for one in (home.jordan, home.mother, home.father, home.rivera, home.tess)
    ]

    assert found == [2, 1, 0, 2, 1]


def test_same_facts_are_the_same_bytes(home: Household) -> None:
    home.appointment(1)
    token = subscribe(home.jordan)
    first = feeds.serve(token, now=NOW)

    feeds.refresh(now=NOW + timedelta(hours=3))

    assert feeds.serve(token, now=NOW + timedelta(hours=3)) == first


def test_changed_session_is_a_new_body_and_etag(home: Household) -> None:
    session = home.appointment(1)
    token = subscribe(home.jordan)
    first = feeds.serve(token, now=NOW)
    shift(session)

    assert feeds.refresh(now=NOW + timedelta(hours=1)) == 1
    second = feeds.serve(token, now=NOW + timedelta(hours=1))
    assert first is not None
    assert second is not None
    assert second.etag != first.etag
    assert second.changed_at == NOW + timedelta(hours=1)


def test_entry_keeps_its_uid_when_it_moves(home: Household) -> None:
    session = home.appointment(1)
    token = subscribe(home.jordan)
    before = uids(served(token))
    shift(session)
    feeds.refresh(now=NOW)

    assert uids(served(token)) == before


def test_feed_and_invitation_know_a_session_by_one_name(home: Household) -> None:
    home.consent()
    home.appointment(1)
    token = subscribe(home.mother)
    announce(by="command", now=NOW)

    assert uids(served(token)) == {
        f"UID:{uid}" for uid in db.session.scalars(select(Invitation.uid))
    }


def kept_apart(body: bytes) -> set[str]:
    """Return the names under which vdirsyncer keeps the pieces of a calendar: it splits it by UID,
    gives each piece the calendar's own lines, and calls it by the first UID in it.
    """
    text = body.decode().replace("\r\n ", "")
    head, *entries = text.split("BEGIN:VEVENT")
    pieces = [head + entry for entry in entries]
    return {
        next(line for line in piece.splitlines() if line.startswith("UID:")) for piece in pieces
    }


def test_program_that_names_pieces_by_their_first_uid_keeps_every_appointment(
    home: Household,
) -> None:
    for slot in ("fam.p-1", "more.p-1", "last.p-1"):
        home.appointment(len(slot), slot=slot)
    body = served(subscribe(home.jordan))

    assert kept_apart(body) == uids(body)
    assert len(kept_apart(body)) == 3


def test_withdrawal_empties_the_feed(home: Household) -> None:
    home.consent()
    home.appointment(1)
    token = subscribe(home.mother)
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    feeds.refresh(now=NOW)

    assert starts(served(token)) == 0


@pytest.mark.parametrize("kind", BarrierKind)
def test_barrier_empties_the_feed_of_whom_nothing_was_told_yet(
    home: Household, kind: BarrierKind
) -> None:
    home.consent()
    home.appointment(1)
    token = subscribe(home.mother)
    before = starts(served(token))
    whom = None if kind is BarrierKind.DECEASED else home.mother
    consents.add_barrier(patient=home.jordan, person=whom, kind=kind, by="sam", now=NOW)
    feeds.refresh(now=NOW)

    assert (before, starts(served(token))) == (1, 0)


def test_feed_is_empty_from_the_moment_a_consent_ends(home: Household) -> None:
    (grant,) = home.consent()
    session = home.appointment(1)
    token = subscribe(home.mother)
    grant.valid_until = session.ends_at + timedelta(hours=1)
    feeds.refresh(now=NOW)
    end = int((grant.valid_until - NOW).total_seconds())

    assert [starts(served(token, seconds=each)) for each in (end - 1, end)] == [1, 0]


def test_address_ends_with_the_last_consent_and_is_gone_after_fourteen_days_h12(
    home: Household,
) -> None:
    home.consent()
    home.consent(home.mother, Kind.PROGRESS_UPDATE)
    home.appointment(1)
    token, fathers = subscribe(home.mother), subscribe(home.father)
    found = []
    for kind in (Kind.FAMILY_THERAPY, Kind.PROGRESS_UPDATE):
        consents.revoke(
            person=home.mother, patient=home.jordan, purposes=[kind], by="command", now=NOW
        )
        feeds.refresh(now=NOW)
        assert starts(served(token)) == 0
        found.append(feeds.standing_feed(home.mother) is not None)

    assert found == [True, False]
    gone = feeds.serve(token, now=NOW + timedelta(days=14))
    assert (gone, feeds.standing_feed(home.father) is not None) == (None, True)
    assert starts(served(fathers)) == 0


def test_new_consent_after_the_last_one_takes_a_new_address(home: Household) -> None:
    home.consent()
    home.appointment(1)
    old = subscribe(home.mother)
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    feeds.refresh(now=NOW)
    home.consent()
    feeds.refresh(now=NOW)

    new = subscribe(home.mother)

    assert [starts(served(each)) for each in (old, new)] == [0, 1]


def test_rotated_address_says_something_of_long_ago_for_fourteen_days_and_then_is_gone(
    home: Household,
) -> None:
    home.appointment(1)
    old = subscribe(home.jordan)
    new = subscribe(home.jordan)

    assert [starts(served(each)) for each in (old, new)] == [0, 1]
    assert served(old, seconds=14 * 86400 - 1).count(b"BEGIN:VEVENT") == 1
    assert feeds.serve(old, now=NOW + timedelta(days=14)) is None


def test_unknown_secret_is_nothing(home: Household) -> None:
    assert feeds.serve("nonsense", now=NOW) is None


def test_regular_series_is_one_entry_with_its_exceptions(home: Household) -> None:
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    token = subscribe(home.jordan)
    shift(sessions[2])
    feeds.refresh(now=NOW)

    body = served(token)
    assert len(uids(body)) == 1
    assert body.count(b"RECURRENCE-ID") == 1


def shift(session: Session) -> None:
    place(session, session.starts_at.replace(tzinfo=None) + timedelta(hours=1))
    session.version += 1
    session.changed_at = NOW + timedelta(minutes=1)
    db.session.flush()


def struck(body: bytes) -> int:
    return body.count(b"STATUS:CANCELLED")


def test_cancelled_session_stays_struck_until_its_day_is_over(home: Household) -> None:
    first, second = group(home, 0), group(home, 1)
    tokens = [subscribe(person) for person in (home.jordan, home.rivera)]
    father = subscribe(home.father)

    cancel(first, by="desk", now=NOW)
    feeds.refresh(now=NOW)

    evening = first.starts_at + timedelta(hours=4)
    night = first.starts_at + timedelta(hours=6)
    for token in tokens:
        bodies = [feeds.serve(token, now=moment) for moment in (NOW, evening, night)]
        shown = [(starts(each.body), struck(each.body)) for each in bodies]
        assert shown == [(2, 1), (2, 1), (1, 0)]
    assert starts(served(father)) == 0
    assert second.starts_at > night


def test_cancelled_session_of_a_regular_series_is_struck_beside_it(home: Household) -> None:
    sessions = [group(home, 7 * week) for week in range(4)]
    token = subscribe(home.jordan)

    cancel(sessions[1], by="desk", now=NOW)
    feeds.refresh(now=NOW)

    body = served(token)
    assert (starts(body), struck(body), body.count(b"EXDATE")) == (2, 1, 1)
    assert subscribed(body) == [
        (row.starts_at, row.ends_at) for row in (sessions[0], *sessions[2:])
    ]


def test_cancelled_session_that_is_put_back_is_as_it_was(home: Household) -> None:
    session = group(home, 0)
    token = subscribe(home.jordan)
    before = uids(served(token))

    cancel(session, by="desk", now=NOW)
    feeds.refresh(now=NOW)
    while_off = uids(served(token))
    move(session, meeting_at(session), by="desk", now=NOW)
    feeds.refresh(now=NOW)

    assert struck(served(token)) == 0
    assert (uids(served(token)), while_off) == (before, before)


def test_cancelled_session_is_not_in_a_calendar_that_never_showed_it(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    cancel(session, by="desk", now=NOW)

    for person in (home.jordan, home.mother, home.father):
        assert starts(served(subscribe(person))) == 0


def test_cancelled_session_leaves_the_calendar_with_the_consent(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    token = subscribe(home.mother)
    cancel(session, by="desk", now=NOW)
    feeds.refresh(now=NOW)
    while_consented = struck(served(token))

    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    feeds.refresh(now=NOW)

    assert (while_consented, starts(served(token))) == (1, 0)


def test_group_a_patient_leaves_stands_struck_until_its_day_is_over(home: Household) -> None:
    stays, left = group(home, 0), group(home, 7)
    tokens = [subscribe(person) for person in (home.jordan, home.rivera)]
    father = subscribe(home.father)

    discharge(home.jordan, MONDAY + timedelta(days=2), by="desk", now=NOW)
    feeds.refresh(now=NOW)

    found = []
    for token in tokens:
        bodies = [feeds.serve(token, now=at) for at in (NOW, left.day_over)]
        found.append([(starts(each.body), struck(each.body)) for each in bodies])
    assert found == [[(2, 1), (1, 0)], [(2, 0), (2, 0)]]
    assert subscribed(served(tokens[0])) == [(stays.starts_at, stays.ends_at)]
    assert starts(served(father)) == 0


def test_group_that_moves_once_a_patient_has_left_is_in_their_calendar_no_more(
    home: Household,
) -> None:
    group(home, 0)
    left = group(home, 7)
    token = subscribe(home.jordan)
    discharge(home.jordan, MONDAY + timedelta(days=2), by="desk", now=NOW)
    feeds.refresh(now=NOW)
    before = struck(served(token))

    to = datetime.fromisoformat(left.starts_local) + timedelta(hours=1)
    edit_sessions(left, to=to, by="desk", now=NOW)
    feeds.refresh(now=NOW)

    assert (before, struck(served(token)), starts(served(token))) == (1, 0, 1)


def test_group_that_moves_away_and_back_once_a_patient_has_left_is_struck_again(
    home: Household,
) -> None:
    left = group(home, 7)
    tokens = [subscribe(person) for person in (home.jordan, home.father)]
    discharge(home.jordan, MONDAY + timedelta(days=2), by="desk", now=NOW)
    begins = datetime.fromisoformat(left.starts_local)
    found = []
    for hours in (0, 1, 0):
        edit_sessions(left, to=begins + timedelta(hours=hours), by="desk", now=NOW)
        feeds.refresh(now=NOW)
        on_page = len(left_sessions([home.jordan], now=NOW)[home.jordan.id])
        found.append((struck(served(tokens[0])), on_page, starts(served(tokens[1]))))

    assert found == [(1, 1, 0), (0, 0, 0), (1, 1, 0)]


def group(home: Household, day: int) -> Session:
    return home.slot(day, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")


def test_cancelled_session_told_by_invitation_is_not_struck_in_the_address_beside_it(
    home: Household,
) -> None:
    home.consent()
    session = home.appointment(1)
    choose_calendar(home.mother, way=Way.INVITATIONS, first_names=False, by="p", now=NOW)
    announce(by="command", now=NOW)
    tokens = [subscribe(person) for person in (home.mother, home.father)]

    cancel(session, by="desk", now=NOW)
    announce(by="command", now=NOW)
    feeds.refresh(now=NOW)

    assert [starts(served(token)) for token in tokens] == [0, 0]


def chose_address(person: Person) -> None:
    choose_calendar(person, way=Way.FEED, first_names=False, by=person.key, now=NOW)


def events_of(token: str) -> list[str]:
    """The entries of a calendar, unfolded."""
    text = served(token).decode().replace("\r\n ", "")
    return [part.partition("END:VEVENT")[0] for part in text.split("BEGIN:VEVENT")[1:]]


def states(token: str) -> list[tuple[str, str]]:
    """What each entry says of the time it takes, and its title."""
    found = []
    for event in events_of(token):
        lines = dict(line.split(":", maxsplit=1) for line in event.split("\r\n") if ":" in line)
        found.append((lines["TRANSP"], lines["SUMMARY"]))
    return found


def test_date_that_was_refused_leaves_the_time_free_and_says_so(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    home.appointment(8, week=2)
    token = subscribe(home.mother)
    chose_address(home.mother)
    row = page_of_date(home.mother, session, now=NOW)
    (date,) = [date for date in dates_of_page(row) if date.session_id == session.id]
    feeds.refresh_changed(now=NOW)
    before = states(token)

    answer(row, Answer.DECLINED, date.recurrence, by="p-1-mother", now=NOW)
    feeds.refresh_changed(now=NOW + timedelta(minutes=1))
    refused = states(token)
    answer(row, Answer.ACCEPTED, date.recurrence, by="p-1-mother", now=NOW + timedelta(hours=1))
    feeds.refresh_changed(now=NOW + timedelta(minutes=2))

    assert before == [("OPAQUE", "Appointment")] * 2
    assert refused == [
        ("TRANSPARENT", "You said no: Appointment"),
        ("OPAQUE", "Appointment"),
    ]
    assert states(token) == before


def test_refused_date_of_a_series_says_so_by_itself(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = [home.slot(day) for day in (1, 8, 15)]
    token = subscribe(home.mother)
    chose_address(home.mother)
    row = page_of_date(home.mother, sessions[1], now=NOW)
    (date,) = [date for date in dates_of_page(row) if date.session_id == sessions[1].id]

    answer(row, Answer.DECLINED, date.recurrence, by="p-1-mother", now=NOW)
    feeds.refresh_changed(now=NOW + timedelta(minutes=1))

    assert states(token) == [
        ("OPAQUE", "Appointment"),
        ("TRANSPARENT", "You said no: Appointment"),
    ]
    assert "RECURRENCE-ID" in events_of(token)[1]
    spans = sorted((session.starts_at, session.ends_at) for session in sessions)
    assert sorted(subscribed(served(token))) == spans


def test_entry_leads_to_the_page_of_its_date(home: Household) -> None:
    session = home.appointment(1)
    token = subscribe(home.jordan)

    assert f"URL:https://hl-sched.example/date/{session.id}\r\n" in events_of(token)[0]
