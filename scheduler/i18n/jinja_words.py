"""Words in templates: `{% trans %}`, `_()` and `ngettext()` in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from scheduler.i18n.catalogs import Catalog, catalog
from scheduler.i18n.one_point import ended
from scheduler.i18n.phone_words import telephone
from scheduler.i18n.relations import relation

CALLABLES = ("gettext", "ngettext", "pgettext", "npgettext")
"""What Jinja calls by name wherever a template says something."""


def speak(environment: Environment, usual: Callable[[], str]) -> None:
    """Let templates translate: into `language` where the context says one, else into what `usual`
    returns.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    voice, extended = _Voice(usual), _extended(environment)
    extended.install_gettext_callables(
        voice.gettext,
        voice.ngettext,
        newstyle=True,
        pgettext=voice.pgettext,
        npgettext=voice.npgettext,
    )
    for name in CALLABLES:
        environment.globals[name] = _ending(extended.globals[name])
    environment.filters["translated"] = voice.gettext
    environment.filters["telephone"] = telephone
    environment.globals["relation"] = voice.relation


@dataclass(frozen=True, slots=True)
class _Voice:
    """What templates call, each with the context it is called in."""

    usual: Callable[[], str]

    def words(self, context: Context) -> Catalog:
        language = context.resolve("language")
        return catalog(language if isinstance(language, str) else self.usual())

    @pass_context
    def gettext(self, context: Context, message: str) -> str:
        words = self.words(context)
        return words.gettext(message)

    @pass_context
    def ngettext(self, context: Context, one: str, many: str, count: int) -> str:
        words = self.words(context)
        return words.ngettext(one, many, count)

    @pass_context
    def pgettext(self, context: Context, about: str, message: str) -> str:
        words = self.words(context)
        return words.pgettext(about, message)

    @pass_context
    def npgettext(self, context: Context, about: str, one: str, many: str, count: int) -> str:
        words = self.words(context)
        return words.npgettext(about, one, many, count)

    @pass_context
    def relation(self, context: Context, word: str) -> str:
        words = self.words(context)
        return relation(word, words.language)


def _ending(say: Callable[..., str]) -> Callable[..., str]:
    """Return the same as `say`, every sentence with one point at its end."""

    @pass_context
    def said(context: Context, *words: Any, **gaps: Any) -> str:
        whole: Any = context.call(say, *words, **gaps)
        return ended(whole)

    return said


def _extended(environment: Environment) -> Any:
    """Return an environment as its extension has made it, which types do not know."""
    return environment
