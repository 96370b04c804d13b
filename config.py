"""Settings of a checkout: they stand in the package, so that an installed one has them, too."""

from scheduler.config import INSTANCE, Config

__all__ = ["INSTANCE", "Config"]
