"""The rules reader: reads receipts and customers' mails offline, from words that stand near what is asked for."""

from baton.readers.rules.reader import RulesReader

__all__ = ["RulesReader"]
