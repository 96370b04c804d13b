"""What somebody typed about a person, read as a clinic file is: the same values, refused for the
same reasons.
"""

from collections.abc import Callable

from scheduler.clinics.reading import field_readers
from scheduler.clinics.reading.field_readers import Wrong
from scheduler.kernel.errors import InputError

READERS: dict[str, Callable[[str], str]] = {
    "name": field_readers.name,
    "relationship": field_readers.text,
    "email": field_readers.mail,
    "phone": field_readers.phone,
    "zone": field_readers.zone,
    "language": field_readers.language,
    "state": field_readers.state,
    "key": field_readers.key,
}


def typed_field(field: str, words: str) -> str:
    """Return what was typed into a field as the clinic file would have it. Raises InputError."""
    try:
        return READERS[field](words.strip())
    except Wrong as error:
        raise InputError(str(error)) from error
