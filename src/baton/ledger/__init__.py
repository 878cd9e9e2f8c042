"""The ledger: an append-only record of decisions, an RFC 6962 Merkle log, so that a change to it does not go unseen."""

from baton.ledger.checkpoints import RolledBack
from baton.ledger.keys import Keys
from baton.ledger.problems import Problem
from baton.ledger.proofs import ProofRefused, Proven, check_proof
from baton.ledger.store import Ledger, UnknownDecision
from baton.ledger.verify import Verification

__all__ = ["Keys", "Ledger", "Problem", "ProofRefused", "Proven", "RolledBack", "UnknownDecision", "Verification", "check_proof"]
