"""What a question asks about, and what it asks: “please outline all the ships in this image” is about ships."""

from __future__ import annotations

import re

COURTESY = (
    r"please|kindly|could you|can you|would you|i want to|i want|i need|i would like to|help me|tell me|show me"
    r"|give me|let me|describe|summari[sz]e|caption"
)
VERBS = (
    r"find|locate|detect|look for|search for|recogni[sz]e|identify|spot|point out|show|mark|highlight|count|list|label"
    r"|see|know|draw (?:bounding )?boxes around|draw|box|segment|outline|extract"
    r"|delineate|mask|cut out|trace|paint|colou?r|map|separate"
)
PARTS = (
    r"(?:the |an? )?(?:exact )?(?:masks?|outlines?|boundary|boundaries|extent|shape|polygons?|pixels|area|locations?"
    r"|position|coordinates|number|share|proportion|percentage|distribution map|distribution|map)"
    r"(?: covered by| of| (?:that )?belong(?:ing)? to)"
)
ASKING = (
    r"where (?:is|are)|is there|are there|how many|which pixels (?:are|belong to)|how large is the area of"
    r"|what share (?:is|of (?:this|the) \w+ is)|how much (?:of (?:this|the) \w+ |area )?is(?: covered by)?"
)
DETERMINERS = r"all(?: of)?|every|each|the|these|those|any|a|an|out|me"
VIEW = (
    r"(?:the|this) (?:current |whole |satellite |aerial )?"
    r"(?:image|picture|photo|map|view|scene|area|region|canvas)"
)
LIGHT = re.compile(rf"(?:{COURTESY}|{VIEW}$|{DETERMINERS})(?=[ ,]|$)[ ,]*", re.IGNORECASE)
ASKED = re.compile(rf"(?:{VERBS}|{PARTS}|{ASKING})(?=[ ,]|$)[ ,]*", re.IGNORECASE)
PLACE = rf"(?:in|on|within|of|from) {VIEW}"
TAIL = re.compile(
    rf"(?:[ ,]*\b(?:{PLACE}|here|there|are there|is there|located|with (?:bounding )?boxes|for me|please)|[ ?!.,])$",
    re.IGNORECASE,
)
THERE = re.compile(r" (?:are|is) there (?=(?:in|on|at|near|along|around)\b)", re.IGNORECASE)
VIEWS = re.compile(r"\b(?:image|picture|photo|scene|view|place)s?\b", re.IGNORECASE)
QUESTION = re.compile(
    r"(?:what|which|who|how|why|is|are|was|were|does|do|did|would|will|can|could|in|tell|give|describe|summari[sz]e"
    r"|explain|classify|analy[sz]e|write|generate|introduce|say|assess|judge|caption)\b",
    re.IGNORECASE,
)
RELATION = re.compile(
    r" (?:near|next to|with|without|around|between|beside|along|inside|at|on|in|parked|moored|floating|built"
    r"|covered)\b.*"
)
QUALITY = re.compile(
    r"(?:red|green|blue|white|black|gr[ea]y|brown|yellow|orange|silver|dark|bright|colou?red|large|big|huge|small|tiny|tall|low"
    r"|long|short|wide|narrow|round|square|rectangular|winding|straight|old|new|ancient|modern|abandoned|empty|dense"
    r"|sparse|dry|wet|flooded|burnt|burning|damaged|destroyed|collapsed|intact|healthy|withered|natural|artificial"
    r"|private|public|illegal|isolated|single|parked|moored|moving|flying|floating|polluted|clear|turbid|deep|shallow"
    r"|other|some|main|most of|many|several|few|one|two|three|largest|smallest|tallest|longest)\b[ ,]*(?=\w)",
    re.IGNORECASE,
)


def subject_of(english: str) -> str:
    """Return the words of a question that name something, "" where it names nothing; a bare phrase stays as it is."""
    return _parted(english)[1]


def core(english: str) -> str:
    """Return what tells a question's granularity: what it asks of an “object”, or a bare phrase's noun.

    What asks of the whole view stays as it is.
    """
    asks, subject = _parted(english)
    if VIEWS.search(subject) or not subject:
        return english
    if asks:
        return f"{asks} object"
    return english if QUESTION.match(english) else noun_of(subject)


def bare_noun(english: str) -> str:
    """Return the noun of a phrase that asks nothing, "" of anything else."""
    asks, subject = _parted(english)
    return "" if asks or VIEWS.search(subject) or QUESTION.match(english) else noun_of(subject)


def is_quality(text: str) -> bool:
    """Return whether nothing but qualities is said, as in “large” or “old, red”."""
    return not QUALITY.sub("", f"{text} x").removesuffix("x").strip(" ,")


def noun_of(subject: str) -> str:
    """Return “roofs” of “large red roofs near the river”."""
    noun = RELATION.sub("", subject)
    while found := QUALITY.match(noun) or LIGHT.match(noun):
        if found.end() == len(noun):
            break
        noun = noun[found.end() :]
    return noun


def _parted(english: str) -> tuple[str, str]:
    """Return the words of asking before the subject, and the subject."""
    text, asks = " ".join(english.split()), []
    while found := TAIL.search(text):
        text = text[: found.start()]
    while True:
        if found := ASKED.match(text):
            asks.append(found.group().strip(" ,"))
        elif not (found := LIGHT.match(text)):
            return " ".join(asks), THERE.sub(" ", text)
        text = text[found.end() :]
