"""The people of the tests: the same few everywhere, and always a father without consent standing
by.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.consents.model.models import Grant, Method, Signer, Statement
from scheduler.kernel.database import db
from scheduler.people import Licence, Window
from scheduler.people.models import Clinician, Patient, Person, PersonKind, Practice, Relative, Role
from scheduler.programs import Kind, Rules, Seats, Template
from scheduler.programs.models import Cohort, Enrolment, Program
from scheduler.sessions.models import Session

NEW_YORK = ZoneInfo("America/New_York")
SIGNED, EXPIRES = date(2026, 1, 5), date(2099, 12, 31)
ALWAYS = (datetime(2026, 1, 5, 5, tzinfo=UTC), datetime(2100, 1, 1, 5, tzinfo=UTC))
"""A consent that holds by every clock, the database's too."""


@dataclass(frozen=True)
class Cast:
    """Who is who; `grants` are the mother's, by purpose."""

    rivera: Person
    sam: Person
    jordan: Person
    dana: Person
    miguel: Person
    cohort: Cohort
    grants: dict[Kind, Grant]


def assemble(*purposes: Kind) -> Cast:
    """Put everybody on stage: the mother may know of `purposes` (family therapy when none), the
    father of nothing.
    """
    db.session.add(
        Practice(
            name="Harbor Light Behavioral Health",
            outward_name="HL Scheduling",
            outward_email="calendar@hl-sched.example",
            zone="America/New_York",
            state="MA",
        )
    )
    rivera = _staff("rivera", "Ana Rivera", Role.CLINICIAN)
    sam = _staff("sam", "Sam Wren", Role.COORDINATOR)
    jordan = Person(
        key="jordan",
        kind=PersonKind.PATIENT,
        name="Jordan Quellandrix",
        email="jordan@patient.example",
        zone="America/New_York",
    )
    db.session.add_all([rivera, sam, jordan])
    db.session.flush()
    jordan.patient = Patient(state="MA", born=date(1994, 5, 2), clinician_id=rivera.id)
    dana = _relative("dana", "Dana Lee", "mother", jordan, "America/Chicago")
    miguel = _relative("miguel", "Miguel Lee", "father", jordan, "America/New_York")
    cohort = _cohort()
    db.session.add(Enrolment(patient_id=jordan.id, cohort_id=cohort.id, first=date(2027, 3, 1)))
    grants = {
        purpose: grant(dana, jordan, purpose) for purpose in purposes or (Kind.FAMILY_THERAPY,)
    }
    db.session.commit()
    return Cast(rivera, sam, jordan, dana, miguel, cohort, grants)


def _staff(key: str, name: str, role: Role) -> Person:
    person = Person(
        key=key,
        kind=PersonKind.CLINICIAN,
        name=name,
        email=f"{key}@hl-sched.example",
        free=(Window(("mon", "tue", "wed", "thu", "fri"), 540, 1260),),
    )
    person.clinician = Clinician(
        roles=(role,), licences=(Licence("MA", date(2030, 1, 1)),), buffer=10, away=()
    )
    return person


def _relative(key: str, name: str, word: str, patient: Person, zone: str) -> Person:
    person = Person(
        key=key, kind=PersonKind.RELATIVE, name=name, email=f"{key}@family.example", zone=zone
    )
    db.session.add(person)
    db.session.flush()
    person.relative = Relative(patient_id=patient.id, relationship_word=word, ready=True)
    return person


def _cohort() -> Cohort:
    rules = Rules(week_hours_min=9, week_hours_max=19, day_hours_max=4)
    program = Program(
        key="evening",
        name="Adult evening IOP",
        outward_title="Appointment",
        template=Template(8, rules, (), ()),
    )
    db.session.add(program)
    db.session.flush()
    cohort = Cohort(key="evening-2027-03", program_id=program.id, starts=date(2027, 3, 1), leads={})
    db.session.add(cohort)
    db.session.flush()
    return cohort


def grant(
    person: Person, patient: Person, purpose: Kind, span: tuple[datetime, datetime] = ALWAYS
) -> Grant:
    """Let `person` know of the patient's sessions of this kind, for good unless a span is said."""
    signed = statement(person, patient)
    row = Grant(
        statement=signed.id,
        person_id=person.id,
        patient_id=patient.id,
        purpose=purpose,
        signed=SIGNED,
        expires=EXPIRES,
        signed_by=Signer.PATIENT,
        valid_from=span[0],
        valid_until=span[1],
        given_at=span[0],
        given_by="sam",
    )
    db.session.add(row)
    db.session.flush()
    return row


def statement(person: Person, patient: Person, **said: object) -> Statement:
    """Write down what the patient signed about `person`, complete unless something else is said."""
    usual: dict[str, object] = {
        "patient_id": patient.id,
        "patient_name": patient.name,
        "discloser": "Harbor Light Behavioral Health",
        "information": "participation,times",
        "person_id": person.id,
        "person_name": person.name,
        "wording": "paper",
        "language": "en",
        "signer_name": patient.name,
        "capacity": Signer.PATIENT,
        "method": Method.PAPER,
        "signed": SIGNED,
        "recorded_at": ALWAYS[0],
        "recorded_by": "sam",
    }
    row = Statement(**(usual | said))
    db.session.add(row)
    db.session.flush()
    return row


def session(
    cast: Cast,
    at: datetime,
    *,
    minutes: int = 60,
    kind: Kind = Kind.FAMILY_THERAPY,
    series: str = "fam",
    week: int = 2,
) -> Session:
    """Schedule one session of Jordan with Rivera; `at` is wall time in New York."""
    start = at.replace(tzinfo=NEW_YORK).astimezone(UTC)
    name = f"{cast.cohort.key}.{series}.{cast.jordan.key}"
    row = Session(
        key=f"{name}.w{week}",
        series=name,
        cohort_id=cast.cohort.id,
        kind=kind,
        seats=Seats.BOTH,
        title="Family therapy",
        week=week,
        starts_local=at.strftime("%Y-%m-%dT%H:%M"),
        zone="America/New_York",
        minutes=minutes,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        zone_rules="2026f",
        changed_at=ALWAYS[0],
    )
    row.leads, row.patients = [cast.rivera], [cast.jordan]
    db.session.add(row)
    db.session.commit()
    return row
