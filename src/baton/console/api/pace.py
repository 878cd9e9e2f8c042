"""How often somebody may call: so many calls a minute, with a burst of a quarter of that; counted in this process."""

import time
from collections import OrderedDict
from typing import Final

_MOST: Final = 10_000


class Pace:
    """A bucket for each caller, which fills evenly."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._holds = max(per_minute / 4, 1.0)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> tuple[int, float]:
        """How many calls are left, and for how many seconds to wait: 0 where this call may go on."""
        if not self.per_minute:
            return 0, 0.0
        at, rate = time.monotonic(), self.per_minute / 60
        level, before = self._buckets.pop(who, (self._holds, at))
        level = min(self._holds, level + (at - before) * rate)
        wait = 0.0 if level >= 1 else (1 - level) / rate
        self._buckets[who] = (level - 1 if level >= 1 else level, at)
        while len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return int(max(level - 1, 0)), wait
