"""What a tried program is told as: the count, the worst week and why."""

from collections.abc import Iterator

from scheduler.planning import Verdict


def check_lines(verdict: Verdict, families: int) -> Iterator[str]:
    """Return the lines of one program."""
    span = f"from {verdict.first.isoformat()} to {verdict.last.isoformat()}"
    yield (
        f"{verdict.program}: hours, days and gaps hold in {verdict.hold} of {verdict.starts} "
        f"cohort starts {span}, for {families} made-up families"
    )
    worst = verdict.worst
    if worst is not None:
        where = f"week {worst.week} of the cohort that starts on {worst.starts.isoformat()}"
        yield f"  worst: {where}: {worst.said}"
        yield f"  why: {worst.why}"
