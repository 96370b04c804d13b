"""The end of a sentence where the clock's own word ends in a point."""

from datetime import time

import pytest
from jinja2 import Environment

from scheduler.i18n import catalog, clock, ended, glued, speak

SIX = clock(time(18), "es")


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("Termina a las 6:00 p. m..", "Termina a las 6:00 p. m."),
        (f"Termina a las {glued('6:00 a. m.')}.", f"Termina a las {glued('6:00 a. m.')}"),
        ("A las 6:00 p. m. Venga.", "A las 6:00 p. m. Venga."),
        ("At 6:00 PM.", "At 6:00 PM."),
    ],
)
def test_sentence_ends_with_one_point(said: str, right: str) -> None:
    assert ended(said) == right


def test_message_that_ends_in_a_time_has_one_point() -> None:
    said = catalog("es")("You have a new time: {time}.").format(time=SIX)

    assert said == "Tiene una hora nueva: 6:00 p. m."


def test_template_that_ends_in_a_time_has_one_point() -> None:
    pages = Environment(autoescape=True)
    speak(pages, lambda: "es")
    asked = "{{ _('It ended at %(time)s.', time=t) }}{% trans t %}Until {{ t }}.{% endtrans %}"

    assert pages.from_string(asked).render(t=SIX) == "Hora final: 6:00 p. m.Until 6:00 p. m."
