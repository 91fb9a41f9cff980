"""Staff: who may sign in and what they may do. Candidates are persons and live elsewhere.

Words: account, role, role grant (from, to), session, organisation.
"""
