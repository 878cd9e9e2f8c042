"""What may be done, by whom, and the only way to do it."""
