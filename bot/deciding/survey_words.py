"""How customers consent to a survey, answer its questions, skip one, stop and go on."""

from __future__ import annotations

import re
from typing import Literal

from bot.deciding import patterns
from bot.deciding.rating_words import rating_in
from bot.deciding.rules import fillers
from bot.vocabulary import words

Wish = Literal["yes", "no", "skip", "stop", "go_on"]
_UNKNOWING = re.compile(r"\b(?:tidak tahu|kurang tahu|dont know|not sure)\b")
_BETWEEN = re.compile(r"\s*[,;&+]\s*|\s+(?:dan|and)\s+|\s+")


def answers_in(text: str, button: str | None = None) -> tuple[int, ...]:
    """One or two answers from 1 to 5 of a message that is only that: "4", "empat", "5 puas", "4 5"; else none."""
    around = words("survey_opinions")
    if (one := rating_in(text, button, around)) is not None:
        return (one,)
    both = [rating_in(part) for part in _BETWEEN.split(text.strip())]
    return tuple(each for each in both if each is not None) if len(both) == 2 and None not in both else ()


def wish_in(text: str, is_after_survey: bool) -> Wish | None:
    """What a message wants of a survey, if it wants nothing else. A message that does not name the survey has to follow
    one of the survey's own (`is_after_survey`)."""
    said = set(_UNKNOWING.sub("skip", " ".join(patterns.tokens(text))).split())
    names_survey = bool(said & words("survey_names"))
    if not said or not (names_survey or is_after_survey):
        return None
    said -= words("survey_names")
    wishes: tuple[Wish, ...] = ("stop", "no", "skip", "go_on", "yes")
    for wish in wishes:
        meant = words(f"survey_{wish}")
        if said & meant and said <= meant | words("survey_beside") | fillers():
            return wish
    return "go_on" if names_survey and said <= fillers() else None
