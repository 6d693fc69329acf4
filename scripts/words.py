#!/usr/bin/env python3
"""Writes words.txt, the words of jieba's dictionary that are frequent enough, with jieba's own counts.

    python3 scripts/words.py             fetch jieba from the package index and write the file
    python3 scripts/words.py ARCHIVE     the same from an archive that is here already
    python3 scripts/words.py --check     say whether the file is what this script writes

A line is a word, a space and the word's count in the corpus of jieba's dictionary; lines are sorted by code point. The
only cut is by count: words of all lengths, and words that are not Chinese characters, stay. Nothing is added.
"""

import argparse
from pathlib import Path

import published

REQUIREMENT = "jieba==0.42.1"
SHA256 = "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2"
DICTIONARY = "jieba-0.42.1/jieba/dict.txt"
WORDS = Path(__file__).parent.parent / "crates/language/src/words.txt"

# Words that the corpus has less often are left out: 79,746 of 349,045 stay (0.9 MB of 4.2 MB) and load in a third of the
# time. Three of five words have a count of 4 or less, most of those a 3. With them, chance pairs of characters are words,
# so that a misprint is seen where none is, and long compounds take the place of the words that they are made of.
LEAST_COUNT = 20


def counts(dictionary):
    """The count of each word; a line is `word count part-of-speech`."""
    found = {}
    for line in dictionary.splitlines():
        word, count, _part_of_speech = line.split(" ")
        found[word] = int(count)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", nargs="?", help=f"the source archive of {REQUIREMENT}")
    parser.add_argument("--least-count", type=int, default=LEAST_COUNT, help="leave out words of a lower count [%(default)s]")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is another")
    args = parser.parse_args()
    dictionary = published.member(published.archive(REQUIREMENT, SHA256, args.archive), DICTIONARY)
    kept = sorted((word, n) for word, n in counts(dictionary).items() if n >= args.least_count)
    published.write_or_check("".join(f"{word} {n}\n" for word, n in kept), WORDS, args.check)


if __name__ == "__main__":
    main()
