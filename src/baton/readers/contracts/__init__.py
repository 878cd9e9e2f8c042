"""Reads agreements: parties, dates, term, renewal, governing law, liability and payment, each with the words that say so."""
