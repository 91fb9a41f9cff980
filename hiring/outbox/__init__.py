"""Mail: written as a row in the transaction that causes it, sent by the worker, never sent twice.

Words: message, recipient, batch, held (its delivery is unknown and a person decides), kept (there is
no mail server, so it stays to be read here).
"""
