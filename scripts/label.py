#!/usr/bin/env python3
"""Labels the lines of inputs, for examples/train.rs.

    label.py outputs FOLDER                of each NAME.json with NAME.lines.jsonl beside it (an output of `gongbao run` that
                                           a person has found right, or corrected): NAME.roles.tsv
    label.py pages FOLDER LINES-FOLDER     of each NAME.pages.json (`gazette-pages/1`: the printed lines of each page with
                                           text, box in points, role, element) in FOLDER and the program's own
                                           NAME.lines.jsonl in LINES-FOLDER: FOLDER/NAME.roles.tsv

A row of NAME.roles.tsv: id of a line, role, element, between tabs. `pip install rapidfuzz` for `pages` of texts.
"""
import bisect, collections, glob, json, os, re, sys, unicodedata

# Roles of elements in outputs, and of lines in pages, by the names that `PassageRole` gives them.
OF_ELEMENTS = {
    "issuer_mark": "number", "marking": "note", "title_note": "note", "addressees": "addressee", "signatories": "signature",
    "masthead": "front", "folio": "furniture", "running_head": "furniture",
}
OF_BLOCKS = {"heading": "heading", "paragraph": "paragraph", "table": "cell", "formula": "formula", "figure": "figure_caption", "attachment_list": "attachment_list"}
OF_LINES = {"page_number": "furniture", "running_header": "furniture", "cover": "front", "masthead": "front", "continued": "cell"}
# Roles of lines of which several make one element.
OF_SEVERAL = {"title", "other_title", "sub_title", "attachment_title", "addressee", "contents", "number", "attachment_list", "note", "section", "heading", "paragraph"}


def lines_of(path):
    rows = (json.loads(row) for row in open(path, encoding="utf8"))
    return [row for row in rows if "text" in row]


def write(path, lines, labels):
    with open(path, "w", encoding="utf8") as out:
        for line in lines:
            if labels.get(line["id"]):
                out.write("\t".join((line["id"], *labels[line["id"]])) + "\n")


def of_output(output):
    labels = {}

    def put(places, role, element):
        for place in places or []:
            for line in place["lines"]:
                labels.setdefault(line, (role, element))

    def blocks(body, element):
        for n, block in enumerate(body):
            put(block.get("at"), OF_BLOCKS[block["type"]], f"{element}.b{n}")

    for n, entry in enumerate(output["contents"]):
        put(entry["at"], "contents", f"c{n}")
    for element in output["furniture"]:
        put(element["at"], OF_ELEMENTS.get(element["role"], element["role"]), "-")
    for d, document in enumerate(output["documents"]):
        for element in document["elements"]:
            put(element["at"], OF_ELEMENTS.get(element["role"], element["role"]), f"d{d}.{element['role']}")
        blocks(document["body"], f"d{d}")
        for a, attachment in enumerate(document["attachments"]):
            is_enclosure = attachment["role"] == "enclosure"
            for element in attachment["elements"]:
                role = OF_ELEMENTS.get(element["role"], element["role"])
                if role == "title":
                    role = "sub_title" if is_enclosure else "attachment_title"
                if is_enclosure and role in ("signature", "date"):
                    role = "enclosure_sign"
                put(element["at"], role, f"d{d}a{a}.{element['role']}")
            blocks(attachment["body"], f"d{d}a{a}")
    return labels


def printed_lines(truth, pages):
    """Page, text, box, role and element of each printed line."""
    other = {text["id"] for text in truth["other"] if "id" in text}
    starts = 0
    for page in pages["pages"]:
        for line in page["lines"]:
            role = OF_LINES.get(line["role"], line["role"])
            if role == "title" and line.get("doc") in other:
                role = "other_title"
            # Items of a list and notes are elements each.
            starts += role in ("attachment_list", "note", "number") and line.get("para_start", True)
            element = f"{line.get('doc')}.{line.get('block')}.{starts}" if role in OF_SEVERAL else "-"
            yield page.get("page"), line["text"], line["bbox"], (role, element)


