"""Hours in which nothing may arrive go from a clinic file into rows and back."""

import json
from datetime import UTC, datetime

from flask import Flask

from scheduler.clinics import export
from scheduler.kernel.database import db
from scheduler.people import end_hours, marked_hours, person_by_key
from tests.clinics.reading.people.test_read_unsafe_hours import marked
from tests.clinics.small_pines import SMALL_PINES, lines, load_bytes

FILE = marked('{days: [mon, fri], from: "17:00", to: "06:30", means: mail}')
NOW = datetime(2027, 2, 20, tzinfo=UTC)


def standing() -> list[tuple[str, int, int, str]]:
    rows = marked_hours(person_by_key("p-1-mother"))
    return [(row.days, row.begin, row.end, row.means.value) for row in rows]


def test_hours_go_in_and_out_and_in_again(app: Flask) -> None:
    first = lines(load_bytes(FILE))
    exported = export()
    family = {person["key"]: person for person in exported["patients"][0]["family"]}
    (said,) = family["p-1-mother"]["unsafe_hours"]

    assert "marked hours p-1-mother: added" in first
    assert standing() == [("04", 1020, 390, "mail")]
    assert said == {"days": ["mon", "fri"], "from": "17:00", "to": "06:30", "means": "mail"}
    assert lines(load_bytes(json.dumps(exported, default=str).encode())) == []


def test_file_without_them_takes_none_away(app: Flask) -> None:
    load_bytes(FILE)

    assert (lines(load_bytes(SMALL_PINES.encode())), len(standing())) == ([], 1)


def test_hours_that_were_ended_since_stay_ended(app: Flask) -> None:
    load_bytes(FILE)
    mother = person_by_key("p-1-mother")
    end_hours(mother, marked_hours(mother)[0].id, by=mother.key, now=NOW)
    db.session.commit()

    said = load_bytes(FILE).lines()

    assert (said, standing()) == (["kept: marked hours p-1-mother: ended since"], [])
