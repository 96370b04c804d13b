"""Who said a thing last, where a clinic file, the desk and the person themselves may each say it.

Words: a *record* is named as a load names it (`relative p-1-mother`, `stay of p-1`), a *field* as
the clinic file calls it. What nobody noted is the file's word. It knows no record's content.
"""

from scheduler.provenance.export_mark import mark_exported, words_to_export
from scheduler.provenance.models import Source
from scheduler.provenance.words import (
    DeskWord,
    all_words,
    drop_word,
    note_word,
    words_about,
)

__all__ = [
    "DeskWord",
    "Source",
    "all_words",
    "drop_word",
    "mark_exported",
    "note_word",
    "words_about",
    "words_to_export",
]
