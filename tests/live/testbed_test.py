#!/usr/bin/env python3
"""The test bed itself, asked with kubectl: pods, names, both families, and what its policy engines enforce."""
import json
import time
import unittest

import bed

WORLD = """
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: bed}}
  - {apiVersion: v1, kind: Pod, metadata: {name: asker, namespace: bed}, spec: {nodeName: n1, terminationGracePeriodSeconds: 0,
      containers: [{name: c, image: "localhost/wget:1"}]}}
  - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: bed, labels: {app: web}}, spec: {nodeName: n2,
      terminationGracePeriodSeconds: 0, containers: [{name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.56",
      args: [netexec, --http-port=8080], ports: [{name: http, containerPort: 8080}]}]}}
  - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: bed}, spec: {selector: {app: web},
      ipFamilyPolicy: PreferDualStack, ports: [{port: 80, targetPort: http}]}}
"""
POLICY = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "web", "namespace": "bed"},
          "spec": {"podSelector": {"matchLabels": {"app": "web"}}}}


@unittest.skipIf(bed.OWN, "is about the test bed")
class TestbedTest(bed.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bed.kubectl("apply", "--validate=false", "-f", "-", text=WORLD)
        cls.addClassCleanup(bed.kubectl, "delete", "namespace", "bed", "--wait=false")
        bed.kubectl("-n", "bed", "wait", "pod", "--all", "--for=condition=Ready", "--timeout=120s")

    def setUp(self):
        super().setUp()
        self.addCleanup(self.engine_with_delay, 0)
        self.addCleanup(bed.kubectl, "-n", "bed", "delete", "networkpolicy", "--all")

    def stop_engine(self):
        for node in ("n1", "n2"):
            bed.testbed("stop", f"node-agent-{node}")

    def reaches(self, url="http://web.bed", seconds=1):
        """Waits for no policy: says what is so now."""
        return bed.kubectl("-n", "bed", "exec", "asker", "--", "wget", "-T", str(seconds), "-t", "1", "-qO-", url, check=False) != ""

    def becomes_reachable(self, address, port=80):
        """A pod that is Ready has its addresses; its neighbours may need a second to find the one of IPv6."""
        bed.until(lambda: self.reaches(f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"),
                  what=f"for {address}")

    def apply(self, **spec):
        bed.kubectl("apply", "--validate=false", "-f", "-", text=json.dumps({**POLICY, "spec": {**POLICY["spec"], **spec}}))

    def addresses(self, kind, path):
        return bed.kubectl("-n", "bed", "get", kind, "web", "--output", "jsonpath={" + path + "}").split()

    def test_pods_services_and_names_in_both_families(self):
        for address in self.addresses("pod", ".status.podIPs[*].ip"):
            self.becomes_reachable(address, 8080)
        for address in self.addresses("service", ".spec.clusterIPs[*]"):
            self.becomes_reachable(address)
        self.assertTrue(self.reaches("http://web.bed.svc.cluster.local"))
        pods = bed.kubectl("-n", "kube-system", "get", "pods", "-l", "k8s-app=kube-dns", "--no-headers")
        self.assertIn("Running", pods)

    def test_the_node_agent_enforces(self):
        self.apply()
        bed.until(lambda: not self.reaches())
        self.apply(ingress=[{"from": [{"podSelector": {}}], "ports": [{"port": "http"}]}])
        bed.until(self.reaches)
        self.apply(podSelector={}, policyTypes=["Egress"], egress=[{"ports": [{"port": 8080}]}])
        # By address: egress to the DNS is not admitted.
        bed.until(lambda: not self.reaches())
        self.assertTrue(self.reaches(f"http://{self.addresses('pod', '.status.podIP')[0]}:8080"))

    def test_the_node_agent_can_be_late(self):
        self.engine_with_delay(3000)
        started = time.monotonic()
        self.apply()
        self.assertTrue(self.reaches())
        bed.until(lambda: not self.reaches())
        self.assertGreaterEqual(time.monotonic() - started, 3)

    def test_rules_stay_when_the_node_agent_ends(self):
        self.apply()
        bed.until(lambda: not self.reaches())
        self.stop_engine()
        bed.kubectl("-n", "bed", "delete", "networkpolicy", "web")
        self.assertFalse(self.reaches())
        bed.testbed("up", "--engine", self.engine)
        bed.until(self.reaches)

    def test_without_an_engine_nothing_is_enforced(self):
        bed.testbed("up", "--engine", "none")
        self.apply()
        self.assertTrue(self.reaches())


if __name__ == "__main__":
    bed.main()
