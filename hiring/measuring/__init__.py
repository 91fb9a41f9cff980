"""Numbers about work: pure functions of plain values, so that each can be checked against its formula.

Words: level, score, weight, share.
"""
