"""Languages: catalogs of words, and times, zones and lists as people say them.

English is the language of the sources; Spanish and Brazilian Portuguese stand in
`scheduler/translations`. Whoever writes for people passes the reader's language tag along.
"""

from scheduler.i18n.catalogs import N_, Catalog, catalog
from scheduler.i18n.date_words import (
    clock,
    clocks_differ,
    date_range,
    dated_day,
    full_date,
    glued,
    hours,
    long_day,
    moment,
    short_date,
    short_day,
    short_weekday,
    unglued,
    weekday,
    zone,
    zone_city,
)
from scheduler.i18n.jinja_words import speak
from scheduler.i18n.known_titles import title_in
from scheduler.i18n.languages import LANGUAGES, Language, choose, language_for
from scheduler.i18n.lists import listed
from scheduler.i18n.neutral_lint import Finding, lint, lint_outward, names_to_keep_in
from scheduler.i18n.one_point import ended
from scheduler.i18n.phone_words import telephone
from scheduler.i18n.relations import NEUTRAL_TITLE, neutral_title, relation
from scheduler.i18n.time_lengths import length

__all__ = [
    "LANGUAGES",
    "NEUTRAL_TITLE",
    "N_",
    "Catalog",
    "Finding",
    "Language",
    "catalog",
    "choose",
    "clock",
    "clocks_differ",
    "date_range",
    "dated_day",
    "ended",
    "full_date",
    "glued",
    "hours",
    "language_for",
    "length",
    "lint",
    "lint_outward",
    "listed",
    "long_day",
    "moment",
    "names_to_keep_in",
    "neutral_title",
    "relation",
    "short_date",
    "short_day",
    "short_weekday",
    "speak",
    "telephone",
    "title_in",
    "unglued",
    "weekday",
    "zone",
    "zone_city",
]
