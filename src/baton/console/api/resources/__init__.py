"""Every resource of the API, one file each: whatever has a `router` is served."""
