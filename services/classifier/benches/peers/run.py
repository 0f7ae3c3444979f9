#!/usr/bin/env python3
"""Ours and its peers, each taught the same texts: how often the best topic is right, and articles per second.

Texts are lines {"text","title"?,"lang"?,"src"?} with "label" or "topics" (the first counts), plain or packed by xz. One in
five, chosen by its words, is kept for the test; all learn from the others and nothing else, ours without word vectors and
examples. Speed is that of articles of about 1.7 KB made of the test's texts, in processor time, ours with its language
identified and its JSON read and written. The peers are installed under the target directory, pinned.

  run.py --data corpus/iptc_dev.jsonl --lang en --src wiki_current_events,huffpost
  run.py --data agnews.jsonl.xz --peers fasttext --ours target/release/copydesk
"""
import argparse
import hashlib
import json
import lzma
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = ["fasttext", "scikit-learn"]
ARTICLES, ARTICLE_BYTES = 4_000, 1_700


def read(path, languages, sources):
    """Rows of id, label and text, in the order of the file."""
    opened = lzma.open if str(path).endswith(".xz") else open
    found = []
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(filter(str.strip, lines)):
            row = json.loads(line)
            label = row.get("label") or (row.get("topics") or [None])[0]
            wanted = (not languages or row.get("lang") in languages) and (not sources or row.get("src") in sources)
            if label is not None and wanted:
                found.append({"id": str(number), "label": str(label), "lang": row.get("lang") or "en",
                              "title": row.get("title") or "", "text": row.get("text") or ""})
    return found


def is_test(row):
    words = " ".join((row["title"] + " " + row["text"]).lower().split())
    return hashlib.sha256(words.encode()).digest()[0] % 5 == 0


def one_text(row):
    """For those who know no titles: the title is a sentence of its own."""
    text = f"{row['title']}. {row['text']}" if row["title"] else row["text"]
    return {"label": row["label"], "text": " ".join(text.split())}


def articles(rows):
    """Texts of the test strung together to articles of the usual length."""
    made = []
    for first in range(ARTICLES):
        text, at = "", first
        while len(text.encode()) < ARTICLE_BYTES:
            text, at = f"{text} {rows[at % len(rows)]['text']}".strip(), at + 7
        made.append({"id": str(first), "label": "", "text": text.encode()[:ARTICLE_BYTES].decode("utf-8", "ignore")})
    return made


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return str(path)


def seconds_of(command, given):
    """What a filter answers, and its processor time."""
    with open(given, "rb") as source, tempfile.TemporaryFile() as taken:
        child = subprocess.Popen(command, stdin=source, stdout=taken)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{command} ended with {child.returncode}")
        taken.seek(0)
        return [json.loads(line) for line in taken], used.ru_utime + used.ru_stime


def ours(program, folder, train, test, speed):
    """Trains on the one file and classifies the others; starting the program does not count as speed."""
    model = folder / "ours.model"
    data = [write(folder / "ours-train.jsonl", train), write(folder / "ours-test.jsonl", test)]
    subprocess.run([program, "train", "labels", "--data", data[0], "--test", data[1], "--out", str(model)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    command = [program, "classify", "--model", str(model), "--all"]
    answers, _ = seconds_of(command, data[1])
    _, starting = seconds_of(command, write(folder / "few.jsonl", speed[:20]))
    _, seconds = seconds_of(command, write(folder / "many.jsonl", speed))
    best = [answer["topics"][0]["id"] if answer.get("topics") else "" for answer in answers]
    return {"answers": best, "seconds": seconds - starting, "bytes": model.stat().st_size}


def python(cache):
    """The interpreter that has the peers."""
    pins, stamp = HERE / "python" / "requirements.txt", cache / "installed"
    if not stamp.exists() or stamp.read_text() != pins.read_text():
        subprocess.run([sys.executable, "-m", "venv", cache], check=True)
        subprocess.run([cache / "bin" / "pip", "install", "--quiet", "--requirement", pins], check=True, stdout=sys.stderr)
        stamp.write_text(pins.read_text())
    return cache / "bin" / "python"


def peer(name, interpreter, folder, train, test, speed):
    paths = [write(folder / f"{part}.jsonl", rows) for part, rows in
             [("train", map(one_text, train)), ("test", map(one_text, test)), ("speed", speed)]]
    found = subprocess.run([interpreter, HERE / "python" / "learners.py", name, *paths], check=True,
                           stdout=subprocess.PIPE)
    return json.loads(found.stdout)


def scores(truth, answers):
    """Accuracy, and F1 averaged over the labels of the test.

    >>> scores(["a", "a", "b"], ["a", "b", "b"])
    (0.6666666666666666, 0.6666666666666666)
    """
    right = Counter(label for label, answer in zip(truth, answers) if label == answer)
    wanted, given = Counter(truth), Counter(answers)
    f1 = [2 * right[label] / (wanted[label] + given[label]) for label in wanted]
    return sum(right.values()) / len(truth), sum(f1) / len(f1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, metavar="FILE")
    parser.add_argument("--lang", default="", help="languages to keep, parted by commas")
    parser.add_argument("--src", default="", help="collections to keep, parted by commas")
    parser.add_argument("--peers", default=",".join(PEERS), help="parted by commas; none: --peers ''")
    parser.add_argument("--ours", metavar="PROGRAM", help="default: the release build of copydesk")
    arguments = parser.parse_args()
    parts = lambda text: [part for part in text.split(",") if part]
    found = subprocess.run(["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=HERE, check=True,
                           stdout=subprocess.PIPE)
    target = Path(json.loads(found.stdout)["target_directory"])
    rows = read(arguments.data, parts(arguments.lang), parts(arguments.src))
    test = [row for row in rows if is_test(row)]
    train = [row for row in rows if not is_test(row)]
    if not train or not test:
        parser.error("no such texts")
    speed = articles([one_text(row) for row in test])
    print(f"{len(train)} texts to learn from, {len(test)} of the test, {len({row['label'] for row in rows})} labels\n")
    print("| | accuracy | macro-F1 | model, MB | articles/CPU s |\n| --- | ---: | ---: | ---: | ---: |")
    truth = [row["label"] for row in test]
    for name in ["copydesk", *parts(arguments.peers)]:
        with tempfile.TemporaryDirectory() as folder:
            if name == "copydesk":
                program = arguments.ours or str(target / "release" / "copydesk")
                result = ours(program, Path(folder), train, test, speed)
            else:
                interpreter = python(target / "peers" / "classifier")
                result = peer(name, interpreter, Path(folder), train, test, speed)
        accuracy, f1 = scores(truth, result["answers"])
        print(f"| {name} | {accuracy:.4f} | {f1:.4f} | {result['bytes'] / 1e6:.1f} | {ARTICLES / result['seconds']:.0f} |")


if __name__ == "__main__":
    main()
