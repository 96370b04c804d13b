"""Several things in one sentence: "a, b and c". Pure."""

import re
from collections.abc import Iterable

from scheduler.i18n.catalogs import catalog
from scheduler.i18n.languages import language_for

SOUNDS_LIKE_Y = re.compile(r"(h?[ií](?![aeo]))", re.IGNORECASE)
"""Before such a word, Spanish says *e* for *y* (Real Academia Española, Diccionario panhispánico de
dudas, "y", 2).
"""


def listed(things: Iterable[str], language: str | None) -> str:
    """Return things as one says them: "a, b and c"; Spanish: "padres e hijos"."""
    *first, last = list(things) or [""]
    if not first:
        return last
    joint = catalog(language).pgettext("between the last two of a list", "and")
    if language_for(language) == "es" and SOUNDS_LIKE_Y.match(last):
        joint = "e"
    before = ", ".join(first)
    return f"{before} {joint} {last}"
