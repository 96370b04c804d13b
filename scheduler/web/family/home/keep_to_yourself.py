"""What others say in a group stays there: asked of a relative once a series, before the room."""

from datetime import datetime

from flask import request

from scheduler import homes
from scheduler.kernel.database import db
from scheduler.people.models import PersonKind
from scheduler.programs import Kind
from scheduler.sessions.models import Session
from scheduler.web.family.door_state import Doorway

WITH_OTHERS = frozenset({Kind.MULTI_FAMILY_GROUP, Kind.FAMILY_WORKSHOP, Kind.CAREGIVER_GROUP})
"""Meetings in which other families sit."""


def must_promise(way: Doorway, session: Session, moment: datetime) -> bool:
    """True if who stands at the door has to be asked first; a promise that comes along is kept."""
    person = way.person
    if person.kind is not PersonKind.RELATIVE or session.kind not in WITH_OTHERS:
        return False
    if homes.keeps_confidential(person, session.series):
        return False
    if request.form.get("agree") != "yes":
        return True
    homes.promise_confidential(person, session.series, now=moment)
    db.session.commit()
    return False
