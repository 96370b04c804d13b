"""Advice, never a broken rule: breaks, evenings, days far apart, early families, topics, length.
Pure.

At most one sentence a rule for the whole cohort. What follows from the program's fixed slots alone
is not told again in every plan: only what an appointment adds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Patient, Problem, Relative
from scheduler.planning.problem.stays.within_stay import seated_within_stay
from scheduler.planning.problem.time_phrases import clock_words, short_day
from scheduler.planning.problem.wall_time import instant, is_covered
from scheduler.planning.rules.people_rules import when
from scheduler.programs import Kind

LONGEST, BREAK = 60, 10
"""Minutes at most without a break, and the minutes that make one."""
EVENING = 17 * 60
"""A session that begins so late is an evening."""
EVENINGS = 2
"""Evenings running at most."""
DAYS_APART = 4
"""Days without a session that nobody minds: a long weekend."""
WEEKS = 6, 12
"""The usual length of a program."""

Run = list[PlannedSession]
Seated = dict[str, Run]


def advice(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return what a coordinator may wish to know, one finding a rule."""
    sessions = sorted(sessions, key=in_order)
    seated: Seated = defaultdict(list)
    for session in sessions:
        for key in seated_within_stay(problem, session):
            seated[key].append(session)
    runs = f"more than {LONGEST} minutes without a break of {BREAK}, because of an appointment"
    yield from _told(
        Rule.BREAKS,
        _without_break(seated),
        runs,
    )
    evenings = f"more than {EVENINGS} evenings running, and an appointment could be by day"
    yield from _told(
        Rule.EVENINGS_RUNNING,
        _evenings(problem, seated),
        evenings,
    )
    yield from _far_apart(problem, seated)
    yield from _families_early(sessions)
    yield from _topic_order(problem, sessions)
    weeks = problem.template.weeks
    if not WEEKS[0] <= weeks <= WEEKS[1]:
        said = (
            f"the program has {weeks} weeks; usual are {WEEKS[0]} to {WEEKS[1]}: keep the "
            "reason on record"
        )
        yield Finding(
            Rule.LENGTH,
            said,
            hard=False,
            figure=weeks,
        )


def _told(rule: Rule, found: list[tuple[str, str]], what: str) -> Iterator[Finding]:
    """Say once what befalls patients, and how often, with the first time as an example."""
    if found:
        times = Counter(key for key, _ in found)
        who = _people(
            [
                f"{key} ({'once' if count == 1 else f'{count} times'})"
                for key, count in times.items()
            ]
        )
        said = f"{what}: {who}, as on {found[0][1]}"
        yield Finding(
            rule,
            said,
            hard=False,
            figure=len(found),
        )


def _without_break(seated: Seated) -> list[tuple[str, str]]:
    found = []
    for key, sessions in seated.items():
        for run in _without_gap(sessions):
            first = run[0]
            last = run[-1]
            if _is_added(run) and last.end - first.start > timedelta(minutes=LONGEST):
                end = clock_words(last.at + last.minutes)
                found.append((key, f"{when(first)} to {end}"))
    return found


def _without_gap(sessions: Run) -> list[Run]:
    """Return sessions in order as runs with no break that makes one."""
    runs: list[Run] = []
    for session in sessions:
        if runs and session.start - runs[-1][-1].end < timedelta(minutes=BREAK):
            runs[-1].append(session)
        else:
            runs.append([session])
    return runs


def _evenings(problem: Problem, seated: Seated) -> list[tuple[str, str]]:
    found = []
    for key, sessions in seated.items():
        by_day: dict[date, Run] = defaultdict(list)
        for session in sessions:
            if session.at >= EVENING:
                by_day[session.day].append(session)
        for run in _running(sorted(by_day)):
            if len(run) <= EVENINGS:
                continue
            evenings = [session for day in run for session in by_day[day]]
            if any(_could_be_earlier(problem, session) for session in evenings):
                found.append((key, f"{short_day(run[0])} to {short_day(run[-1])}"))
    return found


def _running(days: Iterable[date]) -> list[list[date]]:
    """Return days in order as runs without a day between."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _could_be_earlier(problem: Problem, session: PlannedSession) -> bool:
    """True if everybody of an appointment has time that day just before the evening begins."""
    if session.fixed:
        return False
    end = instant(
        session.day,
        EVENING,
        session.zone,
    )
    start = end - timedelta(minutes=session.minutes)
    for key in session.clinicians:
        clinician = problem.clinician_by_key[key]
        if not is_covered(
            clinician.hours,
            clinician.zone,
            start,
            end,
        ):
            return False
    people: list[Patient | Relative] = []
    people += [problem.patient_by_key[key] for key in session.seated]
    people += [problem.relative_by_key[key] for key in session.relatives]
    return all(
        is_covered(
            person.free,
            person.zone,
            start,
            end,
        )
        for person in people
    )


def _is_added(run: Run) -> bool:
    """True if it takes an appointment to make it."""
    return len(run) > 1 and not all(session.fixed for session in run)


def _far_apart(problem: Problem, seated: Seated) -> Iterator[Finding]:
    """The longest stretch without any session; a program's own rule on this says more."""
    if problem.template.rules.days_gap_max is not None:
        return
    gaps: dict[tuple[int, date], list[str]] = defaultdict(list)
    for key, sessions in seated.items():
        for before, after in pairwise(sessions):
            gap = (after.day - before.day).days - 1
            if gap > DAYS_APART:
                gaps[gap, before.day].append(key)
    if gaps:
        longest = max(gaps, key=lambda gap_and_day: (gap_and_day[0], -gap_and_day[1].toordinal()))
        said = (
            f"{longest[0]} days without a session after {short_day(longest[1])}: "
            f"{_people(gaps[longest])}"
        )
        yield Finding(
            Rule.DAYS_SPREAD,
            said,
            hard=False,
            figure=longest[0],
        )


def _families_early(sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    early = [
        session
        for session in sessions
        if session.kind is Kind.MULTI_FAMILY_GROUP and session.week == 1 and session.people
    ]
    if early:
        said = (
            f"{early[0].title} meets with other families in the first week already: "
            f"{when(early[0])}"
        )
        yield Finding(
            Rule.FAMILIES_EARLY,
            said,
            hard=False,
            session=early[0].key,
            week=1,
        )


def _topic_order(problem: Problem, sessions: Run) -> Iterator[Finding]:
    """Topics follow meeting by meeting and start again after the last; the first that does not is
    told.
    """
    for slot in problem.template.slots:
        meetings = [
            session
            for session in sessions
            if session.fixed and session.source == slot.key and session.topic in slot.topics
        ]
        for before, after in pairwise(meetings):
            due = {
                following
                for topic, following in zip(
                    slot.topics, (*slot.topics[1:], slot.topics[0]), strict=True
                )
                if topic == before.topic
            }
            if after.topic not in due:
                said = f"{slot.title} has {after.topic} after {before.topic} on {when(after)}"
                said += f", where {' or '.join(sorted(due))} is next"
                yield Finding(
                    Rule.TOPIC_ORDER, said, hard=False, session=after.key, week=after.week
                )
                return


def _people(keys: list[str]) -> str:
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    return ", ".join(keys[:3]) + more
