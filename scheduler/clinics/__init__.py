"""Clinic files: reading and checking one, bringing the database up to it, and writing the whole
clinic as one.

Words: a *place* names where in the file something stands (`patients[3].family[0].email`), a
*problem* is what is wrong there. It knows no plan, no session and no letter.
"""

from scheduler.clinics.exporting.export_clinic import export
from scheduler.clinics.exporting.program_fields import appointment_fields
from scheduler.clinics.exporting.yaml_dump import dump
from scheduler.clinics.loading.first_practice import FirstPractice, found_practice, has_practice
from scheduler.clinics.loading.load_clinic import load
from scheduler.clinics.loading.load_people import everybody
from scheduler.clinics.loading.load_report import Change, Changes
from scheduler.clinics.loading.set_record import (
    Record,
    as_days,
    free_key,
    house_record,
    house_records,
    program_record,
    same_but_key,
    same_record,
    set_record,
)
from scheduler.clinics.loading.take_version import take_version
from scheduler.clinics.loading.typed_fields import typed_field
from scheduler.clinics.loading.upsert_record import Take
from scheduler.clinics.reading.file_schema import clinic_schema
from scheduler.clinics.reading.read_clinic import read
from scheduler.clinics.reading.read_room import fixed_addresses
from scheduler.clinics.reading.typed_appointments import typed_appointments
from scheduler.clinics.reading.yaml_tree import MAX_BYTES
from scheduler.clinics.values import ClinicFile, Cohort, Program

__all__ = [
    "MAX_BYTES",
    "Change",
    "Changes",
    "ClinicFile",
    "Cohort",
    "FirstPractice",
    "Program",
    "Record",
    "Take",
    "appointment_fields",
    "as_days",
    "clinic_schema",
    "dump",
    "everybody",
    "export",
    "fixed_addresses",
    "found_practice",
    "free_key",
    "has_practice",
    "house_record",
    "house_records",
    "load",
    "program_record",
    "read",
    "same_but_key",
    "same_record",
    "set_record",
    "take_version",
    "typed_appointments",
    "typed_field",
]
