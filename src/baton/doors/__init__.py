"""The doors: a mailbox that is polled, an SMTP drop, a folder. Each hands a message to `intake` and forgets it only then."""
