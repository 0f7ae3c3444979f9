"""The figures as Markdown."""
from collections import Counter, defaultdict

import measure

# Languages of fewer pages share a row.
PAGES_MIN = 5
# Words shown of a difference.
WORDS_SHOWN = 12


class Run:
    """One program on one set."""

    def __init__(self, data, name, found):
        self.name, self.seconds = name, found["seconds"]
        self.answers = {identifier: found["answers"].get(identifier) or {} for identifier in data.gold}
        self.pages = {identifier: measure.Page(gold.get("text"), self.text(identifier))
                      for identifier, gold in data.gold.items()}

    def text(self, identifier):
        return self.answers[identifier].get("text") or ""

    def f1(self, identifier):
        return self.pages[identifier].f1


def markdown(data, runs, worst):
    runs = [Run(data, name, found) for name, found in runs.items()]
    parts = [f"## {data.name}: {len(data.gold)} pages", quality(data, runs), languages(data, runs)]
    parts.append(worst_pages(data, runs, worst))
    return "\n\n".join(part for part in parts if part) + "\n"


def figure(value):
    return "" if value is None else f"{value:.4f}".removeprefix("0") if value < 1 else "1.0000"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def quality(data, runs):
    """A row for each program, best first."""
    heads = ["program", "F1", "precision", "recall", "empty", "pages per CPU second"]
    has_snippets = any(gold.get("with") or gold.get("without") for gold in data.gold.values())
    heads += ["must and must not"] * has_snippets + ["title", "author", "date"]
    rows = []
    for run in sorted(runs, key=lambda run: -measure.score(run.pages.values())[0]):
        row = [run.name, *map(figure, measure.score(run.pages.values()))]
        row += [str(sum(not run.text(identifier).strip() for identifier in data.gold))]
        row += [f"{len(data.gold) / run.seconds:.0f}" if run.seconds else ""]
        if has_snippets:
            row.append(figure(measure.snippets((gold, run.text(identifier)) for identifier, gold in data.gold.items())))
        pairs = [(gold, with_known_names(run.answers[identifier])) for identifier, gold in data.gold.items()]
        shares = measure.metadata(pairs)
        answered = {field for _, answer in pairs for field in shares if answer.get(field)}
        row += [figure(share) if field in answered else "" for field, share in shares.items()]
        rows.append(row)
    best = [max(run.f1(identifier) for run in runs) for identifier in data.gold]
    others = runs[1:]
    text = table(heads, rows) + f"\n\nThe best of all for each page: mean page F1 {figure(measure.mean(best))}, ours " \
        + figure(measure.mean(runs[0].f1(identifier) for identifier in data.gold))
    if others:
        behind = sum(runs[0].f1(identifier) < max(run.f1(identifier) for run in others) - 0.05 for identifier in data.gold)
        ahead = sum(runs[0].f1(identifier) > max(run.f1(identifier) for run in others) + 0.05 for identifier in data.gold)
        text += f". Ours is more than .05 behind the best peer on {behind} pages, ahead of all by as much on {ahead}"
    return text + ". Processor time includes the start of each program; a peer's is of the day on which it was asked."


def with_known_names(answer):
    """Our program's names of fields in the words of the gold."""
    return {"title": answer.get("title"), "author": answer.get("author") or answer.get("authors"),
            "date": answer.get("date") or answer.get("published_at")}


def languages(data, runs):
    """F1 for each language: as our program found it; for pages that it refused, what it found most in their country."""
    found = {identifier: answer.get("language") for identifier, answer in runs[0].answers.items()}
    by_country = defaultdict(Counter)
    for identifier, gold in data.gold.items():
        by_country[gold.get("country")][found[identifier]] += bool(found[identifier])
    groups = defaultdict(list)
    for identifier, gold in data.gold.items():
        usual = max(by_country[gold.get("country")].items(), key=lambda item: item[1])[0]
        groups[found[identifier] or usual or gold.get("country") or "not known"].append(identifier)
    for name in [name for name, pages in groups.items() if len(pages) < PAGES_MIN]:
        groups["others"].extend(groups.pop(name))
    if len(groups) < 2:
        return ""
    order = sorted(groups, key=lambda name: (name == "others", -len(groups[name]), name))
    rows = [[name, str(len(groups[name]))] + [
        figure(measure.score([run.pages[identifier] for identifier in groups[name]])[0]) for run in runs]
        for name in order]
    return "F1 by language:\n\n" + table(["language", "pages"] + [run.name for run in runs], rows)


def worst_pages(data, runs, count):
    """The worst pages of ours, with what a reader would see first."""
    if not count:
        return ""
    ours, rows = runs[0], []
    for identifier in sorted(data.gold, key=ours.f1)[:count]:
        gold, page = data.gold[identifier], ours.pages[identifier]
        best = max(runs[1:], key=lambda run: run.f1(identifier), default=None)
        share = gold.get("gold_in_html")
        rows.append([
            identifier + (f" (story in markup: {share:.2f})" if share is not None and share < 0.9 else ""),
            figure(page.precision), figure(page.recall), figure(page.f1),
            f"{figure(best.f1(identifier))} {best.name}" if best else "",
            f"{page.missed}: {first(gold.get('text'), ours.text(identifier))}",
            f"{page.wrong}: {first(ours.text(identifier), gold.get('text'))}",
            str(ours.answers[identifier].get("filtered") or ours.answers[identifier].get("error") or ""),
        ])
    heads = ["page", "precision", "recall", "F1", "best peer", "windows missed: first words", "windows too many: first words",
             "refused as"]
    return f"The {count} worst pages:\n\n" + table(heads, rows)


def first(text, other):
    """The first words of `text` whose window `other` has not."""
    words, known = measure.WORD.findall(text or ""), measure.windows(other)
    for at in range(max(len(words) - measure.SIZE + 1, 1 if words else 0)):
        window = tuple(words[at:at + measure.SIZE])
        if not known[window]:
            return " ".join(words[at:at + WORDS_SHOWN])
        known[window] -= 1
    return ""
