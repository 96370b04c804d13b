"""The language of one human who is entered twice, said once. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from scheduler.clinics.values import Patient, Relative

Said = TypeVar("Said", Patient, Relative)


def one_language(patients: Iterable[Patient]) -> tuple[Patient, ...]:
    """Return the patients with their families; whoever is the same human as somebody else and has
    no language of their own has that one's.
    """
    known = list(patients)
    spoken = dict(_spoken(known))
    found = []
    for patient in known:
        family = [_spoken_to(relative, spoken) for relative in patient.family]
        found.append(replace(_spoken_to(patient, spoken), family=tuple(family)))
    return tuple(found)


def _spoken(patients: Iterable[Patient]) -> Iterator[tuple[str, str | None]]:
    for patient in patients:
        yield patient.key, patient.language
        for relative in patient.family:
            yield relative.key, relative.language


def _spoken_to(said: Said, spoken: dict[str, str | None]) -> Said:
    if said.language is not None or said.same_as is None:
        return said
    return replace(said, language=spoken.get(said.same_as))
