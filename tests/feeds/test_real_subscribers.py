"""Programs that people subscribe with show what `sessions export` says, for the feeds of a patient,
a relative and a clinician. A father without consent subscribes, too, and is shown nothing.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from fakes.calendar_readers import DAYS, calcurse_lists, khal_lists, vdirsync
from household import MONDAY, NOW, ZONE, Household, place, stand_up
from scheduler import feeds
from scheduler.kernel.database import db
from scheduler.programs import Kind, Seats

Listed = list[tuple[datetime, str]]


@dataclass(frozen=True)
class Subscribed:
    """Addresses by person, and what `sessions export` says to each from a Monday on for DAYS."""

    addresses: dict[str, str]
    right: dict[str, list[datetime]]


@pytest.fixture
def subscribed(sqlite_app: Flask, live_server: str) -> Subscribed:
    return all_subscribed(sqlite_app, live_server, moved=True)


@pytest.fixture
def unmoved(sqlite_app: Flask, live_server: str) -> Subscribed:
    return all_subscribed(sqlite_app, live_server, moved=False)


def all_subscribed(sqlite_app: Flask, live_server: str, *, moved: bool) -> Subscribed:
    home = stand_up()
    home.consent()
    week(home, moved=moved)
    addresses = {}
    for person in (home.jordan, home.mother, home.father, home.rivera):
        token = feeds.make(person, by="command", now=NOW)
        addresses[person.key] = f"{live_server}/feeds/{token}.ics"
    db.session.commit()
    lines = sqlite_app.test_cli_runner().invoke(args=["sessions", "export"]).output.splitlines()
    exported = [json.loads(line) for line in lines]
    db.session.remove()
    return Subscribed(addresses, {key: starts(exported, key) for key in addresses})


def week(home: Household, *, moved: bool) -> None:
    """A weekly series of which one date may have moved, two appointments by themselves, and a group
    twice a week.
    """
    for number in range(4):
        session = home.appointment(7 * number + 1, week=number + 1)
        if number == 1 and moved:
            to = datetime.fromisoformat(session.starts_local) + timedelta(days=1, hours=-2)
            place(session, to)
    home.appointment(9, at="07:30", slot="more.p-1")
    home.appointment(11, at="23:15", minutes=45, slot="last.p-1")
    for day in (7, 10, 14, 17):
        home.slot(day, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")
    db.session.flush()


def starts(exported: list[dict[str, object]], key: str) -> list[datetime]:
    """When somebody is somewhere, from a Monday on for DAYS."""
    first = datetime.combine(MONDAY + timedelta(days=7), time(), ZoneInfo(ZONE))
    found = []
    for line in exported:
        start = datetime.fromisoformat(str(line["start"])).astimezone(UTC)
        people = json.dumps([line["patients"], line["family"], line["clinicians"]])
        if f'"{key}"' in people and first <= start < first + timedelta(days=DAYS):
            found.append(start)
    return sorted(found)


def body(address: str) -> bytes:
    with urlopen(address, timeout=20) as answer:
        return bytes(answer.read())


def uids(data: bytes) -> int:
    return len(set(re.findall(rb"^UID:(.+)$", data.replace(b"\r\n ", b""), re.M)))


def test_vdirsyncer_and_khal_show_every_appointment(subscribed: Subscribed, tmp_path: Path) -> None:
    pieces = vdirsync(tmp_path, subscribed.addresses)
    named = {key: uids(body(address)) for key, address in subscribed.addresses.items()}
    first = MONDAY + timedelta(days=7)
    listed = {}
    for key in subscribed.addresses:
        listed[key] = [start for start, _ in khal_lists(tmp_path, key, first=first, zone=ZONE)]

    assert {key: len(kept) for key, kept in pieces.items()} == named
    assert listed == subscribed.right
    assert [len(those) for those in listed.values()] == [5, 3, 0, 5]


def in_calcurse(subscribed: Subscribed, folder: Path) -> dict[str, list[datetime]]:
    """What calcurse lists by person."""
    first = MONDAY + timedelta(days=7)
    listed = {}
    for key, address in subscribed.addresses.items():
        own = folder / key
        own.mkdir()
        shown = calcurse_lists(own, body(address), first=first, zone=ZONE)
        listed[key] = [start for start, _ in shown]
    return listed


def test_calcurse_shows_every_appointment_of_a_week(subscribed: Subscribed, tmp_path: Path) -> None:
    """It knows no RECURRENCE-ID (RFC 5545 3.8.4.4), so a date that moved is listed at its old hour,
    too; whoever has the family appointments sees that one hour more.
    """
    old = datetime.combine(MONDAY + timedelta(days=8), time(18), ZoneInfo(ZONE)).astimezone(UTC)
    right = {key: sorted([*those, old]) if those else [] for key, those in subscribed.right.items()}

    assert in_calcurse(subscribed, tmp_path) == right


def test_calcurse_shows_every_appointment_where_none_moved(
    unmoved: Subscribed, tmp_path: Path
) -> None:
    assert in_calcurse(unmoved, tmp_path) == unmoved.right
    assert [len(those) for those in unmoved.right.values()] == [5, 3, 0, 5]
