"""What tests may share because no test can change it: the code made of addresses, of templates
and of statements.

Every test gets an application of its own. Its routes, pages and statements are those of the test
before; only to translate them anew each time took a third of the whole run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from scheduler.kernel.database import db


def share_routes() -> None:
    """Let the same address be compiled once; one with defaults is left to Werkzeug."""
    compiled: dict[object, Callable[..., tuple[str, str]]] = {}
    compile_anew = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_anew(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_anew(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]


class Templates(BytecodeCache):
    """Keeps the code of a template by its name and its text."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out the code, if the same text was compiled before."""
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self.code[bucket.key, bucket.checksum] = bucket.code


_templates = Templates()


def share_templates(app: Flask) -> None:
    """Let the pages of `app` be read from those of the test before."""
    app.jinja_env.bytecode_cache = _templates


@dataclass
class World:
    """The rows that a fixture makes: there already, or to be made and kept for the next test."""

    name: str | None
    is_there: bool = False
    keep: Callable[[], object] | None = None

    def begin(self, make: Callable[[], None]) -> None:
        """Make the rows by `make`, which commits, unless they came with the database."""
        if self.is_there:
            return
        make()
        db.session.remove()
        db.engine.dispose()
        if self.keep is not None:
            self.keep()


class Engines:
    """Keeps one engine for each database that tests use one after the other, without a connection
    in between.

    An engine holds the SQL of every statement asked so far.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Engine | None] = {}
        self.make_anew = db._make_engine
        db._make_engine = self.make  # type: ignore[method-assign]

    def share(self, url: str) -> None:
        """Keep the engine of this database from now on."""
        self.kept.setdefault(url, None)

    def make(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        """Give the application the engine kept for its database, or one of its own."""
        url = str(options["url"])
        engine = self.kept.get(url)
        if engine is None:
            engine = self.make_anew(bind_key, options, app)
            if url in self.kept:
                self.kept[url] = engine
        return engine
