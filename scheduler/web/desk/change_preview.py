"""What a change of sessions does, for whoever is about to make it: before and after, what it
breaks, who is told; and what undoes it, kept in their browser.
"""

from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import flash, render_template, session

from scheduler.consents import audiences
from scheduler.i18n import catalog
from scheduler.invitations import Told, announce
from scheduler.kernel.database import db
from scheduler.people import names_by_key
from scheduler.planning import (
    NewFindings,
    PlannedSession,
    bend_rules,
    judge_trial,
    standing_sessions,
)
from scheduler.sessions import Snapshot, changed, snapshot
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.changes.places_offered import Place
from scheduler.web.parts.time_words import (
    day_words,
    hours_words,
    title_words,
    zone_words,
)

UNDO = "undo"
REPLY = "undo_reply"
MOST_UNDONE = 40
"""Sessions that one undo brings back; more would not fit into the browser's cookie."""


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a change did: each session before and after in words, what it breaks, and what is
    told.
    """

    lines: list[tuple[str, str]]
    news: NewFindings
    told: list[Told]
    undo: list[Snapshot]


def change_preview(
    concerned: Sequence[Session],
    change: Callable[[], list[Session]],
    *,
    by: str,
    now: datetime,
    patience: timedelta = timedelta(),
    reason: str | None = None,
) -> ChangePreview:
    """Do a change of sessions of one cohort, judge the cohort before and after, and write the
    letters that follow.

    With `patience` all letters but what presses wait that long for more changes. With a `reason`
    rules that a person may bend are bent. Raises what `change` raises, InputError for a reason
    without words.
    """
    old = snapshot(concerned)
    times_before = {session.key: when_words(session) for session in concerned}
    people = people_of(concerned, now)
    done, brought = judge_trial(concerned[0].cohort.key, change, now=now)
    if reason is not None and brought.may_be_bent:
        bend_rules(
            brought,
            done,
            reason=reason,
            by=by,
            now=now,
        )
    people |= people_of(done, now)
    told = _told(
        people,
        by=by,
        now=now,
        patience=patience,
    )
    return ChangePreview(
        lines=[(times_before[session.key], _outcome(session)) for session in done],
        news=brought,
        told=[news for news in told if news.letter_id],
        undo=changed(old, done),
    )


def _outcome(session: Session) -> str:
    if session.status is Status.CANCELLED:
        return catalog(reader_language()).gettext("cancelled")
    return when_words(session)


def looked_at(
    row: Session,
    done: ChangePreview,
    told: Sized,
    *,
    back: str,
    action: str,
    asked: dict[str, str],
    deed: str = "move",
    places: Sequence[Place] = (),
    may_bend: bool = False,
) -> tuple[str, int]:
    """Return the page that shows what a change of a session would do; what was `asked` goes on to
    `action`.

    Where a rule would be broken (409) it offers `places` that work and, to who `may_bend` rules,
    a field for the reason.
    """
    page = render_template(
        "desk/change_preview.html",
        row=row,
        done=done,
        told=told,
        names=names_by_key() | titles_by_key(standing_sessions([row.cohort_id])),
        consent=_consent(deed, len(done.lines), len(told)),
        back=back,
        action=action,
        asked=asked,
        places=places,
        may_bend=may_bend and done.news.may_be_bent,
        title=title_words(
            row.kind,
            row.title,
            row.topic,
            reader_language(),
        ),
        zone=zone_words(row.zone),
    )
    return page, 409 if done.news.broken else 200


def _consent(deed: str, sessions: int, readers: int) -> str:
    """Return what the button says: what will happen to how many, and how many people hear of it."""
    _ = catalog(reader_language())
    if deed == "back":
        what = _("Put this session back")
    elif deed == "lead":
        what = _.ngettext(
            "Let them lead this session", "Let them lead all {count} sessions", sessions
        )
    elif deed == "swap":
        what = _("Swap these two sessions")
    elif deed == "cancel":
        what = _.ngettext("Cancel this session", "Cancel all {count} sessions", sessions)
    else:
        what = _.ngettext("Change this session", "Change all {count} sessions", sessions)
    what = what.format(count=sessions)
    if not readers:
        return _("{deed}; nobody gets a letter").format(deed=what)
    said = _.ngettext("{deed} and tell {count} person", "{deed} and tell {count} people", readers)
    return said.format(deed=what, count=readers)


def remember(done: ChangePreview, *, reply: str | None = None) -> None:
    """Keep what undoes it in this browser, if it is not too much; with the `reply` (id) whose
    proposal was taken up.
    """
    session[REPLY] = reply
    fits = len(done.undo) <= MOST_UNDONE
    session[UNDO] = [list(asdict(snapshot).values()) for snapshot in done.undo] if fits else []


def remembered() -> list[Snapshot]:
    """Return what this browser changed last, to put it back."""
    return [Snapshot(*values) for values in session.get(UNDO, [])]


def remembered_reply() -> str | None:
    """Return the id of the mailed proposal that this browser took up with its last change."""
    kept: str | None = session.get(REPLY)
    return kept


def forget() -> None:
    """Let go of what was kept: it is put back."""
    session.pop(UNDO)
    session.pop(REPLY, None)


def tell(deed: str, many: int, told: Sequence[Told]) -> None:
    """Tell on the next page what was done to how many sessions, and how many letters follow."""
    _ = catalog(reader_language())
    said = _.ngettext("{deed}: {count} session.", "{deed}: {count} sessions.", many)
    flash(f"{said.format(deed=deed, count=many)} {_letters(told)}")


def people_of(rows: Sequence[Session], moment: datetime) -> set[str]:
    """Return everybody (ids) who may know of one of these sessions."""
    people: set[str] = set()
    for recipients in audiences(rows, now=moment).values():
        people.update(recipient.person.id for recipient in recipients)
    return people


def titles_by_key(sessions: Iterable[Session | PlannedSession]) -> dict[str, str]:
    """Return what each session is called, by its key."""
    language = reader_language()
    titles = {}
    for meeting in sessions:
        titles[meeting.key] = title_words(meeting.kind, meeting.title, meeting.topic, language)
    return titles


def when_words(row: Session) -> str:
    """Return day and hours of a session in its own zone."""
    day = datetime.fromisoformat(row.starts_local).date()
    return f"{day_words(day)}, {hours_words(row.starts_at, row.ends_at, row.zone)}"


def _told(people: set[str], *, by: str, now: datetime, patience: timedelta) -> list[Told]:
    """Return what `people` are told of it; with `patience` all but what presses waits that long for
    more changes.
    """
    if not patience:
        return announce(
            by=by,
            now=now,
            people=people,
        )
    look = db.session.begin_nested()
    told = announce(
        by=by,
        now=now,
        people=people,
    )
    look.rollback()
    announce(
        by=by,
        now=now,
        people=people,
        patience=patience,
    )
    return told


def _letters(told: Sequence[Told]) -> str:
    _ = catalog(reader_language())
    if not told:
        return _("No letter follows.")
    readers = len({news.person_id for news in told})
    letters = _.ngettext("{count} letter", "{count} letters", len(told)).format(count=len(told))
    said = _.ngettext(
        "{letters} to {count} person on the way.",
        "{letters} to {count} people on the way.",
        readers,
    )
    return said.format(letters=letters, count=readers)
