"""Shared reads of what people told of their devices."""

from collections.abc import Collection

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.tech_checks.models import TechCheck


def told_checks(people: Collection[str]) -> list[TechCheck]:
    """Return what these people (ids) told, the newest first."""
    wanted = select(TechCheck).where(TechCheck.person_id.in_(people))
    in_order = wanted.order_by(TechCheck.told_at.desc(), TechCheck.person_id)
    rows = db.session.scalars(in_order)
    return list(rows)


def who_will_phone(people: Collection[str]) -> list[Person]:
    """Return those of these people (ids) who said that they phone instead of coming by video."""
    found = []
    for row in told_checks(people):
        if row.will_phone:
            found.append(row.person)
    return found
