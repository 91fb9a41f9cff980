"""Files of strangers made harmless and nameless: what their reader sees stays, and nothing else.

All of it runs in a process of its own, begun by `kernel.papers`, with bounded memory and time.
"""
