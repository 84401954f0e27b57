"""Learn ``knowledge/learned.npz`` from the examples: ``make learn``.

Each line of ``knowledge/examples/*.txt`` is ``labels<TAB>sentence`` (see ``knowledge/README.md``); the lexicon's own
``*.examples.yaml`` count too. One logistic regression a target, over the pieces of ``knowledge.learned``, by
scikit-learn; the weights are rounded to one byte. The same examples give the same file.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MultiLabelBinarizer

from assistant.understand.address import find_doors
from assistant.understand.learned import without_doors
from assistant.understand.normalise import fold
from knowledge import yamlfile
from knowledge.book import OWN
from knowledge.learned import ANYTHING, OVER, fingerprint, labelled_lines, pieces, sources

#: A finding in one of these states is so, as far as the writer knows.
ACTIVE = {"seen", "self_reported", "hearsay", "unverified"}
#: A target with fewer examples than this is left to the lexicon.
FEWEST = 20
#: How far the weights may go (inverse of the regularisation), and in how many sentences a piece must occur.
STRENGTH = 20.0
OFTEN = 2


def examples(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each sentence with its targets: kinds, ``stage:…`` of scams, and OVER where all that it tells of is over."""
    for line in labelled_lines(folder):
        over = [OVER] if line.stages and set(line.stages) == {OVER} and len(line.stages) == len(line.kinds) else []
        stages = [f"stage:{stage}" for stage in line.stages if stage != OVER]
        yield line.sentence, [*line.kinds, *stages, *over]
    for path in sorted((folder / "lexicon").glob("*.examples.yaml")):
        for example in yamlfile.load(path):
            if example.get("state", "seen") in ACTIVE:
                yield example["say"], list(example.get("finds") or ())


def analyse(sentence: str) -> list[str]:
    """The pieces of a sentence without its doors, each once."""
    text = fold(sentence).text
    return sorted({piece.text for piece in pieces(without_doors(text, find_doors(text)))})


def learn(told: list[tuple[str, list[str]]]) -> dict[str, np.ndarray]:
    """The arrays of the model (without its sources)."""
    vectorizer = TfidfVectorizer(analyzer=analyse, min_df=OFTEN)
    facts = vectorizer.fit_transform([sentence for sentence, _ in told])
    binarizer = MultiLabelBinarizer()
    answers = binarizer.fit_transform([[*targets, ANYTHING] if targets else [] for _, targets in told])
    kept = [index for index in range(answers.shape[1]) if answers[:, index].sum() >= FEWEST]
    weights, bias = [], []
    stated = answers.any(axis=1)
    for done, index in enumerate(kept, 1):
        regression = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", max_iter=500)
        # whether a matter is over is asked only of what states one
        asked = stated if binarizer.classes_[index] == OVER else np.full(len(told), True)
        regression.fit(facts[asked], answers[asked, index])
        weights.append(regression.coef_[0])
        bias.append(regression.intercept_[0])
        print(f"\r{done}/{len(kept)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    table = np.array(weights).T
    scale = np.abs(table).max(axis=0) / 127
    pieces_in_order = vectorizer.get_feature_names_out()
    return {
        "pieces": np.frombuffer("\n".join(pieces_in_order).encode(), np.uint8),
        "targets": np.frombuffer("\n".join(binarizer.classes_[kept]).encode(), np.uint8),
        "rarity": vectorizer.idf_.astype(np.float32),
        "weights": np.rint(table / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": np.array(bias, np.float32),
    }


def main() -> None:
    """Learn, and write the model; progress goes to stderr."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=OWN)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    told = list(examples(asked.folder))
    model = learn(told)
    model["sources"] = np.frombuffer(fingerprint(sources(asked.folder)).encode(), np.uint8)
    out = asked.out or asked.folder / "learned.npz"
    np.savez_compressed(out, **model)
    print(f"{len(told)} sentences, {model['weights'].shape[0]} pieces, {model['weights'].shape[1]} targets: {out}")


if __name__ == "__main__":
    main()
