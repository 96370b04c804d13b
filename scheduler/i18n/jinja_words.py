"""Words in templates: `{% trans %}`, `_()` and `ngettext()` in the reader's language."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from scheduler.i18n.catalogs import Catalog, catalog
from scheduler.i18n.relations import relation


def speak(environment: Environment, usual: Callable[[], str]) -> None:
    """Let templates translate: into `language` where the context says one, else into what `usual`
    returns.
    """

    def words(context: Context) -> Catalog:
        language = context.resolve("language")
        return catalog(language if isinstance(language, str) else usual())

    @pass_context
    def gettext(context: Context, message: str) -> str:
        return words(context).gettext(message)

    @pass_context
    def ngettext(context: Context, one: str, many: str, count: int) -> str:
        return words(context).ngettext(one, many, count)

    @pass_context
    def pgettext(context: Context, about: str, message: str) -> str:
        return words(context).pgettext(about, message)

    @pass_context
    def npgettext(context: Context, about: str, one: str, many: str, count: int) -> str:
        return words(context).npgettext(about, one, many, count)

    @pass_context
    def translated(context: Context, message: str) -> str:
        return words(context).gettext(message)

    @pass_context
    def related(context: Context, word: str) -> str:
        return relation(word, words(context).language)

    environment.filters["translated"] = translated
    environment.globals["relation"] = related
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    extended: Any = environment
    extended.install_gettext_callables(
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
