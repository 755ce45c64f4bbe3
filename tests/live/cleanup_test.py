#!/usr/bin/env python3
"""Nothing is left behind, and nothing of others is touched."""
import os
import signal

import bed

SUITE = "tests/live/suites/small.yaml"


class CleanupTest(bed.LiveTest):
    def test_an_interrupt_in_each_phase(self):
        for phase, reached in (("before anything", lambda: None), ("namespaces", bed.until_namespace),
                               ("pods", lambda: bed.until_pods(3)), ("policies", bed.until_policy)):
            with self.subTest(phase=phase):
                process = self.start_run(SUITE)
                reached()
                process.send_signal(signal.SIGINT)
                ended = self.end(process)
                # Before main() nobody catches it; then nothing is made either.
                codes = (130, -signal.SIGINT) if phase == "before anything" else (130,)
                self.assertIn(ended.code, codes, str(ended))
                self.assert_nothing_left()

    def test_cleanup_after_kill(self):
        process = self.start_run(SUITE)
        bed.until_policy()
        process.kill()
        self.end(process)
        self.assertNotEqual(bed.our_namespaces(), [])
        ended = self.end(self.start("cleanup"))
        self.assertEqual(ended.code, 0, str(ended))
        self.assert_nothing_left()

    def test_two_at_once(self):
        processes = []
        for name in ("a", "b"):
            report = os.path.join(self.folder, name + ".json")
            processes.append((self.start("run", SUITE, "--engine", "kubernetes", "--json", report), report))
        for process, report in processes:
            ended = self.end(process)
            self.assertEqual(ended.code, 0, str(ended))
            self.assertEqual(bed.report_in(report)["counts"]["mismatched"], 0)
        self.assert_nothing_left()

    def test_a_namespace_of_somebody_else(self):
        bed.kubectl("create", "namespace", "x")
        self.addCleanup(bed.kubectl, "delete", "namespace", "x")
        bed.kubectl("-n", "x", "create", "configmap", "precious")
        ended = self.run_suite(SUITE, "--exact-names")
        self.assertIn(ended.code, (2, 3), str(ended))
        self.assertIn("namespace x", ended.stdout + ended.stderr)
        self.assertEqual(self.end(self.start("cleanup")).code, 0)
        self.assertIn("precious", bed.kubectl("-n", "x", "get", "configmaps"))


if __name__ == "__main__":
    bed.main()
