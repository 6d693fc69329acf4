#!/usr/bin/env python3
"""How the time of a run grows with its input: python3 benches/scaling.py [NAME…]

Each input is doubled five times, read by the build in target/release, and the exponent of its growth printed: the slope of
log time over log length, over the last three doublings. 1 is linear; more than 1.15 is a fault.
"""
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GONGBAO = Path(__file__).parent.parent / "target/release/gongbao"
DOUBLINGS = 5
MOST = 1.15
HAN = "水河山田林城乡镇村路桥站场院校店厂仓库园区港湾江湖海岛"


def name(n):
    """A name for a number: 河山水."""
    out = ""
    for _ in range(3):
        n, digit = divmod(n, len(HAN))
        out += HAN[digit]
    return out


def document(n, title):
    return f"{title}\n云政发〔2022〕{n}号\n各乡镇人民政府：\n请认真执行。\n云溪县人民政府\n2022年6月1日\n"


def contents(titles):
    entries = "".join(f"{i + 1}．{title}……{i + 3}\n" for i, title in enumerate(titles))
    bodies = "".join(document(i + 1, title) for i, title in enumerate(titles))
    return "云溪县人民政府公报\n2022年第1期\n目录\n" + entries + bodies


def entries(n):
    """A contents with titles of one county, which begin alike."""
    return contents([f"云溪县人民政府关于加强{name(i)}管理工作的通知" for i in range(n)])


def digits(n):
    """A contents with titles that differ in a number."""
    return contents([f"云溪县人民政府关于下达第{i + 1}批水利建设项目计划的通知" for i in range(n)])


def pieces(n):
    """A table that goes on page after page."""
    head = "序号\t名称\t数量\t备注\n"
    page = lambda p: head + "".join(f"{p * 20 + i + 1}\t{name(p * 20 + i)}\t{i + 5}\t无\n" for i in range(20))
    return document(1, "云溪县人民政府关于公布名录的通知") + "附件1\n" + "\f".join(page(p) for p in range(n // 20))


def wraps(n):
    """Lines that end and begin with the same character."""
    line = lambda i: f"各有关单位要高度重视{name(i)}工作，切实加强组织领导，明确责任分工，确保各项任务落到实处取得成效效\n"
    return document(1, "云溪县人民政府关于加强管理的通知") + "".join("效" + line(i) for i in range(n))


def indents(n):
    """Lines with ever other indents."""
    return "".join("　" * (i % 7) + " " * (i % 5) + f"第{i}行的内容是{name(i)}一带的水利工程建设情况\n" for i in range(n))


def documents(n):
    """Documents without a contents."""
    return "".join(document(i + 1, f"云溪县人民政府关于{name(i)}治理的通知") for i in range(n))


def brackets(n):
    """A paragraph with brackets that never close."""
    return document(1, "云溪县人民政府关于加强管理的通知") + "".join(f"（{name(i)}的《规定\n" for i in range(n))


def pdf(pages, height):
    """A PDF with the texts of pages, each a list of x, y and text."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", None, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for page in pages:
        rows = "".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj\n" for x, y, text in page)
        text = f"BT /F 11 Tf\n{rows}ET"
        objects.append(f"<</Length {len(text)}>>stream\n{text}\nendstream")
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 {height}]/Resources<</Font<</F 3 0 R>>>>/Contents {len(objects)} 0 R>>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    out, offsets = "%PDF-1.4\n", []
    for i, text in enumerate(objects):
        offsets.append(len(out))
        out += f"{i + 1} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"


def line_of_pdf(i, y):
    return f"{60 + 7 * (i % 9)}.{i % 10}", y, f"line {i} of the text of this page"


def lines_of_pdf(n):
    """A PDF of lines that begin at ever other places."""
    starts = range(0, n, 40)
    return pdf([[line_of_pdf(i, 780 - 18 * (i - start)) for i in range(start, min(start + 40, n))] for start in starts], 842)


def page_of_pdf(n):
    """A PDF of one page with all the lines."""
    height = 18 * n + 60
    return pdf([[line_of_pdf(i, height - 30 - 18 * i) for i in range(n)]], height)


INPUTS = {
    "entries": (entries, 50), "digits": (digits, 50), "pieces": (pieces, 500), "wraps": (wraps, 500),
    "indents": (indents, 1000), "documents": (documents, 100), "brackets": (brackets, 500), "lines_of_pdf": (lines_of_pdf, 500),
    "page_of_pdf": (page_of_pdf, 500),
}


def seconds(path, out):
    best = math.inf
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([GONGBAO, "run", "--quiet", "--jobs", "1", path, "--out", out], check=True)
        best = min(best, time.perf_counter() - start)
    return best


def main():
    worst = 0
    for what in sys.argv[1:] or INPUTS:
        make, first = INPUTS[what]
        times = []
        with tempfile.TemporaryDirectory() as folder:
            empty = Path(folder) / "empty.txt"
            empty.write_text("一\n", encoding="utf8")
            least = seconds(empty, folder)
            for i in range(DOUBLINGS + 1):
                path = Path(folder) / f"input.{'pdf' if 'pdf' in what else 'txt'}"
                path.write_text(make(first << i), encoding="utf8")
                times.append(seconds(path, folder))
        # What a run takes of nothing is no growth.
        grown = [max(t - least, 1e-4) for t in times]
        exponent = math.log2(grown[-1] / grown[-4]) / 3
        worst = max(worst, exponent)
        row = "  ".join(f"{first << i}: {t:.2f}" for i, t in enumerate(times))
        print(f"{what:14} {exponent:5.2f}   {row}   {make.__doc__}")
    sys.exit(worst > MOST)


if __name__ == "__main__":
    main()
