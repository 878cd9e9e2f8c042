"""The ids of a case's trace: they derive from its name, so that every worker and every restart joins the same one."""

import hashlib

from baton.types.ids import CaseId


def trace_id(case: CaseId) -> int:
    """The trace of this case: the first 16 bytes of a SHA-256 over its name."""
    return int.from_bytes(hashlib.sha256(f"trace:{case}".encode()).digest()[:16], "big")


def root_id(case: CaseId) -> int:
    """The span all others of this case hang under."""
    return int.from_bytes(hashlib.sha256(f"span:{case}".encode()).digest()[:8], "big")
