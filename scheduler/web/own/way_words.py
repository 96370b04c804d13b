"""What a person reads after they changed how their sessions come: what stays where it is."""

from scheduler.i18n import catalog
from scheduler.people import calendar_choice, kept_entries
from scheduler.people.models import Person
from scheduler.web.auth.reader_language import reader_language


def staying_words(person: Person) -> str | None:
    """Return how many entries stay where they are by a change of the way; None for none."""
    many = len(kept_entries(calendar_choice(person)))
    if not many:
        return None
    said = catalog(reader_language()).ngettext(
        "{count} appointment still comes the old way. To change that, keep your choice again.",
        "{count} appointments still come the old way. For the next one, keep your choice again.",
        many,
    )
    return said.format(count=many)
