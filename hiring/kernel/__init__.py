"""The ground floor: one noun a file, knows nothing of hiring, imported by every room."""
