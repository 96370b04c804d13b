"""Clinic files: reading and checking one, bringing the database up to it, and writing the whole clinic as one.

Words: a *place* names where in the file something stands (`patients[3].family[0].email`), a *problem* is what is
wrong there. It knows no plan, no session and no letter.
"""

from scheduler.clinics.read import read
from scheduler.clinics.values import ClinicFile

__all__ = ["ClinicFile", "read"]
