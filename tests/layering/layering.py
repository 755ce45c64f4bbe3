#!/usr/bin/env python3
"""Checks that rooms only include what they may: layering.py ROOT

Prints one line per violation, `file:line: what is wrong; what to do`, and exits 1 when there are any.
Files that have grown too long are told as warnings and change nothing.
"""
import fnmatch
import os
import re
import sys

# An arrow of ARCHITECTURE.md points to the left here: a room includes itself and what stands before it.
ROOMS = ["base", "suites", "probes", "results", "harness"]

# Inside the rooms: (who, must not include, why).
WALLS = [
    ("harness/local/*", "probes/simulator/*", "the local engine is a second, independent reading of the rules"),
    ("harness/kubernetes/*", "probes/simulator/*", "an engine observes, it never predicts"),
    ("harness/local/*", "harness/kubernetes/*", "engines do not know each other"),
    ("harness/kubernetes/*", "harness/local/*", "engines do not know each other"),
    ("probes/simulator/*", "probes/agent/*", "the simulator is pure"),
    ("probes/agent/*", "probes/simulator/*", "the agent runs in pods and knows no policies"),
]

# The home of each outside library: (header pattern, files that may include it). First fit counts.
HOMES = [
    ("yaml-cpp/*", ["suites/*_yaml.cpp", "suites/*_yaml.hpp"]),
    ("pugixml.hpp", ["results/*"]),
    ("nlohmann/*", ["results/*", "harness/kubernetes/*"]),
    ("boost/process*", ["harness/*"]),
    ("boost/asio*", ["harness/*"]),
    ("boost/*", ["harness/*", "probes/*", "results/*"]),
    ("CLI/*", ["harness/*"]),
    ("httplib.h", ["harness/kubernetes/*"]),
    ("libmnl/*", ["harness/local/*"]),
    ("nftables/*", ["harness/local/*"]),
    ("linux/*", ["harness/*", "probes/agent/*"]),
    ("sched.h", ["harness/*"]),
    ("ares.h", ["probes/agent/*"]),
    ("usrsctp.h", ["probes/agent/*"]),
    ("roaring/*", ["probes/*", "results/*"]),
    ("fmt/*", ["*"]),
    ("tl/*", ["*"]),
    ("arpa/inet.h", ["base/ip.cpp", "probes/agent/*", "harness/*"]),
    ("netinet/*", ["probes/agent/*", "harness/*"]),
    ("sys/socket.h", ["probes/agent/*", "harness/*"]),
    ("sys/epoll.h", ["probes/agent/*", "harness/*"]),
    ("sys/un.h", ["probes/agent/*", "harness/*"]),
    ("net/*", ["probes/agent/*", "harness/*"]),
    ("sys/*", ["*"]),
]

# Headers of POSIX and C that any room may use.
POSIX = {"dirent.h", "dlfcn.h", "fcntl.h", "getopt.h", "glob.h", "grp.h", "netdb.h", "paths.h", "poll.h", "pthread.h",
         "pty.h", "pwd.h", "signal.h", "spawn.h", "stdlib.h", "string.h", "termios.h", "time.h", "unistd.h",
         "utmp.h", "wait.h"}

HEADER_LINES = 120
SOURCE_LINES = 300
INCLUDE = re.compile(r'^\s*#\s*include\s*(<[^>]*>|"[^"]*")')


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def fits(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def judge_project_include(path, target):
    """Says what is wrong with `#include "target"` in file `path`, or nothing."""
    room, into = path.split("/")[0], target.split("/")[0]
    if into not in ROOMS:
        return f'"{target}" is not a path from the repository root (room/file.hpp)'
    if ROOMS.index(into) > ROOMS.index(room):
        return f'{room} must not include "{target}": {into} is built on {room}'
    for who, what, why in WALLS:
        if fits(path, [who]) and fits(target, [what]):
            return f'must not include "{target}": {why}'
    return None


def judge_outside_include(path, target):
    """The same for `#include <target>`."""
    for pattern, homes in HOMES:
        if fits(target, [pattern]):
            return None if fits(path, homes) else f"<{target}> has its home in {' and '.join(homes)}"
    if re.fullmatch(r"[a-z_0-9]+", target) or target in POSIX:
        return None
    return f"<{target}> has no home; give it one in tests/layering/layering.py"


def check_file(root, path):
    """Returns (violations, warnings) of one file."""
    violations, warnings = [], []
    lines = read(os.path.join(root, path)).splitlines()
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found[1][1:-1]
        judge = judge_project_include if found[1][0] == '"' else judge_outside_include
        wrong = judge(path, target)
        if wrong:
            violations.append(f"{path}:{number}: {wrong}")
    header = path.endswith(".hpp")
    if header and not any(line.strip() == "#pragma once" for line in lines):
        violations.append(f"{path}:1: header without #pragma once")
    limit = HEADER_LINES if header else SOURCE_LINES
    if len(lines) > limit:
        warnings.append(f"{path}: {len(lines)} lines (about {limit} are good); it may hold two rooms")
    return violations, warnings


def nearest_lists(root, path):
    """The CMakeLists.txt that is responsible for a file: its folder's, or the next above."""
    folder = os.path.dirname(path)
    while folder and not os.path.exists(os.path.join(root, folder, "CMakeLists.txt")):
        folder = os.path.dirname(folder)
    return os.path.join(folder, "CMakeLists.txt")


def check_targets(root, sources):
    """Every room is the library nettest_ROOM, and every source belongs to a target."""
    violations, texts = [], {}

    def text_of(lists):
        if lists not in texts:
            full = os.path.join(root, lists)
            texts[lists] = read(full) if os.path.exists(full) else ""
        return texts[lists]

    for room in ROOMS:
        if not re.search(rf"add_library\(\s*nettest_{room}\s", text_of(f"{room}/CMakeLists.txt")):
            violations.append(f"{room}/CMakeLists.txt:1: a room is one library: add_library(nettest_{room} …) is missing")
    for path in sources:
        lists = nearest_lists(root, path)
        name = os.path.relpath(path, os.path.dirname(lists))
        if not re.search(rf"(^|[\s(/\"]){re.escape(name)}($|[\s)\"])", text_of(lists), re.M):
            violations.append(f"{path}:1: no target builds it; list it in {lists}")
    return violations


def check(root):
    violations, warnings, sources = [], [], []
    for room in ROOMS:
        for folder, folders, names in os.walk(os.path.join(root, room)):
            folders.sort()
            for name in sorted(names):
                if not name.endswith((".hpp", ".cpp")):
                    continue
                path = os.path.relpath(os.path.join(folder, name), root)
                found = check_file(root, path)
                violations += found[0]
                warnings += found[1]
                if name.endswith(".cpp"):
                    sources.append(path)
    return violations + check_targets(root, sources), warnings


def main():
    violations, warnings = check(sys.argv[1])
    for line in warnings:
        print(f"warning: {line}")
    for line in violations:
        print(line)
    print(f"{len(violations)} violations, {len(warnings)} warnings")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
