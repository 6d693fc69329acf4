#!/usr/bin/env python3
"""OCR by gongbao beside RapidOCR and Tesseract: the same pages, the same cores, one after the other.

    cargo build --release --example recogniser
    pip install rapidocr==3.10.0 onnxruntime pymupdf      (and tesseract with chi_sim, and pdftoppm of poppler-utils)
    python3 benches/ocr.py FILE.pdf [FIRST-LAST [ROUNDS]]

Prints for each program and number of cores the least seconds a page of ROUNDS (default 3), its ratio to gongbao's on as
many cores, and its peak memory. A run is a whole one, with its start and its model; take 10 pages and more. "recogniser
alone" is the time in the model for the same lines, without its start: what gongbao can't be faster than. What is not
installed is left out. At its end the figures that are asked for.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent.parent
GONGBAO = HERE / "target/release/gongbao"
RECOGNISER = HERE / "target/release/examples/recogniser"
RAPIDOCR = """
import sys, numpy, pymupdf
from rapidocr import RapidOCR
engine, document = RapidOCR(), pymupdf.open(sys.argv[1])
for n in range(int(sys.argv[2]) - 1, int(sys.argv[3])):
    page = document[n].get_pixmap(dpi=200)
    engine(numpy.frombuffer(page.samples, numpy.uint8).reshape(page.height, page.width, page.n)[:, :, ::-1])
"""
TESSERACT = """
pdftoppm -r 300 -gray -f $2 -l $3 "$1" "$4/page" && for page in "$4"/page*.pgm; do tesseract $page - -l chi_sim; done; rm "$4"/page*
"""


def has(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def timed(command, cores, folder):
    """Seconds, peak memory in MB, and what was printed, of one run on the first cores."""
    result, printed = folder / "result", folder / "printed"
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, set(range(cores)))
        environment = os.environ | {"OMP_THREAD_LIMIT": str(cores)}
        with open(os.devnull, "w") as null, open(printed, "w") as out:
            start = time.monotonic()
            code = subprocess.run(command, stdout=out, stderr=null, env=environment).returncode
            took = time.monotonic() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        result.write_text(f"{took} {peak} {code}")
        os._exit(0)
    os.waitpid(pid, 0)
    took, peak, code = result.read_text().split()
    if code != "0":
        sys.exit(f"{command[0]} ended with {code}")
    return float(took), int(peak), printed.read_text()


def main():
    pdf, pages = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "1-10"
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    first, last = pages.split("-")
    n_pages = int(last) - int(first) + 1
    with tempfile.TemporaryDirectory() as out:
        folder = Path(out)
        run = [GONGBAO, "run", pdf, "--pages", pages, "--ocr", "always", "--out", out, "--quiet", "--jobs"]
        tools = {("gongbao", n): [*run, str(n)] for n in (1, 2)}
        if RECOGNISER.exists():
            tools |= {("recogniser alone", n): [RECOGNISER, pdf, first, last, str(n)] for n in (1, 2)}
        if has("rapidocr") and has("pymupdf"):
            tools |= {("RapidOCR", n): [sys.executable, "-c", RAPIDOCR, pdf, first, last] for n in (1, 2)}
        if shutil.which("tesseract") and shutil.which("pdftoppm"):
            tools["Tesseract", 1] = ["sh", "-e", "-c", TESSERACT, "sh", pdf, first, last, out]
        runs = {tool: [] for tool in tools}
        for _ in range(rounds):
            for tool, command in tools.items():
                took, peak, printed = timed(command, tool[1], folder)
                # It says itself what the model took.
                runs[tool].append((float(printed) if tool[0] == "recogniser alone" else took, peak))
    least = {tool: min(took for took, _ in taken) / n_pages for tool, taken in runs.items()}
    print(f"{pdf}, pages {pages}, {rounds} rounds")
    for (name, cores), taken in runs.items():
        took, peak = least[name, cores], max(peak for _, peak in taken)
        print(f"{name:17}{cores} core{'s' * (cores > 1)}{'' if cores > 1 else ' '}{took:8.2f} s a page {took / least['gongbao', cores]:7.2f} x {peak:6} MB")
    asked = [("two cores beside one", least["gongbao", 1] / least["gongbao", 2], "1.8 or more")]
    for cores in (1, 2):
        if ("recogniser alone", cores) in least:
            asked.append((f"everything beside the recogniser, {cores}", least["gongbao", cores] / least["recogniser alone", cores], "1.4 or less"))
        if ("RapidOCR", cores) in least:
            asked.append((f"RapidOCR beside gongbao, {cores}", least["RapidOCR", cores] / least["gongbao", cores], "2 or more"))
    for what, ratio, wanted in asked:
        print(f"{what:40}{ratio:6.2f} (asked: {wanted})")
    print(f"{'peak memory':40}{max(peak for _, peak in runs['gongbao', 1] + runs['gongbao', 2]):6} MB (asked: less than 600)")


main()
