"""One file is one process; it reads top to bottom as the business tells it."""
