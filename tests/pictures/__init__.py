"""`make pictures`: what it shows, and the camera."""
