"""Processes as tests see them from outside: whose child is whose, who lives, waiting until they are gone."""

import glob
import os
import time


def without_leak_check():
    """The environment for `shell`: it puts its children into another PID namespace, where LeakSanitizer, which looks for
    leaks from a child of its own, waits for ever."""
    return {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}


def mounts_of_nettest():
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        return [line for line in table if " - tmpfs nettest " in line]


def stat_of(pid):
    """The fields of /proc/PID/stat behind the name, from the state on; nothing for a process that is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()
    except OSError:
        return []


def descendants(pid):
    """Children, their children, and so on."""
    children = {}
    for name in glob.glob("/proc/[0-9]*"):
        child = int(name.rsplit("/", 1)[1])
        fields = stat_of(child)
        if fields:
            children.setdefault(int(fields[1]), []).append(child)
    found, queue = [], [pid]
    while queue:
        for child in children.get(queue.pop(), []):
            found.append(child)
            queue.append(child)
    return found


def alive(pid):
    """A zombie is not."""
    fields = stat_of(pid)
    return bool(fields) and fields[0] not in "ZX"


def wait_until(condition, seconds=10.0):
    """Says whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


def gone(pids, seconds=10.0):
    """Says whether all of them ended in time."""
    return wait_until(lambda: not any(alive(pid) for pid in pids), seconds)
