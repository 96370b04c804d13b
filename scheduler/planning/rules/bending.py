"""Which rules a person may bend, and how a finding is known again. Pure.

A coordinator who has asked everybody may put a session outside somebody's hours, close to another
or above a limit, with a reason. Nobody bends a consent, a licence, a closed day, or a body.
"""

from collections.abc import Mapping
from enum import StrEnum

from scheduler.planning.problem.plan import Finding, Rule


class Bend(StrEnum):
    """Whether a person who changes a session by hand may bend a rule."""

    NEVER = "never"
    WITH_A_REASON = "with a reason"
    FREELY = "freely"
    """The program's wish for its own timetable."""
    TOLD = "told only"
    """It is in nobody's way."""


BENDING: Mapping[Rule, Bend] = {
    Rule.PERSON_TWICE: Bend.NEVER,
    Rule.ROOM_TWICE: Bend.NEVER,
    Rule.ROOM_OWN: Bend.NEVER,
    Rule.ROOMS_APART: Bend.TOLD,
    Rule.BUFFER: Bend.WITH_A_REASON,
    Rule.CLINICIAN_HOURS: Bend.WITH_A_REASON,
    Rule.CLINICIAN_AWAY: Bend.WITH_A_REASON,
    Rule.CLINICIAN_OWN: Bend.NEVER,
    Rule.LICENCE: Bend.NEVER,
    Rule.SUBSTITUTE: Bend.TOLD,
    Rule.PATIENT_FREE: Bend.WITH_A_REASON,
    Rule.SCHOOL_HOURS: Bend.WITH_A_REASON,
    Rule.RELATIVE_FREE: Bend.WITH_A_REASON,
    Rule.RELATIVE_READY: Bend.NEVER,
    Rule.CONSENT: Bend.NEVER,
    Rule.CONSENT_LAPSES: Bend.TOLD,
    Rule.FAMILY_NEEDED: Bend.NEVER,
    Rule.STAY: Bend.NEVER,
    Rule.PAST: Bend.NEVER,
    Rule.CLOSED: Bend.NEVER,
    Rule.WALL_TIME: Bend.NEVER,
    Rule.START_GRID: Bend.FREELY,
    Rule.ASSESSMENT_FIRST: Bend.NEVER,
    Rule.GROUP_CAP: Bend.WITH_A_REASON,
    Rule.GROUP_SEAT: Bend.NEVER,
    Rule.CADENCE: Bend.FREELY,
    Rule.FIXED_SLOT: Bend.FREELY,
    Rule.ONCE_A_DAY: Bend.NEVER,
    Rule.DAY_HOURS_MAX: Bend.WITH_A_REASON,
    Rule.WEEK_HOURS_MAX: Bend.WITH_A_REASON,
    Rule.WEEK_HOURS_MIN: Bend.TOLD,
    Rule.WEEK_DAYS_MIN: Bend.TOLD,
    Rule.DAYS_GAP_MAX: Bend.TOLD,
    Rule.AUTHORISATION: Bend.TOLD,
    Rule.BREAKS: Bend.TOLD,
    Rule.EVENINGS_RUNNING: Bend.TOLD,
    Rule.DAYS_SPREAD: Bend.TOLD,
    Rule.FAMILIES_EARLY: Bend.TOLD,
    Rule.TOPIC_ORDER: Bend.TOLD,
    Rule.LENGTH: Bend.FREELY,
}
"""Every rule, and whether a person may bend it (docs/rules.md says the same)."""


def may_be_bent(rule: Rule) -> bool:
    """True if a person may bend a rule by giving a reason; a rule nobody named may not."""
    return BENDING.get(rule) is Bend.WITH_A_REASON


def about(finding: Finding) -> tuple[object, ...]:
    """Name a finding by what it is about: its sentence says a time, and that is what was
    changed.
    """
    if finding.session is not None:
        return finding.rule, finding.session, finding.patient, finding.figure
    return (
        finding.rule,
        finding.patient,
        finding.week,
        finding.figure,
    )


def about_words(finding: Finding) -> str:
    """Return the same as text, to be kept."""
    parts = ["" if part is None else str(part) for part in about(finding)]
    return " ".join(parts)
