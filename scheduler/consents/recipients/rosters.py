"""Who sits in many sessions at once where no family may come: one question for all of them, and
nobody's consent.

Where families may come, who knows of it is judged session by session (`audiences`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from scheduler.consents.recipients.meetings import is_anywhere, is_for_one, is_in, stays
from scheduler.kernel.database import db
from scheduler.programs import FAMILY_KINDS, Seats
from scheduler.sessions import made_up_between
from scheduler.sessions.models import Session, SessionPatient, Status


class Roster(NamedTuple):
    """One session and the patients (ids, in order) who sit in it and are enrolled that day."""

    session_id: str
    cohort_id: str
    starts_at: datetime
    ends_at: datetime
    patients: tuple[str, ...]


def rosters(
    since: datetime, until: datetime, people: Collection[str] | None = None
) -> list[Roster]:
    """Return the scheduled sessions without families that start after `since` and not after
    `until`, in order; with `people` (ids) those in which one of them sits.
    """
    question = _question(since, until)
    if people is not None:
        theirs = select(SessionPatient.session_id).where(SessionPatient.person_id.in_(list(people)))
        question = question.where(Session.id.in_(theirs))
    rows = db.session.execute(question).all()
    enrolled = _Enrolled([row.seated for row in rows if row.seated])
    making_up = made_up_between(since, until)
    return [
        Roster(
            row.id,
            row.cohort_id,
            row.starts_at,
            row.ends_at,
            patients,
        )
        for row in rows
        if row.seated and (row.seats is not Seats.FAMILIES or is_for_one(row.series))
        if (
            patients := enrolled.at(
                row.seated,
                row.cohort_id,
                row.starts_at,
                row.zone,
                frozenset(making_up.get(row.id, ())),
            )
        )
    ]


def _question(since: datetime, until: datetime) -> Select[Any]:
    ids = func.aggregate_strings(SessionPatient.person_id, ",")
    seated = select(ids).where(SessionPatient.session_id == Session.id).scalar_subquery()
    shown = (
        Session.id,
        Session.cohort_id,
        Session.series,
        Session.seats,
        Session.zone,
    )
    near = (
        Session.starts_at > since,
        Session.starts_at <= until,
        Session.status == Status.SCHEDULED,
    )
    return (
        select(
            *shown,
            Session.starts_at,
            Session.ends_at,
            seated.label("seated"),
        )
        .where(*near, Session.kind.not_in(FAMILY_KINDS))
        .order_by(Session.starts_at, Session.id)
    )


class _Enrolled:
    """Who of those written in one line is enrolled on a day; a group's dates have the same line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.people: dict[str, tuple[str, ...]] = {}
        for line in set(lines):
            self.people[line] = tuple(sorted(line.split(",")))
        everybody = {patient for patients in self.people.values() for patient in patients}
        self.stays = stays(everybody)
        self.days: dict[tuple[datetime, str], str] = {}
        self.found: dict[tuple[str, str, str, frozenset[str]], tuple[str, ...]] = {}

    def at(
        self, line: str, cohort: str, moment: datetime, zone: str, making_up: frozenset[str]
    ) -> tuple[str, ...]:
        """Return the patients of a line who are enrolled in a cohort (id) on the day that `moment`
        is in `zone`, by id; of those who make up in it for another session, in any.
        """
        day = self._day(moment, zone)
        case = (line, cohort, day, making_up)
        if case not in self.found:
            enrolled = []
            for patient in self.people[line]:
                is_theirs = is_in(self.stays.get((patient, cohort), ()), day)
                makes_up = patient in making_up and is_anywhere(self.stays, patient, day)
                if is_theirs or makes_up:
                    enrolled.append(patient)
            self.found[case] = tuple(enrolled)
        return self.found[case]

    def _day(self, moment: datetime, zone: str) -> str:
        case = (moment, zone)
        if case not in self.days:
            self.days[case] = moment.astimezone(ZoneInfo(zone)).date().isoformat()
        return self.days[case]
