"""Language models, quarantined: no tools, typed answers, every failure typed, every answer paid for once."""
