#!/usr/bin/env python3
"""Policy engines that do nothing, that are late, and that stop: never a pass that was not earned."""
import time
import unittest

import bed

SUITE = "tests/live/suites/small.yaml"


@unittest.skipIf(bed.OWN, "needs the test bed, whose policy engine can be chosen")
class NoEngineTest(bed.LiveTest):
    engine = "none"

    def test_says_that_nothing_is_enforced(self):
        ended = self.run_suite(SUITE)
        self.assertEqual(ended.code, 3, str(ended))
        self.assertIn("does not enforce NetworkPolicy", ended.stdout + ended.stderr)
        self.assert_nothing_left()


class LateEngineTest(bed.LiveTest):
    engine = "node-agent"
    disturbs = True
    late_ms = 700
    # Late enough that a run cannot be through before the engine has been stopped.
    slow_ms = 4000

    def setUp(self):
        super().setUp()
        self.addCleanup(self.engine_with_delay, 0)

    def stop(self):
        for process in bed.testbed("processes").split():
            if process.startswith("node-agent-"):
                bed.testbed("stop", process)

    def stop_in_the_middle(self, settle):
        """Starts a run; stops the engine when it has been told of the first policy, and has not enforced it yet."""
        self.engine_with_delay(self.slow_ms)
        process = self.start_run(SUITE, "--settle", str(settle))
        bed.until_policy()
        applied = time.monotonic()
        self.stop()
        if time.monotonic() - applied > self.slow_ms / 1000:
            self.skipTest("this machine is too slow: the engine had enforced the policy before it was stopped")
        self.assertIsNone(process.poll(), "the run was over before the engine stopped")
        return process, applied

    def latencies(self, ended):
        """In seconds, of what the step's policies changed to blocked."""
        return sorted(probe["enforcement_latency_ms"] / 1000 for _, step, probe in bed.probes(ended.report)
                      if step == "nobody" and probe["observed"] == "blocked")

    def test_the_latency_is_that_of_the_engine(self):
        self.engine_with_delay(self.late_ms)
        ended = self.run_suite(SUITE)
        self.assert_passed(ended)
        latencies = self.latencies(ended)
        # It counts from the API's answer, which may come a little after the engine has heard of the change.
        self.assertGreaterEqual(latencies[0], self.late_ms / 1000 - 0.1, latencies)
        self.assertLess(latencies[0], self.late_ms / 1000 + 1, latencies)

    def test_an_engine_that_has_stopped_is_no_pass(self):
        self.stop()
        ended = self.run_suite(SUITE)
        self.assertEqual(ended.code, 3, str(ended))
        self.assertIn("does not enforce NetworkPolicy", ended.stdout + ended.stderr)
        self.assert_nothing_left()

    def test_an_engine_that_stops_in_the_middle_is_no_pass(self):
        process, _ = self.stop_in_the_middle(settle=6)
        ended = self.end(process)
        self.assertIn(ended.code, (1, 3), str(ended))
        # Of what the policies forbid nothing was enforced, and nothing of it may have passed.
        for _, step, probe in bed.probes(ended.report):
            if probe["verdict"] == "blocked":
                self.assertNotEqual(probe["agreement"], "match", f"{step}: {probe}")
        self.assert_nothing_left()

    def test_an_engine_that_is_started_again_late(self):
        process, applied = self.stop_in_the_middle(settle=60)
        again = time.monotonic()
        bed.testbed("up", "--engine", self.engine)
        up = time.monotonic()
        ended = self.end(process)
        self.assert_passed(ended)
        latencies = self.latencies(ended)
        # `applied` is when this test heard of the policy, a little after the run did.
        self.assertGreaterEqual(latencies[0], again - applied, latencies)
        self.assertLess(latencies[0], up - applied + 2, latencies)
        self.assert_nothing_left()


if __name__ == "__main__":
    bed.main()
