"""How often programs may ask, counted in this process alone: enough against guessing, nothing a
subscriber meets.
"""

import threading
import time
from collections.abc import Callable

MOST_NAMES = 10_000


class RateLimit:
    """At most `most` in a window of `seconds` for each name; the clock cannot jump."""

    def __init__(
        self, most: int, seconds: float, tell: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.seconds = seconds
        self.tell = tell
        self.lock = threading.Lock()
        self.window = 0
        self.counts: dict[str, int] = {}

    def too_many(self, name: str) -> bool:
        """Count one more for `name` and return True if that is too many."""
        with self.lock:
            window = int(self.tell() // self.seconds)
            if window != self.window or len(self.counts) > MOST_NAMES:
                self.window = window
                self.counts = {}
            count = self.counts.get(name, 0) + 1
            self.counts[name] = count
        return count > self.most
