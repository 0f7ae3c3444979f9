#!/usr/bin/env python3
"""Ours and two MinHash libraries over the same made-up articles: articles a second of processor time, and copies found.

The articles are those of `cargo bench -p deduper --bench dedup`, which prints them; one in five is a copy of a recent
one. Each library gets sets of five-word shingles, 128 permutations, and an LSH index of threshold 0.5 that is asked for
each article before the article is added. Nothing is verified and nothing is forgotten there, so they do less than ours.
The libraries are installed under the target directory, pinned. Needs python3 with venv, and cargo.

  run.py [--window 100000] [--articles 20000] > peers.md
"""
import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHINGLE = 5
PERMUTATIONS = 128
THRESHOLD = 0.5
BANDS = 32


def bench(*arguments):
    command = ["cargo", "bench", "--quiet", "-p", "deduper", "--bench", "dedup", "--", *map(str, arguments)]
    return subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE).stdout.decode()


def environment():
    """The Python of a virtual environment with the pinned libraries."""
    metadata = subprocess.run(["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=HERE, check=True,
                              stdout=subprocess.PIPE)
    folder = Path(json.loads(metadata.stdout)["target_directory"]) / "dedup-peers"
    pins = (HERE / "requirements.txt").read_text()
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != pins:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=sys.stderr)
        pip = [folder / "bin" / "pip", "install", "--quiet", "--requirement", HERE / "requirements.txt"]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        stamp.write_text(pins)
    return folder / "bin" / "python"


def shingles(text):
    words = text.lower().split()
    return {" ".join(words[at:at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}


def rensa():
    from rensa import RMinHash, RMinHashLSH
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)

    def take(number, text):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=42)
        sketch.update(list(shingles(text)))
        found = index.query(sketch)
        index.insert(number, sketch)
        return bool(found)
    return take


def datasketch():
    from datasketch import MinHash, MinHashLSH
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)

    def take(number, text):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        found = index.query(sketch)
        index.insert(str(number), sketch)
        return bool(found)
    return take


def measure(name):
    """Runs one library over the articles on stdin and prints its row."""
    take = {"rensa": rensa, "datasketch": datasketch}[name]()
    count = copies = 0
    spent = 0.0
    for line in sys.stdin:
        text = line.rstrip("\n").split("\t", 1)[1].replace("\\n", "\n")
        started = time.process_time()
        copies += take(count, text)
        spent += time.process_time() - started
        count += 1
    print(f"| {name} | {count / spent:.0f} | {copies} of {count} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--window", type=int, default=100_000, help="articles that ours remembers")
    parser.add_argument("--articles", type=int, default=20_000, help="articles that the peers take")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.measure)
    row = [cell.strip() for cell in bench(options.window).strip().split("\n")[-1].strip("|").split("|")]
    print("| program | articles a CPU-second | taken for copies |\n| --- | --- | --- |")
    print(f"| ours, verified, window of {row[0]} | {row[2]} | {row[7]} |", flush=True)
    python = environment()
    articles = bench("print", options.articles).encode()
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for name in ("rensa", "datasketch"):
        subprocess.run([python, __file__, "--measure", name], input=articles, env=quiet, check=True)


if __name__ == "__main__":
    main()
