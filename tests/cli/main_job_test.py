"""The main job with the built program on real packets: verdicts, reports, interrupts, kill -9, nobody, two at once.

Arguments: the program, the source tree. Skips with a reason where the kernel forbids user namespaces.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from forbidden import skip_if_forbidden
from processes import descendants, gone, mounts_of_nettest, without_leak_check

PROGRAM = None
ROOT = None
SUITE = "suites/frontend-backend.yaml"
STEPS = 8
# Where a run can be when something happens to it, as told by `-v` on stderr.
PHASES = ["deploying the world", "baseline without policies", "making the changes", "testers may leave for web\": probing",
          "control without policies", "removing the world"]
NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "env", "-u", "HOME"]


def start(*arguments, prefix=(), **options):
    return subprocess.Popen([*prefix, PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            cwd=options.pop("cwd", ROOT), **options)


def run(*arguments, prefix=(), **options):
    return subprocess.run([*prefix, PROGRAM, *arguments], capture_output=True, text=True, timeout=120, check=False,
                          cwd=options.pop("cwd", ROOT), **options)


class MainJobTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="main-job-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o777)
        self.junit, self.json = (os.path.join(self.folder, name) for name in ("out.xml", "out.json"))
        self.reports = ["--junit", self.junit, "--json", self.json]

    def record(self):
        with open(self.json, encoding="utf-8") as file:
            return json.load(file)

    def test_the_shipped_suite_matches_in_every_step_and_soon(self):
        began = time.monotonic()
        ended = run("run", SUITE, *self.reports)
        took = time.monotonic() - began
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        suite = xml.parse(self.junit).getroot()
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")), (str(STEPS), "0", "0"))
        counts = self.record()["counts"]
        self.assertGreater(counts["matched"], 300)
        self.assertEqual((counts["mismatched"], counts["inconclusive"], counts["errors"]), (0, 0, 0))
        for name in ("no policy", "DNS again", "only frontend to backend"):
            self.assertIn(name, ended.stdout)
        self.assertEqual(sorted(os.listdir(self.folder)), ["out.json", "out.xml"])
        self.assertLess(took, 60, "far from the aim, whatever else this machine does")

    def test_as_nobody_without_a_home(self):
        if os.getuid() != 0:
            self.skipTest("not root: all the tests here were rootless already")
        if subprocess.run(NOBODY + ["test", "-x", PROGRAM, "-a", "-r", os.path.join(ROOT, SUITE)], check=False).returncode:
            self.skipTest("another user cannot read this build folder")
        ended = run("run", SUITE, *self.reports, prefix=NOBODY)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertEqual(os.stat(self.junit).st_uid, 65534)

    def test_two_runs_at_once_do_not_meet(self):
        both = [start("run", SUITE, "-q"), start("run", SUITE, "-q")]
        for child in both:
            out, err = child.communicate(timeout=120)
            self.assertEqual(child.returncode, 0, out + err)

    def test_an_inverted_expectation_is_refused_with_both_sides(self):
        with open(os.path.join(ROOT, SUITE), encoding="utf-8") as file:
            text = file.read()
        right = '- deny: "default/* -> http://web.default"'
        self.assertIn(right, text)
        suite = os.path.join(self.folder, "inverted.yaml")
        with open(suite, "w", encoding="utf-8") as file:
            file.write(text.replace(right, right.replace("deny", "allow"), 1))
        os.symlink(os.path.join(ROOT, "suites/policies"), os.path.join(self.folder, "policies"))
        ended = run("run", suite, *self.reports)
        self.assertEqual(ended.returncode, 2)
        self.assertEqual(ended.stdout, "")
        self.assertRegex(ended.stderr, r"inverted\.yaml:\d+:\d+: ")
        for words in ("default deny in both directions", "allow", "blocked", "nothing was deployed"):
            self.assertIn(words, ended.stderr)
        self.assertFalse(os.path.exists(self.junit))

    def in_phase(self, phase, *arguments):
        """A run that has just told that it is in the phase, and everything that belongs to it."""
        # Nobody looks at verdicts here: short time-outs make the way to late phases short.
        child = start("run", SUITE, "-v", "--timeout", "300ms", *self.reports, *arguments,
                      env=dict(os.environ, TMPDIR=self.folder))
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        told = ""
        for line in child.stderr:
            told += line
            if phase in line:
                return child, descendants(child.pid)
        self.fail(f"never in phase {phase}:\n{told}")

    def test_an_interrupt_ends_any_phase_at_once_and_reports(self):
        for phase in PHASES[:-1]:
            with self.subTest(phase):
                child, inside = self.in_phase(phase)
                began = time.monotonic()
                child.send_signal(signal.SIGINT)
                out, err = child.communicate(timeout=60)
                self.assertEqual(child.returncode, 130, err)
                self.assertLess(time.monotonic() - began, 15, "seconds of a machine that may be busy")
                self.assertIn("INTERRUPTED", out)
                self.assertTrue(self.record()["run"]["interrupted"])
                suite = xml.parse(self.junit).getroot()
                # One more where the deployment itself was interrupted.
                self.assertIn(int(suite.get("tests")), (STEPS, STEPS + 1))
                self.assertTrue(gone(inside))

    def test_interrupts_at_many_moments_of_the_deployment_all_end_it(self):
        # The signal may hit any thread and any system call of the set-up.
        for i in range(40):
            child, _ = self.in_phase(PHASES[0])
            time.sleep(i * 0.001)
            child.send_signal(signal.SIGINT if i % 2 else signal.SIGTERM)
            out, err = child.communicate(timeout=60)
            self.assertEqual(child.returncode, 130, f"{i}: {out}{err}")

    def test_kill_nine_in_any_phase_leaves_nothing(self):
        for phase in PHASES:
            with self.subTest(phase):
                child, inside = self.in_phase(phase)
                child.kill()
                self.assertEqual(child.wait(60), -signal.SIGKILL)
                self.assertTrue(gone(inside), f"{inside}")
                # The journal is what --resume goes on with.
                self.assertLessEqual(set(os.listdir(self.folder)), {"out.json.journal"}, "a half-written report")
                self.assertEqual(mounts_of_nettest(), [])

    def test_a_kept_world_can_be_entered(self):
        child, inside = self.in_phase("Ctrl-C removes it", "--keep")
        pod = run("shell", "--run", str(child.pid), "notes/notes", "wget", "-T", "1", "-t", "1", "-qO-", "http://web.default",
                  env=without_leak_check())
        self.assertNotEqual(pod.returncode, 0, "notes/notes is no tester")
        host = run("shell", "--run", str(child.pid), "notes/tester", "hostname", env=without_leak_check())
        self.assertEqual((host.returncode, host.stdout), (0, "tester\n"), host.stderr)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
        self.assertIn(child.returncode, (0, 1, 3), "that of the run: " + out + err)
        self.assertTrue(gone(inside))

    def test_without_ipv6_only_ipv6_is_taken_away(self):
        if os.uname().machine != "x86_64":
            self.skipTest("the filter that plays such a kernel knows x86-64 only")
        player = [sys.executable, os.path.join(ROOT, "tests/cli/without_ipv6.py")]
        ended = run("run", SUITE, "-q", *self.reports, prefix=player)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertIn("no IPv6 in this kernel: only IPv4 is probed", ended.stdout)
        self.assertEqual(len(self.record()["run"]["warnings"]), 1)

    def test_without_wget_its_probes_are_skipped_aloud(self):
        # PATH holds no wget; dnsmasq is looked for in sbin as well.
        ended = run("run", SUITE, "-q", *self.reports, env={"PATH": "/nonexistent"})
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertIn("no wget on this machine", ended.stdout)
        self.assertRegex(ended.stdout, "Skipped 48 probes: the client wget is not supported")
        counts = self.record()["counts"]
        self.assertEqual((counts["matched"], counts["mismatched"]), (288, 0), "the agent's, and nothing as blocked")


def load_tests(_loader, tests, _pattern):
    with tempfile.TemporaryDirectory() as folder:
        probe = run("run", SUITE, "-q", cwd=ROOT, env=dict(os.environ, TMPDIR=folder))
    skip_if_forbidden(probe)
    return tests


if __name__ == "__main__":
    ROOT = os.path.abspath(sys.argv.pop())
    PROGRAM = os.path.abspath(sys.argv.pop())
    unittest.main(verbosity=2)
