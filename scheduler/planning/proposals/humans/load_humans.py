"""Rows become whereabouts: where the humans of a cohort who have other rows are by those.

Of what they are about nothing is told here but the time: families are strangers to each other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import bodies_by_key, rows_of_bodies
from scheduler.people.models import Person
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.proposals.queries import last_published_plan
from scheduler.programs import Seats
from scheduler.programs.models import Cohort
from scheduler.sessions.models import Session, SessionPatient, Status

ANOTHER = "another appointment"


def with_bodies(problem: Problem) -> Problem:
    """Return a cohort that knows which of its people have other rows."""
    people = [
        *problem.clinician_by_key,
        *problem.patient_by_key,
        *problem.relative_by_key,
    ]
    bodies = bodies_by_key(people)
    if not bodies:
        return problem
    return replace(problem, bodies=bodies)


class Humans:
    """The humans of some cohorts who have several rows, and all their rows."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.here: dict[str, list[str]] = {}
        """By body, the rows (keys) in these cohorts."""
        for problem in problems:
            for key, body in problem.bodies.items():
                self.here.setdefault(
                    body,
                    [],
                ).append(key)
        self.body: dict[str, str] = {}
        """By key, the body of every row of theirs, wherever it is."""
        self.patients: list[str] = []
        """The patients (ids) whose sessions they may be in."""
        for body, rows in rows_of_bodies(self.here).items():
            for row in rows:
                self.body[row.key] = body
                self.patients.append(row.relative.patient_id if row.relative else row.id)

    def standing(self, others: Iterable[Cohort]) -> Iterator[Commitment]:
        """Return where they are in what is published of these cohorts: who sits there, and the
        relatives whom the publication had there.
        """
        cohorts = {cohort.id: cohort for cohort in others}
        if not self.here or not cohorts:
            return
        rows = self._sessions(cohorts)
        for row in rows:
            body = self.body.get(row.patient)
            if body is not None and row.seats is not Seats.FAMILIES:
                yield self._commitment(
                    row.starts_at,
                    row.ends_at,
                    body,
                    as_guests=False,
                )
        concerned = {row.cohort_id for row in rows}
        times = {row.key: (row.starts_at, row.ends_at) for row in rows}
        for cohort_id in sorted(concerned):
            yield from self._guests(cohorts[cohort_id], times)

    def _sessions(self, cohort_ids: Collection[str]) -> Sequence[Any]:
        """Return the sessions of their patients that stand, a row a patient."""
        columns = (
            Session.key,
            Session.cohort_id,
            Session.starts_at,
            Session.ends_at,
            Session.seats,
            Person.key.label("patient"),
        )
        rows = (
            select(*columns)
            .join(
                SessionPatient,
                SessionPatient.session_id == Session.id,
            )
            .join(
                Person,
                Person.id == SessionPatient.person_id,
            )
            .where(SessionPatient.person_id.in_(self.patients))
            .where(
                Session.cohort_id.in_(cohort_ids),
                Session.status != Status.CANCELLED,
            )
        )
        return db.session.execute(rows).all()

    def _guests(
        self,
        cohort: Cohort,
        times: Mapping[str, tuple[datetime, datetime]],
    ) -> Iterator[Commitment]:
        """Return where they come as relatives, as it was published; `times` are those of today, by
        session.
        """
        plan = last_published_plan(cohort)
        for session in plan.sessions if plan is not None else ():
            bodies = {self.body[key] for key in session.relatives if key in self.body}
            if session.key not in times:
                continue
            start, end = times[session.key]
            for body in sorted(bodies):
                yield self._commitment(
                    start,
                    end,
                    body,
                    as_guests=True,
                )

    def planned(self, sessions: Iterable[PlannedSession]) -> Iterator[Commitment]:
        """Return where they are in sessions that are proposed, or would be laid out."""
        for session in sessions if self.here else ():
            for people, as_guests in ((session.seated, False), (session.relatives, True)):
                for key in people:
                    if key in self.body:
                        yield self._commitment(
                            session.start,
                            session.end,
                            self.body[key],
                            as_guests=as_guests,
                        )

    def _commitment(
        self, start: datetime, end: datetime, body: str, *, as_guests: bool
    ) -> Commitment:
        return Commitment(
            start,
            end,
            tuple(self.here[body]),
            takes_room=False,
            about=ANOTHER,
            of_selves=True,
            as_guests=as_guests,
        )
