"""Extractors of other people as filters: JSON lines {"id","url","html"} in, {"id","text","title","author","date"} out.

extractors.py trafilatura | trafilatura-precision | readability-lxml | justext | newspaper4k | resiliparse | lines

Each runs as its documentation shows it for articles: comments out, tables in, what it falls back to switched on, the
page's stated language given where it asks for one. A page that an extractor gives up on counts as empty.

`lines` extracts nothing: all of the page that a reader would see, a line for each block, as a program gets it that
hasn't the markup any more.
"""
import json
import logging
import re
import sys
import warnings

# Elements that begin a line of their own where an extractor answers with markup.
BLOCKS = set("address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
             "main nav ol p pre section table tbody td th thead tr ul".split())


def stated_language(html):
    """The two letters of <html lang>, or ""."""
    found = re.search(r"<html[^>]*?\slang\s*=\s*[\"']?([A-Za-z]{2})", html[:20000], re.I)
    return found.group(1).lower() if found else ""


def lines_of(markup):
    """The text of markup or of an element, a line for each block."""
    import lxml.html
    if isinstance(markup, str):
        markup = lxml.html.fromstring(markup) if markup.strip() else None
    if markup is None:
        return ""
    parts = []

    def walk(element):
        is_block = element.tag in BLOCKS
        parts.append("\n" if is_block else "")
        if isinstance(element.tag, str):
            parts.append(element.text or "")
            for child in element:
                walk(child)
                parts.append(child.tail or "")
        parts.append("\n" if is_block else "")

    walk(markup)
    return "\n".join(line.strip() for line in "".join(parts).split("\n") if line.strip())


# What no reader sees.
UNSEEN = ["script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "textarea"]


def lines():
    import lxml.etree
    import lxml.html

    def extract(html, url):
        # Bytes, because a text that declares a charset is refused.
        page = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8"))
        lxml.etree.strip_elements(page, *UNSEEN, lxml.etree.Comment, with_tail=False)
        squeezed = (" ".join(line.split()) for line in lines_of(page).split("\n"))
        return {"text": "\n".join(filter(None, squeezed)), "language": stated_language(html)}
    return extract


def trafilatura(**settings):
    from trafilatura import bare_extraction

    def extract(html, url):
        found = bare_extraction(html, url=url or None, include_comments=False, include_tables=True, with_metadata=True,
                                **settings)
        if not found:
            return None
        return {"text": found.text, "title": found.title, "author": found.author, "date": found.date}
    return extract


def readability_lxml():
    from readability import Document

    def extract(html, url):
        document = Document(html, url=url or None)
        return {"text": lines_of(document.summary(html_partial=True)), "title": document.short_title()}
    return extract


# Names of jusText's word lists by language.
WORD_LISTS = dict(
    af="Afrikaans", ar="Arabic", bg="Bulgarian", bn="Bengali", ca="Catalan", cs="Czech", da="Danish", de="German",
    el="Greek", en="English", es="Spanish", et="Estonian", fa="Persian", fi="Finnish", fr="French", he="Hebrew",
    hi="Hindi", hr="Croatian", hu="Hungarian", id="Indonesian", is_="Icelandic", it="Italian", ko="Korean",
    lb="Luxembourgish", lt="Lithuanian", lv="Latvian", ms="Malay", nb="Norwegian_Bokmal", nl="Dutch",
    nn="Norwegian_Nynorsk", no="Norwegian_Bokmal", pl="Polish", pt="Portuguese", ro="Romanian", ru="Russian",
    sk="Slovak", sl="Slovenian", sq="Albanian", sr="Serbian", sv="Swedish", sw="Swahili", ta="Tamil", tr="Turkish",
    uk="Ukrainian", ur="Urdu", vi="Vietnamese")


def justext():
    import functools
    import justext as library
    stoplist = functools.lru_cache(None)(library.get_stoplist)

    def extract(html, url):
        language = stated_language(html) or "en"
        name = WORD_LISTS.get("is_" if language == "is" else language)
        if name:
            paragraphs = library.justext(html, stoplist(name))
        else:
            # What its documentation says for languages without a list.
            paragraphs = library.justext(html, frozenset(), stopwords_low=0, stopwords_high=0)
        return {"text": "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)}
    return extract


def newspaper4k():
    import newspaper
    from newspaper.languages import valid_languages
    known = {code for code, _ in valid_languages()}

    def parsed(html, url, language):
        article = newspaper.Article(url or "https://localhost/", language=language, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return article

    def extract(html, url):
        language = stated_language(html)
        try:
            article = parsed(html, url, language if language in known else "en")
        except Exception:  # a language whose word splitter is a package of its own
            article = parsed(html, url, "en")
        date = article.publish_date
        return {"text": article.text, "title": article.title, "author": article.authors,
                "date": date.isoformat() if hasattr(date, "isoformat") else date}
    return extract


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def extract(html, url):
        tree = HTMLTree.parse(html)
        text = extract_plain_text(tree, preserve_formatting=True, main_content=True, list_bullets=False, alt_texts=False,
                                  comments=False, post_meta=False)
        return {"text": text, "title": tree.title}
    return extract


EXTRACTORS = {"trafilatura": trafilatura, "trafilatura-precision": lambda: trafilatura(favor_precision=True),
              "readability-lxml": readability_lxml, "justext": justext, "newspaper4k": newspaper4k,
              "resiliparse": resiliparse, "lines": lines}


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(20000)
    extract = EXTRACTORS[sys.argv[1]]()
    for line in sys.stdin.buffer:
        row = json.loads(line)
        try:
            answer = extract(row.get("html") or "", row.get("url") or "") or {}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        answer["id"] = row["id"]
        answer["text"] = answer.get("text") or ""
        sys.stdout.write(json.dumps(answer, ensure_ascii=True, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
