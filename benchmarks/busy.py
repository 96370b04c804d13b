"""What reading a clinician's calendar of 10 MB costs in the child process that reads it, beside
`recurring-ical-events` alone on the same octets in the same run.

    python benchmarks/busy.py [--past 57500] [--rounds 3]

The calendar has entries back to 1997, rules that began in 1990 and go on, entries of the year
ahead, and a zone that the file defines. Ours is read under the limits of the product (2 s of
processor time, 256 MB of address space); the library alone has none. The cheapest of the rounds
counts. Ends with 1 when ours takes more than its limits allow.
"""

import argparse
import multiprocessing
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import recurring_ical_events  # noqa: E402
from icalendar import Calendar  # noqa: E402

from scheduler.ical import read_busy  # noqa: E402
from scheduler.kernel.untrusted.sandbox import MEMORY, SECONDS, apart  # noqa: E402

FIRST = datetime(2027, 2, 22, tzinfo=UTC)
LAST = FIRST + timedelta(days=407)
ZONE = "America/New_York"
RULES = (
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;BYDAY=MO,WE",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=YEARLY",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
)
VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Our Office
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


@dataclass(frozen=True)
class Cost:
    """What one reading took: seconds of processor time, MB more than before at the most, and what
    it found.
    """

    seconds: float
    megabytes: float
    found: int


def made(past: int) -> bytes:
    """Return the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *VTIMEZONE.split("\n")]
    for number in range(past):
        lines += entry(f"p{number}", datetime(1997, 1, 3, 9) + number * timedelta(hours=5))
    for number in range(200):
        start = datetime(1990, 1, 1 + number % 28, 8 + number % 9)
        lines += entry(f"r{number}", start, f"RRULE:{RULES[number % len(RULES)]}")
    for number in range(1500):
        lines += entry(f"f{number}", datetime(2027, 3, 1, 8) + number * timedelta(hours=6))
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def entry(uid: str, start: datetime, *more: str) -> Iterator[str]:
    """Return the lines of one entry of half an hour."""
    end = start + timedelta(minutes=30)
    yield from ("BEGIN:VEVENT", f"UID:{uid}@x", "DTSTAMP:20270101T000000Z")
    yield f"SUMMARY:Meeting {uid}"
    yield f"DTSTART;TZID=Our Office:{start:%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID=Our Office:{end:%Y%m%dT%H%M%S}"
    yield from (*more, "END:VEVENT")


def ours(data: bytes) -> int:
    """Read it as the product does; return how many stretches."""
    found = read_busy(data, zone=ZONE, first=FIRST, last=LAST, ours="x.example")
    return len(found.stretches)


def alone(data: bytes) -> int:
    """Read it by the library alone; return how many instances."""
    calendar = Calendar.from_ical(data.replace(b"TZID=Our Office", b"TZID=America/New_York"))
    series = recurring_ical_events.of(calendar).series
    return sum(len(list(one.between(FIRST, LAST))) for one in series)


def spent(deed: Callable[[bytes], int], data: bytes) -> Cost:
    """Return what a deed takes in this process."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = deed(data)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, (after.ru_maxrss - before.ru_maxrss) / 1024, found)


def in_the_product(data: bytes) -> Cost:
    """Be what the product's child does."""
    return spent(ours, data)


def by_the_library(data: bytes, answer: Connection) -> None:
    """Be a child without limits."""
    answer.send(spent(alone, data))


def without_limits(data: bytes) -> Cost:
    """Return what the library alone takes in a process of its own."""
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(target=by_the_library, args=(data, there))
    child.start()
    there.close()
    cost: Cost = here.recv()
    child.join()
    return cost


def main() -> int:
    """Measure and print; return 0 within the limits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--past", type=int, default=57_500)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    data = made(chosen.past)
    print(f"{len(data) / 1e6:.1f} MB, {chosen.past} entries in the past, 200 rules since 1990")
    costs = [apart(in_the_product, data, Cost) for _ in range(chosen.rounds)]
    best = min(costs, key=lambda cost: cost.seconds)
    beside = without_limits(data)
    most = MEMORY / 1024**2
    print(
        f"ours                        {best.seconds:6.2f} s  {best.megabytes:6.0f} MB  {best.found}"
    )
    print(f"recurring-ical-events alone {beside.seconds:6.2f} s  {beside.megabytes:6.0f} MB")
    print(f"limits                      {SECONDS:6.2f} s  {most:6.0f} MB")
    return int(best.seconds > SECONDS or best.megabytes > most)


if __name__ == "__main__":
    sys.exit(main())
