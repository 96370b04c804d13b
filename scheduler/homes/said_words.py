"""Keeping and reading what people said on their own pages."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.homes.models import Matter, OwnWord
from scheduler.kernel.database import db
from scheduler.people.models import Person

Said = Mapping[str, object]


def keep_word(
    person: Person,
    matter: Matter,
    said: Said,
    *,
    about: str = "",
    now: datetime,
) -> OwnWord:
    """Keep what a person said of a matter; what they said before stays, and counts no more."""
    row = OwnWord(
        person_id=person.id,
        matter=matter,
        about=about,
        said=dict(said),
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    details = {"matter": matter.value}
    audit.append(
        "own_word",
        f"person {person.id}",
        details,
        by=person.key,
        now=now,
    )
    return row


def newest_word(person: Person, matter: Matter, about: str = "") -> OwnWord | None:
    """Return what a person said last of a matter; None where they said nothing."""
    return newest_words(person, matter, [about]).get(about)


def newest_words(person: Person, matter: Matter, about: Collection[str]) -> dict[str, OwnWord]:
    """Return what a person said last of each of these; those of which they said nothing are left
    out.
    """
    wanted = select(OwnWord).where(
        OwnWord.person_id == person.id,
        OwnWord.matter == matter,
        OwnWord.about.in_(list(about)),
    )
    found = {}
    for row in db.session.scalars(wanted.order_by(OwnWord.at, OwnWord.id)):
        found[row.about] = row
    return found
