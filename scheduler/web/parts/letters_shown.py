"""Letters as whoever causes them reads them first: to whom, about whose, what kind, and the very
words.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.i18n import N_
from scheduler.invitations import Told
from scheduler.outbox import letter_subject, letter_words, letters_by_id
from scheduler.outbox.models import Letter
from scheduler.people import names_by_id

TEXT_MESSAGE = N_("Text message")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One letter as it will leave: to whom, about whose, what kind, its subject and words; `key` is
    the letter's own name.

    `said` is its subject for who looks, `language` the tag of its words' language, where known.
    """

    person: str
    address: str
    patient: str
    kind: str
    subject: str
    words: str
    key: str = ""
    said: str = ""
    language: str = ""


def leaves_of(told: Iterable[Told]) -> list[Leaf]:
    """Return the letters of what is told, as their readers will see them."""
    ids = [news.letter_id for news in told if news.letter_id]
    letters = letters_by_id(ids)
    return leaves_of_letters(letters[letter_id] for letter_id in ids)


def leaves_of_letters(letters: Iterable[Letter]) -> list[Leaf]:
    """Return letters as their readers will see them, by reader and subject."""
    rows = list(letters)
    ids = set()
    for letter in rows:
        ids.add(letter.recipient_id)
        if letter.subject_id:
            ids.add(letter.subject_id)
    names = names_by_id(ids)
    leaves = [_leaf(letter, names) for letter in rows]
    return sorted(leaves, key=_rank)


def _rank(leaf: Leaf) -> tuple[str, str, str]:
    return leaf.person, leaf.subject, leaf.words


def by_reader(leaves: Iterable[Leaf]) -> dict[tuple[str, str], list[Leaf]]:
    """Return the letters by name and address of their readers."""
    found: dict[tuple[str, str], list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        found[leaf.person, leaf.address].append(leaf)
    return found


def _leaf(letter: Letter, names: dict[str, str]) -> Leaf:
    reader = names.get(letter.recipient_id, "")
    patient = names.get(letter.subject_id or "", reader)
    return Leaf(
        person=reader,
        address=letter.address,
        patient=patient,
        kind=letter.kind,
        subject=letter_subject(letter) or TEXT_MESSAGE,
        words=_words(letter),
        key=letter.dedupe_key,
    )


def _words(letter: Letter) -> str:
    """Return the words, without the secret of the reader's own page: that is for them alone."""
    return re.sub(r"/([ij])/[\w-]{20,}", r"/\1/…", letter_words(letter))
