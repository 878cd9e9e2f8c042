"""Receipts that never were: made up at random, with every word's box and what it means. What the token reader learns from."""

from baton.readers.made.page import Made, made_receipts

__all__ = ["Made", "made_receipts"]
