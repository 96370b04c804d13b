"""The plan stays true: whatever a desk does, everybody sees what stands, and who is concerned hears
of it once. The father without consent hears nothing.
"""

import re
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from calendar_client import Span, subscribed
from end_to_end.elm_street import BEFORE, MONDAY
from end_to_end.standing_life import (
    MOTHER,
    PATIENTS,
    TOLD,
    WEEKS,
    Life,
    clock_words,
    place_words,
    span_of,
)
from end_to_end.standing_model import Entry
from scheduler.kernel.database import db
from watch import Watch

NOW = BEFORE
STEPS, STEPS_A_DAY = 25, 8
"""Steps of one life, and of the one lived every day; then another begins, in an empty house."""
UTC_WORDS = "%Y-%m-%dT%H:%M:%SZ"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Live 8 steps every day, 2,000 with `--long`, on each engine."""
    if "life_number" in metafunc.fixturenames:
        is_long = metafunc.config.getoption("--long")
        metafunc.parametrize("life_number", range(80 if is_long else 1))


@pytest.fixture
def life(app: Flask, runner: FlaskCliRunner, tmp_path: Path, watch: Watch) -> Life:
    return Life(app, runner, tmp_path, watch)


@pytest.mark.timeout(600)
def test_everything_shown_is_what_stands_and_who_is_concerned_hears_once(
    life: Life, seed: int, life_number: int, pytestconfig: pytest.Config
) -> None:
    life.chance = Random(seed + life_number)
    print(f"SEED={seed + life_number} on {db.engine.dialect.name}")
    compare(life)
    steps = STEPS if pytestconfig.getoption("--long") else STEPS_A_DAY
    for number in range(steps):
        print(f"{number}: {life.step()}")
        assert life.export() == export_of(life)
        came = life.tell()
        expected = life.should_come()
        assert {person: came[person] for person in expected} == expected
        assert max(came.values()) <= 1
        life.let_pass(timedelta(minutes=2))  # Until then an address may still be on its way.
        compare(life)
    assert set(came) == set(TOLD)


def compare(life: Life) -> None:
    """Compare every place where what stands is seen with the table."""
    assert life.stands.doubles() == []
    for patient in PATIENTS:
        assert (patient, feed_seen(life, patient)) == (patient, feed_of(life, patient))
    assert feed_seen(life, MOTHER) == feed_of(life, MOTHER)  # She chose no way: it shows all.
    for patient in PATIENTS:
        assert (patient, life.agenda(patient)) == (patient, agenda_of(life, patient))
    assert sorted(life.mothers_page()) == sorted(mothers_page_of(life))
    ahead = [span for span in life.mailbox.shows() if span[0] > life.now]
    assert ahead == spans(life, MOTHER, ahead_only=True)
    assert life.board() == board_of(life)
    for patient in PATIENTS:
        assert (patient, life.hours_shown(patient)) == (patient, hours_of(life, patient))


def export_of(life: Life) -> dict[str, tuple[str, str, str]]:
    found = {}
    for key, entry in (life.stands.proposal or {}).items():
        found[key] = line_of(entry, "proposed")
    for key, entry in life.stands.entries.items():
        found[key] = line_of(entry, "cancelled" if entry.is_off else "scheduled")
    return found


def line_of(entry: Entry, status: str) -> tuple[str, str, str]:
    return status, f"{entry.starts:{UTC_WORDS}}", f"{entry.ends:{UTC_WORDS}}"


def spans(life: Life, person: str, *, ahead_only: bool = False) -> list[Span]:
    theirs = life.stands.of_person(person).values()
    wanted = [entry for entry in theirs if not entry.is_off]
    if ahead_only:
        wanted = [entry for entry in wanted if entry.starts > life.now]
    return sorted(span_of(entry) for entry in wanted)


def feed_seen(life: Life, person: str) -> tuple[list[Span], int]:
    """Return what stands in somebody's calendar, and how many entries are struck."""
    body = life.feed(person)
    return subscribed(body), len(re.findall(rb"STATUS:CANCELLED", body))


def feed_of(life: Life, person: str) -> tuple[list[Span], int]:
    return spans(life, person), len(struck(life, person))


def struck(life: Life, person: str) -> list[Entry]:
    """Return what is off, or was left, and whose day is not over."""
    theirs = life.stands.of_person(person).values()
    off = [entry for entry in theirs if entry.is_off]
    both = [*off, *life.stands.left_by(person)]
    return [entry for entry in both if entry.day_over > life.now]


def agenda_of(life: Life, patient: str) -> list[str]:
    theirs = life.stands.of_person(patient).values()
    shown = [entry for entry in theirs if not entry.is_off and entry.ends > life.now]
    shown.sort(key=attrgetter("starts"))
    off = struck(life, patient)
    others = [*shown[1:], *off]
    others.sort(key=attrgetter("starts"))
    lines = []
    for entry in (*shown[:1], *others):
        mark = "× " if any(entry is other for other in off) else ""
        lines.append(mark + place_words(entry.place))
    return lines


def mothers_page_of(life: Life) -> list[str]:
    """Return the words of her times: where it is held, and where she is."""
    lines = []
    for entry in life.stands.of_person(MOTHER).values():
        if not entry.is_off and entry.ends > life.now:
            there = entry.starts.astimezone(ZoneInfo("America/Chicago"))
            own = place_words((there, entry.place[1]))
            held = clock_words(entry.place[0], entry.place[1])
            lines.append(f"{own}, Chicago time ({held}, New York time)")
    return lines


def board_of(life: Life) -> tuple[dict[str, str], set[str]]:
    rows = {}
    for key, entry in life.stands.entries.items():
        if not entry.is_off:
            rows[key] = place_words(entry.place)
        elif entry.day >= life.desk.now.date():
            rows[key] = f"× {place_words(entry.place)}"
    return rows, set(rows)


def hours_of(life: Life, patient: str) -> list[tuple[str, str]]:
    """Return the hours of each week that the stay covers."""
    found = []
    for week in WEEKS:
        last = life.stands.last.get(patient)
        if last is None or last >= MONDAY + timedelta(weeks=week - 1):
            found.append((f"Week {week}", f"{round(life.stands.hours(patient, week), 2):g}"))
    return found
