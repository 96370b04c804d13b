"""Counts equal a naive re-count over random histories, and subtraction finds nothing small."""

import random
from collections.abc import Callable
from itertools import product

import pytest

from scheduler.engagement import Pair, count_pairs, grouped, suppressed, wilson
from scheduler.programs import Kind

KINDS = [Kind.FAMILY_THERAPY, Kind.PROGRESS_UPDATE, Kind.FAMILY_WORKSHOP]


def history(chance: random.Random) -> list[Pair]:
    pairs = []
    for _ in range(chance.randrange(60)):
        is_told = chance.random() < 0.9
        answer = chance.choice([None, "accepted", "declined", "tentative"])
        pair = Pair(
            kind=chance.choice(KINDS),
            relation=chance.choice(["mother", "father", "aunt"]),
            weekday=chance.randrange(7),
            lead_days=chance.randrange(20) if is_told else None,
            is_told=is_told,
            answer=answer if is_told else None,
            attended=chance.random() < 0.6,
        )
        pairs.append(pair)
    return pairs


def test_counts_equal_a_naive_recount(seed: int, trials: Callable[[int, int], int]) -> None:
    chance = random.Random(seed)
    for _ in range(trials(100, 3000)):
        pairs = history(chance)
        found = grouped(pairs, lambda pair: pair.kind)
        for kind in KINDS:
            those = [pair for pair in pairs if pair.kind is kind]
            counts = found.get(kind, count_pairs([]))
            invited = len(those)
            attended = len([pair for pair in those if pair.attended])
            assert (counts.invited, counts.attended) == (invited, attended)
            assert counts.told == len([pair for pair in those if pair.is_told])
            said = [pair.answer for pair in those if pair.answer]
            assert counts.answered == len(said)
            assert (counts.accepted, counts.declined) == (
                said.count("accepted"),
                said.count("declined"),
            )
            assert counts.rate == (attended / invited if invited >= 6 else None)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    """Figures of R. G. Newcombe, Statistics in Medicine 17 (1998), and of his formula."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("column", "cells", "total"),
    [
        ([10, 20, 30], [10, 20, 30], 60),
        ([3, 20, 30], [None, None, 30], 53),
        ([3, 4, 30, 30, 31], [None, None, None, None, 31], 98),
        ([1, 2, 30, 40], [None, None, None, 40], 73),
        ([3], [None], None),
        ([], [], 0),
    ],
)
def test_small_cells_are_hidden_and_others_with_them(
    column: list[int], cells: list[int | None], total: int | None
) -> None:
    assert suppressed(column) == (cells, total)


def test_no_small_cell_is_found_by_subtraction_by_who_knows_the_rule(
    seed: int, trials: Callable[[int, int], int]
) -> None:
    """The total is known even where it is hidden: the counts by kind add up to it."""
    chance = random.Random(seed)
    for _ in range(trials(60, 1000)):
        column = [chance.choice([0, 1, 3, 5, 6, 7, 9, 12]) for _ in range(chance.randrange(2, 5))]
        if sum(column):
            assert found_out(column) == [], column


def test_cells_that_only_their_total_gives_away_are_not_found_out() -> None:
    """Ten in two cells that are both under six would be five each."""
    assert (found_out([5, 5]), suppressed([5, 5])[0]) == ([], suppressed([10, 0])[0])


def found_out(column: list[int]) -> list[int]:
    """Naive: the small cells for which all columns that look like this one have the same figure."""
    shown, total = suppressed(column)
    hidden = [number for number, cell in enumerate(shown) if cell is None]
    small = [number for number in hidden if column[number] < 6]
    rest = sum(column) - sum(cell for cell in shown if cell is not None)
    possible: dict[int, set[int]] = {number: set() for number in small}
    for values in product(range(rest + 1), repeat=len(hidden)):
        if sum(values) != rest:
            continue
        guess = list(column)
        for number, value in zip(hidden, values, strict=True):
            guess[number] = value
        if suppressed(guess) == (shown, total):
            for number in small:
                possible[number].add(guess[number])
        if all(len(figures) > 1 for figures in possible.values()):
            return []
    return [number for number, figures in possible.items() if len(figures) == 1]
