"""Names and secrets made by chance: how long, and by which chance."""

import re
from pathlib import Path

from scheduler.kernel.ids import new_id, new_token, token_hash

CHANCE = r"^(import random|from random)|uuid[134]\(|random\.seed"
ROOT = Path(__file__).resolve().parents[2] / "scheduler"
JITTER = {"database.py", "delivery.py", "migrate.py", "try_again.py"}
"""Where chance only spreads tries over time: nobody gains by knowing it."""


def test_secret_has_256_bits_and_an_id_128() -> None:
    made = {new_token() for _ in range(100)}

    assert {len(token) for token in made} == {43}
    assert (len(made), len(new_id()), len(token_hash("x"))) == (100, 32, 64)


def test_chance_that_can_be_foreseen_makes_no_secret() -> None:
    """Of its use in plans and made-up families nothing is secret either."""
    using = set()
    for path in ROOT.rglob("*.py"):
        if path.is_relative_to(ROOT / "planning"):
            continue
        text = path.read_text()
        if re.search(CHANCE, text, re.M):
            using.add(path.name)

    assert using == JITTER
