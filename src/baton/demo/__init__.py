"""The demo: every sample message through the door, with staff who decide the way `baton decide` does."""

from baton.demo.run import demo, home_for
from baton.demo.shown import CaseLine, Shown

__all__ = ["CaseLine", "Shown", "demo", "home_for"]
