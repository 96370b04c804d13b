"""The planner's sentences for people: why an appointment has no time. Pure; people by their
keys.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from scheduler.people import Window
from scheduler.planning.explain.conflicts import conflicts_of, told
from scheduler.planning.explain.constraints import ANY_RELATIVE, Case, Left, Name
from scheduler.planning.problem.minute_sets import each, monday_in
from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Relative
from scheduler.planning.problem.time_phrases import (
    day_words,
    days_words,
    start_words,
    weeks_words,
    windows_words,
    zone_words,
)
from scheduler.planning.problem.wall_time import instant, local
from scheduler.programs import Rules, said_kind, state_name


def reason_sentence(case: Case, name: Name, others: Iterable[Name]) -> str:
    """Say what one condition forbids of the starts that the `others` leave."""
    if name == ANY_RELATIVE:
        return ", ".join(_family(case, relative) for relative in case.family)
    rule, who = name
    sentence = SENTENCES[rule]
    left = {}
    for week, starts in case.left(others).items():
        if starts:
            left[week] = starts
    return sentence(case, who, left)


def people_of(case: Case, name: Name) -> tuple[str, ...]:
    """Return the keys of those whom a condition is about."""
    if name == ANY_RELATIVE:
        return tuple(relative.key for relative in case.family)
    return (name[1] or case.demand.patient,)


def _days(case: Case) -> list[date]:
    """Return the days of its weeks."""
    found = []
    for week in case.weeks:
        monday = monday_in(week)
        found += [monday + timedelta(days=number) for number in range(7)]
    return found


def _zone_note(case: Case, zone: str) -> str:
    """Name a person's zone where it is not the cohort's."""
    if zone == case.problem.zone:
        return ""
    return f" ({zone_words(zone)})"


def _stay(case: Case, who: str, _left: Left) -> str:
    patient = case.demand.obligation.patient
    days = _days(case)
    begins, ends = days[0], days[-1]
    first = max(
        patient.first,
        case.problem.starts,
    )
    only = "only"
    if first > begins:
        only += f" from {day_words(first)}"
    if patient.last < ends:
        only += f" until {day_words(patient.last)}"
    said = []
    if only != "only":
        said.append(only)
    for left, back in patient.gaps:
        if left <= ends and back >= begins:
            away = day_words(left)
            until = day_words(back)
            said.append(f"not from {away} until {until}")
    words = " and ".join(said)
    return f"{who} is enrolled {words}"


def _past(case: Case, _who: str, _left: Left) -> str:
    now = case.problem.now
    assert now is not None
    today, _ = local(now, case.problem.zone)
    weeks = weeks_words(case.demand.obligation.weeks)
    return f"of {weeks} only what is left can be planned, after {day_words(today)}"


def _closed(case: Case, _who: str, _left: Left) -> str:
    closed = [day for day in _days(case) if day in case.problem.closed]
    said = f"the clinic is closed on {days_words(closed)}"
    notes = dict.fromkeys(case.problem.closed[day] for day in closed)
    notes.pop("", None)
    if not notes:
        return said
    return f"{said} ({', '.join(notes)})"


def _away(case: Case, who: str, _left: Left) -> str:
    clinician = case.problem.clinician_by_key[who]
    away = []
    for day in _days(case):
        if clinician.is_away(day):
            away.append(day)
    return f"{who} is away on {days_words(away)}"


def _licence(case: Case, who: str, _left: Left) -> str:
    state = case.demand.obligation.patient.state
    clinician = case.problem.clinician_by_key[who]
    held = [licence.until for licence in clinician.licences if licence.state == state]
    if not held:
        return f"{who} holds no {state_name(state)} licence"
    last = max(held)
    return f"{who}'s {state_name(state)} licence ends on {day_words(last)} {last.year}"


def _works(case: Case, who: str, _left: Left) -> str:
    clinician = case.problem.clinician_by_key[who]
    return f"{who} works {_only(case, clinician.hours, clinician.zone)}"


def _patient_free(case: Case, who: str, _left: Left) -> str:
    patient = case.demand.obligation.patient
    return f"{who} is free {_only(case, patient.free, patient.zone)}"


def _school(case: Case, who: str, _left: Left) -> str:
    patient = case.demand.obligation.patient
    school = case.problem.template.rules.school
    assert school is not None
    hours = windows_words(school.hours)
    return f"{who} is at school {hours}{_zone_note(case, patient.zone)}"


def _relative_free(case: Case, who: str, _left: Left) -> str:
    relative = case.problem.relative_by_key[who]
    if relative.free is None:
        return f"{who} is in other sessions"
    said = f"{who} is free {_only(case, relative.free, relative.zone)}"
    taken = case.board.conditions_of_standing.taken
    if any(taken(who, week) for week in case.weeks):
        said += " and in other sessions too"
    return said


def _only(case: Case, windows: tuple[Window, ...] | None, zone: str) -> str:
    if not windows:
        return "never"
    return f"only {windows_words(windows)}{_zone_note(case, zone)}"


def _consent(case: Case, who: str, _left: Left) -> str:
    relative = case.problem.relative_by_key[who]
    return f"the consent for {who} {_validity(case, relative)}"


def _validity(case: Case, relative: Relative) -> str:
    """Say how the consents for this kind begin and end within the weeks."""
    days = _days(case)
    zone = case.problem.zone
    begin = instant(days[0], 0, zone)
    end = instant(days[-1], 1440, zone)
    held = []
    for consent in relative.consents_for(case.demand.kind):
        if consent.valid_from < end and begin < consent.valid_until:
            held.append((consent.valid_from, consent.valid_until))
    if not held:
        return f"does not cover {weeks_words(case.demand.obligation.weeks)}"
    said = []
    for since, until in sorted(held):
        words = []
        if since > begin:
            first, _ = local(since, zone)
            words.append(f"begins on {day_words(first)}")
        if until < end:
            last, _ = local(until - timedelta(minutes=1), zone)
            words.append(f"ends on {day_words(last)}")
        said.append(" and ".join(words) or "holds")
    return ", another ".join(said)


def _family(case: Case, relative: Relative) -> str:
    """Say what keeps one of several relatives: their hours, and their consent where it covers only
    a part.
    """
    said = f"{relative.key} may come at any hour"
    if relative.free is not None:
        said = _relative_free(case, relative.key, {})
    validity = _validity(case, relative)
    if validity == "holds":
        return said
    return f"{said} (the consent {validity})"


def _twice(case: Case, who: str, left: Left) -> str:
    found = []
    for week, starts in left.items():
        found += conflicts_of(
            case,
            who,
            week,
            starts,
        )
    if not found:
        return f"{who} is taken by other sessions"
    return f"{who} is taken then by {told(found, case.problem.zone)}"


def _rooms(case: Case, _who: str, left: Left) -> str:
    count = len(case.board.problem.rooms)
    said = "the only room is" if count == 1 else f"all {count} rooms are"
    for week, starts in left.items():
        first = next(each(starts))
        return f"{said} taken then, as on {start_words(week, first, case.problem.zone)}"
    return f"{said} taken then"


def _rules(case: Case, week: int) -> Rules:
    """Return the rules of a week of the program."""
    return case.problem.template.rules_in(week)


def _day_hours(case: Case, who: str, _left: Left) -> str:
    first, _ = case.demand.obligation.weeks
    most = _rules(case, first).day_hours_max
    return f"{who} would have more than {most:g} hours in a day"


def _week_hours(case: Case, who: str, _left: Left) -> str:
    first, last = case.demand.obligation.weeks
    most = max(_rules(case, week).week_hours_max for week in range(first, last + 1))
    weeks = weeks_words((first, last))
    return f"{who} would have more than {most:g} hours in {weeks}"


def _once_a_day(case: Case, who: str, _left: Left) -> str:
    kinds = case.problem.template.rules.once_a_day
    names = " and ".join(said_kind(kind) for kind in kinds)
    return f"every other day of {who} already holds what comes once a day ({names})"


def _assessment(case: Case, who: str, _left: Left) -> str:
    week, end = case.board.gate[who]
    when = start_words(week, end, case.problem.zone)
    return f"the assessment of {who} has to come first and ends on {when}"


SENTENCES: Mapping[Rule, Callable[[Case, str, Left], str]] = {
    Rule.STAY: _stay,
    Rule.PAST: _past,
    Rule.CLOSED: _closed,
    Rule.CLINICIAN_AWAY: _away,
    Rule.LICENCE: _licence,
    Rule.CLINICIAN_HOURS: _works,
    Rule.PATIENT_FREE: _patient_free,
    Rule.SCHOOL_HOURS: _school,
    Rule.RELATIVE_FREE: _relative_free,
    Rule.CONSENT: _consent,
    Rule.PERSON_TWICE: _twice,
    Rule.ROOM_OWN: _rooms,
    Rule.DAY_HOURS_MAX: _day_hours,
    Rule.WEEK_HOURS_MAX: _week_hours,
    Rule.ASSESSMENT_FIRST: _assessment,
    Rule.ONCE_A_DAY: _once_a_day,
}
