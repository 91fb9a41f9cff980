"""Shapes of what this room is sent, a file for each kind of thing."""
