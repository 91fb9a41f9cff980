"""Short prints of what a page showed, by which a later request sees whether it still stands so."""

from __future__ import annotations

import json
from hashlib import sha256


def print_of(shown: object) -> str:
    """Sixteen hexadecimal digits, the same for the same content: text, or anything JSON can say."""
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
