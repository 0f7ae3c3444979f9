#!/usr/bin/env python3
"""Finds which sentences of SIB-200 are translations of one another, so that training and test can keep them on one side.

SIB-200 labels the same sentences in many languages, but a corpus of it may have lost which belong together. Languages are added
one after the other to the groups of the first: sentences of one label are matched (Hungarian assignment) by their numbers, their
length, the parts of their romanised words and, in a few rounds, the words that the last round has found to go together, counted
on other pairs than the one in question. Names and numbers carry European languages; where there are few, some matches are wrong.

  pip install numpy scipy scikit-learn unidecode
  groups.py corpus/iptc_dev.jsonl.xz > sib200-groups.tsv
"""
import json
import lzma
import re
import sys
from collections import defaultdict

import numpy as np
import scipy.sparse
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction.text import TfidfVectorizer
from unidecode import unidecode

ORDER = "es pt it fr en de nl id pl tr sw vi ru hi ar ko ja th zh".split()
# Languages whose spelling shares names with others, and those whose words tell later ones apart.
SPELT = set("en de nl id pl tr pt it fr ru vi sw".split())
TELLING = set("en es de id pl ru zh ja tr".split())
ROUNDS, PARTS = 8, 8


def romanised(text):
    return re.sub(r"[^a-z0-9 ]+", " ", unidecode(text).lower())


def numbers(text):
    found = re.findall(r"\d[\d.,]*\d|\d", unidecode(text))
    return {re.sub(r"^0+", "", re.sub(r"[.,]", "", number)) for number in found}


def words(text, language):
    """Rough words: pairs of characters in Chinese and Japanese, runs in Thai, beginnings elsewhere."""
    text = text.lower()
    if language in ("ja", "zh"):
        runs = re.findall(r"[\u4e00-\u9fff]+", text)
        pairs = [run[at:at + 2] for run in runs for at in range(len(run) - 1)]
        return pairs + list("".join(runs)) + re.findall(r"[\u30a0-\u30ff]{2,}|[a-z]{2,}|\d+", text)
    if language == "th":
        text = re.sub(r"\s", "", text)
        return [text[at:at + 4] for at in range(len(text) - 3)]
    found = re.findall(r"\w+", text)
    if language == "ko":
        return [word[:2] for word in found] + found + [word[:3] for word in found]
    return [word[:5] for word in found]


def tfidf(sets):
    return TfidfVectorizer(analyzer=lambda words: words, min_df=2, max_df=0.2).fit_transform(sets)


class Group:
    def __init__(self, row):
        self.label, self.romanised, self.numbers = row["label_src"], romanised(row["text"]), numbers(row["text"])
        self.words, self.lengths = set(), [len(row["text"])]


def by_words(rows, language, groups, matched):
    """How well the words of rows and groups go together, by pairs matched in the last round but for the one in question."""
    own = tfidf([set(words(row["text"], language)) for row in rows])
    theirs = tfidf([group.words for group in groups])
    has, pair = (own > 0).astype(np.float32), (theirs[matched] > 0).astype(np.float32)
    scores, part_of = np.zeros((len(rows), len(groups)), np.float32), np.arange(len(rows)) % PARTS
    for part in range(PARTS):
        used = part_of != part
        together = (has[used].T @ pair[used]).tocoo()
        counts = [np.asarray(side[used].sum(0)).ravel() for side in (has, pair)]
        left, right, both = together.row, together.col, together.data
        dice = 2 * both / (counts[0][left] + counts[1][right])
        lift = both * used.sum() / (counts[0][left] * counts[1][right])
        kept = (both >= 2) & (lift > 3) & (dice > 0.15)
        links = scipy.sparse.csr_matrix((dice[kept] ** 1.5, (left[kept], right[kept])), shape=together.shape)
        scores[~used] = (own[~used] @ links @ theirs.T).toarray()
    return scores / (scores.max(1, keepdims=True) + 1e-9)


def by_form(rows, groups):
    """How well rows and groups go together by romanised parts of words, numbers, length and label."""
    texts, known = [romanised(row["text"]) for row in rows], [group.romanised for group in groups]
    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 5), sublinear_tf=True, max_df=0.1).fit(known + texts)
    spelling = (parts.transform(texts) @ parts.transform(known).T).toarray()
    best = spelling.max(1, keepdims=True)
    spelling = spelling / (best + 1e-9) * np.minimum(1, best * 5)
    found = [numbers(row["text"]) for row in rows]
    shared = np.array([[len(own & group.numbers) / len(own) if own else (-0.1 if group.numbers else 0.05)
                        for group in groups] for own in found])
    lengths = np.array([float(len(row["text"])) for row in rows])
    usual = np.array([np.mean(group.lengths) for group in groups])
    ratio = (lengths / lengths.mean())[:, None] / (usual / usual.mean())[None, :]
    label = np.array([[0 if row["label_src"] == group.label else -5 for group in groups] for row in rows])
    return spelling + shared - 0.6 * np.abs(np.log(ratio)) + label


def match(rows, language, groups):
    if len(rows) > len(groups):
        sys.exit(f"{language} has more sentences than {ORDER[0]}")
    form = by_form(rows, groups)
    matched = linear_sum_assignment(-form)[1]
    for _ in range(ROUNDS):
        last, scores = matched, form + 1.5 * by_words(rows, language, groups, matched)
        matched = linear_sum_assignment(-scores)[1]
        if (last == matched).all():
            break
    ratio = np.mean([np.mean(group.lengths) for group in groups]) / np.mean([len(row["text"]) for row in rows])
    for row, at in zip(rows, matched):
        group = groups[at]
        group.romanised += " " + romanised(row["text"]) if language in SPELT else ""
        group.numbers |= numbers(row["text"])
        group.words |= {f"{language}:{word}" for word in words(row["text"], language)} if language in TELLING else set()
        group.lengths.append(len(row["text"]) * ratio)
    print(f"{language}: {np.mean(np.sort(scores)[:, -1] - 1e-6 <= scores[range(len(rows)), matched]):.2f} have their best match",
          file=sys.stderr)
    return [int(at) for at in matched]


def main():
    path = sys.argv[1]
    rows = defaultdict(list)
    with (lzma.open if path.endswith(".xz") else open)(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["src"] == "sib200":
                rows[row["lang"]].append(row)
    first = rows[ORDER[0]]
    groups = [Group(row) for row in first]
    for group, row in zip(groups, first):
        group.words = {f"{ORDER[0]}:{word}" for word in words(row["text"], ORDER[0])}
    group_of = {row["id"]: at for at, row in enumerate(first)}
    for language in ORDER[1:]:
        matched = match(rows[language], language, groups)
        group_of.update({row["id"]: at for row, at in zip(rows[language], matched)})
    print("# Which sentences of SIB-200 are translations of one another: id of the sentence, number of the group. Found by aligning\n"
          "# (services/classifier/benches/peers/groups.py), so a few are wrong, in Arabic, Hindi and Japanese more than a few.")
    for identifier, at in sorted(group_of.items()):
        print(f"{identifier}\t{at}")


if __name__ == "__main__":
    main()
