"""Who was told what of a patient: the letters that left and the pages that were opened, and the
notice that goes along.

Words: an *opening* is a relative reading a page that says what an appointment is and with whom (42
CFR 2.11 calls it a disclosure). An *accounting* is the list of all that a patient's relatives were
told (42 CFR 2.25). It sends nothing and decides nothing: consents does.
"""

from scheduler.disclosures.accounting_of_disclosures import (
    Disclosure,
    ReadAddress,
    accounting,
    begin_of_accounting,
)
from scheduler.disclosures.notice import NOTICE, NOTICES, NOTICES_READ
from scheduler.disclosures.page_views import note_page_view, valid_grants
from scheduler.disclosures.signed_accounting import sign_accounting
from scheduler.disclosures.signed_file import SignedFile, sign_file, sign_with
from scheduler.disclosures.staff_looks import Looks, looks_by_staff

__all__ = [
    "NOTICE",
    "NOTICES",
    "NOTICES_READ",
    "Disclosure",
    "Looks",
    "ReadAddress",
    "SignedFile",
    "accounting",
    "begin_of_accounting",
    "looks_by_staff",
    "note_page_view",
    "sign_accounting",
    "sign_file",
    "sign_with",
    "valid_grants",
]
