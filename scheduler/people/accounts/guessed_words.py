"""Words that a guesser tries first here, and that no password of staff may hold (ASVS 5.0 6.2.11):
the program's name, the practice's, what staff are called, the own address.
"""

from itertools import pairwise

from scheduler.kernel.database import db
from scheduler.people.accounts.role_names import Role
from scheduler.people.models import Person, Practice

PRODUCT = "kinfold"


def holds_own_word(person: Person, password: str) -> bool:
    """True if a password holds one of the words, whatever stands between their letters."""
    said = _plain(password)
    return any(word in said for word in _own_words(person))


def _own_words(person: Person) -> list[str]:
    words = [PRODUCT, *Role, _plain(person.email.partition("@")[0])]
    house = db.session.get(Practice, 1)
    names = [house.name, house.outward_name] if house else []
    for name in names:
        words += _neighbours(name)
    return [word for word in words if word]


def _neighbours(name: str) -> list[str]:
    """Return each two words of a name that stand beside each other, or its only one: one word of
    several may be any word.
    """
    parts = [_plain(part) for part in name.split()]
    beside = [first + second for first, second in pairwise(parts)]
    return beside or parts


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
