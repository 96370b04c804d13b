"""At the desk: what is due for one patient alone, and what of the program is not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from household import NOW, Household
from scheduler.admissions import OwnAppointments, own_appointments_of
from scheduler.clinics import dump, export, load, read
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Appointment, Kind
from visitor import send, words

PAGE = "/desk/patients/p-1/appointments"
EXTRA = {
    "appointments[0].kind": "individual",
    "appointments[0].minutes": "30",
    "appointments[0].in_weeks": "2",
}
KEPT = Appointment("individual", Kind.INDIVIDUAL, 30, in_weeks=(2,))


def own() -> OwnAppointments:
    db.session.rollback()
    return own_appointments_of(person_by_key("p-1"))


def seen(desk: FlaskClient) -> dict[str, str]:
    """What the page says it shows."""
    shown = desk.get(PAGE).text.partition('name="seen" value="')[2].partition('"')[0]
    return {"seen": shown.replace("&#34;", '"')}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """A household whose program has one appointment, of which the mother was told."""
    home.appointment(1)
    home.consent()
    program = home.cohort.program
    weekly = Appointment("one", Kind.INDIVIDUAL, 50, every_weeks=1, first_week=1, last_week=2)
    program.template = replace(program.template, appointments=(weekly,))
    return told_and_sent(home)


def test_own_appointment_is_kept_and_a_file_says_the_same(desk: FlaskClient) -> None:
    written = dump(export()).encode()
    answer = send(desk, PAGE, EXTRA | {"without": "one"} | seen(desk))

    assert answer.status_code == 303
    assert own() == OwnAppointments((KEPT,), ("one",))
    kept = load(read(written), by="command", now=NOW).kept
    assert sorted(change.deed for change in kept) == ["appointments", "without"]
    assert load(read(dump(export()).encode()), by="command", now=NOW).made == []


def test_wrong_minutes_are_named_and_what_was_typed_is_kept(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, EXTRA | {"appointments[0].minutes": "half"} | seen(desk))

    assert answer.status_code == 422
    assert 'href="#appointments[0].minutes"' in answer.text
    assert 'value="half"' in answer.text
    assert own() == OwnAppointments()


def test_second_of_two_editors_is_told(desk: FlaskClient) -> None:
    before = seen(desk)
    send(desk, PAGE, EXTRA | before)
    answer = send(desk, PAGE, {"without": "one"} | before)

    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in words(answer)
    assert own() == OwnAppointments((KEPT,))
