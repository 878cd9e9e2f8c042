"""The token reader: learned from examples which words of a page carry which field."""

from baton.readers.tokens.reader import TokenReader

__all__ = ["TokenReader"]
