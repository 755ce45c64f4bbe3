#!/usr/bin/env python3
"""Policy engines that do nothing, that are late, and that stop: never a pass that was not earned."""
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

    def setUp(self):
        super().setUp()
        self.addCleanup(self.engine_with_delay, 0)

    def stop(self):
        for process in bed.testbed("processes").split():
            if process.startswith("node-agent-"):
                bed.testbed("stop", process)

    def latencies(self, ended):
        """Of what the step's policies changed to blocked."""
        return sorted(probe["enforcement_latency_ms"] for _, step, probe in bed.probes(ended.report)
                      if step == "nobody" and probe["observed"] == "blocked")

    def test_the_latency_is_that_of_the_engine(self):
        self.engine_with_delay(self.late_ms)
        ended = self.run_suite(SUITE)
        self.assert_passed(ended)
        latencies = self.latencies(ended)
        # It counts from the API's answer, which may come a little after the engine has heard of the change.
        self.assertGreaterEqual(latencies[0], self.late_ms - 100, latencies)
        self.assertLess(latencies[0], self.late_ms + 1000, latencies)

    def test_an_engine_that_has_stopped_is_no_pass(self):
        self.stop()
        ended = self.run_suite(SUITE)
        self.assertIn(ended.code, (1, 3), str(ended))
        self.assert_nothing_left()

    def test_an_engine_that_stops_in_the_middle_is_no_pass(self):
        process = self.start_run(SUITE)
        bed.until_policy()
        self.stop()
        ended = self.end(process)
        self.assertIn(ended.code, (1, 3), str(ended))
        self.assert_nothing_left()


if __name__ == "__main__":
    bed.main()
