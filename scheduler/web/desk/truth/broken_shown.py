"""What of a published cohort no longer holds, in the words of the desk: rule, session, people, and
the page of the deed that mends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from scheduler.i18n import N_, catalog
from scheduler.people import names_by_key
from scheduler.planning import (
    Broken,
    Deed,
    PlanToMend,
    Rule,
    cohort_by_key,
    every_session,
    plans_to_mend,
)
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import titles_by_key
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.time_words import named

MENDED_BY = {
    Deed.PLAN: N_("Plan again, then publish"),
    Deed.PUT_BACK: N_("Put it back"),
    Deed.MOVE: N_("Move or cancel it"),
    Deed.SUBSTITUTE: N_("Move or cancel it"),
    Deed.AUTHORISE: N_("Ask the payer, then load the clinic file with the days agreed to"),
}
RULES = {
    Rule.PERSON_TWICE: N_("Two places at once"),
    Rule.ROOM_TWICE: N_("A room taken twice"),
    Rule.ROOM_OWN: N_("No room"),
    Rule.BUFFER: N_("Too little time between"),
    Rule.CLINICIAN_HOURS: N_("Outside the clinician’s hours"),
    Rule.CLINICIAN_AWAY: N_("Clinician away"),
    Rule.CLINICIAN_OWN: N_("Another clinician"),
    Rule.LICENCE: N_("No licence"),
    Rule.PATIENT_FREE: N_("Patient not free"),
    Rule.RELATIVE_FREE: N_("Relative not free"),
    Rule.RELATIVE_READY: N_("Relative not ready"),
    Rule.CONSENT: N_("No consent"),
    Rule.FAMILY_NEEDED: N_("No relative"),
    Rule.STAY: N_("Outside the stay"),
    Rule.CLOSED: N_("Closed day"),
    Rule.CADENCE: N_("Due, without a session"),
    Rule.SUBSTITUTE: N_("Needs a substitute"),
    Rule.GROUP_SEAT: N_("No seat in a group"),
    Rule.GROUP_CAP: N_("Group too large"),
    Rule.FIXED_SLOT: N_("Not as the program has it"),
    Rule.SCHOOL_HOURS: N_("School hours"),
    Rule.ASSESSMENT_FIRST: N_("Before the assessment"),
    Rule.ONCE_A_DAY: N_("Twice on one day"),
    Rule.DAY_HOURS_MAX: N_("Too many hours a day"),
    Rule.WEEK_HOURS_MAX: N_("Too many hours a week"),
    Rule.WALL_TIME: N_("A clock change"),
}
OTHERWISE = N_("A rule is broken")


@dataclass(frozen=True, slots=True)
class BrokenShown:
    """One broken rule: its name, the sentence, the people, and what mends it where."""

    rule: str
    sentence: str
    people: str
    mend: str
    href: str
    colleague: str
    """The page on which a colleague is put in the leader's place; empty: that mends nothing."""
    is_planned_away: bool
    """True if it goes with the next plan that is published."""


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A cohort of which what is published no longer holds."""

    cohort: str
    broken: tuple[BrokenShown, ...]


def plans_shown(*, now: datetime) -> list[PlanShown]:
    """Return every published plan that does not hold at `now`, for people."""
    return shown_for_people(plans_to_mend(now=now))


def shown_for_people(found: Sequence[PlanToMend]) -> list[PlanShown]:
    """Return plans that do not hold, for people."""
    if not found:
        return []
    people = names_by_key()
    plans = []
    for plan in found:
        titles = titles_by_key(every_session(plan.cohort))
        shown = broken_shown(plan.cohort, plan.broken, people | titles)
        plans.append(PlanShown(plan.cohort, shown))
    return plans


def broken_shown(
    cohort_key: str, broken: Iterable[Broken], names: Mapping[str, str]
) -> tuple[BrokenShown, ...]:
    """Return each broken rule of a cohort for people; `names` are those of people and sessions by
    their keys.
    """
    rules = tuple(broken)
    if not rules:
        return ()
    _ = catalog(reader_language())
    kinds = _kinds(cohort_key)
    found = []
    for rule in rules:
        finding = rule.finding
        people = [names.get(key, key) for key in rule.people]
        shown = BrokenShown(
            rule=_(RULES.get(finding.rule, OTHERWISE)),
            sentence=_sentence(rule, names, kinds),
            people=", ".join(people),
            mend=_(MENDED_BY[rule.mend.deed]),
            href=_page_of(rule),
            colleague=_page_of_colleagues(rule),
            is_planned_away=rule.mend.deed is Deed.PLAN,
        )
        found.append(shown)
    return tuple(found)


def _kinds(cohort_key: str) -> dict[str, str]:
    """Return what each appointment of the cohort's program is called, by its key."""
    template = cohort_by_key(cohort_key).program.template
    language = reader_language()
    return {
        appointment.key: kind_in(language, appointment.kind)
        for appointment in template.appointments
    }


def _sentence(broken: Broken, names: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    finding = broken.finding
    appointment = _appointment(finding.session, kinds)
    has_none = finding.rule is Rule.CADENCE and finding.figure == 0
    if has_none and appointment is not None:
        _ = catalog(reader_language())
        said = _("{appointment} in week {week} has no session")
        return said.format(appointment=appointment, week=finding.week)
    said = named(finding.sentence, names)
    first = said[:1]
    return f"{first.upper()}{said[1:]}"


def _appointment(session: str | None, kinds: Mapping[str, str]) -> str | None:
    """Return what the appointment is called that a session (key) is of, None of a group."""
    if session is None:
        return None
    parts = session.split(".")
    return kinds.get(parts[1])


def _page_of_colleagues(broken: Broken) -> str:
    mend = broken.mend
    if not mend.by_colleague:
        return ""
    return url_for("other_leader.page", key=mend.session)


def _page_of(broken: Broken) -> str:
    """Return the address of the page where the deed is done."""
    mend = broken.mend
    if mend.deed is Deed.PLAN or mend.session is None:
        return url_for("cohorts.cohort", key=mend.cohort, _anchor="plan")
    return url_for("session_edit.page", key=mend.session)
