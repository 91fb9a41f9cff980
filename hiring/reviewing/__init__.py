"""Marking: answers without persons, given to reviewers, and the levels they chose.

Words: assignment, review, mark, queue, round.
"""
