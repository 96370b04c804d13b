"""Reading patients, their relatives and what each relative may know from a clinic file. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scheduler.clinics.reading import field_readers
from scheduler.clinics.reading.entry_fields import Entry, Found
from scheduler.clinics.reading.key_index import KeyIndex
from scheduler.clinics.reading.people.read_unsafe_hours import read_unsafe_hours
from scheduler.clinics.reading.read_practice import read_days, read_windows
from scheduler.clinics.reading.read_programs import read_appointments
from scheduler.clinics.values import Consent, Patient, Relative, Stay
from scheduler.consents.model.models import Ending, Signer
from scheduler.programs import FAMILY_KINDS, Authorisation, Kind

PURPOSES = tuple(kind for kind in Kind if kind in FAMILY_KINDS)
"""What a consent may name."""
MOST_UNITS = 10_000
"""Days a payer may agree to at once."""


def read_patients(
    root: Entry, keys: KeyIndex, weeks: Mapping[str, int]
) -> Iterator[Found[Patient]]:
    """Read the patients that are sound, each with those relatives that are; `weeks` is how long
    each cohort runs, by its key.
    """
    for entry in root.children("patients"):
        patient = _patient(entry, keys)
        last = weeks.get(patient.cohort, 0)
        patient = _with_own(
            patient,
            entry,
            keys,
            last,
        )
        if patient.admitted and patient.discharged and patient.discharged < patient.admitted:
            entry.wrong("to", "must not be before from")
        if entry.done():
            yield Found(entry.place, patient)


def _patient(entry: Entry, keys: KeyIndex) -> Patient:
    """Read who a patient is, the current stay and the family."""
    cohort = keys.reference("cohort")
    clinician = keys.reference("clinician")
    return Patient(
        key=keys.claim(entry, "patient", "person"),
        name=entry.need("name", field_readers.name),
        email=entry.need("email", field_readers.mail),
        phone=entry.maybe("phone", field_readers.phone, None),
        language=entry.maybe("language", field_readers.language, None),
        zone=entry.maybe("zone", field_readers.zone, None),
        state=entry.maybe("state", field_readers.state, None),
        born=entry.maybe("born", field_readers.day, None),
        cohort=entry.need("cohort", cohort),
        admitted=entry.need("from", field_readers.day),
        discharged=entry.maybe("to", field_readers.day, None),
        clinician=entry.need("clinician", clinician),
        free=tuple(read_windows(entry, "free")) if entry.has("free") else None,
        family=tuple(_family(entry, keys)),
        same_as=keys.same_as(entry),
        unsafe_hours=tuple(read_unsafe_hours(entry)),
    )


def _with_own(patient: Patient, entry: Entry, keys: KeyIndex, weeks: int) -> Patient:
    """Read the other stays, and what the patient alone has or has not; `weeks` is how long the
    cohort runs.
    """
    kind = f"appointment of the patient {patient.key}" if patient.key else ""
    appointments = read_appointments(
        entry,
        weeks,
        keys,
        kind,
        required=False,
    )
    without: tuple[str, ...] = ()
    if entry.has("without"):
        without = entry.many("without", field_readers.key)
    stays = _stays(entry, keys)
    authorisations = _authorisations(entry)
    return replace(
        patient,
        stays=tuple(stays),
        appointments=tuple(appointments),
        without=without,
        authorisations=tuple(authorisations),
    )


def _stays(patient: Entry, keys: KeyIndex) -> Iterator[Stay]:
    for entry in patient.children("stays", required=False):
        stay = Stay(
            entry.need("cohort", keys.reference("cohort")),
            entry.need("from", field_readers.day),
            entry.maybe("to", field_readers.day, None),
        )
        if stay.admitted and stay.discharged and stay.discharged < stay.admitted:
            entry.wrong("to", "must not be before from")
        if entry.done():
            yield stay
        else:
            patient.sound = False


def _authorisations(patient: Entry) -> Iterator[Authorisation]:
    for entry in patient.children("authorisations", required=False):
        first, last = read_days(entry)
        units = entry.need("units", field_readers.whole(0, MOST_UNITS))
        if entry.done():
            yield Authorisation(first, last, units)


def _family(patient: Entry, keys: KeyIndex) -> Iterator[Relative]:
    for entry in patient.children("family", required=False):
        relative = Relative(
            key=keys.claim(entry, "relative", "person"),
            name=entry.need("name", field_readers.name),
            relationship=entry.need("relationship", field_readers.text),
            email=entry.need("email", field_readers.mail),
            phone=entry.maybe("phone", field_readers.phone, None),
            language=entry.maybe("language", field_readers.language, None),
            zone=entry.maybe("zone", field_readers.zone, None),
            ready=entry.maybe("ready", field_readers.truth, False),
            free=tuple(read_windows(entry, "free")) if entry.has("free") else None,
            consents=tuple(dict.fromkeys(_consents(entry))),
            same_as=keys.same_as(entry),
            unsafe_hours=tuple(read_unsafe_hours(entry)),
        )
        if entry.done():
            yield relative


def _consents(relative: Entry) -> Iterator[Consent]:
    for entry in relative.children("consents", required=False):
        consent = Consent(
            kinds=entry.many("kinds", field_readers.member(Kind, PURPOSES)),
            signed=entry.need("signed", field_readers.day),
            expires=entry.maybe("expires", field_readers.day, None),
            expires_on=entry.maybe("expires_on", field_readers.member(Ending), None),
            signed_by=entry.need("signed_by", field_readers.member(Signer)),
            others=entry.maybe("others", field_readers.truth, False),
        )
        if entry.has("expires") == entry.has("expires_on"):
            entry.wrong("expires", "write either expires, or expires_on: discharge or program_end")
        elif consent.signed and consent.expires and consent.expires < consent.signed:
            entry.wrong("expires", "must not be before signed")
        if entry.done():
            yield consent
