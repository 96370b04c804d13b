"""What one person was told under one UID, and which message follows from what is true now (RFC 5546). Pure.

What was told about meetings that have begun stays told: the past is never cancelled. SEQUENCE rises with every message
after the first (RFC 5546 2.1.4 asks for it when dates change or are cancelled), so that no two are ever confused.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from scheduler.ical import Entry, to_utc
from scheduler.sessions import RegularForm, calendar_entry, regular_form


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """One meeting as it was told: naive wall time of the content's zone, and the UTC instants."""

    start: datetime
    minutes: int
    begins_at: datetime
    session_id: str

    @property
    def ends_at(self) -> datetime:
        """The UTC instant it ends."""
        return self.begins_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Content:
    """All that one UID says: the title, the zone its wall times are of, and the meetings in order."""

    title: str
    zone: str
    series: bool
    meetings: tuple[Meeting, ...]

    def document(self) -> dict[str, Any]:
        """Give the JSON document that is kept as `told`."""
        rows = [[m.session_id, m.start.isoformat(), m.minutes, m.begins_at.isoformat()] for m in self.meetings]
        return {"title": self.title, "zone": self.zone, "series": self.series, "meetings": rows}

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> "Content":
        """Read what `document` wrote."""
        meetings = tuple(
            Meeting(datetime.fromisoformat(start), minutes, datetime.fromisoformat(begins), session)
            for session, start, minutes, begins in document["meetings"]
        )
        return cls(document["title"], document["zone"], document["series"], meetings)

    def instant(self, start: datetime) -> datetime:
        """Give the UTC instant of a wall-clock start of this content's zone."""
        return to_utc(start, self.zone)

    def form(self) -> RegularForm | None:
        """Give the rule of a series; None for a single meeting."""
        if not self.series:
            return None
        return regular_form([(one.start, one.minutes) for one in self.meetings], self.zone, kept=True)


class Method(StrEnum):
    """What a message does to the calendar it reaches."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    CANCEL_DATES = "CANCEL_DATES"


class News(StrEnum):
    """What the person reads in the letter."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Message:
    """The message that makes a calendar true again.

    `content` is what it speaks of, `told` what the person knows afterwards (None: nothing), `dates` the original
    starts of the instances a CANCEL_DATES takes away, `whole` whether the meetings themselves are off.
    """

    method: Method
    news: News
    content: Content
    told: Content | None
    sequence: int
    dates: tuple[datetime, ...] = ()
    whole: bool = True
    before: tuple[Meeting, ...] = ()
    after: tuple[Meeting, ...] = ()


def follow(
    told: Content | None,
    wanted: Content | None,
    *,
    sequence: int,
    withdrawn: bool,
    now: datetime,
    elsewhere: bool = False,
) -> Message | None:
    """Give the message that leads from `told` to `wanted`, None when there is nothing to say.

    `wanted` holds meetings that have not begun; `withdrawn` says that what is missing goes on without this person,
    `elsewhere` that their address is another than the one they were told at.
    """
    ahead = () if wanted is None else wanted.meetings
    if told is None:
        return None if wanted is None else Message(Method.REQUEST, News.NEW, wanted, wanted, sequence, after=ahead)
    begun = tuple(one for one in told.meetings if one.begins_at <= now)
    known = tuple(one for one in told.meetings if one.begins_at > now)
    if wanted is None:
        return _take_away(told, begun, known, sequence, withdrawn)
    content = replace(wanted, meetings=_merged(begun, ahead))
    if content.series and content.form() is None:
        content = wanted
    if content == told and not elsewhere:
        return None
    lost, gained = _difference(known, ahead)
    if content == told or not (lost or gained):
        return Message(Method.REQUEST, News.NEW, content, content, sequence + 1, after=ahead)
    return Message(Method.REQUEST, News.CHANGED, content, content, sequence + 1, before=lost, after=gained or ahead)


def entry_of(
    content: Content, *, uid: str, sequence: int, stamp: datetime, changed: datetime, description: str, link: str | None
) -> Entry:
    """Give the calendar entry that says `content`. Raises ValueError for a series that no rule says."""
    meetings = [(one.start, one.minutes) for one in content.meetings]
    return calendar_entry(
        meetings,
        zone=content.zone,
        series=content.series,
        uid=uid,
        sequence=sequence,
        stamp=stamp,
        changed=changed,
        title=content.title,
        description=description,
        link=link,
    )


def _merged(begun: tuple[Meeting, ...], ahead: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
    """Put what was told of the past before what is wanted; a meeting moved out of the past is one meeting."""
    again = {one.session_id for one in ahead}
    return tuple(sorted((*(one for one in begun if one.session_id not in again), *ahead)))


def _take_away(
    told: Content, begun: tuple[Meeting, ...], known: tuple[Meeting, ...], sequence: int, withdrawn: bool
) -> Message | None:
    if not known:
        return None
    whole = not withdrawn
    if not begun:
        gone = {"sequence": sequence + 1, "whole": whole, "before": known}
        return Message(Method.CANCEL, News.GONE, told, None, **gone)  # type: ignore[arg-type]
    left = replace(told, meetings=begun)
    if not withdrawn:
        return Message(Method.REQUEST, News.GONE, left, left, sequence + 1, before=known)
    names = _originals(told, known)
    words = {"dates": names, "whole": whole, "before": known}
    return Message(Method.CANCEL_DATES, News.GONE, told, left, sequence + 1, **words)  # type: ignore[arg-type]


def _originals(told: Content, meetings: tuple[Meeting, ...]) -> tuple[datetime, ...]:
    """Give the names of meetings within their series: the starts that the rule gave them, wherever they are now."""
    form = told.form()
    moved = {} if form is None else {each.start: each.original for each in form.moved}
    return tuple(sorted(moved.get(one.start, one.start) for one in meetings))


def _difference(
    known: tuple[Meeting, ...], ahead: tuple[Meeting, ...]
) -> tuple[tuple[Meeting, ...], tuple[Meeting, ...]]:
    """Give the meetings that are no longer as told, and those that are new or elsewhere."""
    old, new = set(known), set(ahead)
    return tuple(sorted(old - new)), tuple(sorted(new - old))
