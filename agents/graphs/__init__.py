"""The graphs behind the verbs; loaded by workers, never by a process."""
