"""A clinic file as values: what `read` gives, `load` takes and `clinic_file` writes. Pure."""

from dataclasses import dataclass
from datetime import date

from scheduler.consents.model.models import Ending, Signer
from scheduler.people import Absence, Help, Licence, Marking, Window
from scheduler.people.models import Role
from scheduler.programs import Appointment, Authorisation, Kind, RoomService, Template


@dataclass(frozen=True, slots=True)
class Closure:
    """Whole days the practice is closed, both ends included."""

    first: date
    last: date
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    """The clinic itself; `name` is its legal name and never leaves the house."""

    name: str
    outward_name: str
    outward_email: str
    zone: str
    state: str
    part2: bool = True
    closed_on_holidays: bool = True
    closures: tuple[Closure, ...] = ()
    help: Help | None = None


@dataclass(frozen=True, slots=True)
class VideoRoom:
    """A room of the video service and its telephone number, if it has one.

    A fixed room has one address for all its sessions; the clinic says that it knows with
    `shared`.
    """

    key: str
    url: str
    dial_in: str | None = None
    service: RoomService = RoomService.FIXED
    app_id: str | None = None
    secret_file: str | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RoleForATime:
    """A role beside the own ones, whole days, both included."""

    role: Role
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CoveredBy:
    """Who (a key) stands in for somebody, whole days, both included."""

    clinician: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Clinician:
    """A member of staff; hours and absences are in the practice's zone, `buffer` is minutes after a
    session. Of roles for a time and covers a file says nothing where they are None.
    """

    key: str
    name: str
    email: str
    roles: tuple[Role, ...]
    licences: tuple[Licence, ...]
    buffer: int
    hours: tuple[Window, ...]
    away: tuple[Absence, ...] = ()
    roles_for_a_time: tuple[RoleForATime, ...] | None = None
    covered_by: tuple[CoveredBy, ...] | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its inner name, the neutral title outsiders see, and its weeks.

    `capacity` is how many patients a cohort of it holds at once, None any number; with `waitlist`
    the others wait.
    """

    key: str
    name: str
    outward_title: str
    template: Template
    capacity: int | None = None
    waitlist: bool = False


@dataclass(frozen=True, slots=True)
class Cohort:
    """One dated run of a program; `leads` gives each fixed slot's leaders by key; `zone` None: the
    practice's.
    """

    key: str
    program: str
    starts: date
    zone: str | None = None
    leads: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """One signed paper: kinds it opens, days it runs; exactly one of `expires` and `expires_on` is
    given.
    """

    kinds: tuple[Kind, ...]
    signed: date
    expires: date | None
    expires_on: Ending | None
    signed_by: Signer
    others: bool = False


@dataclass(frozen=True, slots=True)
class Relative:
    """A relative of one patient; `free` is wall time in `zone` (None: the practice's), None:
    always, empty: never.
    """

    key: str
    name: str
    relationship: str
    email: str
    zone: str | None = None
    phone: str | None = None
    language: str | None = None
    ready: bool = False
    free: tuple[Window, ...] | None = None
    consents: tuple[Consent, ...] = ()
    same_as: str | None = None
    """The key of another person of the file who is the same human being."""
    unsafe_hours: tuple[Marking, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in a cohort, both ends included; `discharged` None: to the cohort's end."""

    cohort: str
    admitted: date
    discharged: date | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient and the current stay: `cohort` from `admitted` through `discharged` (None: the
    cohort's end); `stays` are earlier and later ones.

    `zone` and `state` left out are the practice's; `free` None: always, empty: never.
    `appointments` are due for this patient alone, `without` names those of the program that are
    not.
    """

    key: str
    name: str
    email: str
    cohort: str
    admitted: date
    clinician: str
    zone: str | None = None
    state: str | None = None
    born: date | None = None
    discharged: date | None = None
    phone: str | None = None
    language: str | None = None
    free: tuple[Window, ...] | None = None
    family: tuple[Relative, ...] = ()
    same_as: str | None = None
    """The key of another person of the file who is the same human being."""
    unsafe_hours: tuple[Marking, ...] = ()
    stays: tuple[Stay, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    without: tuple[str, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()

    @property
    def every_stay(self) -> tuple[Stay, ...]:
        """The current stay, then the others in the file's order."""
        current = Stay(self.cohort, self.admitted, self.discharged)
        return (current, *self.stays)


@dataclass(frozen=True, slots=True)
class ClinicFile:
    """A whole clinic file that has passed every check."""

    practice: Practice
    rooms: tuple[VideoRoom, ...]
    clinicians: tuple[Clinician, ...]
    programs: tuple[Program, ...]
    cohorts: tuple[Cohort, ...]
    patients: tuple[Patient, ...]
