#!/usr/bin/env python3
"""Peak memory of OCR on scans of few and of many pages: that pages stream, and how much more a long book takes.

    pip install pymupdf
    python3 benches/memory.py [SORT [MANY [FEW]]]

Makes black and white scans, each page with a picture of its own, of one of three sorts: "small" (A6, 100 dpi, one line a page: quick to
read), "A4" (300 dpi, one line a page: large pictures) or "dense" (A4, 200 dpi, 1,120 characters a page: much text, a second and more
a page to read). Reads FEW (default 40) and MANY (default 4000) pages on two cores, with a searchable copy, and prints seconds and
peak memory.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pymupdf

GONGBAO = Path(__file__).parent.parent / "target/release/gongbao"
# Width and height in points, dpi, lines, characters a line at most.
SORTS = {"small": (298, 420, 100, 1, 12), "A4": (595, 842, 300, 1, 12), "dense": (595, 842, 200, 35, 32)}

BITS = bytes(b"01"[v > 127] for v in range(256))


def make(path, n_pages, width, height, dpi, n_lines, n_characters):
    scan = pymupdf.open()
    for n in range(n_pages):
        with pymupdf.open() as drawn:
            page = drawn.new_page(width=width, height=height)
            for line in range(n_lines):
                text = f"第{n + 1}号公告县政府{line}关于进一步加强全县安全生产工作的通知各乡镇人民政府"[:n_characters]
                page.insert_text((40, 60 + 21 * line), text, fontname="china-s", fontsize=18 if n_characters < 20 else 16)
            pixels = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
        # Black and white, as scanners of offices have it.
        samples = pixels.samples
        row_bytes = -(-pixels.width // 8)
        rows = (samples[y * pixels.stride : y * pixels.stride + pixels.width].translate(BITS) for y in range(pixels.height))
        bits = b"".join(int(row.ljust(row_bytes * 8, b"1"), 2).to_bytes(row_bytes, "big") for row in rows)
        sheet = scan.new_page(width=width, height=height)
        image = scan.get_new_xref()
        scan.update_object(
            image, f"<</Type/XObject/Subtype/Image/Width {pixels.width}/Height {pixels.height}/ColorSpace/DeviceGray/BitsPerComponent 1>>"
        )
        scan.update_stream(image, bits)
        content = scan.get_new_xref()
        scan.update_object(content, "<<>>")
        scan.update_stream(content, f"q {width} 0 0 {height} 0 0 cm /I Do Q".encode())
        scan.xref_set_key(sheet.xref, "Resources", f"<</XObject<</I {image} 0 R>>>>")
        scan.xref_set_key(sheet.xref, "Contents", f"{content} 0 R")
    scan.save(path, deflate=True)


def timed(command):
    """Seconds, and peak memory in MB."""
    pid = os.fork()
    if pid == 0:
        start = time.monotonic()
        code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
        print(f"{time.monotonic() - start:8.0f} s{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024:7} MB", flush=True)
        os._exit(code)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        sys.exit("gongbao failed")


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "small"
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    few = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    with tempfile.TemporaryDirectory() as folder:
        for n_pages in (few, many):
            scan = Path(folder) / f"{name}-{n_pages}.pdf"
            make(scan, n_pages, *SORTS[name])
            print(f"{name:6}{n_pages:6} pages, {scan.stat().st_size / 1e6:6.1f} MB:", end="", flush=True)
            timed([GONGBAO, "run", scan, "--out", folder, "--searchable", "--jobs", "2", "--quiet"])


main()
