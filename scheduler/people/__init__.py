"""The practice and its people: patients, relatives, staff; names, addresses, zones, availability, sign-in.

It knows nobody's sessions and nobody's consents.
"""

from scheduler.people.availability import WEEKDAYS, Absence, Licence, Window
from scheduler.people.queries import person_by_key, practice

__all__ = ["WEEKDAYS", "Absence", "Licence", "Window", "person_by_key", "practice"]
