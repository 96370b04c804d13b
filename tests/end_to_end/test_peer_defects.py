"""Fourteen faults found in the source of other programs, each as it would show here. A father
stands by.
"""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fakes.post_office import PostOffice
from household import NOW, SECRETS, Household, place
from invitations.sync.test_announce import calendar, letters, sent, shown, told
from scheduler import consents, feeds, outbox
from scheduler.invitations import announce, lint
from scheduler.invitations.model import links as outward_settings
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Basis, Letter, LetterState
from scheduler.programs import Kind, closed_days
from scheduler.reminders import Audience, Policy, decide, sweep
from scheduler.sessions.models import Session, Status
from scheduler.worker.delivery_loop import deliver_due

HOUR = timedelta(hours=1)
DAY_BEFORE = Policy(first_session=False, week_ahead=False, day_before=True, soon=False, ask=False)


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    """The mother and the aunt know of a weekly workshop; everybody is reminded the day before."""
    home = sqlite_home
    for person in (home.mother, home.aunt):
        home.consent(person, Kind.FAMILY_WORKSHOP)
    for audience in Audience:
        decide(home.cohort.program, audience, DAY_BEFORE, by="desk", now=NOW)
    return home


@pytest.fixture
def weeks(home: Household) -> list[Session]:
    """Four dates of the workshop, told and on everybody's calendar."""
    found = [home.slot(1 + 7 * week, at="16:00") for week in range(4)]
    told()
    sent()
    db.session.commit()
    return found


def shift(session: Session, days: int) -> None:
    place(
        session,
        datetime.fromisoformat(session.starts_local) + timedelta(days=days),
        session.minutes,
    )
    db.session.flush()


def reminders() -> list[Letter]:
    """Every reminder to a family."""
    rows = select(Letter).where(
        Letter.kind == "reminder", Letter.address != "rivera@sp-cal.example"
    )
    return list(db.session.scalars(rows.order_by(Letter.address)))


def carried(moment: datetime, office: PostOffice) -> int:
    """Let a worker carry what is due at a moment; return how many left."""
    db.session.commit()
    with turned_to(lambda: moment):
        return deliver_due(f"w{new_id()}", office.url).sent


def test_p1_two_hours_late_and_three_workers_remind_once(
    weeks: list[Session], post_office: PostOffice
) -> None:
    """LibreBooking asks for the exact minute, and keeps no note of what it sent."""
    late = weeks[0].starts_at - 24 * HOUR + 2 * HOUR
    weeks[1].status = Status.CANCELLED
    for _ in range(3):
        sweep(by="worker", now=late)
        sweep(by="worker", now=weeks[1].starts_at - 22 * HOUR)
    db.session.commit()

    leased = [outbox.claim(owner, now=late) for owner in ("a", "b", "c")]

    assert sum(map(len, leased)) == len({one for each in leased for one in each})
    assert [letter.address for letter in reminders()] == ["a@family.example", "m@family.example"]


def test_p2_bad_address_in_the_middle_stops_nobody(
    home: Household, post_office: PostOffice, trials: Callable[[int, int], int]
) -> None:
    """Bahmni leaves the whole round at the first patient without a telephone."""
    many = trials(100, 1000)
    home.tess.email = "bad@patient.example"
    for number in range(many):
        name = f"n{number:04}"
        person = home.jordan if number != many // 2 else home.tess
        draft = outbox.Draft(
            dedupe_key=name,
            kind="copy",
            recipient_id=person.id,
            address=person.email,
            basis=Basis.SELF,
            mime=b"Subject: x\r\n\r\nx\r\n",
            message_id=f"<{name}@sp-cal.example>",
            due_at=NOW,
        )
        outbox.enqueue(draft, now=NOW)
    post_office.refuse["bad@patient.example"] = "550 no such person"

    assert carried(NOW + HOUR, post_office) == many - 1
    db.session.expire_all()
    assert [one.address for one in letters() if one.state is LetterState.SET_ASIDE] == [
        "bad@patient.example"
    ]


def test_p3_failed_reminder_is_tried_again_and_a_moved_session_reminds_anew(
    weeks: list[Session], post_office: PostOffice
) -> None:
    """Frappe marks it as sent though the message failed, and never again after a change of date."""
    key, due = weeks[0].id, weeks[0].starts_at - 23 * HOUR
    sweep(by="worker", now=due)
    post_office.answer = "451 busy"
    assert carried(due, post_office) == 0
    post_office.answer = "250 kept"
    assert carried(due + HOUR, post_office) == 3
    moved = db.session.get_one(Session, key)
    shift(moved, 2)
    announce(by="worker", now=NOW + HOUR)
    sent()
    sweep(by="worker", now=moved.starts_at - 23 * HOUR)

    assert [letter.address for letter in reminders()] == ["a@family.example"] * 2 + [
        "m@family.example"
    ] * 2


@pytest.mark.parametrize("step", ["queued", "claimed", "in hand"])
def test_p4_worker_that_dies_loses_no_letter(
    home: Household, post_office: PostOffice, step: str
) -> None:
    """Indico commits once for all and mails afterwards; tests/crash end the process itself at every
    statement.
    """
    home.slot(1)
    told()
    db.session.commit()
    if step != "queued":
        for letter_id in outbox.claim("dead", now=NOW):
            if step == "in hand":
                outbox.begin_handing(letter_id, "dead")
        db.session.commit()
        for letter in letters():
            letter.lease_until = NOW - HOUR

    assert carried(NOW + HOUR, post_office) == 2
    assert sorted(each.recipients for each in post_office.messages) == [
        ["a@family.example"],
        ["m@family.example"],
    ]


