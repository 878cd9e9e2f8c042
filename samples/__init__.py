"""A sample company and its sample inbox, written for this project; everything in it is invented."""
