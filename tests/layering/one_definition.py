#!/usr/bin/env python3
"""Checks that no two files define the same type or function: one_definition.py ROOT

All code is in one namespace, and the linker takes silently the first of two inline members or functions of one name.
So a name outside of unnamed namespaces may be defined in one file only, of those that end up in one program. Prints
one line per collision, `file:line: what is wrong; what to do`, and exits 1 when there are any.
"""
import os
import re
import sys

PRODUCT = ["base", "suites", "probes", "results", "harness"]
# Comments, preprocessor lines with their continuations, raw strings, strings and characters (not the ' of 1'000).
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|^[ \t]*#(?:[^\n\\]|\\.)*|R"([^\s()\\]*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|'
                   r"(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)+'", re.S | re.M)
MARKS = re.compile(r"[{};]")
TYPE = re.compile(r"(?:struct|class|union|enum(?:\s+class|\s+struct)?)\s+(?:\[\[.*?\]\]\s*)?([\w:]+)\s*(?:final\s*)?(?::[^:].*)?$", re.S)
FUNCTION = re.compile(r"(operator\s*(?:\(\)|\[\]|[^\s\w(]+|[\w:]+)|[\w:~]+)\s*\((.*)\)[^()]*$", re.S)
NAMESPACE = re.compile(r"\bnamespace(?:\s+([\w:]+))?\s*$")


def blank(match):
    """Nothing that could be read as code, on as many lines."""
    return " " + "\n" * match[0].count("\n")


def without_templates(head):
    """Returns (declaration, template parameters): `template <typename T> void f(T)` gives both halves."""
    parameters = ""
    while (found := re.match(r"\s*template\s*<", head)):
        depth, end = 1, found.end()
        while depth and end < len(head):
            depth += {"<": 1, ">": -1}.get(head[end], 0)
            end += 1
        parameters += head[found.start():end]
        head = head[end:]
    return head.strip(), parameters


def bare_parameter(text):
    """The type of one parameter, without name and default."""
    text = text.split("=")[0].strip()
    named = re.match(r"(.*[\s&*>])(\w+)$", text, re.S)
    if named and named[1].strip() not in ("const", "unsigned", "std::size_t const"):
        text = named[1]
    return re.sub(r"\s+", "", text)


def parameters_of(text):
    parts, depth, part = [], 0, ""
    for sign in text:
        depth += {"<": 1, "(": 1, "{": 1, ">": -1, ")": -1, "}": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += sign
    parts.append(part)
    return ", ".join(bare_parameter(part) for part in parts)


def defined_by(head):
    """Says what `head {` defines: ("type" or "function", its name), or nothing that can collide."""
    head, template = without_templates(head)
    found = TYPE.match(head)
    if found:
        return ("type", found[1]) if "::" not in found[1] else None
    before = head.split("(")[0]
    is_value = before == head or ("=" in before and "operator" not in before)
    if is_value or re.match(r"(?:\[\[.*?\]\]\s*)?(?:static|extern)\b", head):
        return None
    found = FUNCTION.match(head[first_of_name(head):])
    if not found or "::" in found[1] or found[1] == "main":
        return None
    return "function", f"{found[1].replace(' ', '')}({parameters_of(found[2])})" + (" as a template" if template else "")


def first_of_name(head):
    """Where the name before the first parenthesis of a function's head begins."""
    operator = re.search(r"\boperator\b", head)
    if operator and operator.start() < head.index("("):
        return operator.start()
    return re.search(r"[\w:~]*\s*$", head[:head.index("(")]).start()


def definitions(text):
    """Yields (line, kind, name) of what a file defines where the linker, or another file, could take it for its own."""
    text = NOISE.sub(blank, text)
    scopes, last, line, counted = [], 0, 1, 0  # a scope is the name of a namespace, or nothing where all is private
    for mark in MARKS.finditer(text):
        head = text[last:mark.start()]
        if mark[0] == "{":
            is_open = None not in scopes
            namespace = NAMESPACE.search(head)
            found = defined_by(head) if is_open and not namespace else None
            if found:
                start = last + len(head) - len(head.lstrip())
                line += text.count("\n", counted, start)
                counted = start
                yield line, found[0], "".join(f"{scope}::" for scope in scopes) + found[1]
            scopes.append(namespace[1] if namespace and is_open else None)
        elif mark[0] == "}" and scopes:
            scopes.pop()
        last = mark.end()


def programs(root):
    """Yields lists of files that may be linked into one program: the product, and each folder of tests beside it."""
    def below(folder):
        return [os.path.join(at, name) for at, _, names in sorted(os.walk(os.path.join(root, folder)))
                for name in sorted(names) if name.endswith((".hpp", ".cpp"))]

    product = [path for room in PRODUCT for path in below(room)]
    yield product
    tests = os.path.join(root, "tests")
    if os.path.isdir(tests):
        support = below("tests/support")
        for folder in sorted(os.listdir(tests)):
            yield product + support + (below(f"tests/{folder}") if folder != "support" else [])


def check(root):
    """Returns one line per collision."""
    found_in, collisions = {}, {}
    for files in programs(root):
        seen = {}
        for path in files:
            if path not in found_in:
                with open(path, encoding="utf-8") as file:
                    found_in[path] = list(definitions(file.read()))
            for line, kind, name in found_in[path]:
                first = seen.setdefault((kind, name), (path, line))
                if first[0] != path:
                    here, there = (os.path.relpath(p, root) for p in (path, first[0]))
                    collisions[(here, line)] = (f"{here}:{line}: {kind} {name} is defined in {there}:{first[1]} too; "
                                                "rename one, or put it into an unnamed namespace")
    return [collisions[place] for place in sorted(collisions)]


def main():
    collisions = check(sys.argv[1])
    for line in collisions:
        print(line)
    print(f"{len(collisions)} collisions")
    return 1 if collisions else 0


if __name__ == "__main__":
    sys.exit(main())
