"""Field readers: what a form asks for, read from documents with evidence and an honest confidence."""
