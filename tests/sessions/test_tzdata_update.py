"""A law changes a zone's clock after invitations were sent (icalendar C20): wall times stay,
instants follow.

The law of these tests puts New York three hours behind UTC all year. The father has no consent and
is told nothing.
"""

import email
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import policy
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from household import NOW, ZONE, Household, stand_up
from scheduler import feeds
from scheduler.feeds.models import Feed
from scheduler.ical import summarise, vtimezone, zones
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.sessions import apply_tzdata_update, moved_by_law
from scheduler.sessions.models import Session

LATER = NOW + timedelta(hours=1)
Law = Callable[[str], None]


@pytest.fixture
def law(tmp_path: Path) -> Iterator[Law]:
    """Gives New York's clock the rules of another zone, as an update of tzdata does."""

    def as_in(zone: str) -> None:
        folder = tmp_path / zone.replace("/", "-")
        (folder / "America").mkdir(parents=True)
        (folder / ZONE).write_bytes(
            resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
        )
        zoneinfo.reset_tzpath((str(folder),))
        forget()

    yield as_in
    zoneinfo.reset_tzpath(())
    forget()


def forget() -> None:
    """Be a process that has just begun."""
    ZoneInfo.clear_cache()
    for kept in (vtimezone, zones.observances, zones._agrees):
        kept.cache_clear()


@pytest.fixture
def series(app: Flask) -> list[Session]:
    """Three weekly family hours; the mother was told and the letter has left."""
    home: Household = stand_up()
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(3)]
    announce(by="worker", now=NOW)
    for letter in letters():
        letter.state, letter.sent_at = LetterState.SENT, NOW
    db.session.commit()
    return sessions


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).order_by(Letter.sequence)))


def calendar(letter: Letter) -> bytes:
    parts = email.message_from_bytes(letter.mime, policy=policy.default).walk()
    (part,) = (each for each in parts if each.get_content_type() == "text/calendar")
    return bytes(part.get_payload(decode=True))


def test_nothing_is_told_of_new_rules_until_somebody_says_so_c20(
    series: list[Session], law: Law
) -> None:
    law("America/Sao_Paulo")

    assert [each.session for each in moved_by_law(now=LATER)] == series
    assert announce(by="worker", now=LATER) == []


def test_wall_time_stays_and_the_instant_is_told_with_the_new_rules_c20(
    series: list[Session], law: Law
) -> None:
    walls, before = [each.starts_local for each in series], [each.starts_at for each in series]
    law("America/Sao_Paulo")

    apply_tzdata_update(by="sam", now=LATER)
    (told,) = announce(by="worker", now=LATER)

    assert ([each.starts_local for each in series], told.kind, told.sequence) == (
        walls,
        "update",
        1,
    )
    assert [each.starts_at for each in series] != before
    first, second = letters()
    assert {each.address for each in (first, second)} == {"m@family.example"}
    assert [start for start, _ in summarise(calendar(second)).times] == [
        each.starts_at for each in series
    ]
    assert (b"TZOFFSETTO:-0500" in calendar(first), b"TZOFFSETTO:-0500" in calendar(second)) == (
        True,
        False,
    )
    assert b"TZOFFSETTO:-0300" in calendar(second)
    assert moved_by_law(now=LATER) == []


def test_rules_that_move_no_instant_give_a_new_stamp_and_no_new_number_c20(
    series: list[Session], law: Law
) -> None:
    law("America/Toronto")

    assert apply_tzdata_update(by="sam", now=LATER) == []
    assert {(each.version, each.changed_at) for each in series} == {(0, LATER)}
    assert announce(by="worker", now=LATER) == []


def test_feed_carries_the_new_rules_c20(app: Flask, law: Law) -> None:
    home = stand_up()
    home.appointment(1)
    feeds.make(home.jordan, by="command", now=NOW)
    feeds.refresh(now=NOW)
    law("America/Sao_Paulo")

    apply_tzdata_update(by="sam", now=LATER)
    feeds.refresh(now=LATER)

    body = db.session.scalars(select(Feed)).one().body
    assert (b"TZOFFSETTO:-0300" in body, b"TZOFFSETTO:-0500" in body) == (True, False)
    assert b"DTSTART;TZID=America/New_York:" in body
    assert f"DTSTAMP:{LATER:%Y%m%dT%H%M%SZ}".encode() in body


def test_command_lists_first_and_moves_when_told_c20(
    series: list[Session], law: Law, runner: FlaskCliRunner
) -> None:
    law("America/Sao_Paulo")

    listed, applied, again = (
        runner.invoke(args=["sessions", "zones", *more]).stdout.splitlines()
        for more in ((), ("--apply",), ())
    )

    assert [len(listed), listed[-1]] == [4, "3 sessions would be at another moment"]
    assert [applied[:-1], applied[-1]] == [listed[:-1], "3 sessions were at another moment"]
    assert again == ["0 sessions would be at another moment"]
