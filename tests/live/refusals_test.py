#!/usr/bin/env python3
"""What a cluster refuses is told in words that help, and ends with exit 3."""
import subprocess

import bed

SUITE = "tests/live/suites/small.yaml"


class RefusalsTest(bed.LiveTest):
    def kubeconfig_with(self, token):
        """A kubeconfig of the same cluster for the bearer of a token."""
        config = bed.kubectl("config", "view", "--raw", "--flatten", "--minify", "--output=json")
        path = self.write("kubeconfig", config)
        subprocess.run([bed.kubectl_program(), "--kubeconfig", path, "config", "set-credentials", "bearer", "--token", token],
                       check=True, capture_output=True)
        subprocess.run([bed.kubectl_program(), "--kubeconfig", path, "config", "set-context", "--current", "--user", "bearer"],
                       check=True, capture_output=True)
        return path

    def assert_refused(self, ended, *words):
        self.assertEqual(ended.code, 3, str(ended))
        for word in words:
            self.assertIn(word, ended.stderr)
        self.assert_nothing_left()

    def test_an_image_that_cannot_be_pulled(self):
        ended = self.run_suite(SUITE, "--image", "localhost/missing:1")
        self.assert_refused(ended, "localhost/missing:1", "ImagePull")

    def test_rights_that_are_too_small(self):
        bed.kubectl("-n", "default", "create", "serviceaccount", "nobody")
        self.addCleanup(bed.kubectl, "-n", "default", "delete", "serviceaccount", "nobody")
        token = bed.kubectl("-n", "default", "create", "token", "nobody")
        ended = self.run_suite(SUITE, config=self.kubeconfig_with(token))
        self.assert_refused(ended, "ClusterRole", "networkpolicies")
        self.assertNotIn(token, ended.stdout + ended.stderr)

    def test_a_token_that_is_not_valid(self):
        ended = self.run_suite(SUITE, config=self.kubeconfig_with("expired"))
        self.assert_refused(ended)

    def test_pods_keep_to_the_restricted_standard(self):
        process = self.start_run(SUITE)
        bed.until_pods(3)
        for namespace in bed.our_namespaces():
            done = subprocess.run([bed.kubectl_program(), "--kubeconfig", bed.kubeconfig(), "label", "--dry-run=server", "--overwrite",
                                   "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"],
                                  check=True, text=True, capture_output=True)
            self.assertEqual(done.stderr, "")
        self.assert_passed(self.end(process))


if __name__ == "__main__":
    bed.main()
