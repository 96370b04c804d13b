"""Clinic files: reading and checking one, bringing the database up to it, and writing the whole
clinic as one.

Words: a *place* names where in the file something stands (`patients[3].family[0].email`), a
*problem* is what is wrong there. It knows no plan, no session and no letter.
"""

from scheduler.clinics.changes import Change, Changes
from scheduler.clinics.dump import dump
from scheduler.clinics.export import export
from scheduler.clinics.load import load
from scheduler.clinics.read import read
from scheduler.clinics.tree import MAX_BYTES
from scheduler.clinics.values import ClinicFile

__all__ = ["MAX_BYTES", "Change", "Changes", "ClinicFile", "dump", "export", "load", "read"]
