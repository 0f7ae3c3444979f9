"""A peer: learns from a file of labelled texts and labels two others.

  learners.py NAME TRAIN TEST SPEED        lines {"label","text"} in each; one object of JSON on the standard output
"""
import json
import os
import pickle
import re
import sys
import tempfile
import time


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fasttext(train):
    """Joulin et al., 2016: words and their pairs, with the settings of their paper for news."""
    import fasttext as library

    library.FastText.eprint = lambda *_: None
    words = lambda text: " ".join(re.findall(r"\w+", text.lower()))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train.txt")
        with open(path, "w", encoding="utf-8") as lines:
            lines.writelines(f"__label__{row['label']} {words(row['text'])}\n" for row in train)
        model = library.train_supervised(path, lr=0.5, epoch=10, wordNgrams=2, minCount=2, bucket=500_000, dim=50,
                                         thread=1, seed=1, verbose=0)
        model.save_model(os.path.join(folder, "model.bin"))
        size = os.path.getsize(os.path.join(folder, "model.bin"))

    def label(texts):
        # The library's own function, without the wrapper that older versions of NumPy are needed for.
        answers = [model.f.predict(words(text) + "\n", 1, 0.0, "strict") for text in texts]
        return [answer[0][1].removeprefix("__label__") if answer else "" for answer in answers]
    return label, size


def scikit_learn(train):
    """TF-IDF of words and pairs, and one linear support vector machine per label."""
    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    features = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=300_000, dtype=numpy.float32)
    model = make_pipeline(features, LinearSVC(C=0.5, random_state=1))
    model.fit([row["text"] for row in train], [row["label"] for row in train])
    return lambda texts: [str(label) for label in model.predict(texts)], len(pickle.dumps(model))


def main():
    name, train, test, speed = sys.argv[1:]
    label, size = {"fasttext": fasttext, "scikit-learn": scikit_learn}[name](rows(train))
    answers = label([row["text"] for row in rows(test)])
    articles = [row["text"] for row in rows(speed)]
    label(articles[:20])
    started = time.process_time()
    label(articles)
    json.dump({"answers": answers, "seconds": time.process_time() - started, "bytes": size}, sys.stdout)


if __name__ == "__main__":
    main()
