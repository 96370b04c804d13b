"""What a publication changes and whom it tells, in words; people by their keys only."""

from collections.abc import Iterator
from typing import Any

from scheduler.cli.reports.changes_report import difference_lines
from scheduler.planning import Published


def publication_lines(published: Published, document: dict[str, Any]) -> Iterator[str]:
    """Say the document in words."""
    is_dry = document["dry_run"]
    done = "would be published" if is_dry else "published"
    verb = "would go" if is_dry else "will go"
    letters = document["letters"]
    yield f"{document['cohort']}: {done}."
    yield from difference_lines(published.difference)
    yield f"{len(letters)} letters {verb} out."
    for letter in letters:
        yield "{kind}: to {person} for {patient}, {series}: {why}".format_map(letter)
    for relative in document["not_told"]:
        number = relative["sessions"]
        times = "1 session" if number == 1 else f"{number} sessions"
        whom = "not told: {person} for {patient}, {kind}".format_map(relative)
        yield f"{whom}, {times}: {relative['why']}"
