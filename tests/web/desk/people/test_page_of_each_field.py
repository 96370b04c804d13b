"""Every field of a patient and of a relative in a clinic file, down to the last, and the form that
asks it.
"""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from household import Household
from scheduler.clinics import clinic_schema
from scheduler.kernel.database import db
from scheduler.people.models import Role
from scheduler.programs import Appointment, Kind

ADMIT = "/desk/people/admit"
DETAILS = "/desk/patients/p-1/details"
CONTACT = "/desk/patients/p-1/contact/p-1"
END = "/desk/patients/p-1/discharge"
HOURS = "/desk/patients/p-1/hours/p-1"
ADD = "/desk/patients/p-1/relatives/add"
READY = "/desk/patients/p-1/readiness/p-1-mother"
PAPER = "/desk/patients/p-1/paper"
STAY = "/desk/patients/p-1/stays/add"
MOVE = "/desk/patients/p-1/stays/move"
UNSAFE = "/desk/patients/p-1/safe"
OWN = "/desk/patients/p-1/appointments"
PATIENT = {
    "key": (ADMIT, "key"),
    "name": (CONTACT, "name"),
    "email": (CONTACT, "email"),
    "phone": (CONTACT, "phone"),
    "language": (CONTACT, "language"),
    "zone": (CONTACT, "zone"),
    "cohort": (MOVE, "cohort"),
    "from": (MOVE, "first"),
    "to": (END, "last"),
    "clinician": (DETAILS, "clinician"),
    "state": (DETAILS, "state"),
    "born": (DETAILS, "born"),
    "same_as": (DETAILS, "same_as"),
    "authorisations": (DETAILS, "agreed_from"),
    "authorisations.from": (DETAILS, "agreed_from"),
    "authorisations.to": (DETAILS, "agreed_to"),
    "authorisations.units": (DETAILS, "agreed_units"),
    "free": (HOURS, "free"),
    "free.days": (HOURS, "days0"),
    "free.from": (HOURS, "from0"),
    "free.to": (HOURS, "to0"),
    "family": (ADD, "name"),
    "stays": (STAY, "cohort"),
    "stays.cohort": (STAY, "cohort"),
    "stays.from": (STAY, "first"),
    "stays.to": (STAY, "last"),
    "without": (OWN, "without"),
    "appointments": (OWN, "appointments[0].minutes"),
    "appointments.key": (OWN, "appointments[0].key"),
    "appointments.kind": (OWN, "appointments[0].kind"),
    "appointments.minutes": (OWN, "appointments[0].minutes"),
    "appointments.every_weeks": (OWN, "appointments[0].every_weeks"),
    "appointments.weeks": (OWN, "appointments[0].weeks[1]"),
    "appointments.in_weeks": (OWN, "appointments[0].in_weeks"),
    "appointments.by": (OWN, "appointments[0].by"),
    "unsafe_hours": (f"{UNSAFE}/p-1", "days"),
    "unsafe_hours.days": (f"{UNSAFE}/p-1", "days"),
    "unsafe_hours.from": (f"{UNSAFE}/p-1", "begin"),
    "unsafe_hours.to": (f"{UNSAFE}/p-1", "end"),
    "unsafe_hours.means": (f"{UNSAFE}/p-1", "means"),
}
RELATIVE = {
    "key": (ADD, "key"),
    "name": (ADD, "name"),
    "relationship": (ADD, "relationship"),
    "email": (ADD, "email"),
    "phone": (ADD, "phone"),
    "language": (ADD, "language"),
    "zone": (ADD, "zone"),
    "free": (ADD, "free"),
    "free.days": (ADD, "days0"),
    "free.from": (ADD, "from0"),
    "free.to": (ADD, "to0"),
    "same_as": (ADD, "same_as"),
    "ready": (READY, "ready"),
    "consents": (PAPER, "person"),
    "consents.kinds": (PAPER, "purpose"),
    "consents.others": (PAPER, "others"),
    "consents.signed": (PAPER, "signed"),
    "consents.signed_by": (PAPER, "signed_by"),
    "consents.expires": (PAPER, "expires"),
    "consents.expires_on": (PAPER, "ending"),
    "unsafe_hours": (f"{UNSAFE}/p-1-mother", "days"),
    "unsafe_hours.days": (f"{UNSAFE}/p-1-mother", "days"),
    "unsafe_hours.from": (f"{UNSAFE}/p-1-mother", "begin"),
    "unsafe_hours.to": (f"{UNSAFE}/p-1-mother", "end"),
    "unsafe_hours.means": (f"{UNSAFE}/p-1-mother", "means"),
}


@pytest.fixture
def office(home: Household, desk: FlaskClient) -> FlaskClient:
    """A coordinator at the desk."""
    assert home.rivera.clinician is not None
    home.rivera.clinician.roles = (Role.COORDINATOR,)
    program = home.cohort.program
    once = Appointment("once", Kind.INDIVIDUAL, 50, in_weeks=(1,))
    program.template = replace(program.template, appointments=(once,))
    db.session.commit()
    return desk


def fields_of(schema: dict[str, Any], at: str = "") -> set[str]:
    """The paths of all fields but those of the family."""
    found: set[str] = set()
    for choice in schema.get("oneOf", []):
        found |= fields_of(choice, at)
    if "items" in schema:
        found |= fields_of(schema["items"], at)
    for name, inner in schema.get("properties", {}).items():
        found.add(f"{at}{name}")
        if name != "family":
            found |= fields_of(inner, f"{at}{name}.")
    return found


def test_every_field_of_the_file_is_listed() -> None:
    patient = clinic_schema()["properties"]["patients"]
    relative = patient["items"]["properties"]["family"]

    assert (set(PATIENT), set(RELATIVE)) == (fields_of(patient), fields_of(relative))


def test_every_listed_form_asks_its_field(office: FlaskClient) -> None:
    listed = {*PATIENT.values(), *RELATIVE.values()}
    texts = {page: office.get(page).text for page in {page for page, _ in listed}}

    missing = {(page, name) for page, name in listed if f'name="{name}"' not in texts[page]}
    assert missing == set()
