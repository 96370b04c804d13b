"""Every text of every page can be read: each colour on each ground, by day and by night, at least
4.5 to 1.
"""

import re
from itertools import product
from pathlib import Path

import pytest

SHEET = Path(__file__).resolve().parents[2] / "scheduler" / "web" / "static" / "kinfold.css"
TEXT = (
    "ink",
    "quiet",
    "accent",
    "good",
    "care",
    "stop",
    "group",
    "individual",
    "family",
    "workshop",
    "other",
)
PAIRS = [*product(TEXT, ("paper", "card")), ("on-accent", "accent")]
LOOK = {
    "light": {
        "paper": "#fbfaf7",
        "card": "#ffffff",
        "ink": "#1c2430",
        "quiet": "#566070",
        "line": "#d9dde3",
        "accent": "#0f5c5e",
        "good": "#1e6b3a",
        "care": "#8a4b00",
        "stop": "#9b1c1c",
    },
    "dark": {
        "paper": "#14181d",
        "card": "#1b2129",
        "ink": "#eceff3",
        "quiet": "#a9b3c0",
        "line": "#323b46",
        "accent": "#6fc7c2",
        "good": "#7fcf9a",
        "care": "#f0b35e",
        "stop": "#f19a9a",
    },
}


def colours(mood: str) -> dict[str, str]:
    """Return the sheet's tokens; the first block is the day's, the second the night's."""
    blocks = re.findall(r":root \{(.*?)\}", SHEET.read_text(), re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[("light", "dark").index(mood)]))


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mood", LOOK)
def test_tokens_are_those_agreed(mood: str) -> None:
    found = colours(mood)

    assert {name: found[name] for name in LOOK[mood]} == LOOK[mood]


@pytest.mark.parametrize("mood", LOOK)
def test_every_text_stands_out_from_every_ground(mood: str) -> None:
    found = colours(mood)

    assert [pair for pair in PAIRS if contrast(found[pair[0]], found[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("mood", LOOK)
def test_edges_of_fields_and_buttons_can_be_seen(mood: str) -> None:
    found = colours(mood)

    assert [
        ground for ground in ("paper", "card") if contrast(found["edge"], found[ground]) < 3
    ] == []


def test_measure_knows_black_on_white() -> None:
    assert (round(contrast("#000000", "#ffffff"), 6), contrast("#777777", "#ffffff") < 4.5) == (
        21.0,
        True,
    )
