"""How often somebody came, was excused, or missed, by a program's rule of attendance. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.attendance.models import AttendanceState
from scheduler.programs import AttendanceRule


@dataclass(frozen=True, slots=True)
class WordSaid:
    """What is said of one person at one session that stands, and when an excuse was given."""

    state: AttendanceState
    starts_at: datetime
    said_at: datetime


@dataclass(frozen=True, slots=True)
class AttendanceCounts:
    """Sessions somebody came to (late ones too), was excused from, and missed."""

    came: int = 0
    excused: int = 0
    missed: int = 0


def is_missed(word: WordSaid, rule: AttendanceRule | None) -> bool:
    """True if a session counts as missed: nobody came, or the excuse was given later than the rule
    asks.
    """
    if word.state is AttendanceState.NO_SHOW:
        return True
    if word.state is not AttendanceState.EXCUSED or rule is None:
        return False
    hours = rule.excused_hours_before
    if hours is None:
        return False
    return word.said_at > word.starts_at - timedelta(hours=hours)


def count_words(words: Iterable[WordSaid], rule: AttendanceRule | None) -> AttendanceCounts:
    """Count words, each of another session. What the program itself cancelled is not among them."""
    came = 0
    excused = 0
    missed = 0
    for word in words:
        if is_missed(word, rule):
            missed += 1
        elif word.state is AttendanceState.EXCUSED:
            excused += 1
        else:
            came += 1
    return AttendanceCounts(came, excused, missed)


def is_at_limit(counts: AttendanceCounts, rule: AttendanceRule | None) -> bool:
    """True if as many sessions were missed as the rule lets be."""
    if rule is None or rule.missed_max is None:
        return False
    return counts.missed >= rule.missed_max
