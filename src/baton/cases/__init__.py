"""The case store: cases, stages, owners, handoffs, tasks, messages, documents and people."""
