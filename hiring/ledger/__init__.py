"""The ledger: an append-only, hash-chained list of decisions and what they rested on.

Words: entry, head, secret (the erasable text behind a hash), verification.
"""
