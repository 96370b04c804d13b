"""A patient who missed as many sessions as the program lets be: a task for people, never a deed."""

from datetime import datetime

from scheduler import tasks
from scheduler.attendance.attendance_counts import count_words, is_at_limit
from scheduler.attendance.queries import words_about
from scheduler.i18n import N_
from scheduler.people.models import Person, PersonKind
from scheduler.programs.models import Cohort
from scheduler.tasks import Matter

KIND = "missed"
WORDS = N_(
    "{name} missed {missed} sessions of {cohort} ({excused} more were excused); the program names "
    "{most}. Talk about what follows: nothing happens by itself."
)


def look_at_limit(patient: Person, cohort: Cohort, *, now: datetime) -> None:
    """Raise the task where the limit is reached, take it off the list where a correction undid
    that.
    """
    rule = cohort.program.template.rules.attendance
    if patient.kind is not PersonKind.PATIENT or rule is None or rule.missed_max is None:
        return
    counts = count_words(words_about(patient.id, cohort.id), rule)
    matters = []
    if is_at_limit(counts, rule):
        words = WORDS.format(
            name=patient.name,
            missed=counts.missed,
            cohort=cohort.key,
            excused=counts.excused,
            most=rule.missed_max,
        )
        key = f"{KIND}:{patient.id}:{cohort.id}:{counts.missed}"
        matters.append(Matter(key, words, patient.id, leads_to=f"patient:{patient.key}"))
    tasks.sync_tasks(KIND, matters, about=[patient.id], by="attendance", now=now)
