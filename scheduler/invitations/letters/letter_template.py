"""Letters out of their templates, for whoever writes one: pages, commands and the worker."""

from collections.abc import Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from scheduler.i18n import speak, unglued
from scheduler.kernel.installation import templates

_mail = Environment(
    loader=FileSystemLoader(templates() / "letters"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(("html",)),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
speak(_mail, lambda: "en")


def bodies(name: str, told: Mapping[str, object]) -> tuple[str, str]:
    """Return a letter's text and its HTML, by the name of its two templates, in the `language` that
    it is told.
    """
    text = _mail.get_template(f"{name}.txt").render(told)
    html = _mail.get_template(f"{name}.html").render(told)
    return unglued(text), html
