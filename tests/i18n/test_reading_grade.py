"""How hard the words of pages and letters are to read, over all that a catalog holds: English by
Flesch and Kincaid (1975), Spanish by Szigriszt on the scale of INFLESZ (Barrio 2008).
"""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from babel.messages.pofile import read_po

from scheduler.i18n.catalogs import TRANSLATIONS

AREAS = ("common", "family", "letters", "portal")
HARDEST_GRADE = 6.0
PLAIN = 65.0
"""From here on a text counts as plain to most (INFLESZ: "normal" begins at 55)."""
GAP = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
SENTENCE = re.compile(r"[.!?:]+(?:\s|$)")
FEWEST = 4
"""Words; what is shorter is a label."""


def english_syllables(word: str) -> int:
    """Count groups of vowels, without a silent e."""
    found = len(re.findall(r"[aeiouy]+", word))
    is_silent = word.endswith("e") and not word.endswith(("le", "ee"))
    return max(found - (is_silent and found > 1), 1)


def spanish_syllables(word: str) -> int:
    """Count vowels, two as one where they are a diphthong; the u of que and gue is mute."""
    heard = re.sub(r"(?<=[qg])u(?=[eiéí])", "", word)
    found = 0
    for group in re.findall(r"[aeiouáéíóúü]+", heard):
        found += 1
        for first, second in pairwise(group):
            are_strong = first in "aeoáéó" and second in "aeoáéó"
            found += are_strong or first in "íú" or second in "íú"
    return max(found, 1)


def measured(texts: list[str], syllables: Callable[[str], int]) -> tuple[float, float]:
    """Return words a sentence and syllables a word."""
    words = sentences = sounds = 0
    for text in texts:
        found = WORD.findall(GAP.sub("it", text).lower())
        if len(found) < FEWEST:
            continue
        words += len(found)
        sentences += len([part for part in SENTENCE.split(text) if WORD.search(part)])
        sounds += sum(map(syllables, found))
    return words / sentences, sounds / words


def texts_of(area: str, *, translated: bool) -> list[str]:
    with (TRANSLATIONS / "es" / f"{area}.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    found = []
    for message in messages:
        said = message.string if translated else message.id
        found.append(said if isinstance(said, str) else said[0])
    return found


@pytest.mark.parametrize("area", AREAS)
def test_english_asks_for_no_more_than_six_years_of_school(area: str) -> None:
    long, sounds = measured(texts_of(area, translated=False), english_syllables)

    assert 0.39 * long + 11.8 * sounds - 15.59 <= HARDEST_GRADE


@pytest.mark.parametrize("area", AREAS)
def test_spanish_is_plain_by_inflesz(area: str) -> None:
    long, sounds = measured(texts_of(area, translated=True), spanish_syllables)

    assert 206.835 - 62.3 * sounds - long >= PLAIN


def test_measure_knows_hard_words_from_easy_ones() -> None:
    hard = ["The administration of psychopharmacological interventions necessitates authorisation."]
    long, sounds = measured(hard, english_syllables)

    assert 0.39 * long + 11.8 * sounds - 15.59 > HARDEST_GRADE
