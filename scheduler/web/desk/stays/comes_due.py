"""What comes due in a patient's stay, and topics they missed, in words."""

from zoneinfo import ZoneInfo

from scheduler import homes
from scheduler.i18n import N_, catalog, full_date
from scheduler.kernel.clock import now
from scheduler.needs import BY, milestones_of
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs import Milestone
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.time_words import moment_words

WHAT = {
    Milestone.PLAN_REVIEW: N_("Review of the treatment plan, by {day}"),
    Milestone.RECERTIFICATION: N_("Certified again, by {day}"),
    Milestone.DISCHARGE_PLANNING: N_("Planning of the discharge, from {day} on"),
    Milestone.CANS: N_("Strengths and needs (CANS) assessed again, by {day}"),
    Milestone.AFTERCARE: N_("Aftercare begun, by {day}"),
}
MOST = 3
"""Groups named for one topic."""
WITHOUT_SESSION = (Milestone.RECERTIFICATION, Milestone.CANS)
PLANNED = N_("planned for {day}")
NOTHING_PLANNED = N_("nothing is planned yet")


def comes_due(patient: Person) -> list[dict[str, object]]:
    """Return what comes due next, what is planned for it, and whether it presses."""
    _ = catalog(reader_language())
    zone = practice().zone
    today = now().astimezone(ZoneInfo(zone)).date()
    lines: list[dict[str, object]] = []
    for due in milestones_of(
        patient,
        today,
        by=BY,
        zone=zone,
    ):
        planned = _(NOTHING_PLANNED)
        if due.planned is not None:
            planned = _(PLANNED).format(
                day=full_date(
                    due.planned,
                    reader_language(),
                )
            )
        elif due.what in WITHOUT_SESSION:
            planned = ""
        words = _(WHAT[due.what]).format(
            day=full_date(
                due.day,
                reader_language(),
            )
        )
        lines.append({"words": words, "planned": planned, "presses": due.is_pressing(today)})
    return lines


def topics_missed(patient: Person) -> dict[str, object]:
    """Return the topics a patient missed, when each comes again for them, and groups with a place,
    the one first that lets most be seen; and how many can be.
    """
    caught = homes.catch_up_of(
        patient,
        now=now(),
    )
    lines: list[dict[str, object]] = []
    for missed in caught.topics:
        again = _when(missed.again) if missed.again is not None else ""
        places = [(group.key, _when(group)) for group in caught.offered(missed, MOST)]
        line = {"topic": missed.session.topic, "key": missed.session.key, "again": again}
        lines.append(line | {"when": _when(missed.session), "places": places})
    return {"lines": lines, "can_see": caught.can_see}


def _when(session: Session) -> str:
    return moment_words(
        session.starts_at,
        session.zone,
    )
