"""Signatures: ours, a personal link for the customer, and theirs."""

from activities.signing.actions import countersign, find_answer, invite, sign

__all__ = ["countersign", "find_answer", "invite", "sign"]
