"""Letters to customers: fixed templates, to the address on file."""

from activities.mail.actions import ask_question, send_letter

__all__ = ["ask_question", "send_letter"]
