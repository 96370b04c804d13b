"""What a plan owes: each patient's due appointments, and those for which there is nobody to invite.
Pure.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.planning.problem.plan import NobodyToInvite
from scheduler.planning.problem.problem import Patient, Problem, Relative
from scheduler.planning.problem.wall_time import Stretch, instant, stretches
from scheduler.programs import Appointment, Kind, due_blocks, monday_of


@dataclass(frozen=True, slots=True)
class DueAppointment:
    """One appointment to be placed once within `weeks` (both included), whoever holds it."""

    key: str
    cohort: str
    series: str
    appointment: Appointment
    patient: Patient
    clinician: str
    weeks: tuple[int, int]

    @property
    def kind(self) -> Kind:
        """The kind of its session."""
        return self.appointment.kind

    def days(self, problem: Problem) -> tuple[date, ...]:
        """Return the days of its weeks within the stay, closed ones included."""
        first = max(
            monday_of(problem.starts, self.weeks[0]),
            self.patient.first,
            problem.starts,
        )
        last = min(
            monday_of(problem.starts, self.weeks[1] + 1) - timedelta(days=1), self.patient.last
        )
        days = (first + timedelta(days=count) for count in range((last - first).days + 1))
        found = []
        for day in days:
            if self.patient.is_here(day):
                found.append(day)
        return tuple(found)


def due_appointments(
    problem: Problem,
) -> tuple[tuple[DueAppointment, ...], tuple[NobodyToInvite, ...]]:
    """Return what is due, and what is not because no relative is consenting, ready and free."""
    due: list[DueAppointment] = []
    nobody: list[NobodyToInvite] = []
    for patient in problem.patients:
        for appointment in problem.appointments_of(patient):
            for appointment_due in _wanted(problem, patient, appointment):
                if appointment.for_family and not _somebody(problem, appointment_due):
                    nobody.append(
                        NobodyToInvite(
                            appointment_due.key, patient.key, appointment.key, appointment_due.weeks
                        )
                    )
                else:
                    due.append(appointment_due)
    return tuple(due), tuple(nobody)


def _wanted(
    problem: Problem, patient: Patient, appointment: Appointment
) -> tuple[DueAppointment, ...]:
    series = f"{problem.cohort}.{appointment.key}.{patient.key}"
    clinician = appointment.by or patient.clinician
    return tuple(
        DueAppointment(
            f"{series}.w{weeks[0]}", problem.cohort, series, appointment, patient, clinician, weeks
        )
        for weeks in due_blocks(
            appointment,
            problem.starts,
            stretches_within(problem, patient),
        )
        if weeks[0] <= problem.template.weeks
    )


def stretches_within(problem: Problem, patient: Patient) -> tuple[tuple[date, date], ...]:
    """Return the days of each of a patient's stays that lie within the cohort's weeks."""
    found = []
    for first, last in patient.stretches():
        found.append((max(first, problem.starts), min(last, problem.last)))
    return tuple(found)


def _somebody(problem: Problem, due: DueAppointment) -> bool:
    """True if some relative has at least one stretch long enough, under consent, on an open day of
    the weeks.
    """
    days = [day for day in due.days(problem) if day not in problem.closed]
    length = timedelta(minutes=due.appointment.minutes)
    return any(
        _has_time(
            problem,
            relative,
            due.appointment.kind,
            days,
            length,
        )
        for relative in due.patient.relatives
    )


def _has_time(
    problem: Problem, relative: Relative, kind: Kind, days: list[date], length: timedelta
) -> bool:
    if not relative.ready or not days:
        return False
    free = free_stretches(
        relative,
        days[0],
        days[-1],
    )
    for day in days:
        begin = instant(day, 0, problem.zone)
        finish = instant(day, 1440, problem.zone)
        for start, end in free:
            if _consented(
                relative,
                kind,
                max(start, begin),
                min(end, finish),
                length,
            ):
                return True
    return False


def free_stretches(relative: Relative, first: date, last: date) -> list[Stretch]:
    """Return when a relative is free from the day before `first` to the day after `last`, in
    UTC.
    """
    begin = first - timedelta(days=1)
    finish = last + timedelta(days=1)
    if relative.free is None:
        return [(instant(begin, 0, relative.zone), instant(finish, 1440, relative.zone))]
    return list(
        stretches(
            relative.free,
            relative.zone,
            begin,
            finish,
        )
    )


def _consented(
    relative: Relative, kind: Kind, start: datetime, end: datetime, length: timedelta
) -> bool:
    for consent in relative.consents:
        if consent.kind is not kind or (kind is Kind.MULTI_FAMILY_GROUP and not consent.others):
            continue
        ends_first = max(start + length, consent.valid_from)
        if ends_first <= end and ends_first < consent.valid_until:
            return True
    return False
