"""Policies: one language for what an agent may do alone, what a person must approve, and what nobody may do.

`Policies(Bundle.load(folder), declarations)` compiles once; `judge`, `may`, `may_do` and `would_change` are pure.
"""

from baton.governance.policy.bundle import Bundle
from baton.governance.policy.changes import Change, Need
from baton.governance.policy.clocks import Clock, Clocks
from baton.governance.policy.engine import Permission, Policies, Verb
from baton.governance.policy.problems import CannotJudge, PolicyProblem
from baton.governance.policy.replay import replayed, same
from baton.governance.policy.shapes import Declared, Shapes, shapes_of

__all__ = [
    "Bundle",
    "CannotJudge",
    "Change",
    "Clock",
    "Clocks",
    "Declared",
    "Need",
    "Permission",
    "Policies",
    "PolicyProblem",
    "Shapes",
    "Verb",
    "replayed",
    "same",
    "shapes_of",
]
