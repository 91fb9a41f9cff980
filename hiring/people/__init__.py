"""The person: a candidate's identity, once, whatever part they play, and nowhere but here.

Words: person, address, consent, purpose.
"""
