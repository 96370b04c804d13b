"""Pure: what a token of the HTTP API may be for; never more than its holder may."""

from enum import StrEnum


class Scope(StrEnum):
    """One thing a token may be used for."""

    READ = "read"
    WRITE = "write"
    PLAN = "plan"
    PUBLISH = "publish"
    AUDIT = "audit"
