"""What the command line can do with cases; each file is one part of `baton --help`."""
