#!/usr/bin/env python3
"""Ours and its peers over folders of pages with known stories: quality and pages per second of processor time.

A folder holds gold.jsonl (a line {"id","text","url"?,"title"?,"author"?,"date"?,"with"?,"without"?} for each page) and
pages/ID.html.gz. The peers are installed under the target directory, pinned, and their answers are kept there, so that a
second run asks ours only. Needs python3, cargo, node and npm.

  run.py --set corpus/news --set corpus/posts > peers.md
  run.py --set corpus/news --ours "target/release/copydesk clean" --peers trafilatura,dom_smoothie
  run.py --set corpus/news --again           ask the peers again, too
  run.py --set corpus/news --as-lines        text mode: pages as plain lines; peers get a paragraph for each line
"""
import argparse
import copy
import gzip
import hashlib
import html
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import peers  # noqa: E402
import report  # noqa: E402

HERE = Path(__file__).resolve().parent


class Set:
    """A folder: gold rows by id, and the question lines that filters are asked."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.name = self.folder.resolve().name
        self.gold = {}
        with open(self.folder / "gold.jsonl", encoding="utf-8") as rows:
            for row in map(json.loads, filter(str.strip, rows)):
                self.gold[row["id"]] = row
        self.questions = [self.question(row) for row in self.gold.values()]
        self.digest = digest(self.questions)

    def question(self, row):
        with gzip.open(self.folder / "pages" / (row["id"] + ".html.gz")) as page:
            return line({"id": row["id"], "url": row.get("url") or "", "html": decode(page.read())})

    def as_lines(self, renderer):
        """The set with pages as plain lines: as text, and for programs that read HTML with a paragraph for each line and
        the language that the page stated."""
        rendered, _ = ask(renderer, self.questions)
        answers = [rendered.get(identifier) or {} for identifier in self.gold]
        rows = [(identifier, answer.get("text") or "", answer.get("language") or "")
                for identifier, answer in zip(self.gold, answers)]
        plain, marked = copy.copy(self), copy.copy(self)
        plain.questions = [line({"id": identifier, "text": text}) for identifier, text, _ in rows]
        marked.questions = [line({"id": identifier, "html": paragraphs(text, language)}) for identifier, text, language in rows]
        for data in (plain, marked):
            data.name, data.digest = f"{self.name} as lines", digest(data.questions)
        return plain, marked


def paragraphs(text, language):
    marked = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.split("\n"))
    return f'<html lang="{language}"><body>{marked}</body></html>'


def line(question):
    return json.dumps(question, ensure_ascii=False).encode("utf-8", "replace")


def digest(questions):
    return hashlib.sha256(b"\n".join(questions)).hexdigest()[:16]


def decode(data):
    """UTF-8 where it makes sense, else what the page declares: the same text for all."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = re.search(rb"charset\s*=\s*[\"']?([\w.:-]+)", data[:4096], re.I)
    for name in ([declared.group(1).decode("ascii", "replace")] if declared else []) + ["windows-1252"]:
        try:
            return data.decode(name, "replace")
        except LookupError:
            continue
    return data.decode("latin-1")


def ask(command, questions):
    """Answers by id, and seconds of processor time of the filter with all that it starts."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(b"\n".join(questions) + b"\n")
        given.seek(0)
        child = subprocess.Popen(command, stdin=given, stdout=taken, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        taken.seek(0)
        answers = {row["id"]: row for row in map(json.loads, filter(bytes.strip, taken.read().split(b"\n")))}
    if child.returncode:
        print(f"warning: {command} ended with {child.returncode}", file=sys.stderr)
    return answers, used.ru_utime + used.ru_stime


def measured(command, data):
    """A pass over a few pages to warm the caches, then one over all."""
    ask(command, data.questions[:20])
    answers, seconds = ask(command, data.questions)
    return {"answers": answers, "seconds": seconds}


def kept(peer, data, cache, again):
    """The answers of a peer, asked now or before."""
    path = cache / "answers" / f"{data.name}-{data.digest}" / f"{peer.name}-{peer.version}.json"
    if path.exists() and not again:
        return json.loads(path.read_text("utf-8"))
    found = measured(peer.command(), data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found), "utf-8")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", required=True, metavar="DIR", help="may be given several times")
    parser.add_argument("--ours", metavar="COMMAND", help="a filter; default: the release build of copydesk clean")
    parser.add_argument("--peers", metavar="NAMES", help=f"default: {','.join(peers.ALL)}; none: --peers ''")
    parser.add_argument("--again", action="store_true", help="ask peers whose answers are kept")
    parser.add_argument("--as-lines", action="store_true", help="text mode; peers that have one: trafilatura, justext")
    parser.add_argument("--worst", type=int, default=15, help="worst pages of ours to tell of")
    arguments = parser.parse_args()
    target = peers.target_directory(HERE)
    cache = target / "peers"
    usual = list(peers.ALL) if not arguments.as_lines else ["trafilatura", "justext"]
    names = usual if arguments.peers is None else [name for name in arguments.peers.split(",") if name]
    unknown = [name for name in names if name not in peers.ALL]
    if unknown:
        parser.error(f"no peer {unknown[0]}; there are: {', '.join(peers.ALL)}")
    ours = shlex.split(arguments.ours) if arguments.ours else [str(target / "release" / "copydesk"), "clean"]
    chosen = [peers.ALL[name](cache) for name in names]
    for folder in arguments.set:
        data = for_peers = Set(folder)
        if arguments.as_lines:
            data, for_peers = data.as_lines(peers.renderer(cache))
        print(f"{data.name}: {len(data.gold)} pages", file=sys.stderr)
        runs = {"copydesk": measured(ours, data)}
        for peer in chosen:
            print(f"  {peer.name}", file=sys.stderr)
            runs[f"{peer.name} {peer.version}"] = kept(peer, for_peers, cache, arguments.again)
        print(report.markdown(data, runs, arguments.worst))


if __name__ == "__main__":
    main()
