"""The statement that must go with every disclosure under a consent, with the versions that were
shown before. Pure.
"""

NOTICES = {
    "2.32(a)(2) of 2024-04-16": "42 CFR part 2 prohibits unauthorized use or disclosure of these "
    "records.",
}
"""42 CFR 2.32(a), by version; a text that was shown once stays here for ever."""

NOTICE = "2.32(a)(2) of 2024-04-16"
"""The version shown now."""
