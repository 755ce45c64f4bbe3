#!/usr/bin/env python3
"""deploy/ as it stands: a Job that runs nettest inside the cluster, with its service account and the image's own files."""
import os
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import bed

IMAGE = os.path.join(bed.ROOT, "tests/live/testbed/image.py")
SHARE = "/usr/share/nettest"


def with_libraries(program, path):
    """FILE:PATH of a program of this machine and of the libraries that it needs."""
    done = subprocess.run(["ldd", program], check=False, text=True, capture_output=True)
    libraries = [word for line in done.stdout.splitlines() for word in line.split() if word.startswith("/")]
    return [f"{program}:{path}"] + [f"{os.path.realpath(library)}:{library}" for library in libraries]


def folder(source, path):
    return [f"{os.path.join(at, name)}:{path}/{os.path.relpath(os.path.join(at, name), source)}"
            for at, _, names in os.walk(source) for name in names]


@unittest.skipIf(bed.OWN, "brings an image of its own, which only the test bed takes")
class DeployTest(bed.LiveTest):
    def image(self):
        """What deploy/Containerfile makes, without a registry: nettest, kubectl, the suites, and a shell."""
        path = os.path.join(self.folder, "nettest.tar")
        files = {tuple(file.split(":")) for file in
                 with_libraries(bed.NETTEST, "/usr/bin/nettest") + with_libraries(shutil.which("busybox"), "/bin/busybox") +
                 with_libraries(os.path.realpath(bed.kubectl_program()), "/usr/bin/kubectl") +
                 folder(os.path.join(bed.ROOT, "suites"), SHARE + "/suites") +
                 [os.path.join(bed.ROOT, "deploy/run-in-cluster") + f":{SHARE}/run-in-cluster"]}
        subprocess.run([sys.executable, IMAGE, path, "--tag", "docker.io/library/nettest:latest", "--entrypoint", '["nettest"]',
                        "--dir", "/tmp", *(option for name in ("sh", "cat") for option in ("--link", f"/bin/{name}=busybox")),
                        *(":".join(file) for file in sorted(files))], check=True)
        return path

    def test_the_job(self):
        bed.testbed("import", self.image())
        for name in ("rbac.yaml", "job.yaml"):
            bed.kubectl("apply", "--validate=false", "-f", os.path.join(bed.ROOT, "deploy", name))
        self.addCleanup(bed.kubectl, "delete", "-f", os.path.join(bed.ROOT, "deploy/rbac.yaml"))
        bed.until(lambda: bed.kubectl("-n", "nettest-job", "get", "job", "nettest", "-o",
                                      "jsonpath={.status.succeeded}{.status.failed}"), patience=280, pause=2)
        log = bed.kubectl("-n", "nettest-job", "logs", "job/nettest")
        self.assertEqual(bed.kubectl("-n", "nettest-job", "get", "job", "nettest", "-o", "jsonpath={.status.succeeded}"), "1", log)
        self.assertIn("PASSED", log)
        junit = bed.kubectl("-n", "nettest-job", "get", "configmap", "nettest-junit", "-o", r"jsonpath={.data.junit\.xml}")
        self.assertIn(junit.strip(), log)
        suites = xml.etree.ElementTree.fromstring(junit)
        self.assertEqual((suites.get("failures"), suites.get("errors")), ("0", "0"), junit[:500])
        self.assertGreater(int(suites.get("tests")), 0)
        self.assert_nothing_left()

    def assert_nothing_left(self):
        """The Job's own namespace is not a run's."""
        self.assertEqual([name for name in bed.our_namespaces() if name != "nettest-job"], [])


if __name__ == "__main__":
    bed.main()