def by_box(lines, printed):
    """The printed line that covers most of a line."""
    pages = collections.defaultdict(list)
    for page, _, box, label in printed:
        pages[page].append((box, label))
    labels = {}
    for line in lines:
        x0, y0, x1, y1 = line["bbox"]
        common = lambda box: max(0, min(box[2], x1) - max(box[0], x0)) * max(0, min(box[3], y1) - max(box[1], y0))
        best = max(pages[line["page"]], key=lambda p: common(p[0]), default=None)
        if best and common(best[0]) > 0:
            labels[line["id"]] = best[1]
    return labels


def fold(text):
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def anchors(a, b, run=12):
    """Places of runs that both texts have once, in the longest order that both keep."""
    def once(text):
        runs = [text[i:i + run] for i in range(len(text) - run + 1)]
        count = collections.Counter(runs)
        return {r: i for i, r in enumerate(runs) if count[r] == 1}
    of_a, of_b = once(a), once(b)
    points = sorted((of_a[r], of_b[r]) for r in of_a if r in of_b)
    tails, last, before = [], [], []
    for i, (_, y) in enumerate(points):
        n = bisect.bisect_left(tails, y)
        before.append(last[n - 1] if n else -1)
        tails[n:n + 1], last[n:n + 1] = [y], [i]
    chain, i = [], last[-1] if last else -1
    while i >= 0:
        chain.append(points[i])
        i = before[i]
    return chain[::-1], run


def by_text(lines, printed):
    """The printed line that most characters of a line are aligned with."""
    from rapidfuzz.distance import Levenshtein
    printed = list(printed)
    folded = [fold(line["text"]) for line in lines]
    of_truth = [fold(text) for _, text, _, _ in printed]
    a, b = "".join(folded), "".join(of_truth)
    of_a = [n for n, text in enumerate(folded) for _ in text]
    of_b = [n for n, text in enumerate(of_truth) for _ in text]
    votes, right = collections.defaultdict(collections.Counter), collections.Counter()

    def align(a0, a1, b0, b1):
        if a1 <= a0 or b1 <= b0 or (a1 - a0) * (b1 - b0) > 4e7:
            return
        for op in Levenshtein.opcodes(a[a0:a1], b[b0:b1]):
            if op.tag in ("equal", "replace"):
                for n in range(min(op.src_end - op.src_start, op.dest_end - op.dest_start)):
                    vote(a0 + op.src_start + n, b0 + op.dest_start + n)

    def vote(i, j):
        votes[of_a[i]][of_b[j]] += 1
        right[of_a[i]] += a[i] == b[j]

    chain, run = anchors(a, b)
    i = j = 0
    for x, y in chain + [(len(a), len(b))]:
        if x >= i and y >= j:
            align(i, x, j, y)
            for n in range(min(run, len(a) - x)):
                vote(x + n, y + n)
            i, j = x + run, y + run
    labels = {}
    for n, line in enumerate(lines):
        if votes[n] and right[n] * 2 >= len(folded[n]):
            labels[line["id"]] = printed[votes[n].most_common(1)[0][0] if len(folded[n]) < 60 else min(votes[n])][3]
    return labels


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "outputs":
        for path in sorted(glob.glob(sys.argv[2] + "/*.json")):
            stem = path[:-len(".json")]
            if os.path.exists(stem + ".lines.jsonl"):
                write(stem + ".roles.tsv", lines_of(stem + ".lines.jsonl"), of_output(json.load(open(path, encoding="utf8"))))
    elif len(sys.argv) == 4 and sys.argv[1] == "pages":
        for path in sorted(glob.glob(sys.argv[2] + "/*.pages.json")):
            stem = path[:-len(".pages.json")]
            own = f"{sys.argv[3]}/{os.path.basename(stem)}.lines.jsonl"
            if not os.path.exists(own):
                continue
            lines = lines_of(own)
            truth, pages = (json.load(open(stem + kind, encoding="utf8")) for kind in (".json", ".pages.json"))
            align = by_box if all(line.get("bbox") for line in lines) else by_text
            write(stem + ".roles.tsv", lines, align(lines, printed_lines(truth, pages)))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
