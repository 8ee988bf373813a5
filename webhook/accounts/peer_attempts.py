"""How often somebody may be wrong."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque

MOST_PEERS = 10_000


class Attempts:
    """Failures by peer in this process: after `most` of them within `seconds`, the peer has to wait. Behind a proxy
    that is not trusted all senders are one peer, and wait together."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def seconds_to_wait(self, peer: str) -> int:
        """Whole seconds until the peer may try again, 0 if at once."""
        with self._lock:
            failures = self._failures.get(peer)
            if failures is None or len(failures) < self._most:
                return 0
            return max(0, math.ceil(failures[0] + self._seconds - time.monotonic()))

    def record(self, peer: str) -> None:
        """Count a failure; the peers that failed longest ago are forgotten when there are too many."""
        with self._lock:
            self._failures.setdefault(peer, deque(maxlen=self._most)).append(time.monotonic())
            self._failures.move_to_end(peer)
            while len(self._failures) > MOST_PEERS:
                self._failures.popitem(last=False)
