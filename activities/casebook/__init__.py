"""The casebook: what arrived, which cases came of it, and how they stand."""

from activities.casebook.actions import add_message, answer_status, open_case, recognise, remember_choice

__all__ = ["add_message", "answer_status", "open_case", "recognise", "remember_choice"]
