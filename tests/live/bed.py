"""What the live tests share: the cluster, runs of nettest on it, and their reports."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NETTEST = os.environ.get("NETTEST_BINARY", "nettest")
OWN = os.environ.get("NETTEST_LIVE_KUBECONFIG")
BED = os.environ.get("NETTEST_TESTBED_DIR")
SKIP = 77
PATIENCE = 600
# A shell lets what it starts in the background ignore it, and so would the runs that are to be interrupted.
signal.signal(signal.SIGINT, signal.default_int_handler)


def testbed(*arguments, **environment):
    """Calls the script of the test bed; an error of it is an error of the test."""
    done = subprocess.run([os.path.join(ROOT, "tests/live/testbed/cluster"), *arguments], check=False, text=True,
                          capture_output=True, timeout=PATIENCE, env={**os.environ, **environment})
    if done.returncode != 0:
        raise RuntimeError(f"cluster {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()


def kubeconfig():
    return OWN or testbed("kubeconfig")


def kubectl_program():
    return shutil.which("kubectl") or os.path.join(BED or "", "bin/kubectl")


def kubectl(*arguments, text=None, check=True):
    """The output of kubectl, as the cluster's administrator."""
    done = subprocess.run([kubectl_program(), "--kubeconfig", kubeconfig(), *arguments], check=False, text=True,
                          capture_output=True, input=text, timeout=PATIENCE)
    if check and done.returncode != 0:
        raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()


def until(condition, patience=60, pause=0.05, what=""):
    """Asks until the answer is true, and returns it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(pause)
    raise AssertionError(f"waited {patience} s in vain {what}".strip())


def report_in(path):
    """The report of a run, or nothing where there is none."""
    if not os.path.exists(path) or os.path.getsize(path) == 0:
        return None
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def probes(report):
    """(case, step, probe) of all that was asked."""
    return [(case["case"], step["step"], probe)
            for case in report["cases"] for step in case["steps"] for probe in step["probes"]]


def matrices(report):
    """What was asked and what was seen, without times and addresses."""
    return sorted((case, step, probe["from"], probe["to"], probe["port"], probe["protocol"], probe["by"], probe["client"],
                   probe["verdict"], probe["agreement"]) for case, step, probe in probes(report))


class Ended:
    """A command of nettest that has ended."""

    def __init__(self, process, report):
        self.stdout, self.stderr = process.communicate(timeout=PATIENCE)
        self.code = process.returncode
        self.report = report_in(report)

    def __str__(self):
        return f"exit {self.code}\n{self.stdout[-6000:]}\n{self.stderr[-3000:]}"


def our_namespaces():
    """Those that nettest made and that are not on their way out."""
    rows = [line.split() for line in kubectl("get", "namespaces", "--no-headers").splitlines()]
    return [name for name, phase, *_ in rows if name.startswith("nettest-") and phase == "Active"]


def follow(kind, patience=180):
    """Rows of our objects of a kind as they are, and then as they change; the first column is the namespace."""
    command = [kubectl_program(), "--kubeconfig", kubeconfig(), "get", kind, "-A", "--watch", "--no-headers"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        watchdog = threading.Timer(patience, process.kill)
        watchdog.start()
        try:
            for line in process.stdout:
                if line.startswith("nettest-"):
                    yield line.split()
        finally:
            watchdog.cancel()
            process.kill()
    raise AssertionError(f"waited {patience} s in vain for {kind}")


def until_namespace():
    """Waits until a run has made a namespace."""
    return until(our_namespaces)[0]


def until_pods(count):
    """Waits until so many pods of runs are running."""
    running = set()
    for row in follow("pods"):
        if row[3] == "Running":
            running.add(row[1])
        if len(running) >= count:
            return


def until_policy(wanted="deny-web"):
    """Waits until a run has applied the policy; returns its namespace."""
    for namespace, name, *_ in follow("networkpolicies"):
        if name == wanted:
            return namespace
    return None


class LiveTest(unittest.TestCase):
    """A test on a cluster. `engine`: what must enforce policies on the test bed; None: whatever there is."""
    engine = "node-agent"
    # True where the test stops and starts parts of the cluster.
    disturbs = False

    @classmethod
    def setUpClass(cls):
        if OWN and cls.disturbs:
            raise unittest.SkipTest("stops parts of the cluster, which is done to the test bed only")
        if not OWN:
            testbed("up", "--engine", cls.engine)
        cls.addClassCleanup(kubectl, "delete", "namespace", "-l", "nettest.dev/run", "--wait=false", check=False)

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def engine_with_delay(self, late_ms):
        """Starts the node-agents anew; the clean up makes them prompt again."""
        for process in testbed("processes").split():
            if process.startswith("node-agent-"):
                testbed("stop", process)
        testbed("up", "--engine", "node-agent", NETTEST_NODE_AGENT_DELAY=str(late_ms))
        if late_ms:
            self.addCleanup(self.engine_with_delay, 0)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, *arguments, config=None):
        """Starts a command of nettest on the cluster."""
        process = subprocess.Popen(
            [NETTEST, *arguments, "--kubeconfig", config or kubeconfig(), "--kubectl", kubectl_program()],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def start_run(self, suite, *options, **more):
        return self.start("run", suite, "--engine", "kubernetes", "--json", os.path.join(self.folder, "report.json"), *options, **more)

    def end(self, process):
        return Ended(process, os.path.join(self.folder, "report.json"))

    def run_suite(self, suite, *options, **more):
        return self.end(self.start_run(suite, *options, **more))

    def assert_passed(self, ended):
        self.assertEqual(ended.code, 0, str(ended))
        self.assertGreater(ended.report["counts"]["matched"], 0)
        self.assertEqual(ended.report["counts"]["mismatched"], 0)

    def assert_nothing_left(self):
        """Namespaces of ours may be on their way out, no more."""
        self.assertEqual(our_namespaces(), [])


def main():
    if not OWN and not BED:
        print("skipped: no cluster; ./dev live starts one, ./dev live --kubeconfig FILE takes yours")
        raise SystemExit(SKIP)
    unittest.main()
