#!/usr/bin/env python3
"""A cluster that is disturbed in the middle of a run: a wrong verdict never, an end always."""
import bed

SUITE = "tests/live/suites/small.yaml"


class DisturbedTest(bed.LiveTest):
    disturbs = True

    def setUp(self):
        super().setUp()
        # Each step takes a while, so that there is a middle to be disturbed in.
        self.engine_with_delay(2000)
        self.addCleanup(bed.testbed, "up", "--engine", self.engine)

    def assert_not_judged(self, ended):
        """Inconclusive, and whatever was judged was judged rightly."""
        self.assertEqual(ended.code, 3, str(ended))
        if ended.report:
            self.assertEqual(ended.report["counts"]["mismatched"], 0, str(ended))

    def test_a_pod_that_is_deleted(self):
        process = self.start_run(SUITE, "--settle", "6")
        namespace = bed.until_policy()
        bed.kubectl("-n", namespace, "delete", "pod", "tester", "--wait=false")
        self.assert_not_judged(self.end(process))
        self.assert_nothing_left()

    def test_a_kubelet_that_stops(self):
        process = self.start_run(SUITE, "--settle", "6")
        bed.until_policy()
        bed.testbed("stop", "kubelet-n2")
        ended = self.end(process)
        self.assert_not_judged(ended)
        bed.testbed("up", "--engine", self.engine)
        self.assertEqual(self.end(self.start("cleanup")).code, 0)
        self.assert_nothing_left()

    def test_an_api_server_that_is_restarted(self):
        process = self.start_run(SUITE, "--settle", "6")
        bed.until_policy()
        bed.testbed("stop", "kube-apiserver")
        bed.testbed("up", "--engine", self.engine)
        ended = self.end(process)
        if ended.code != 0:
            self.assert_not_judged(ended)
            self.assertEqual(self.end(self.start("cleanup")).code, 0)
        self.assert_nothing_left()


if __name__ == "__main__":
    bed.main()
