"""The people of one patient, as the pages about them need them: found by key, and told together."""

from scheduler.kernel.errors import NotFound
from scheduler.people import patient_by_key, relatives_of
from scheduler.people.models import Person


def circle_of(patient: Person) -> set[str]:
    """Return the ids of a patient and the family: whoever a change of one of them concerns."""
    return {patient.id, *(relative.id for relative in relatives_of(patient))}


def one_of_them(key: str, person_key: str) -> tuple[Person, Person]:
    """Return the patient with a key, and the one of patient and family with the key `person_key`.
    Raises NotFound.
    """
    patient = patient_by_key(key)
    for person in (patient, *relatives_of(patient)):
        if person.key == person_key:
            return patient, person
    raise NotFound("there is nobody of that key here")


def relative_of(key: str, person_key: str) -> tuple[Person, Person]:
    """Return the patient with a key, and their relative with another. Raises NotFound."""
    patient, person = one_of_them(key, person_key)
    if person.relative is None:
        raise NotFound("there is no relative of that key here")
    return patient, person
