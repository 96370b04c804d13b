"""The evening cohort as rows: Rivera treats Jordan and Noemie; the mother has a consent, the father
has none.
"""

from datetime import UTC, date, datetime, timedelta

from cast import statement
from scheduler.consents.model.models import Grant, Signer
from scheduler.kernel.database import db
from scheduler.people.availability import Licence, Window
from scheduler.people.models import Clinician, Patient, Person, PersonKind, Practice, Relative, Role
from scheduler.planning.problem.wall_time import instant
from scheduler.programs.kinds import Kind
from scheduler.programs.models import Cohort, Enrolment, Program, VideoRoom
from scheduler.programs.template import Template
from tests.planning.week_grid import FAM, ONE, PROCESS, RULES, STARTS, WORKDAYS, ZONE, at

NOW = datetime(2027, 2, 25, 17, tzinfo=UTC)
"""A few days before the cohort starts."""


def person(key: str, kind: PersonKind, free: tuple[Window, ...] | None = None) -> Person:
    """Add a person without what is only a patient's, relative's or clinician's."""
    row = Person(key=key, kind=kind, name=key.title(), email=f"{key}@family.example", free=free)
    db.session.add(row)
    db.session.flush()
    return row


def clinic() -> Cohort:
    """Load the practice, one clinician, two rooms, and the evening cohort with two patients and one
    family.
    """
    db.session.add(
        Practice(
            name="Harbor Light",
            outward_name="HL",
            outward_email="hl@hl.example",
            zone=ZONE,
            state="MA",
        )
    )
    db.session.add_all(
        [VideoRoom(key=key, url=f"https://video.example/{key}") for key in ("a", "b")]
    )
    rivera = person("rivera", PersonKind.CLINICIAN, (Window(WORKDAYS, at("12:00"), at("21:00")),))
    licences = (Licence("MA", date(2028, 6, 30)),)
    db.session.add(
        Clinician(
            person_id=rivera.id, roles=(Role.CLINICIAN,), licences=licences, buffer=10, away=()
        )
    )
    program = Program(
        key="adult",
        name="Adult",
        outward_title="Appointment",
        template=Template(4, RULES, (PROCESS,), (ONE, FAM)),
    )
    db.session.add(program)
    db.session.flush()
    row = Cohort(
        key="evening", program_id=program.id, starts=STARTS, leads={"process": ("rivera",)}
    )
    db.session.add(row)
    db.session.flush()
    jordan = patient("jordan", row, rivera)
    patient("noemie", row, rivera)
    mother = relative("jordan-mother", jordan, (Window(("tue", "thu"), at("15:30"), at("20:00")),))
    relative("jordan-father", jordan, None)
    grant(mother, jordan)
    db.session.commit()
    return row


def patient(key: str, cohort: Cohort, clinician: Person) -> Person:
    """Add a patient enrolled for the whole cohort."""
    row = person(key, PersonKind.PATIENT)
    db.session.add(Patient(person_id=row.id, clinician_id=clinician.id))
    db.session.add(Enrolment(patient_id=row.id, cohort_id=cohort.id, first=cohort.starts))
    db.session.flush()
    return row


def relative(key: str, of: Person, free: tuple[Window, ...] | None) -> Person:
    """Add a ready relative."""
    row = person(key, PersonKind.RELATIVE, free)
    db.session.add(
        Relative(person_id=row.id, patient_id=of.id, relationship_word="parent", ready=True)
    )
    db.session.flush()
    return row


def grant(to: Person, by: Person, kind: Kind = Kind.FAMILY_THERAPY) -> Grant:
    """Add a consent to one kind that holds by the clock of the test and by the database's own."""
    signed, expires = date(2020, 1, 1), date(2099, 12, 31)
    row = Grant(
        statement=statement(to, by, signed=signed).id,
        person_id=to.id,
        patient_id=by.id,
        purpose=kind,
        signed=signed,
        expires=expires,
        signed_by=Signer.PATIENT,
        valid_from=instant(signed, 0, ZONE),
        valid_until=instant(expires + timedelta(days=1), 0, ZONE),
        given_at=NOW,
        given_by="command",
    )
    db.session.add(row)
    db.session.flush()
    return row
