"""Settings of a checkout: they stand in the package, so that an installed one has them, too."""

from scheduler.config import Config
from scheduler.kernel.keys.secret_settings import INSTANCE

__all__ = ["INSTANCE", "Config"]
