"""Customers, and their claims: opened, closed, declined."""

from activities.crm.actions import close_claim, decline_claim, find_customer, open_claim

__all__ = ["close_claim", "decline_claim", "find_customer", "open_claim"]
