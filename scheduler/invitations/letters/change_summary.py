"""What changed, in words: time, title, link and zone as they were and are, of one entry or
of many. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from scheduler.i18n import N_, catalog, neutral_title, zone
from scheduler.ical import safe_text
from scheduler.invitations.letters.message_body import (
    GONE,
    GONE_OPENING,
    Envelope,
    Reader,
    Section,
    rendered,
    subject_time,
    times,
    title_for,
)
from scheduler.invitations.letters.what_changed import (
    Changed,
    changed,
    is_all_back,
    is_all_lost,
    is_one_moved,
    span_of,
)
from scheduler.invitations.model.itip import Message, News

CHANGED = N_("Changed: {title} {first}")
BACK = N_("Takes place after all: {title} {first}")
BACK_OPENING = N_("This takes place after all. It is back on your calendar.")
FACTS = {
    "title": N_("Title"),
    "clock": N_("Time zone"),
    "place": N_("Address of your page"),
    "address": N_("Sender"),
}
"""What may be different about an entry besides its times."""


NOTHING_TO_DO = N_("You need not do anything.")


class Role(StrEnum):
    """What one letter is among those that one change sends to one person."""

    ALONE = "alone"
    LEAD = "lead"
    """It tells all that changed."""
    FOLLOWER = "follower"
    """It keeps one more entry right, beside the one that tells all."""
    SWEEP = "sweep"
    """It takes out of the calendar what the one that tells all has put elsewhere."""


TAKES_OUT = N_("Nothing to do: until now {title} {first}")
TAKES_OUT_OPENING = N_(
    "You need not do anything. This message only takes the old entry out of your calendar. What "
    "holds from now on is in the other message."
)
OPENINGS = {
    Role.ALONE: N_("{sender} has changed this."),
    Role.LEAD: N_(
        "{sender} has changed several things on your calendar. This message tells all of it; those "
        "that come with it only keep your calendar right."
    ),
    Role.SWEEP: TAKES_OUT_OPENING,
    Role.FOLLOWER: N_(
        "This belongs to the message with the same subject and only keeps your calendar right."
    ),
}
ONE_MOVED = N_(
    "{sender} has changed this. A second message only keeps your other dates right: with that one "
    "you need not do anything."
)
"""The opening of a letter that tells of one date, where another entry has to be put right, too."""
COMPANION = N_("Nothing to do: {title} {first}")
COMPANION_OPENING = N_(
    "You need not do anything. This message only keeps your calendar right; what has changed is in "
    "another one."
)
STAYS = N_("These dates stay as they are:")


def changes_between(
    messages: Sequence[Message],
    reader: Reader,
    *,
    sender: str,
    link: str | None,
    role: Role = Role.ALONE,
    asks: bool = True,
) -> Envelope:
    """Write that something told before is different: what it was, what it is.

    Without any meeting that is elsewhere, the letter lists all that stand. Where no answer is asked
    for (not `asks`), it says so.
    """
    _ = catalog(reader.language)
    # Without any: other words about the same times, or only another entry for them.
    parts = changed(messages) or [_all_that_stand(messages)]
    if all(message.news is News.GONE for message in messages):
        return _gone(parts, reader, sender, role)
    if role is Role.FOLLOWER and not any(message.fresh() for message in messages):
        return _companion(messages, reader, sender=sender, link=link)
    facts = []
    for name, was, now in _facts(messages):
        facts.append(_fact(name, was, now, reader))
    sections = list(sections_of(parts, reader))
    subject = named(_(_subject_form(parts)), parts[0], reader)
    opening = _(_opening_form(parts, role))
    if not asks:
        nothing = _(NOTHING_TO_DO)
        opening = f"{opening} {nothing}"
    return rendered(
        reader,
        subject,
        opening,
        sections,
        sender=sender,
        link=link,
        facts=facts,
        answer=asks,
    )


def _companion(
    messages: Sequence[Message], reader: Reader, *, sender: str, link: str | None
) -> Envelope:
    """Write what comes beside the letter that tells all, and asks for nothing: what stays."""
    _ = catalog(reader.language)
    part = _all_that_stand(messages)
    lines = times(part.now, part.zone, reader)
    return rendered(
        reader,
        named(_(COMPANION), part, reader),
        _(COMPANION_OPENING),
        [Section(_(STAYS), lines)],
        sender=sender,
        link=link,
    )


def _all_that_stand(messages: Sequence[Message]) -> Changed:
    """Return all meetings that stand after `messages`, as if each had moved to where it is."""
    standing = [message for message in messages if message.after]
    first = standing[0] if standing else messages[0]
    stands = []
    for message in standing:
        for meeting in message.after:
            stands.append(span_of(meeting))
    stands.sort()
    return Changed(first.content.title, first.content.zone, now=stands)


def _subject_form(parts: Sequence[Changed]) -> str:
    if is_all_back(parts):
        return BACK
    return GONE if is_all_lost(parts) else CHANGED


def _opening_form(parts: Sequence[Changed], role: Role) -> str:
    if role is Role.LEAD and is_one_moved(parts):
        return ONE_MOVED
    if role is Role.ALONE and is_all_back(parts):
        return BACK_OPENING
    return OPENINGS[role]


def _gone(parts: Sequence[Changed], reader: Reader, sender: str, role: Role) -> Envelope:
    """Write that several things are no longer on the calendar; never why, and without a link.

    Beside a letter that tells where they are now, it only says that old times leave.
    """
    _ = catalog(reader.language)
    moves = role is Role.SWEEP
    sections = []
    for part in parts:
        title = title_for(part.title, reader)
        lines = times(part.lost, part.zone, reader)
        sections.append(Section(title, lines, past=moves))
    form, opening = (TAKES_OUT, TAKES_OUT_OPENING) if moves else (GONE, GONE_OPENING)
    subject = named(_(form), parts[0], reader)
    return rendered(
        reader,
        subject,
        _(opening),
        sections,
        sender=sender,
        link=None,
    )


def named(subject: str, part: Changed, reader: Reader) -> str:
    """Return a subject line that names the title and the first time of a part."""
    begins_at, _minutes = part.first()
    first = subject_time(begins_at, part.zone, reader)
    title = title_for(part.title, reader)
    return subject.format(title=title, first=first)


def sections_of(parts: Sequence[Changed], reader: Reader) -> Iterator[Section]:
    """Return what changed under headings: how it was, how it is, what is gone and what is new."""
    _ = catalog(reader.language)
    titles = {part.title for part in parts}
    is_several = len(titles) > 1
    for part in parts:
        title = title_for(part.title, reader)
        now_heading = _("From now on") if part.was else title
        said = (
            (_("Until now"), part.was, True),
            (now_heading, part.now, False),
            (_("No longer on your calendar"), part.lost, True),
            (_("New"), part.added, False),
            (_("Back on your calendar"), part.back, False),
            (_("Somebody takes part no longer"), part.fewer, False),
        )
        for heading, spans, is_past in said:
            if not spans:
                continue
            shown = _heading(heading, title, is_several=is_several)
            lines = times(spans, part.zone, reader)
            yield Section(shown, lines, is_past)


def _heading(heading: str, title: str, *, is_several: bool) -> str:
    """Return a heading with the title it is about, where a letter speaks of several."""
    if heading == title:
        return title
    if is_several:
        return f"{heading} ({title}):"
    return f"{heading}:"


def _facts(messages: Iterable[Message]) -> list[tuple[str, str, str]]:
    """Return what else changed, as its name in FACTS, how it was and how it is, each once."""
    found: dict[tuple[str, str, str], None] = {}
    for message in messages:
        if message.was is None:
            continue
        was = message.was
        now = message.content
        facts = (
            ("title", was.title, now.title),
            ("clock", was.zone, now.zone),
            ("place", was.place, now.place),
            ("address", was.sender, now.sender),
        )
        for fact in facts:
            _, before, after = fact
            if before != after:
                found[fact] = None
    return list(found)


def _fact(name: str, was: str, now: str, reader: Reader) -> str:
    _ = catalog(reader.language)
    fact = _(FACTS[name])
    old = _said(name, was, reader)
    new = _said(name, now, reader)
    return f"{fact}: {old} → {new}"


def _said(name: str, value: str, reader: Reader) -> str:
    """Return the value of a fact as its reader knows it; a dash for none."""
    said = value
    if name == "clock":
        said = zone(value, reader.language)
    if name == "title":
        said = neutral_title(value, reader.language)
    return safe_text(said, limit=200) or "–"
