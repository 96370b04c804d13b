"""One look for everything that needs a person: the tasks of these kinds become what is so now."""

from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler import tasks
from scheduler.kernel.database import db
from scheduler.needs.due_milestones import KIND, due_milestones
from scheduler.needs.ending_papers import ending_authorisations, ending_consents, ending_licences
from scheduler.needs.free_places import free_places
from scheduler.needs.hours_at_risk import hours_at_risk
from scheduler.needs.set_aside_letters import set_aside_letters
from scheduler.needs.unmarked_sessions import close_the_marked, unmarked_sessions
from scheduler.people.models import Practice

BY = "worker"


def look_for_needs(*, now: datetime) -> int:
    """Bring the tasks up to what is so at `now`; return how many are new."""
    house = db.session.get(Practice, 1)
    if house is None:
        return 0
    here = now.astimezone(ZoneInfo(house.zone))
    today = here.date()
    close_the_marked(by=BY, now=now)
    found = {
        "attendance": unmarked_sessions(here),
        "consent_end": ending_consents(now=now, zone=house.zone),
        "licence_end": ending_licences(today),
        "authorisation_end": ending_authorisations(today),
        "free_place": free_places(now=now, today=today),
        "hours": hours_at_risk(now=now, zone=house.zone),
        "set_aside": set_aside_letters(),
        KIND: due_milestones(today, by=BY, zone=house.zone),
    }
    new = 0
    for kind, matters in found.items():
        new += tasks.sync_tasks(kind, matters, by=BY, now=now)
    return new
