"""Deciding: who stands where after marking, who decided what and why, and the document that leaves.

Words: standing, decision, shortlist, export.
"""
