#!/usr/bin/env python3
"""The whole job of gongbao beside the text extraction of other programs, on one core, back to back.

    pip install pymupdf pdfplumber              (and pdftotext, of poppler-utils)
    python3 benches/speed.py FILE.pdf [ROUNDS]

Prints for each the least seconds of ROUNDS (default 5), its ratio to gongbao, and its peak memory. What is not
installed is left out. pdfplumber runs once: it takes a minute on a hundred pages.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GONGBAO = Path(__file__).parent.parent / "target/release/gongbao"
PYMUPDF = "import pymupdf, sys\nwith pymupdf.open(sys.argv[1]) as d:\n    [p.get_text() for p in d]"
PDFPLUMBER = "import pdfplumber, sys\nwith pdfplumber.open(sys.argv[1]) as d:\n    [p.extract_text() for p in d.pages]"


def has(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def timed(command):
    """Seconds, and peak memory in MB, of one run on core 0."""
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {0})
        with open(os.devnull, "w") as null:
            start = time.monotonic()
            code = subprocess.run(command, stdout=null, stderr=null).returncode
            took = time.monotonic() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        Path(RESULT).write_text(f"{took} {peak} {code}")
        os._exit(0)
    os.waitpid(pid, 0)
    took, peak, code = Path(RESULT).read_text().split()
    if code != "0":
        sys.exit(f"{command[0]} ended with {code}")
    return float(took), int(peak)


def main():
    pdf, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as out:
        global RESULT
        RESULT = Path(out) / "result"
        tools = {"gongbao run": [GONGBAO, "run", pdf, "--out", out, "--jobs", "1", "--quiet"]}
        if shutil.which("pdftotext"):
            tools["pdftotext -layout"] = ["pdftotext", "-layout", pdf, "-"]
        if has("pymupdf"):
            tools["PyMuPDF text"] = [sys.executable, "-c", PYMUPDF, pdf]
        if has("pdfplumber"):
            tools["pdfplumber text"] = [sys.executable, "-c", PDFPLUMBER, pdf]
        runs = {name: [] for name in tools}
        for n in range(rounds):
            for name, command in tools.items():
                if n == 0 or name != "pdfplumber text":
                    runs[name].append(timed(command))
    ours = min(took for took, _ in runs["gongbao run"])
    for name, taken in runs.items():
        took = min(took for took, _ in taken)
        print(f"{name:20}{took:8.2f} s {took / ours:7.2f} x {max(peak for _, peak in taken):6} MB")


main()
