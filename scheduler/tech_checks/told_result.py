"""Telling the clinic what a check found, because the person wants it to know."""

from datetime import datetime

from scheduler import audit, tasks
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.tech_checks.models import TechCheck
from scheduler.tech_checks.outcomes import PARTS, TechResult

KIND = "tech-check"
NAMES = {
    "browser": "the browser",
    "camera": "the camera",
    "microphone": "the microphone",
    "speakers": "the speakers",
    "connection": "the connection",
}


def tell_clinic(person: Person, result: TechResult, *, by: str, now: datetime) -> None:
    """Keep what a patient or relative tells, in the place of what they told before; what the
    clinician should act on becomes a task for them.
    """
    row = db.session.get(TechCheck, person.id)
    if row is None:
        row = TechCheck(person_id=person.id)
        db.session.add(row)
    for part in PARTS:
        setattr(row, part, result.of(part))
    row.will_phone = result.will_phone
    row.told_at = now
    db.session.flush()
    about = {"person": person.id, "will_phone": result.will_phone, "failing": result.failing}
    audit.append("tech_checks.told", f"person {person.key}", about, by=by, now=now)
    words = _words(result)
    if words is not None:
        key = f"{KIND}:{person.id}:{now.isoformat()}"
        tasks.raise_task(
            KIND, key, words, about_id=person.id, for_id=_clinician_of(person), now=now
        )


def _words(result: TechResult) -> str | None:
    """Return what the clinician should know; None when everything tried works."""
    said = []
    if result.will_phone:
        said.append("Will phone instead of coming by video.")
    if result.failing:
        failing = ", ".join(NAMES[part] for part in result.failing)
        said.append(f"Their own check found that this does not work: {failing}.")
    return " ".join(said) or None


def _clinician_of(person: Person) -> str | None:
    own = person
    if person.relative is not None:
        own = person.relative.patient
    if own.patient is None:
        return None
    return own.patient.clinician_id
