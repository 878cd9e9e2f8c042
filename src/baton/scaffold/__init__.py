"""The files of a new process that already runs: `baton new process NAME`."""
