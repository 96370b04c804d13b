"""Which column of a list is which field of a patient, by the names people give columns. Pure."""

from collections.abc import Sequence

from scheduler.kernel.sought import folded

NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "patient", "patient name", "client", "client name", "nombre"),
    "given": ("first name", "given name", "firstname", "forename"),
    "surname": ("last name", "surname", "family name", "lastname", "apellido"),
    "email": ("email", "e-mail", "mail", "email address", "mail address", "correo"),
    "phone": ("phone", "telephone", "mobile", "cell", "phone number", "telefono"),
    "born": ("born", "birthday", "date of birth", "dob", "birth date", "birthdate"),
    "first": ("first day", "from", "start", "admission", "admitted", "start date", "admit date"),
    "cohort": ("cohort", "group"),
    "clinician": ("clinician", "therapist", "counselor", "primary clinician"),
    "state": ("state",),
    "zone": ("zone", "time zone", "timezone"),
    "language": ("language", "idioma"),
    "key": ("key", "id", "short name", "mrn"),
}
"""What a field is called, accents and capitals apart."""
DAYS = ("born", "first")


def matched(header: Sequence[str]) -> list[str]:
    """Return the field of each column; "" for one that is none, or that another is already."""
    known = {}
    for field, names in NAMES.items():
        for name in names:
            known[name] = field
    found: list[str] = []
    for cell in header:
        words = " ".join(folded(cell).replace("_", " ").split())
        field = known.get(words, "")
        found.append("" if field in found else field)
    return found


def unsure(header: Sequence[str], fields: Sequence[str]) -> list[str]:
    """Return the columns that have a name and no field."""
    return [cell for cell, field in zip(header, fields, strict=True) if cell and not field]
