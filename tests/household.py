"""A small practice in rows: Jordan, a mother with consent, a father without, a second family, one
clinician.

Days count from a Monday still ahead, because the database's own gate looks at the real clock.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler import consents
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people.availability import Window
from scheduler.people.models import Clinician, Patient, Person, PersonKind, Practice, Relative
from scheduler.programs import Kind, Rules, Seats, Template
from scheduler.programs.models import Cohort, Enrolment, Program
from scheduler.sessions.models import Session, SessionLead, SessionPatient

ZONE = "America/New_York"
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.astimezone(ZoneInfo(ZONE)).date()
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())
SECRETS = (
    "Small Pines Practice",
    "Jordan Lee",
    "Jordan",
    "Tess Upward",
    "Tess",
    "Rivera",
    "Ana Rivera",
    "Miguel",
    "Dana",
)


@dataclass
class Household:
    """The cast, and how they get sessions and consents."""

    jordan: Person
    tess: Person
    mother: Person
    father: Person
    aunt: Person
    rivera: Person
    cohort: Cohort

    def consent(self, person: Person | None = None, *kinds: Kind, **said: object) -> list[Grant]:
        """Let the mother (or `person`) know of family therapy (or `kinds`)."""
        who = person or self.mother
        patient = self.tess if who is self.aunt else self.jordan
        usual: dict[str, object] = {
            "signed": TODAY - timedelta(days=3),
            "by": "command",
            "now": NOW,
        }
        if "expires_on" not in said:
            usual["expires"] = TODAY + timedelta(days=200)
        purposes = kinds or (Kind.FAMILY_THERAPY,)
        return consents.give(person=who, patient=patient, purposes=purposes, **(usual | said))  # type: ignore[arg-type]

    def appointment(
        self, day: int, *, week: int = 1, at: str = "18:00", minutes: int = 60, **said: object
    ) -> Session:
        """Place a family appointment of Jordan `day` days after the Monday."""
        said = {
            "kind": Kind.FAMILY_THERAPY,
            "seats": Seats.BOTH,
            "slot": "fam.p-1",
            "tail": f"w{week}",
        } | said
        return self._session(day, at, minutes, [self.jordan], said)

    def slot(self, day: int, *, at: str = "19:00", minutes: int = 60, **said: object) -> Session:
        """Lay a fixed slot of the cohort, for both patients."""
        tail = (MONDAY + timedelta(days=day)).isoformat()
        said = {
            "kind": Kind.FAMILY_WORKSHOP,
            "seats": Seats.FAMILIES,
            "slot": "learn",
            "tail": tail,
        } | said
        return self._session(day, at, minutes, [self.jordan, self.tess], said)

    def _session(
        self, day: int, at: str, minutes: int, patients: list[Person], said: dict[str, object]
    ) -> Session:
        local = datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(at))
        series = f"march.{said.pop('slot')}"
        session = Session(
            key=f"{series}.{said.pop('tail')}",
            series=series,
            cohort_id=self.cohort.id,
            title="Family hour",
            week=1,
            zone=ZONE,
            zone_rules="x",
            changed_at=NOW,
            **said,
        )
        place(session, local, minutes)
        db.session.add(session)
        db.session.flush()
        db.session.add(SessionLead(session_id=session.id, person_id=self.rivera.id))
        db.session.add_all(
            SessionPatient(session_id=session.id, person_id=one.id) for one in patients
        )
        db.session.flush()
        return session


def place(session: Session, local: datetime, minutes: int = 60) -> None:
    """Put a session at a wall time of its zone."""
    session.starts_local, session.minutes = local.strftime("%Y-%m-%dT%H:%M"), minutes
    session.starts_at = local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    session.ends_at = session.starts_at + timedelta(minutes=minutes)


def stand_up() -> Household:
    """Write the practice and its people."""
    db.session.add(
        Practice(
            name="Small Pines Practice",
            outward_name="SP Calendar",
            outward_email="calendar@sp-cal.example",
            zone=ZONE,
            state="MA",
        )
    )
    rivera = _person("rivera", PersonKind.CLINICIAN, "Ana Rivera", "rivera@sp-cal.example")
    jordan = _person("p-1", PersonKind.PATIENT, "Jordan Lee", "one@patient.example")
    tess = _person("p-2", PersonKind.PATIENT, "Tess Upward", "two@patient.example")
    mother = _person(
        "p-1-mother", PersonKind.RELATIVE, "Dana Lee", "m@family.example", zone="America/Chicago"
    )
    father = _person("p-1-father", PersonKind.RELATIVE, "Miguel Lee", "f@family.example")
    aunt = _person("p-2-aunt", PersonKind.RELATIVE, "Lou Upward", "a@family.example")
    program = _program()
    db.session.flush()
    cohort = _cohort(program)
    db.session.add(Clinician(person=rivera, roles=(), licences=(), away=(), password_hash=None))
    for one in (jordan, tess):
        db.session.add(
            Patient(person=one, state="MA", born=date(1994, 5, 2), clinician_id=rivera.id)
        )
    db.session.flush()
    for one, whose in ((mother, jordan), (father, jordan), (aunt, tess)):
        db.session.add(
            Relative(person=one, patient_id=whose.id, relationship_word="relative", ready=True)
        )
    for one in (jordan, tess):
        db.session.add(
            Enrolment(
                patient_id=one.id, cohort_id=cohort.id, first=TODAY - timedelta(days=1), last=None
            )
        )
    db.session.flush()
    return Household(jordan, tess, mother, father, aunt, rivera, cohort)


def move_in(home: Household, number: int) -> Household:
    """Let another family like Jordan's and Tess's come into the practice and the cohort."""
    one = _another(PersonKind.PATIENT, f"h-{number}-one")
    two = _another(PersonKind.PATIENT, f"h-{number}-two")
    mother = _another(PersonKind.RELATIVE, f"h-{number}-mother")
    father = _another(PersonKind.RELATIVE, f"h-{number}-father")
    aunt = _another(PersonKind.RELATIVE, f"h-{number}-aunt")
    db.session.flush()
    for each in (one, two):
        own = {"state": "MA", "born": date(1994, 5, 2), "clinician_id": home.rivera.id}
        db.session.add(Patient(person=each, **own))
    db.session.flush()
    for each, whose in ((mother, one), (father, one), (aunt, two)):
        known = {"relationship_word": "relative", "ready": True}
        db.session.add(Relative(person=each, patient_id=whose.id, **known))
    for each in (one, two):
        stay = {"cohort_id": home.cohort.id, "first": TODAY - timedelta(days=1), "last": None}
        db.session.add(Enrolment(patient_id=each.id, **stay))
    db.session.flush()
    return Household(one, two, mother, father, aunt, home.rivera, home.cohort)


def _another(kind: PersonKind, key: str) -> Person:
    return _person(key, kind, f"Lee {key}", f"{key}@family.example")


def _program() -> Program:
    template = Template(weeks=12, rules=Rules(9, 19, 4), slots=(), appointments=())
    program = Program(
        key="evening", name="Evening IOP", outward_title="Appointment", template=template
    )
    db.session.add(program)
    return program


def _cohort(program: Program) -> Cohort:
    cohort = Cohort(
        key="march", program_id=program.id, starts=MONDAY - timedelta(days=14), zone=None, leads={}
    )
    db.session.add(cohort)
    return cohort


def _person(key: str, kind: PersonKind, name: str, email: str, **said: object) -> Person:
    person = Person(key=key, kind=kind, name=name, email=email, **said)
    db.session.add(person)
    return person


def evenings(*days: str) -> tuple[Window, ...]:
    """Free from three to nine in the evening on these days."""
    return (Window(days, 15 * 60, 21 * 60),)
