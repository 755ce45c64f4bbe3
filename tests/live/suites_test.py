#!/usr/bin/env python3
"""Suites on a real cluster: the verdicts of the local engine, with both clients, again and again."""
import os
import subprocess

import bed


class SuitesTest(bed.LiveTest):
    def run_locally(self, suite):
        report = os.path.join(self.folder, "local.json")
        done = subprocess.run([bed.NETTEST, "run", suite, "--json", report], check=False, text=True, capture_output=True,
                              cwd=bed.ROOT, timeout=bed.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return bed.report_in(report)

    def same_as_local(self, suite, *options):
        ended = self.run_suite(suite, *options)
        self.assert_passed(ended)
        self.assertEqual(bed.matrices(ended.report), bed.matrices(self.run_locally(suite)))
        self.assert_nothing_left()
        return ended

    def test_frontend_backend(self):
        ended = self.same_as_local("suites/frontend-backend.yaml")
        self.assertIn("wget", {probe["client"] for _, _, probe in bed.probes(ended.report)})

    def test_smoke(self):
        self.same_as_local("builtin:smoke")

    def test_every_kind_of_change(self):
        self.same_as_local("tests/live/suites/changes.yaml")

    def test_lanes(self):
        self.same_as_local("tests/live/suites/changes.yaml", "--lanes", "3")

    def test_an_author_who_expects_what_kubernetes_does_not_say(self):
        before = bed.kubectl("get", "namespaces", "--output=name")
        ended = self.run_suite("suites/walkthrough-as-written.yaml")
        self.assertEqual(ended.code, 2, str(ended))
        self.assertEqual(bed.kubectl("get", "namespaces", "--output=name"), before)

    def test_again_and_again(self):
        for _ in range(int(os.environ.get("NETTEST_LIVE_REPEAT", "3"))):
            self.assert_passed(self.run_suite("suites/frontend-backend.yaml"))
        self.assert_nothing_left()


if __name__ == "__main__":
    bed.main()