def test_p5_series_is_wall_time_a_cancellation_is_one_and_nobody_is_listed(
    weeks: list[Session],
) -> None:
    """Cal.com writes UTC with a rule, cancels by REQUEST, and lists everybody."""
    for each in weeks:
        each.status = Status.CANCELLED
    told(1)

    invited, cancelled = (
        [
            letter
            for letter in letters()
            if letter.address == "m@family.example" and shown(letter).method == method
        ]
        for method in ("REQUEST", "CANCEL")
    )
    assert (len(invited), len(cancelled)) == (1, 1)
    assert b"DTSTART;TZID=America/New_York" in calendar(
        invited[0]
    ) and b"BEGIN:VTIMEZONE" in calendar(invited[0])
    assert shown(cancelled[0]).status == "CANCELLED"
    assert [calendar(each).count(b"ATTENDEE") for each in (*invited, *cancelled)] == [1, 1]


def test_p6_entry_tells_nothing_and_its_name_is_random(weeks: list[Session]) -> None:
    """Easy!Appointments writes notes and telephone numbers into the entry and counts its UIDs."""
    assert [lint(letter.mime, SECRETS, recipient=letter.address) for letter in letters()] == [
        [],
        [],
    ]
    assert all(
        re.fullmatch(r"[0-9a-f]{32}@sp-cal\.example", letter.uid or "") for letter in letters()
    )


def test_p7_sequence_and_stamp_rise_with_every_change(weeks: list[Session]) -> None:
    """LibreBooking, RDV and Thunderbird's server write SEQUENCE:0 for ever."""
    for minute in (1, 2, 3):
        shift(weeks[2], 1)
        told(minute)
        sent()

    hers = [letter for letter in letters() if letter.address == "m@family.example"]
    stamps = [re.findall(rb"DTSTAMP:(\w+)", calendar(letter))[0] for letter in hers]
    assert ([letter.sequence for letter in hers], stamps) == ([0, 1, 2, 3], sorted(set(stamps)))


def test_p8_removed_person_gets_a_cancellation_and_the_others_nothing(
    home: Household, weeks: list[Session]
) -> None:
    """Indico and pretalx never cancel."""
    consents.revoke(person=home.mother, patient=home.jordan, by="sam", now=NOW)
    before = len(letters())
    told(1)

    assert len(letters()) == before + 1
    (letter,) = [each for each in letters() if shown(each).method == "CANCEL"]
    assert letter.address == "m@family.example"


def test_p9_every_feed_has_a_random_secret_of_its_own_kept_as_a_hash(home: Household) -> None:
    """LibreBooking has one key for the whole site, and numbers in the address."""
    secrets = [
        feeds.make(one, by="command", now=NOW) for one in (home.mother, home.father, home.aunt)
    ]
    kept = [feeds.standing_feed(one) for one in (home.mother, home.father, home.aunt)]

    assert len({*secrets, *(row.token_hash for row in kept if row)}) == 6
    assert all(len(each) >= 43 for each in secrets)
    assert feeds.serve(secrets[0][:-1] + ("x" if secrets[0][-1] != "x" else "y"), now=NOW) is None


def test_p10_new_link_alone_reaches_everybody_invited(weeks: list[Session]) -> None:
    """sabre takes a change of the place for insignificant and tells nobody."""
    before = outward_settings.link_settings()
    outward_settings.configure(replace(before, base_url="https://other.example"))
    try:
        found = [each for each in told(1) if each.kind == "update"]
    finally:
        outward_settings.configure(before)

    assert len(found) == 2
    assert all(b"https://other.example/" in calendar(each) for each in letters()[-2:])


def test_p11_holidays_follow_a_rule_in_any_year() -> None:
    """RDV has a list that ends. What a late closure would change is shown first: see
    end_to_end/test_replanning.py.
    """
    for year in (2027, 2041, 2063):
        days = closed_days("MA", "closed", [], date(year, 1, 1), date(year, 12, 31))
        assert date(year, 12, 25) in days and len(days) >= 11
        assert [day.weekday() for day in days if day.month == 4] == [
            0
        ]  # Patriots' Day, the third Monday


def test_p12_new_address_of_one_feed_leaves_the_others(
    home: Household, weeks: list[Session]
) -> None:
    """Canvas ends every address there is by changing one salt."""
    hers, theirs = (feeds.make(one, by="command", now=NOW) for one in (home.mother, home.aunt))
    other = feeds.serve(theirs, now=NOW)
    feeds.make(home.mother, by="command", now=NOW)

    assert feeds.serve(hers, now=NOW + timedelta(days=15)) is None
    assert feeds.serve(theirs, now=NOW) == other


def test_p13_database_itself_refuses_the_same_letter_twice(weeks: list[Session]) -> None:
    """Mavis looks before it writes, without a unique key: two workers write both."""
    (one, *_) = letters()
    copied = {column.key: getattr(one, column.key) for column in Letter.__table__.columns}

    db.session.add(Letter(**(copied | {"id": new_id()})))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_p14_machines_zone_is_in_no_letter(
    home: Household, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """Bahmni and RDV read the server's zone; end_to_end/test_zones.py compares whole clinics byte
    by byte.
    """
    home.slot(1)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        told()
    finally:
        monkeypatch.undo()
        time.tzset()

    found = [
        re.findall(rb"DTSTART;TZID=America/New_York:\d{8}T(\d{6})", calendar(letter))
        for letter in letters()
    ]
    assert found == [[b"190000"], [b"190000"]]
