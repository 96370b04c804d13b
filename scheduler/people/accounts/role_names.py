"""Pure: the roles of staff."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do."""

    CLINICIAN = "clinician"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
