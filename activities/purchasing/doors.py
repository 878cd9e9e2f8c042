"""The two systems that purchasing speaks to: the purchasing system of setting, and what the company itself keeps."""

from activities.company import company as records
from activities.purchasing.port import Company, Purchasing
from activities.purchasing.sandbox import Sandbox
from activities.systems import system


def purchasing() -> Purchasing:
    """The purchasing system of this process (`BATON_PURCHASING`, default `sandbox`)."""
    return system("purchasing")  # type: ignore[no-any-return]  # chosen by name at run time


def company() -> Company:
    """What the company itself knows: the purchasing system's own word where it keeps that too, else the sandbox records."""
    chosen = system("purchasing")
    return chosen if isinstance(chosen, Sandbox) else Sandbox(records())
