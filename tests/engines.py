"""Which engine a test of rows runs on.

Both, where SQL is written: deeds, reads, the gate, locks, races, migrations. The doors (pages and
commands) hold no queries, so that each test of theirs runs on one engine, chosen by its name, and
on both with `--long`; every door has tests on either.
"""

import zlib

BOTH = ("sqlite", "postgresql")
DOORS = (
    "cli/commands/",
    "cli/test_",
    "end_to_end/test_one_human.py",
    "end_to_end/test_replanning.py",
    "end_to_end/test_what_if.py",
    "package/",
    "web/",
)
"""What goes through pages and commands alone."""
DOORS_ON_BOTH = (
    "web/api/test_api_cost.py",
    "web/day/test_needs.py",
    "web/day/test_today.py",
    "web/desk/people/test_questions.py",
    "web/family/test_family_pages.py",
    "web/portal/test_consent_withdraw.py",
    "web/portal/test_unseen_silence.py",
    "web/preview/",
    "web/races/",
    "web/test_bookings.py",
)
"""Doors whose tests are about the engine, too: how much is asked of it, who is first."""


def engines_of(place: str, name: str) -> tuple[str, ...]:
    """Return the engines that the test `name` of the file `place` runs on every day."""
    if not place.startswith(DOORS) or place.startswith(DOORS_ON_BOTH):
        return BOTH
    return (BOTH[zlib.crc32(f"{place}::{name}".encode()) % 2],)
