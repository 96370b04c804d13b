"""Where humans with several rows are while groups are laid out. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.time_phrases import short_day
from scheduler.programs import Seats

Guests = dict[str, list[str]]
"""By patient, the relatives (keys) who may come."""


class Whereabouts:
    """Where those with several rows are, so that no group counts on one human at two places.

    A seat of their own treatment comes before being somebody's relative, and what stands elsewhere
    before what is laid out now.
    """

    def __init__(self, problem: Problem, met: list[PlannedSession]) -> None:
        self.problem = problem
        self.seats: dict[str, list[PlannedSession]] = defaultdict(list)
        """By body: own seats and what is led, in this cohort."""
        self.promised: dict[str, list[PlannedSession]] = defaultdict(list)
        """By body: where they come as relatives."""
        if not problem.bodies:
            return
        for session in met:
            self._take(
                self.seats,
                session,
                self._seated(session),
            )
        for session in problem.unmoved:
            if not session.fixed:
                self._take(
                    self.seats,
                    session,
                    (*session.clinicians, *session.seated),
                )
                self._take(
                    self.promised,
                    session,
                    session.relatives,
                )

    def left(
        self, session: PlannedSession, here: list[Patient], guests: Guests
    ) -> tuple[list[Patient], Guests, list[Finding]]:
        """Return the patients and the relatives (by patient) who are nowhere else then, and what
        is to be said of the others.
        """
        if not self.problem.bodies:
            return here, guests, []
        left, elsewhere = self._of_patients(
            session,
            here,
        )
        still = {patient.key: guests[patient.key] for patient in left}
        elsewhere += self._let_come(
            session,
            still,
        )
        return left, still, elsewhere

    def _of_patients(
        self, session: PlannedSession, wanted: list[Patient]
    ) -> tuple[list[Patient], list[Finding]]:
        """Return those of the patients who have no seat elsewhere then, and say so of the
        others.
        """
        if session.seats is Seats.FAMILIES:
            return wanted, []
        found = []
        left_out = []
        for patient in wanted:
            if self._sits_elsewhere(
                session,
                patient.key,
            ):
                left_out.append(
                    _has_another(
                        session,
                        patient.key,
                    )
                )
            else:
                found.append(patient)
        return found, left_out

    def _let_come(self, session: PlannedSession, guests: Guests) -> list[Finding]:
        """Leave in `guests` (by patient) only who is nowhere else then, and say so of the
        others.
        """
        left_out = []
        for patient, relatives in guests.items():
            for relative in list(relatives):
                if self._is_elsewhere(
                    session,
                    relative,
                ):
                    relatives.remove(relative)
                    left_out.append(
                        _has_another(
                            session,
                            patient,
                            relative,
                        )
                    )
            self._take(
                self.promised,
                session,
                relatives,
            )
        return left_out

    def _seated(self, session: PlannedSession) -> tuple[str, ...]:
        if session.seats is Seats.FAMILIES:
            return session.clinicians
        here = [patient for patient in self.problem.patients if patient.is_here(session.day)]
        return (*session.clinicians, *(patient.key for patient in here))

    def _take(
        self,
        places: dict[str, list[PlannedSession]],
        session: PlannedSession,
        people: Iterable[str],
    ) -> None:
        for key in people:
            body = self.problem.bodies.get(key)
            if body is not None:
                places[body].append(session)

    def _sits_elsewhere(self, session: PlannedSession, key: str) -> bool:
        if key not in self.problem.bodies:
            return False
        return any(
            busy.binds(
                key,
                session.start,
                session.end,
            )
            for busy in self.problem.busy
            if not busy.as_guests
        )

    def _is_elsewhere(self, session: PlannedSession, key: str) -> bool:
        body = self.problem.bodies.get(key)
        if body is None:
            return False
        for other in (*self.seats[body], *self.promised[body]):
            is_other = other.key != session.key
            if is_other and other.start < session.end and session.start < other.end:
                return True
        return self.problem.is_elsewhere(
            key,
            session.start,
            session.end,
        )


def _has_another(session: PlannedSession, patient: str, relative: str | None = None) -> Finding:
    who = relative or patient
    return Finding(
        Rule.PERSON_TWICE,
        f"{who} has another appointment at the time of {session.title} on {short_day(session.day)}",
        hard=False,
        session=session.key,
        patient=patient,
        week=session.week,
    )
