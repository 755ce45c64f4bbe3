"""`nettest mutate` with the built program on real packets: examples that can be pasted, interrupts, kill -9.

Arguments: the program, the source tree. Skips with a reason where the kernel forbids user namespaces.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from forbidden import skip_if_forbidden
from processes import descendants, gone, wait_until

PROGRAM = None
ROOT = None
SUITE = "suites/frontend-backend.yaml"
# Asks one port only, so that what is wrong on others survives.
ONE_PROBE = """
apiVersion: nettest/v1
kind: Suite
metadata: {name: one-probe}
world:
  namespaces: [{name: x}]
  pods:
    - {name: a, namespace: x, labels: {pod: a}, ports: [{port: 80}, {port: 81}, {port: 80, protocol: UDP}]}
    - {name: b, namespace: x, labels: {pod: b}}
probes: [{from: x/b, to: "x/a:80"}]
cases:
  - name: one port
    steps:
      - name: TCP only
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: to-a, namespace: x}
            spec: {podSelector: {matchLabels: {pod: a}}, ingress: [{ports: [{port: 80}]}]}
"""


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)


class MutateJobTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mutate-job-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_the_example_of_a_survivor_kills_it_on_packets(self):
        one_probe = self.write("one-probe.yaml", ONE_PROBE)
        for fault in ("protocol-ignored", "port-number-ignored"):
            with self.subTest(fault):
                told = run("mutate", one_probe, "--fault", fault, "-o", "json")
                self.assertEqual(told.returncode, 1, told.stderr)
                (mutant,) = json.loads(told.stdout)["mutants"]
                self.assertEqual(mutant["fate"], "survived")
                example = self.write(fault + ".yaml", mutant["example"])
                wrong = run("run", example, "--fault", fault)
                self.assertEqual(wrong.returncode, 1, wrong.stdout + wrong.stderr)
                right = run("run", example)
                self.assertEqual(right.returncode, 0, right.stdout + right.stderr)

    def in_full_swing(self):
        child = subprocess.Popen([PROGRAM, "mutate", SUITE, "--jobs", "3"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, cwd=ROOT)
        self.addCleanup(child.kill)
        # Three worlds with an agent in each of their pods.
        self.assertTrue(wait_until(lambda: len(descendants(child.pid)) > 20, 300))
        return child, descendants(child.pid)

    def test_an_interrupt_ends_it_and_leaves_nothing(self):
        child, inside = self.in_full_swing()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130, out + err)
        self.assertIn("Interrupted: the rest is unclear.", out)
        self.assertRegex(out, r"[1-9]\d* unclear\)")
        self.assertTrue(gone(inside))

    def test_kill_nine_leaves_nothing(self):
        child, inside = self.in_full_swing()
        child.kill()
        self.assertEqual(child.wait(60), -signal.SIGKILL)
        child.stdout.close()
        child.stderr.close()
        self.assertTrue(gone(inside))


def load_tests(_loader, tests, _pattern):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as suite:
        suite.write(ONE_PROBE)
        suite.flush()
        probe = run("run", suite.name, "-q")
    skip_if_forbidden(probe)
    return tests


if __name__ == "__main__":
    ROOT = os.path.abspath(sys.argv.pop())
    PROGRAM = os.path.abspath(sys.argv.pop())
    unittest.main(verbosity=2)
