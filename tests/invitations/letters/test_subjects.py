"""Every subject of a letter reads as one line of speech: at most one colon, in each language."""

import re
from itertools import product

import pytest
from babel.messages.pofile import read_po

from scheduler.i18n import LANGUAGES, catalog
from scheduler.i18n.catalogs import TRANSLATIONS

FIRST = "martes 9 de marzo, 6.00"


def patterns(blank: str) -> list[str]:
    """Return what the catalog of letters says with `blank` in it and no sender: the subjects."""
    with (TRANSLATIONS / "es" / "letters.po").open("rb") as file:
        ids = [str(message.id) for message in read_po(file) if message.id]
    return [said for said in ids if blank in said and "{sender}" not in said]


SUBJECTS = patterns("{first}")
NEAR = patterns("{what}")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_subject_has_one_colon_at_most(tag: str) -> None:
    _ = catalog(tag)
    said = [_(subject) for subject in SUBJECTS]
    plain = {"{title} {first}", "{title} from {first}"}
    said += [_(near).format(what=_(what)) for near, what in product(NEAR, sorted(plain))]

    lines = [words.format(title="Cita", first=FIRST) for words in said]
    assert [line for line in lines if line.count(":") > 1] == []
    assert plain <= set(SUBJECTS)
    assert len(NEAR) == 4


def test_day_in_a_spanish_subject_has_its_article() -> None:
    said = [catalog("es")(subject) for subject in SUBJECTS]

    assert [words for words in said if not re.search(r"\b(el|del) \{first\}", words)] == []
