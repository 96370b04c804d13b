"""What was cancelled or moved, in words that stay until its day is over."""

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.i18n import catalog
from scheduler.planning import Standing
from scheduler.sessions import can_be_put_back
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import when_words
from scheduler.web.desk.truth.session_wish import BACK
from scheduler.web.parts.time_words import clock_words, day_words, title_words


@dataclass(frozen=True, slots=True)
class ByHand:
    """A change made by hand that is laid over a proposal: the session's key, and words."""

    key: str
    words: str
    to: str = ""
    """The start (wall time, ISO) that a cancelled one is put back to; empty: where it was."""

    @property
    def way_back(self) -> dict[str, str]:
        """What is asked of its page to put it back."""
        if not self.to:
            return {"deed": BACK}
        day, at = self.to.split("T")
        return {"deed": BACK, "day": day, "at": at}


def moved_words(row: Session, *, today: date) -> str:
    """Return "moved from 7:00 PM", with the day where that was another one; nothing of a session
    that was not moved, or whose day is over.
    """
    if row.moved_from is None or row.status is not Status.SCHEDULED:
        return ""
    now_at = datetime.fromisoformat(row.starts_local)
    was_at = datetime.fromisoformat(row.moved_from)
    if now_at.date() < today:
        return ""
    _ = catalog(reader_language())
    if now_at == was_at:
        return _("was {minutes} minutes").format(minutes=row.minutes_before)
    if now_at.date() == was_at.date():
        return _("moved from {time}").format(time=clock_words(was_at))
    said = _("moved from {day}, {time}")
    return said.format(day=day_words(was_at.date()), time=clock_words(was_at))


def by_hand(standing: Standing, rows: list[Session], *, today: date) -> tuple[ByHand, ...]:
    """Return what people decided about these sessions and stays so in what is proposed."""
    _ = catalog(reader_language())
    problem = standing.problem
    found = []
    for row in rows:
        if row.starts_local < today.isoformat():
            continue
        if row.key in problem.called_off:
            change = _("cancelled")
        elif row.key in problem.kept:
            change = moved_words(row, today=today)
        else:
            continue
        title = title_words(row.kind, row.title, row.topic, reader_language())
        words = _("{title}, {when}: {change}")
        said = words.format(title=title, when=when_words(row), change=change)
        found.append(ByHand(row.key, said))
    return tuple(found)


def can_be_undone(rows: list[Session], *, today: date, now: datetime) -> tuple[ByHand, ...]:
    """Return which of these sessions were moved or cancelled by hand and can still be put back."""
    _ = catalog(reader_language())
    found = []
    for row in rows:
        if not can_be_put_back(row, now=now):
            continue
        change = moved_words(row, today=today)
        to = ""
        if row.status is Status.CANCELLED:
            change = _("cancelled")
            to = row.starts_local
        title = title_words(row.kind, row.title, row.topic, reader_language())
        words = _("{title}, {when}: {change}")
        said = words.format(title=title, when=when_words(row), change=change)
        found.append(ByHand(row.key, said, to))
    return tuple(found)
