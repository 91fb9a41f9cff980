"""The candidate's desk: one timed taking of one step, every accepted save of it, and its closing.

Words: attempt, answer, revision, grant, pause, credit, closing, blind answer, alias.
"""
