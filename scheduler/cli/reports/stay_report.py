"""What is left of patients' stays, on a terminal and for programs: make-up offers, late and early
stays.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from scheduler.planning import (
    NO_TIME,
    MakeUp,
    Plan,
    Problem,
    StaySummary,
    cancelled_words,
    make_ups,
    missed_words,
    stay_summaries,
)


def make_up_lines(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say for each week that is short and still to come what would repair it: a line for each
    patient with an offer.
    """
    weeks: dict[int, list[MakeUp]] = defaultdict(list)
    for make_up in make_ups(problem, plan):
        weeks[make_up.had.week].append(make_up)
    for week, short in sorted(weeks.items()):
        yield from _week_lines(week, short)


def _week_lines(week: int, short: list[MakeUp]) -> Iterator[str]:
    """Say what repairs one week, and for whom nothing does."""
    reasons = [make_up.cancelled for make_up in short]
    for cancelled in dict.fromkeys(reasons):
        if cancelled:
            words = cancelled_words(cancelled)
            yield f"make-up: week {week}, cancelled by the program itself: {words}"
    without = []
    for make_up in short:
        if make_up.offers:
            yield f"make-up: {make_up.words}"
        else:
            had = make_up.had
            without.append(f"{had.patient} ({had.words})")
    if without:
        named = ", ".join(without)
        yield f"make-up: week {week}, {NO_TIME}: {named}"


def stay_lines(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say of each stay that is not the whole cohort when it ends and what it misses; of the whole
    ones, once.
    """
    found = stay_summaries(problem, plan)
    for stay in found:
        if not stay.is_whole:
            yield f"stay: {stay.words}"
    for stay in found:
        if stay.is_whole and stay.missed:
            missed = missed_words(stay.missed)
            yield f"stay: even whole stays do not see {missed}"
            return


def stays_document(problem: Problem, plan: Plan) -> dict[str, Any]:
    """Return the same as values that JSON can hold, every stay included."""
    return {
        "make_ups": [_make_up(make_up) for make_up in make_ups(problem, plan)],
        "stays": [_stay(stay) for stay in stay_summaries(problem, plan)],
    }


def _make_up(one: MakeUp) -> dict[str, Any]:
    return {
        "patient": one.had.patient,
        "week": one.had.week,
        "hours": round(one.had.planned, 2),
        "least": one.had.least,
        "counted": one.had.counts.value,
        "cancelled": [
            {"slot": each.slot, "day": each.day.isoformat(), "reason": each.reason}
            for each in one.cancelled
        ],
        "offers": [
            {
                "kind": offer.kind.value,
                "clinician": offer.clinician,
                "start": offer.local_start,
                "minutes": offer.minutes,
            }
            for offer in one.offers
        ],
        "after": round(one.after, 2),
    }


def _stay(one: StaySummary) -> dict[str, Any]:
    return {
        "patient": one.patient,
        "from": one.first.isoformat(),
        "week": one.week,
        "ends": one.ends.isoformat() if one.ends else None,
        "missed": [
            {
                "slot": each.slot,
                "topic": each.title,
                "again": each.again.isoformat() if each.again else None,
            }
            for each in one.missed
        ],
    }
