"""Messages and documents: filed by content, read into words with boxes."""
