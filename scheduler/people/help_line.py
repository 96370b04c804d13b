"""Whom pages and letters say to ask: a number, its hours, words of the practice's own. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Help:
    """Who answers questions: `phone` in E.164, `hours` and `words` as the practice wrote them.

    All of it may be seen by anybody: it has passed the neutral lint.
    """

    phone: str | None = None
    hours: str | None = None
    words: str | None = None

    def line(self) -> str:
        """Return all that is said, on one line: "+16175550100 · Mon to Fri, 9 to 5 · the desk"."""
        return " · ".join(self._said())

    def _said(self) -> Iterator[str]:
        for said in (self.phone, self.hours, self.words):
            if said is not None:
                yield said


def help_document(said: Help) -> dict[str, str | None]:
    """Write `said` as plain values."""
    return asdict(said)


def read_help(document: dict[str, str | None]) -> Help:
    """Read what `help_document` wrote."""
    return Help(document["phone"], document["hours"], document["words"])
