"""People first: while people's answers come in, what cases do by themselves waits a little.

Somebody sits before the screen until the case has taken their answer; the step that follows it has nobody waiting. Both are
done by the same workers, so a step lets the answers of a moment pass before it begins.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

LONGEST: Final = 2.0
"""How long a step gives way at most, in seconds: however many answers come, cases go on."""
_MOMENT: Final = 1.0
_SEVERAL: Final = 3
_LOOK_EVERY: Final = 0.05


class Courtesy:
    """What one worker knows of the answers that come to it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._under_way = 0
        self._last: deque[float] = deque([float("-inf")] * _SEVERAL, maxlen=_SEVERAL)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """An answer is being judged for as long as the block lasts."""
        self._under_way += 1
        self._last.append(self._clock())
        try:
            yield
        finally:
            self._under_way -= 1

    @property
    def asked_for(self) -> bool:
        """Whether an answer is being judged, or several have just been; one alone holds nobody up."""
        return self._under_way > 0 or self._clock() - self._last[0] < _MOMENT

    async def give_way(self) -> None:
        """Return when no more answers come, at the latest after `LONGEST`."""
        until = self._clock() + LONGEST
        while self.asked_for and self._clock() < until:
            await asyncio.sleep(_LOOK_EVERY)
