"""Deals, their contracts and what becomes of them."""

from activities.contracts.actions import (
    accept_paper,
    agree_billing,
    archive,
    close_deal,
    draft_paper,
    find_deal,
    find_paper,
    go_live,
    start_onboarding,
)

__all__ = [
    "accept_paper",
    "agree_billing",
    "archive",
    "close_deal",
    "draft_paper",
    "find_deal",
    "find_paper",
    "go_live",
    "start_onboarding",
]
