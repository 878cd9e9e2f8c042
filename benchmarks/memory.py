"""How much memory a benchmark took."""

import re
import resource
import sys
from pathlib import Path


def peak_mb() -> int:
    """The most memory this process held; Linux counts its parent's into `ru_maxrss`, so its own note comes first."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)
