#!/usr/bin/env python3
"""How the code reads, in figures: python3 benches/house.py [FOLDER…]      needs: tree-sitter, tree-sitter-rust

Parses the Rust sources of each FOLDER (default: this project), tests left out, and prints a column a folder: so that the
same figures can be had of a project that one wants to be compared with.
"""
import sys
from pathlib import Path
from statistics import median

import tree_sitter_rust
from tree_sitter import Language, Parser

PARSER = Parser(Language(tree_sitter_rust.language()))
BRANCHES = {"if_expression", "match_arm", "while_expression", "for_expression", "try_expression"}
NESTS = {"if_expression", "match_expression", "while_expression", "for_expression", "loop_expression", "closure_expression"}
USUAL = {"0", "1", "2", "0.0", "1.0", "0.5", "10", "100", "2.0"}


def sources(folder):
    for path in sorted(Path(folder).rglob("*.rs")):
        parts = path.relative_to(folder).parts
        if not {"target", "tests", "benches", "examples", "fuzz"} & set(parts) and path.stem != "tests":
            yield path.read_bytes()


def is_test(node):
    before = node.prev_sibling
    while before and before.type in ("attribute_item", "line_comment"):
        if before.type == "attribute_item" and b"test" in before.text:
            return True
        before = before.prev_sibling
    return False


def walk(node):
    yield node
    for child in node.children:
        if not (child.type in ("mod_item", "function_item") and is_test(child)):
            yield from walk(child)


def n_tokens(node):
    if not node.children:
        return 0 if "comment" in node.type else 1
    return sum(n_tokens(child) for child in node.children)


def cyclomatic(function):
    n = 1
    for node in walk(function):
        n += node.type in BRANCHES
        n += node.type == "binary_expression" and any(c.type in ("&&", "||") for c in node.children)
    return n - sum(node.type == "match_expression" for node in walk(function))


def nesting(node, depth=0):
    depth += node.type in NESTS
    return max([depth] + [nesting(child, depth) for child in node.children])


def figures(folder):
    functions, code, wide, tokens, numbers, regexes, indexed, clones, files = [], 0, 0, 0, 0, 0, 0, 0, []
    for source in sources(folder):
        tree = PARSER.parse(source).root_node
        lines = set()
        for node in walk(tree):
            if not node.children and "comment" not in node.type:
                lines.add(node.start_point[0])
                tokens += 1
            if node.type == "function_item" and node.child_by_field_name("body"):
                functions.append(node)
            if node.type == "binary_expression" and any(c.type in ("<", ">", "<=", ">=", "==") for c in node.children):
                numbers += sum(c.type in ("integer_literal", "float_literal") and c.text.decode().split("_")[0] not in USUAL
                               for c in walk(node))
            indexed += node.type == "index_expression"
            regexes += node.type == "call_expression" and node.text.startswith(b"Regex::new")
        rows = source.decode().split("\n")
        code += len(lines)
        wide += sum(len(rows[i]) > 120 for i in lines)
        files.append(len(lines))
    long = sorted(f.end_point[0] - f.start_point[0] + 1 for f in functions)
    size = sorted(map(n_tokens, functions))
    complexity = sorted(map(cyclomatic, functions))
    depth = sorted(map(nesting, functions))
    closures = sorted(sum(n.type == "closure_expression" for n in walk(f)) for f in functions)

    def at(values, share):
        return values[min(len(values) - 1, int(share * len(values)))]

    per_1000 = 1000 / max(code, 1)
    return {
        "functions": len(functions),
        "lines a function: median / p95 / p99 / max": f"{median(long):.0f} / {at(long, .95)} / {at(long, .99)} / {long[-1]}",
        "tokens a function: median / p90 / p95 / p99": f"{median(size):.0f} / {at(size, .9)} / {at(size, .95)} / {at(size, .99)}",
        "tokens a line": f"{tokens / max(code, 1):.1f}",
        "code lines wider than 120 columns": f"{wide / max(code, 1):.1%}",
        "code lines a file: median / p95 / max": f"{median(files):.0f} / {at(sorted(files), .95)} / {max(files)}",
        "cyclomatic: median / p95 / max": f"{median(complexity):.0f} / {at(complexity, .95)} / {complexity[-1]}",
        "cyclomatic over 20": f"{sum(c > 20 for c in complexity) / len(complexity):.1%}",
        "nesting: p95 / max": f"{at(depth, .95)} / {depth[-1]}",
        "closures a function: mean / p95 / max": f"{sum(closures) / len(closures):.1f} / {at(closures, .95)} / {closures[-1]}",
        "numbers in comparisons per 1000 lines": f"{numbers * per_1000:.0f}",
        "regexes (per 1000 lines)": f"{regexes} ({regexes * per_1000:.1f})",
        "a[i] per 1000 lines": f"{indexed * per_1000:.0f}",
        "code lines": code,
    }


def main():
    folders = sys.argv[1:] or [Path(__file__).parent.parent]
    columns = [figures(folder) for folder in folders]
    print("\t".join(["measure", *(Path(f).resolve().name for f in folders)]))
    for name in columns[0]:
        print("\t".join([name, *(str(column[name]) for column in columns)]))


if __name__ == "__main__":
    main()
