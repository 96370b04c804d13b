"""The planner's sentences for people: why an appointment has no time. Pure; people by their
keys.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from scheduler.people import Window
from scheduler.planning.explain.conflicts import conflicts_of, told
from scheduler.planning.explain.constraints import ANY_RELATIVE, Case, Name
from scheduler.planning.problem.minute_sets import monday_in
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
from scheduler.programs import state_name


def reason_sentence(case: Case, name: Name, others: Iterable[Name]) -> str:
    """Say what one condition forbids of the starts that the `others` leave."""
    if name == ANY_RELATIVE:
        return ", ".join(_family(case, one) for one in case.family)
    return SENTENCES[name[0]](
        case, name[1], {week: starts for week, starts in case.left(others).items() if starts}
    )


def people_of(case: Case, name: Name) -> tuple[str, ...]:
    """Return the keys of those whom a condition is about."""
    if name == ANY_RELATIVE:
        return tuple(one.key for one in case.family)
    return (name[1] or case.demand.patient,)


Left = Mapping[int, int]


def _days(case: Case) -> list[date]:
    """The days of its weeks."""
    return [monday_in(week) + timedelta(days=number) for week in case.weeks for number in range(7)]


def _stay(case: Case, who: str, _left: Left) -> str:
    patient, days = case.demand.obligation.patient, _days(case)
    first = max(patient.first, case.problem.starts)
    since = f" from {day_words(first)}" if first > days[0] else ""
    until = f" until {day_words(patient.last)}" if patient.last < days[-1] else ""
    return f"{who} is enrolled only{since}{until}"


def _past(case: Case, _who: str, _left: Left) -> str:
    now = case.problem.now
    assert now is not None
    return f"of {weeks_words(case.demand.obligation.weeks)} only what is left can be planned" + (
        f", after {day_words(local(now, case.problem.zone)[0])}"
    )


def _closed(case: Case, _who: str, _left: Left) -> str:
    closed = [day for day in _days(case) if day in case.problem.closed]
    notes = dict.fromkeys(case.problem.closed[day] for day in closed if case.problem.closed[day])
    return f"the clinic is closed on {days_words(closed)}" + (
        f" ({', '.join(notes)})" if notes else ""
    )


def _away(case: Case, who: str, _left: Left) -> str:
    clinician = case.problem.clinician_by_key[who]
    return f"{who} is away on {days_words([day for day in _days(case) if clinician.is_away(day)])}"


def _licence(case: Case, who: str, _left: Left) -> str:
    state = case.demand.obligation.patient.state
    held = [one.until for one in case.problem.clinician_by_key[who].licences if one.state == state]
    if held:
        last = max(held)
        return f"{who}'s {state_name(state)} licence ends on {day_words(last)} {last.year}"
    return f"{who} holds no {state_name(state)} licence"


def _works(case: Case, who: str, _left: Left) -> str:
    one = case.problem.clinician_by_key[who]
    return _only(case, who, one.hours, one.zone, "works")


def _patient_free(case: Case, who: str, _left: Left) -> str:
    one = case.demand.obligation.patient
    return _only(case, who, one.free, one.zone, "is free")


def _school(case: Case, who: str, _left: Left) -> str:
    patient, school = case.demand.obligation.patient, case.problem.template.rules.school
    assert school is not None
    there = f" ({zone_words(patient.zone)})" if patient.zone != case.problem.zone else ""
    return f"{who} is at school {windows_words(school.hours)}{there}"


def _relative_free(case: Case, who: str, _left: Left) -> str:
    one = case.problem.relative_by_key[who]
    taken = any(case.board.conditions_of_standing.taken(who, week) for week in case.weeks)
    if one.free is None:
        return f"{who} is in other sessions"
    return _only(case, who, one.free, one.zone, "is free") + (
        " and in other sessions too" if taken else ""
    )


def _only(case: Case, who: str, windows: tuple[Window, ...] | None, zone: str, does: str) -> str:
    if not windows:
        return f"{who} {does} never"
    there = f" ({zone_words(zone)})" if zone != case.problem.zone else ""
    return f"{who} {does} only {windows_words(windows)}{there}"


def _consent(case: Case, who: str, _left: Left) -> str:
    return f"the consent for {who} {_validity(case, case.problem.relative_by_key[who])}"


def _validity(case: Case, relative: Relative) -> str:
    """How the consents for this kind begin and end within the weeks."""
    days, zone = _days(case), case.problem.zone
    begin, end = instant(days[0], 0, zone), instant(days[-1], 1440, zone)
    held = [
        (one.valid_from, one.valid_until)
        for one in relative.consents
        if one.kind is case.demand.obligation.kind
        and relative.suits(one)
        and max(one.valid_from, begin) < min(one.valid_until, end)
    ]
    spans = []
    for since, until in sorted(held):
        words = [f"begins on {day_words(local(since, zone)[0])}"] if since > begin else []
        words += (
            [f"ends on {day_words(local(until - timedelta(minutes=1), zone)[0])}"]
            if until < end
            else []
        )
        spans.append(" and ".join(words) or "holds")
    return ", another ".join(spans) or f"does not cover {weeks_words(case.demand.obligation.weeks)}"


def _family(case: Case, relative: Relative) -> str:
    """What keeps one of several relatives: their hours, and their consent where it covers only a
    part.
    """
    said = (
        f"{relative.key} may come at any hour"
        if relative.free is None
        else _relative_free(case, relative.key, {})
    )
    validity = _validity(case, relative)
    return said if validity == "holds" else f"{said} (the consent {validity})"


def _twice(case: Case, who: str, left: Left) -> str:
    found = [one for week, starts in left.items() for one in conflicts_of(case, who, week, starts)]
    if not found:
        return f"{who} is taken by other sessions"
    return f"{who} is taken then by {told(found, case.problem.zone)}"


def _rooms(case: Case, _who: str, left: Left) -> str:
    count = len(case.board.problem.rooms)
    first = next(((week, starts & -starts) for week, starts in left.items()), None)
    when = (
        f", as on {start_words(first[0], first[1].bit_length() - 1, case.problem.zone)}"
        if first
        else ""
    )
    return f"{'the only room is' if count == 1 else f'all {count} rooms are'} taken then{when}"


def _day_hours(case: Case, who: str, _left: Left) -> str:
    return f"{who} would have more than {case.board.rules[who].day_hours_max:g} hours in a day"


def _week_hours(case: Case, who: str, _left: Left) -> str:
    most = case.board.rules[who].week_hours_max
    return (
        f"{who} would have more than {most:g} hours in {weeks_words(case.demand.obligation.weeks)}"
    )


def _once_a_day(case: Case, who: str, _left: Left) -> str:
    kinds = " and ".join(kind.replace("_", " ") for kind in case.board.rules[who].once_a_day)
    return f"every other day of {who} already holds what comes once a day ({kinds})"


def _assessment(case: Case, who: str, _left: Left) -> str:
    week, end = case.board.gate[who]
    return (
        f"the assessment of {who} has to come first and ends on "
        f"{start_words(week, end, case.problem.zone)}"
    )


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
