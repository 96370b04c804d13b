"""Every field of a patient and of a relative in a clinic file, and the form that asks it. What has
no form yet is said here by name, so that no field is forgotten.
"""

import pytest
from flask.testing import FlaskClient

from household import Household
from scheduler.clinics import clinic_schema
from scheduler.kernel.database import db
from scheduler.people.models import Role

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
NO_PAGE = ""
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
    "authorisations": (DETAILS, "agreed_from"),
    "free": (HOURS, "free"),
    "family": (ADD, "name"),
    "same_as": (NO_PAGE, ""),
    "stays": (STAY, "cohort"),
    "appointments": (NO_PAGE, ""),
    "without": (NO_PAGE, ""),
    "unsafe_hours": (f"{UNSAFE}/p-1", "days"),
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
    "same_as": (ADD, "same_as"),
    "ready": (READY, "ready"),
    "consents": (PAPER, "person"),
    "unsafe_hours": (f"{UNSAFE}/p-1-mother", "days"),
}


@pytest.fixture
def office(home: Household, desk: FlaskClient) -> FlaskClient:
    """A coordinator at the desk."""
    assert home.rivera.clinician is not None
    home.rivera.clinician.roles = (Role.COORDINATOR,)
    db.session.commit()
    return desk


def test_every_field_of_the_file_is_listed() -> None:
    patient = clinic_schema()["properties"]["patients"]["items"]["properties"]
    relative = patient["family"]["items"]["properties"]

    assert (set(PATIENT), set(RELATIVE)) == (set(patient), set(relative))


def test_every_listed_form_asks_its_field(office: FlaskClient) -> None:
    listed = {where for where in [*PATIENT.values(), *RELATIVE.values()] if where[0]}
    texts = {page: office.get(page).text for page in {page for page, _ in listed}}

    missing = {(page, name) for page, name in listed if f'name="{name}"' not in texts[page]}
    assert missing == set()
