"""Whether a reply asks the customer something that its answer depends on."""

from __future__ import annotations

import re
from collections.abc import Iterable

# A question mark inside a link ends no sentence.
_END = re.compile(r"(?<=[.?!…])[\"”')]*\s+|\n+")
_QUESTION = re.compile(r"\?[\s\W]*$")
# What shops ask at the start or the end of any conversation, whatever the customer wrote.
_STANDARD = re.compile(
    r"\b(?:how|what) (?:else )?(?:can|may|could) (?:i|we) (?:help|do|assist)|\b(?:can|may) (?:i|we) (?:help|assist)"
    r"|\banything else\b|\bany (?:other|more) questions?\b|\bhow did we do\b"
    r"|\byang (?:bisa|dapat) (?:(?:saya|kami|kita|aku) )?(?:di)?bantu|\bada (?:hal |pertanyaan )?(?:lagi|lain)\b"
    r"|\bada yang (?:lain|ingin ditanyakan)|\bbagaimana pelayanan",
    re.IGNORECASE,
)
# What may follow a question without being its answer: what to send, and courtesies.
_FOLLOWS = re.compile(
    r"\b(?:send|type|reply|tell|write|let (?:me|us) know|thanks?|thank you"
    r"|kirim\w*|ketik\w*|balas\w*|sebut\w*|tulis\w*|kabar\w*|infokan|beri ?tahu|terima kasih|makasih)\b",
    re.IGNORECASE,
)


def asks_back(replies: Iterable[str]) -> bool:
    """Whether one of the messages has a question to this customer: the last sentence, or one before what to send or a
    courtesy. A question with its answer after it, as on a page of frequent questions, is none, nor is an offer of help.
    """
    return any(_asks(reply) for reply in replies)


def _asks(reply: str) -> bool:
    sentences = [sentence for sentence in _END.split(reply) if re.search(r"\w", sentence)]
    while sentences:
        last = sentences.pop()
        if _QUESTION.search(last):
            if not _STANDARD.search(last):
                return True
        elif not _FOLLOWS.search(last):
            return False
    return False
