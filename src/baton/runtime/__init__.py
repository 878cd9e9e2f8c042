"""What brings Baton up: settings, the project's folders, the embedded server, the workers."""
