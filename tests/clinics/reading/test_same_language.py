"""The language of one human who stands in a clinic file twice."""

import pytest

from scheduler.clinics import read
from tests.clinics.reading.test_same_as import with_aunt


@pytest.mark.parametrize(
    ("same_as", "language"),
    [("p-1-mother", "es"), ("p-1-mother, language: pt-BR", "pt-BR"), ("rivera", None)],
)
def test_one_human_has_one_language(same_as: str, language: str | None) -> None:
    aunt, *_others = read(with_aunt(same_as).encode()).patients[1].family

    assert aunt.language == language
