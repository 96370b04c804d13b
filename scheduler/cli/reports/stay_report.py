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
    for one in make_ups(problem, plan):
        weeks[one.had.week].append(one)
    for week, those in sorted(weeks.items()):
        for cancelled in dict.fromkeys(one.cancelled for one in those if one.cancelled):
            yield (
                f"make-up: week {week}, cancelled by the program itself: "
                f"{cancelled_words(cancelled)}"
            )
        yield from (f"make-up: {one.words}" for one in those if one.offers)
        without = [f"{one.had.patient} ({one.had.words})" for one in those if not one.offers]
        if without:
            yield f"make-up: week {week}, {NO_TIME}: {', '.join(without)}"


def stay_lines(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say of each stay that is not the whole cohort when it ends and what it misses; of the whole
    ones, once.
    """
    found = stay_summaries(problem, plan)
    yield from (f"stay: {one.words}" for one in found if not one.is_whole)
    whole = next((one for one in found if one.is_whole and one.missed), None)
    if whole:
        yield f"stay: even whole stays do not see {missed_words(whole.missed)}"


def stays_document(problem: Problem, plan: Plan) -> dict[str, Any]:
    """Return the same as values that JSON can hold, every stay included."""
    return {
        "make_ups": [_make_up(one) for one in make_ups(problem, plan)],
        "stays": [_stay(one) for one in stay_summaries(problem, plan)],
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
