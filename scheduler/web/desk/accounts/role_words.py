"""The table of roles in words."""

from scheduler.i18n import N_, catalog
from scheduler.people import TABLE, Deed, Reach
from scheduler.people.models import Role
from scheduler.web.auth.reader_language import reader_language

ROLE_WORDS = {
    Role.CLINICIAN: N_("clinician"),
    Role.COORDINATOR: N_("coordinator"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.AUDITOR: N_("auditor"),
}
REACH_WORDS = {
    Reach.NONE: N_("none"),
    Reach.OWN: N_("own"),
    Reach.COHORT: N_("cohort"),
    Reach.OTHER: N_("other"),
}
DEED_WORDS = {
    Deed.SEE_PATIENT: N_("See a patient’s page"),
    Deed.CHANGE_PATIENT: N_("Change what stands about a patient and their relatives"),
    Deed.STOP_SHARING: N_("Stop sharing for a patient"),
    Deed.READ_RECORDS: N_("Read signed papers and disclosures"),
    Deed.FIND_ANYBODY: N_("Search everybody, and take in who is new"),
    Deed.SEE_BOARD: N_("See a cohort’s board"),
    Deed.SEE_SESSION: N_("See a session"),
    Deed.CHANGE_SESSION: N_("Move, cancel or put back a session, name another leader"),
    Deed.BEND_RULES: N_("Bend a rule for a session, with a reason"),
    Deed.HOLD_SESSION: N_("Go into the room, say who came, offer a recording"),
    Deed.READ_NOTES: N_("Read notes for the team, and why somebody is kept out"),
    Deed.WRITE_NOTES: N_("Write notes for the team"),
    Deed.SEE_TASKS: N_("See what needs somebody"),
    Deed.PLAN: N_("Plan and publish"),
    Deed.LETTERS: N_("Read letters and answers"),
    Deed.RELEASE_LETTERS: N_("Release letters that were held"),
    Deed.EVENINGS: N_("Offer open evenings"),
    Deed.SETTINGS: N_("Set up reminders, programs, cohorts and closed days"),
    Deed.HOUSE: N_("Set up the practice, its staff and its rooms"),
    Deed.ACCOUNTS: N_("Give and take accounts and roles"),
    Deed.RECORD: N_("Read the record"),
    Deed.OWN_CALENDAR: N_("Their own calendar and account"),
    Deed.BREAK_GLASS: N_("Open a stranger’s page with a reason"),
}


def table_in_words() -> list[dict[str, object]]:
    """Return the table of roles as the program asks it, a deed a line."""
    _ = catalog(reader_language()).gettext
    lines: list[dict[str, object]] = []
    for deed in Deed:
        cells = [_(REACH_WORDS[TABLE[role].get(deed, Reach.NONE)]) for role in Role]
        lines.append({"deed": _(DEED_WORDS[deed]), "cells": cells})
    return lines
