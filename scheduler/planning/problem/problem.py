"""What is to be planned: one cohort, its people, its rules and what already stands. Pure values, no
opinions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from scheduler.people import Absence, Licence, Window
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.wall_time import is_covered
from scheduler.programs import (
    FAMILY_KINDS,
    Appointment,
    Authorisation,
    Kind,
    Seats,
    Template,
    last_day,
)

Days = tuple[date, date]
"""The first and the last of some days."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A patient's consent to one relative for one kind, valid from the first instant until before
    the second.
    """

    kind: Kind
    valid_from: datetime
    valid_until: datetime
    others: bool = False

    def holds_at(self, moment: datetime) -> bool:
        """True if it is valid at `moment`."""
        return self.valid_from <= moment < self.valid_until


@dataclass(frozen=True, slots=True)
class Relative:
    """A member of a patient's family: when free (wall time of `zone`; None always), found ready or
    not, consents.
    """

    key: str
    zone: str
    free: tuple[Window, ...] | None = None
    ready: bool = False
    consents: tuple[Consent, ...] = ()

    def may_come(self, kind: Kind, end: datetime) -> bool:
        """True if readiness and a consent valid at the session's `end` let them into a session
        of `kind`.
        """
        if not self.ready:
            return False
        return any(consent.holds_at(end) for consent in self.consents_for(kind))

    def consents_for(self, kind: Kind) -> Iterator[Consent]:
        """Return the consents that are enough for sessions of `kind`, whenever they hold."""
        for consent in self.consents:
            if consent.kind is kind and self.suits(consent):
                yield consent

    def consents_to(self, kind: Kind) -> bool:
        """True if there is, was or will be a consent for sessions of `kind`."""
        return any(True for _ in self.consents_for(kind))

    def is_free(self, start: datetime, end: datetime) -> bool:
        """True if all of `start` to `end` lies in their free time."""
        return is_covered(self.free, self.zone, start, end)

    def suits(self, consent: Consent) -> bool:
        """True if a consent is enough: a multi-family group shows them to others, which it must
        allow.
        """
        return consent.others or consent.kind is not Kind.MULTI_FAMILY_GROUP


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient's stay (both days included), where they sit, when they are free, whose patient they
    are.

    `gaps` are days between several stays in this cohort, in order. `appointments` are due for this
    patient alone; `without` names those of the program that are not.
    """

    key: str
    first: date
    last: date
    state: str
    zone: str
    clinician: str
    free: tuple[Window, ...] | None = None
    relatives: tuple[Relative, ...] = ()
    born: date | None = None
    gaps: tuple[Days, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    without: tuple[str, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()

    @property
    def has_left(self) -> bool:
        """True if no day of the cohort lies within the stay any more."""
        return self.last < self.first

    def is_here(self, day: date) -> bool:
        """True if `day` lies within a stay."""
        if not self.first <= day <= self.last:
            return False
        return not any(first <= day <= last for first, last in self.gaps)

    def stretches(self) -> Iterator[Days]:
        """Return the days of each stay, in order."""
        begin = self.first
        for first, last in self.gaps:
            yield begin, first - timedelta(days=1)
            begin = last + timedelta(days=1)
        yield begin, self.last

    def days_in(self, monday: date) -> Iterator[date]:
        """Return the days of a week that lie within a stay."""
        for number in range(7):
            day = monday + timedelta(days=number)
            if self.is_here(day):
                yield day


@dataclass(frozen=True, slots=True)
class Clinician:
    """When a clinician works (wall time of `zone`), days away, minutes kept free after each
    session, licences.
    """

    key: str
    zone: str
    hours: tuple[Window, ...] | None
    away: tuple[Absence, ...] = ()
    buffer: int = 10
    licences: tuple[Licence, ...] = ()

    def is_away(self, day: date) -> bool:
        """True if `day` is a day away."""
        return any(absence.covers(day) for absence in self.away)

    def is_licensed(self, state: str, day: date) -> bool:
        """True if they may treat a patient who sits in `state` on `day`."""
        held = (licence.until for licence in self.licences if licence.state == state)
        return any(day <= until for until in held)


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something outside this cohort that stands: whom it binds, and the room it takes (None: any
    one).
    """

    start: datetime
    end: datetime
    people: tuple[str, ...]
    room: str | None = None
    takes_room: bool = True
    about: str = ""
    """The cohort it belongs to."""
    of_selves: bool = False
    """People are there by other rows of theirs: of what it is about nothing is said."""
    as_guests: bool = False
    """Relatives are counted on there: a seat of their own treatment comes before it."""

    def binds(self, person: str, start: datetime, end: datetime) -> bool:
        """True if it keeps this person (a key) for some of the time from `start` to `end`."""
        return person in self.people and self.start < end and start < self.end


@dataclass(frozen=True)
class Problem:
    """One cohort to plan; `zone` is its own, weeks run Monday to Sunday and week 1 holds
    `starts`.
    """

    cohort: str
    zone: str
    starts: date
    template: Template
    patients: tuple[Patient, ...]
    clinicians: tuple[Clinician, ...]
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rooms: tuple[str, ...] = ()
    fixed_rooms: frozenset[str] = frozenset()
    """Of the rooms those with one address for all sessions: who was in once can go in again."""
    closed: Mapping[date, str] = field(default_factory=dict)
    busy: tuple[Commitment, ...] = ()
    published: tuple[PlannedSession, ...] = ()
    alongside: tuple["Problem", ...] = ()
    """Cohorts of the same zone that have no plan yet: room is kept for what they will need."""
    kept: frozenset[str] = frozenset()
    """Keys of published sessions that a person moved by hand: they stay where they are."""
    bodies: Mapping[str, str] = field(default_factory=dict)
    """By key, the human behind everybody here who has other rows, in this cohort or elsewhere."""
    accepted: Mapping[str, str] = field(default_factory=dict)
    """What a person let be bent where it is, as rules name it, each with the reason."""
    made_time: frozenset[str] = frozenset()
    """Keys of sessions for which relatives make time outside their hours, as a person said."""
    called_off: frozenset[str] = frozenset()
    """Keys of sessions that a person cancelled by hand: they are not planned again."""
    now: datetime | None = None
    """What was published and began before this moment is history and stays; None: nothing is."""

    @property
    def all(self) -> tuple["Problem", ...]:
        """This cohort and those planned alongside."""
        return (self, *self.alongside)

    @cached_property
    def history(self) -> tuple[PlannedSession, ...]:
        """What of the published sessions has begun and stays as it was."""
        return tuple(session for session in self.published if self.is_past(session.start))

    @cached_property
    def unmoved(self) -> tuple[PlannedSession, ...]:
        """What of the published sessions no plan moves: history, and what a person put where it
        is, with whoever of the families can come.
        """
        found = list(self.history)
        for session in self.published:
            if session.key in self.kept and not self.is_past(session.start):
                found.append(replace(session, relatives=self.guests(session)))
        return tuple(found)

    def guests(self, session: PlannedSession) -> tuple[str, ...]:
        """Return the relatives of a session's patients who may come and have time; groups do not
        ask for time.
        """
        if session.kind not in FAMILY_KINDS or session.seats is Seats.PATIENTS:
            return ()
        found = []
        for key in session.patients:
            patient = self.patient_by_key.get(key)
            for relative in patient.relatives if patient else ():
                if self._can_come(relative, session):
                    found.append(relative.key)
        return tuple(found)

    def _can_come(self, relative: Relative, session: PlannedSession) -> bool:
        if not relative.may_come(session.kind, session.end):
            return False
        if self.is_elsewhere(relative.key, session.start, session.end):
            return False
        is_asked = not session.fixed and session.key not in self.made_time
        return not is_asked or relative.is_free(session.start, session.end)

    def is_elsewhere(self, person: str, start: datetime, end: datetime) -> bool:
        """True if the human behind somebody here has another appointment, outside the cohort, by
        another of their rows.
        """
        if person not in self.bodies:
            return False
        return any(busy.binds(person, start, end) for busy in self.busy)

    def is_past(self, moment: datetime) -> bool:
        """True if nothing may be planned at `moment` any more: once published, a cohort's past
        is history.
        """
        if self.now is None or not self.published:
            return False
        return moment < self.now

    def appointments_of(self, patient: Patient) -> tuple[Appointment, ...]:
        """Return what is due for a patient: the program's without what they go without, and their
        own.
        """
        of_program = self.template.appointments
        if patient.without:
            kept = [each for each in of_program if each.key not in patient.without]
            of_program = tuple(kept)
        return of_program + patient.appointments

    @property
    def last(self) -> date:
        """The last day of the cohort's last week."""
        return last_day(self.starts, self.template.weeks)

    @cached_property
    def selves(self) -> Mapping[str, tuple[str, ...]]:
        """By key, all rows here and alongside of everybody who has several, their own included."""
        rows: dict[str, list[str]] = {}
        for cohort in self.all:
            for key, body in cohort.bodies.items():
                found = rows.setdefault(body, [])
                if key not in found:
                    found.append(key)
        selves: dict[str, tuple[str, ...]] = {}
        for keys in rows.values():
            selves |= dict.fromkeys(keys, tuple(keys))
        return selves

    @cached_property
    def clinician_by_key(self) -> Mapping[str, Clinician]:
        """The clinicians by their keys."""
        return {clinician.key: clinician for clinician in self.clinicians}

    @cached_property
    def patient_by_key(self) -> Mapping[str, Patient]:
        """The patients by their keys."""
        return {patient.key: patient for patient in self.patients}

    @cached_property
    def relative_by_key(self) -> Mapping[str, Relative]:
        """The relatives of all patients by their keys."""
        found = {}
        for patient in self.patients:
            for relative in patient.relatives:
                found[relative.key] = relative
        return found
