"""Nothing leaves that was not shown: a deed is done, its letters are read, and it is undone, until
somebody has seen them and says yes.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import render_template, request

from scheduler import feeds
from scheduler.i18n import catalog
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.outbox import letters_by_id, letters_waiting
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.letters_shown import Leaf, by_reader, leaves_of_letters
from scheduler.web.parts.page import Page, previewed

SHOWN = "shown"
"""The field in which a preview says which letters were seen."""
LARGE = 10_000
"""Signs of what was asked from which on they go as a form with files does."""
NOT_ASKED = {"csrf_token", "opened", SHOWN, "change"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a deed lets leave, and what it keeps in for good; `is_done` once it is kept."""

    leaves: list[Leaf]
    stopped: list[Leaf]
    is_done: bool = False
    is_other: bool = False
    """Whether something else was shown before."""

    @property
    def is_silent(self) -> bool:
        """True if it was only looked at, nothing leaves by it, and nothing is kept in."""
        if self.is_done:
            return False
        return not self.leaves and not self.stopped

    @property
    def token(self) -> str:
        """Return what tells these letters from others."""
        known = hashlib.sha256()
        for leaf in self.leaves:
            said = (
                leaf.person,
                leaf.address,
                leaf.kind,
                leaf.subject,
                leaf.words,
            )
            for word in said:
                size = len(word)
                known.update(f"{size}:{word}".encode())
        return known.hexdigest()[:32]

    @property
    def readers(self) -> dict[tuple[str, str], list[Leaf]]:
        """Return the letters by their readers."""
        return by_reader(self.leaves)


def look_ahead(
    deed: Callable[[], object], people: Collection[str], *, by: str, now: datetime
) -> Ahead:
    """Do a deed and let the letters to `people` (ids) follow; return them and what will never
    leave. Whoever calls it keeps or undoes it.
    """
    waited = {}
    for letter in letters_waiting(people):
        (waited[letter.id],) = leaves_of_letters([letter])
    deed()
    told = announce(by=by, now=now, people=people)
    waiting = {letter.id for letter in letters_waiting(people)}
    new = waiting - waited.keys()
    for news in told:
        if news.letter_id:
            new.add(news.letter_id)
    stopped = []
    for letter_id, leaf in waited.items():
        if letter_id not in waiting:
            stopped.append(leaf)
    letters = letters_by_id(new)
    leaves = leaves_of_letters(letters.values())
    return Ahead(leaves, stopped)


def act_on_sight(
    deed: Callable[[], object], people: Collection[str], *, by: str, now: datetime
) -> Ahead:
    """Do a deed whose letters were shown and keep it; where none or others were, only look.

    Raises what `deed` raises, with nothing kept.
    """
    shown = request.form.get(SHOWN)
    if shown is None:
        with previewed():
            return look_ahead(deed, people, by=by, now=now)
    try:
        ahead = look_ahead(deed, people, by=by, now=now)
    except KinfoldError:
        db.session.rollback()
        raise
    if ahead.token != shown:
        db.session.rollback()
        return replace(ahead, is_other=True)
    feeds.refresh(now=now, people=people)
    db.session.commit()
    return replace(ahead, is_done=True)


def ahead_page(
    ahead: Ahead,
    *,
    title: str,
    what: Collection[str],
    deed: str,
    back: str,
    may_change: bool = True,
    carried: Mapping[str, str] | None = None,
) -> Page:
    """Return the page that shows what a deed does before it is done: `what` in sentences, every
    letter, and a button that says `deed`; `carried` is asked again beside what the form said.
    """
    asked = [*_asked(), *(carried or {}).items()]
    return render_template(
        "preview/look_ahead.html",
        ahead=ahead,
        title=title,
        what=what,
        consent=consent_words(deed, len(ahead.readers)),
        back=back,
        asked=asked,
        is_large=sum(len(value) for _, value in asked) > LARGE,
        may_change=may_change,
    )


def consent_words(deed: str, readers: int) -> str:
    """Return what the button says: the deed, and how many people hear of it."""
    _ = catalog(reader_language())
    if not readers:
        return _("{deed}; nobody gets a letter").format(deed=deed)
    said = _.ngettext("{deed} and tell {count} person", "{deed} and tell {count} people", readers)
    return said.format(deed=deed, count=readers)


def _asked() -> list[tuple[str, str]]:
    """Return what was asked, to be asked again by who has seen it."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if name not in NOT_ASKED]
