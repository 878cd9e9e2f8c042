"""Identifiers, each its own type so that one is never passed for another."""

import base64
import hashlib
from typing import NewType

CaseId = NewType("CaseId", str)
"""A case's short name, for instance `WC-1042`; also its Temporal workflow id."""
StepKey = NewType("StepKey", str)
"""`case/step/revision`: one governed step, stable over retries and replays."""
DecisionId = NewType("DecisionId", str)
TaskId = NewType("TaskId", str)
PersonId = NewType("PersonId", str)
CustomerId = NewType("CustomerId", str)
DocumentId = NewType("DocumentId", str)
"""SHA-256 of the document's bytes, in lower-case hexadecimal."""
Hash = NewType("Hash", str)
"""A SHA-256 in lower-case hexadecimal."""


def decision_id(step: StepKey, kind: str) -> DecisionId:
    """The id of the decision of this kind about this step: the same on every retry, different for every other.

    80 bits of SHA-256 in base 32; a collision among a billion decisions has odds of about one in two million.
    """
    digest = hashlib.sha256(f"{step}\0{kind}".encode()).digest()[:10]
    return DecisionId("d-" + base64.b32encode(digest).decode().lower())
