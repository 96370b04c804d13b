"""What a view answers with, and looking at a deed without keeping it."""

from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.wrappers import Response

from scheduler.kernel.database import db

Page = str | tuple[str, int] | Response
"""Words alone, words with a status, or a whole answer."""


@contextmanager
def previewed() -> Iterator[None]:
    """Let a deed be done and looked at inside the block, and undo it however the block ends.

    What was begun before is undone, too: rows read earlier have to be read again.
    """
    db.session.rollback()
    try:
        yield
    finally:
        db.session.rollback()


def sentence(words: object) -> str:
    """Return an error or a reason as a sentence of its own."""
    said = str(words)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."
