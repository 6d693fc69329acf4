#!/usr/bin/env python3
"""Tables beside other programs: cell F1 of gongbao, pdfplumber, camelot and PyMuPDF on the same PDFs.

    pip install pdfplumber camelot-py pymupdf
    python3 benches/tables.py FOLDER        (of NAME.pdf and NAME.gt.md: Markdown with the tables in HTML)

A cell counts if its row, its column and its text are those of the truth; white space, width of characters and dashes don't
matter, empty cells don't count. Each table of the truth is matched with the one that fits it best; a table found where
the truth has none costs precision. `shape` asks for the spans as well; only gongbao says what they are.
"""

import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

GONGBAO = Path(__file__).parent.parent / "target/release/gongbao"


def folded(text):
    return re.sub("[—–−-]+", "-", "".join(unicodedata.normalize("NFKC", text or "").split()))


class Truth(HTMLParser):
    """The tables of a Markdown file as lists of cells (row, column, rowspan, colspan, text)."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.taken, self.cell = [], set(), None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.tables.append([])
            self.taken, self.row = set(), -1
        elif tag == "tr":
            self.row, self.col = self.row + 1, 0
        elif tag in ("td", "th"):
            while (self.row, self.col) in self.taken:
                self.col += 1
            rows, cols = int(attributes.get("rowspan") or 1), int(attributes.get("colspan") or 1)
            self.taken |= {(self.row + r, self.col + c) for r in range(rows) for c in range(cols)}
            self.cell = [self.row, self.col, rows, cols, ""]

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell:
            self.tables[-1].append(tuple(self.cell))
            self.cell = None

    def handle_data(self, data):
        if self.cell:
            self.cell[4] += data


def of_rows(rows):
    return [(r, c, 1, 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]


def gongbao(pdf):
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([GONGBAO, "run", pdf, "--out", out, "--quiet"], check=True)
        gazette = json.loads((Path(out) / (pdf.stem + ".json")).read_text())
    bodies = [gazette["other"]]
    for document in gazette["documents"]:
        bodies += [document["body"]] + [attachment["body"] for attachment in document["attachments"]]
    tables = [block for body in bodies for block in body if block["type"] == "table"]
    return [[(c["row"], c["col"], c.get("rowspan", 1), c.get("colspan", 1), c["text"]) for c in t["cells"]] for t in tables]


def pdfplumber(pdf):
    import pdfplumber

    with pdfplumber.open(pdf) as document:
        return [of_rows(table) for page in document.pages for table in page.extract_tables()]


def camelot(pdf, flavor):
    import camelot

    return [of_rows(table.df.values.tolist()) for table in camelot.read_pdf(str(pdf), pages="all", flavor=flavor)]


def pymupdf(pdf, strategy):
    import pymupdf

    with pymupdf.open(pdf) as document:
        return [of_rows(t.extract()) for page in document for t in page.find_tables(strategy=strategy).tables]


TOOLS = {
    "gongbao": gongbao,
    "pdfplumber": pdfplumber,
    "camelot lattice": lambda pdf: camelot(pdf, "lattice"),
    "camelot stream": lambda pdf: camelot(pdf, "stream"),
    "PyMuPDF lines": lambda pdf: pymupdf(pdf, "lines_strict"),
    "PyMuPDF text": lambda pdf: pymupdf(pdf, "text"),
}


def hits(found, truth, fields):
    keys = [Counter((*(c[f] for f in fields), folded(c[4])) for c in table if folded(c[4])) for table in (found, truth)]
    return sum((keys[0] & keys[1]).values())


def matched(found, truths, fields):
    """Cells that agree, each table of the truth with the best one left."""
    found, total = list(found), 0
    for truth in truths:
        best = max(found, key=lambda table: hits(table, truth, (0, 1)), default=None)
        if best is not None:
            total += hits(best, truth, fields)
            found.remove(best)
    return total


def count(tables):
    return sum(1 for table in tables for cell in table if folded(cell[4]))


def f1(n, n_found, n_true):
    return 2 * n / (n_found + n_true) if n_found + n_true else 1.0


def main():
    folder = Path(sys.argv[1])
    names = sorted(pdf for pdf in folder.glob("*.pdf") if pdf.with_suffix(".gt.md").exists())
    print(f"{'':16}" + "".join(f"{pdf.stem[-22:]:>24}" for pdf in names) + f"{'all':>8}{'shape':>8}")
    for name, tool in TOOLS.items():
        row, sums, shape = "", [0, 0, 0], 0
        for pdf in names:
            truths = Truth(pdf.with_suffix(".gt.md").read_text()).tables
            try:
                found = tool(pdf)
            except ImportError:
                print(f"{name:16} is not installed")
                break
            figures = [matched(found, truths, (0, 1)), count(found), count(truths)]
            shape += matched(found, truths, (0, 1, 2, 3))
            sums = [a + b for a, b in zip(sums, figures)]
            row += f"{f1(*figures):24.3f}"
        else:
            print(f"{name:16}{row}{f1(*sums):8.3f}{f1(shape, *sums[1:]):8.3f}")


main()
