"""What one person was told under one UID, and which message follows from what is true now (RFC
5546). Pure.

What a person was *told* is what we wrote; what their calendar *shows* is what of it has left the
house: a letter that is overtaken while it waits was told and never shown. Messages lead on from
what is shown, so that several changes within minutes are one letter from the last that arrived to
what is true.

What was told about meetings that have begun stays told: the past is never cancelled. SEQUENCE rises
with every message after the first (RFC 5546 2.1.4 asks for it when dates change or are cancelled),
so that no two are ever confused.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from scheduler.invitations.model.content import Content, Meeting
from scheduler.sessions import at_the_edge

SOON = timedelta(hours=24)
"""How near a meeting is when whatever changes about it is told at once."""


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

    `content` is what it speaks of, `told` what the person knows afterwards (None: nothing), `dates`
    the original starts of the instances a CANCEL_DATES takes away, `whole` whether the meetings
    themselves are off, `was` what the calendar showed before a change.
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
    was: Content | None = None
    back: frozenset[str] = frozenset()
    """Sessions (ids) that were said to be off, and take place after all."""

    def fresh(self) -> tuple[Meeting, ...]:
        """Return the meetings that the calendar did not show, or not there."""
        known = set(self.was.meetings) if self.was else set()
        return tuple(meeting for meeting in self.after if meeting not in known)

    @property
    def may_ask(self) -> bool:
        """Whether an answer may be asked for: not where all that changed is that dates are gone."""
        if self.method is not Method.REQUEST or self.news is News.GONE:
            return False
        return bool(self.fresh()) or not self.before

    def can_wait(self, now: datetime) -> bool:
        """True if this may be told minutes later: nobody is taken out, nothing in it begins
        within a day.
        """
        taken_out = self.news is News.GONE and not self.whole
        return not taken_out and all(
            meeting.begins_at > now + SOON for meeting in (*self.before, *self.fresh())
        )


def follow(
    told: Content | None,
    wanted: Content | None,
    *,
    shown: Content | None,
    sequence: int | None,
    withdrawn: bool,
    now: datetime,
) -> Message | None:
    """Return the message after which a calendar that shows `shown` (None: nothing) shows `wanted`;
    None: nothing to say.

    `told` is our record and knows the past best; `wanted` holds meetings that have not begun;
    `sequence` is the last one used, None before the first; `withdrawn` says that what is missing
    goes on without this person.
    """
    number = 0 if sequence is None else sequence + 1
    begun = told.begun(now) if told else ()
    if wanted is None:
        if told and told.ahead(now):
            return _take_away(told, shown, number, withdrawn, now)
        return None
    content = replace(wanted, meetings=_merged(begun, wanted.meetings))
    if content == shown:
        return None
    if shown is None:
        return Message(
            Method.REQUEST,
            News.NEW,
            content,
            content,
            number,
            after=wanted.meetings,
        )
    lost, gained = _difference(shown.ahead(now), wanted.meetings)
    return Message(
        Method.REQUEST,
        News.CHANGED,
        content,
        content,
        number,
        before=lost,
        after=gained or wanted.meetings,
        was=shown,
    )


def must_split(told: Content, wanted: Content, shown: Content | None, now: datetime) -> bool:
    """True if a running series goes on in another way: what has begun keeps its name, the rest
    takes a new one.

    RFC 5545 3.8.4.4 has RANGE=THISANDFUTURE for it, which half of the calendar programs ignore;
    UNTIL and a new UID all of them read. What silence left in a calendar (`shown`, not told) keeps
    its name if it can, not to stand twice.
    """
    begun = told.begun(now)
    if not begun or not told.series or not wanted.series:
        return False
    if told.zone != wanted.zone:
        return True  # the past's wall times would be read in the new zone
    whole = replace(wanted, meetings=_merged(begun, wanted.meetings)).form()
    if whole is None:
        return True
    if shown is not None and shown.ahead(now) and not told.ahead(now):
        return False
    rest = wanted.form()
    most = len(wanted.meetings)
    return rest is not None and 2 * len(whole.moved) > most > 2 * len(rest.moved)


def stand_apart(told: Content | None, wanted: Content, now: datetime) -> tuple[str, ...]:
    """Return the ids of sessions ahead that a series could only say by an exception to its first
    instance.

    RFC 5545 allows it; old sabre/vobject shows such an instance twice or not at all. Under a name
    of their own every program shows them right, and the series begins later.
    """
    if not wanted.series:
        return ()
    begun = told.begun(now) if told else ()
    whole = _merged(begun, wanted.meetings)
    times = [(meeting.start, meeting.minutes) for meeting in whole]
    edge = set(at_the_edge(times, wanted.zone))
    apart = []
    for meeting in wanted.meetings:
        if meeting.start in edge:
            apart.append(meeting.session_id)
    return tuple(apart)


def _merged(begun: tuple[Meeting, ...], ahead: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
    """Put what was told of the past before what is wanted; a meeting moved out of the past is one
    meeting.
    """
    again = {meeting.session_id for meeting in ahead}
    return tuple(
        sorted((*(meeting for meeting in begun if meeting.session_id not in again), *ahead))
    )


def _take_away(
    told: Content, shown: Content | None, number: int, withdrawn: bool, now: datetime
) -> Message | None:
    """Take away what lies ahead in a calendar, and of the past nothing (RFC 5546 3.2.5)."""
    base, begun = shown or told, told.begun(now)
    known = base.ahead(now)
    if not known:
        return None
    left = replace(told, meetings=begun) if begun else None
    words: dict[str, Any] = {"whole": not withdrawn, "before": known}
    if left is None and not base.begun(now):
        return Message(
            Method.CANCEL,
            News.GONE,
            base,
            None,
            number,
            **words,
        )
    if left is not None and not withdrawn:
        return Message(
            Method.REQUEST,
            News.GONE,
            left,
            left,
            number,
            before=known,
        )
    return Message(
        Method.CANCEL_DATES, News.GONE, base, left, number, dates=_originals(base, known), **words
    )


def _originals(told: Content, meetings: tuple[Meeting, ...]) -> tuple[datetime, ...]:
    """Return the names of meetings within their series: the starts that the rule gave them,
    wherever they are now.
    """
    form = told.form()
    original = {}
    if form is not None:
        for instance in form.moved:
            original[instance.start] = instance.original
    names = [original.get(meeting.start, meeting.start) for meeting in meetings]
    return tuple(sorted(names))


def _difference(
    known: tuple[Meeting, ...], ahead: tuple[Meeting, ...]
) -> tuple[tuple[Meeting, ...], tuple[Meeting, ...]]:
    """Return the meetings that are no longer as told, and those that are new or elsewhere."""
    old, new = set(known), set(ahead)
    return tuple(sorted(old - new)), tuple(sorted(new - old))
