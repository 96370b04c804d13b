"""Under which words a relative's letters come: what the patient agreed with them ("Ana from TW"),
so that they are not a stranger's; else the practice's outward name.
"""

from datetime import datetime

from scheduler import audit
from scheduler.i18n import lint
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person
from scheduler.people.queries import practice

MOST_SIGNS = 40
BESIDE_LETTERS = frozenset(" .'’-&,")


def sender_name(person: Person) -> str:
    """Return the words that a person's letters come under."""
    own = person.relative
    agreed = own.letters_from if own is not None else None
    return agreed or practice().outward_name


def agreed_words(words: str, person: Person) -> str | None:
    """Return what was typed for a relative as it is kept, None for nothing. Raises InputError for
    what is too long, no name, or gives away what this is.
    """
    said = " ".join(words.split())
    if not said:
        return None
    if len(said) > MOST_SIGNS:
        raise InputError("at most 40 letters")
    if not all(sign.isalnum() or sign in BESIDE_LETTERS for sign in said):
        raise InputError("letters and spaces only")
    assert person.relative is not None
    if lint(said, [practice().name, person.relative.patient.name]):
        raise InputError("words that give away what this is")
    return said


def agree_sender(person: Person, words: str, *, by: str, now: datetime) -> None:
    """Let the letters of a relative come under these words from now on; empty: under the practice's
    name. Raises InputError, see `agreed_words`, and for who is no relative.
    """
    if person.relative is None:
        raise InputError("only relatives get letters under other words")
    said = agreed_words(words, person)
    if said == person.relative.letters_from:
        return
    person.relative.letters_from = said
    db.session.flush()
    about = {"agreed": said is not None}
    audit.append("people.agree_sender", f"person {person.id}", about, by=by, now=now)
