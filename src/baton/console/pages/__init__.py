"""Every page of the console, one file each: whatever has a `router` is served, whatever has an `ENTRY` stands in the rail."""
