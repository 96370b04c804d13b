"""An appointment to be placed with all starts that its own people and rules leave open. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.planning.problem.due_appointments import DueAppointment
from scheduler.planning.problem.minute_sets import MinuteOfWeek, MinuteSet, WeekNumber
from scheduler.programs import Kind


@dataclass(frozen=True, slots=True)
class Guest:
    """A relative who has other rows: by week the starts at which they could be there."""

    key: str
    starts: Mapping[WeekNumber, MinuteSet]

    def could_start(self, week: WeekNumber, start: MinuteOfWeek) -> bool:
        """True if they could be there from `start` on."""
        return bool(self.starts.get(week, 0) >> start & 1)


@dataclass(frozen=True, slots=True)
class Domain:
    """One obligation with its length, the clinician's buffer, and its possible starts by week."""

    obligation: DueAppointment
    minutes: int
    buffer: int
    starts: Mapping[WeekNumber, MinuteSet]
    guests: tuple[Guest, ...] = ()
    """The relatives who are somebody else's, or patients, as well."""

    @property
    def key(self) -> str:
        """The session's key."""
        return self.obligation.key

    @property
    def series(self) -> str:
        """The key of its series."""
        return self.obligation.series

    @property
    def kind(self) -> Kind:
        """The kind of its session."""
        return self.obligation.kind

    @property
    def patient(self) -> str:
        """The patient's key."""
        return self.obligation.patient.key

    @property
    def clinician(self) -> str:
        """The key of who holds it."""
        return self.obligation.clinician

    @property
    def is_assessment(self) -> bool:
        """True if everything else of the patient has to wait for it."""
        return self.obligation.appointment.kind is Kind.ASSESSMENT
