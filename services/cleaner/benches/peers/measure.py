"""The measures: windows of four words, must and must-not snippets, title, author and date.

`python3 -m doctest measure.py` tries the examples.
"""
import re
from collections import Counter

WORD = re.compile(r"\w+")
SIZE = 4


def windows(text):
    """All runs of four words as a multiset; a shorter text is one window.

    >>> sorted(windows("a b, c d-e").items())
    [(('a', 'b', 'c', 'd'), 1), (('b', 'c', 'd', 'e'), 1)]
    >>> windows("a b"), windows(" ")
    (Counter({('a', 'b'): 1}), Counter())
    """
    words = WORD.findall(text or "")
    count = len(words) - SIZE + 1
    return Counter(tuple(words[at:at + SIZE]) for at in range(max(count, 1 if words else 0)))


class Page:
    """Precision, recall and F1 of one page; None where nothing was found or nothing was to be found.

    >>> page = Page("a b c d e f g", "a b c d e x")
    >>> page.right, page.wrong, page.missed, page.recall
    (2, 1, 2, 0.5)
    >>> Page("a b", "").precision, Page("a b", "").f1, Page("", "").f1
    (None, 0.0, 1.0)
    """

    def __init__(self, gold, found):
        wanted, got = windows(gold), windows(found)
        self.right = sum((wanted & got).values())
        self.wrong = sum(got.values()) - self.right
        self.missed = sum(wanted.values()) - self.right
        self.precision = self.right / (self.right + self.wrong) if got else None
        self.recall = self.right / (self.right + self.missed) if wanted else None

    @property
    def f1(self):
        if self.precision is None and self.recall is None:
            return 1.0
        return harmonic(self.precision or 0.0, self.recall or 0.0)


def harmonic(left, right):
    return 2 * left * right / (left + right) if left + right else 0.0


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else 0.0


def score(pages):
    """(F1, precision, recall) over pages: F1 is the harmonic mean of the mean precision and the mean recall. A page
    without an answer has no precision; it costs recall.

    >>> score([Page("a b c d e", "a b c d e"), Page("a b c d e", "")])
    (0.6666666666666666, 1.0, 0.5)
    """
    precision, recall = mean(page.precision for page in pages), mean(page.recall for page in pages)
    return harmonic(precision, recall), precision, recall


def snippets(rows):
    """F1 of snippets that must be in the text and of those that must not, summed over (gold row, text); None without.

    >>> snippets([({"with": ["a b", "c"], "without": ["d"]}, "a\\nb d")])
    0.5
    """
    right = wrong = missed = 0
    squeeze = lambda text: " ".join((text or "").split())
    for gold, text in rows:
        text = squeeze(text)
        held = [bool(text) and squeeze(snippet) in text for snippet in gold.get("with") or []]
        right, missed = right + sum(held), missed + len(held) - sum(held)
        wrong += sum(bool(text) and squeeze(snippet) in text for snippet in gold.get("without") or [])
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else None


def lower_words(text):
    return [word.lower() for word in WORD.findall(text if isinstance(text, str) else "")]


def names(value):
    """Names as a set, each in lower case and without "by".

    >>> names("By Ann Lee and Bo Ek") == names(["ann lee", "Bo Ek"])
    True
    """
    if isinstance(value, str):
        value = re.split(r"\s*(?:;|,|\||\band\b|\bund\b|&|\n)\s*", value)
    found = (" ".join(word for word in lower_words(name) if word != "by") for name in value or [])
    return {name for name in found if name}


def day(value):
    found = re.match(r"\d{4}-\d\d-\d\d", value) if isinstance(value, str) else None
    return found.group() if found else ""


def metadata(rows):
    """Shares of pages whose title, author and date are exactly the gold's, of those whose gold has one."""
    readers = {"title": lower_words, "author": names, "date": day}
    shares = {}
    for field, read in readers.items():
        pairs = [(read(gold.get(field)), read(answer.get(field))) for gold, answer in rows]
        pairs = [pair for pair in pairs if pair[0]]
        shares[field] = sum(gold == found for gold, found in pairs) / len(pairs) if pairs else None
    return shares
