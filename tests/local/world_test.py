"""The private world as processes: exit codes, signals, kill -9, shells, rootless, nothing left.

Runs world_program (argument 1). Skips with a reason where the kernel forbids user namespaces.
"""

import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from processes import descendants, gone, mounts_of_nettest, without_leak_check

PROGRAM = None


def user_arguments(rootless):
    if not rootless:
        return []
    return ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


def start(*arguments, rootless=False, **options):
    return subprocess.Popen(user_arguments(rootless) + [PROGRAM, *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **options)


def run(*arguments, rootless=False, **options):
    return subprocess.run(user_arguments(rootless) + [PROGRAM, *arguments], capture_output=True,
                          text=True, timeout=60, env=without_leak_check() if arguments[0] == "shell" else None, **options)


def files_of_nettest():
    """Those of runs on a cluster apart, which may go on beside the test."""
    found = glob.glob("/tmp/*nettest*") + glob.glob("/run/*nettest*") + glob.glob("/dev/shm/*nettest*")
    return {name for name in found if "nettest-proxy-" not in name}


class WorldTest(unittest.TestCase):
    rootless = False

    def world(self):
        child = start("keep", rootless=self.rootless)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        line = child.stdout.readline()
        self.assertRegex(line, r"^ready ", child.stderr.read() if not line else "")
        return child, line.split()[1]

    def test_exit_codes_pass_through(self):
        for code in (0, 1, 3, 77):
            self.assertEqual(run("exit", str(code), rootless=self.rootless).returncode, code)

    def test_a_killed_body_is_an_engine_error(self):
        ended = run("die", rootless=self.rootless)
        self.assertEqual(ended.returncode, 3)
        self.assertIn("killed by signal 9", ended.stderr)

    def test_files_are_written_as_the_calling_user(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            ended = run("write", "out.xml", rootless=self.rootless, cwd=folder)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            owner = os.stat(f"{folder}/out.xml").st_uid
            self.assertEqual(owner, 65534 if self.rootless else os.getuid())

    def test_interrupts_reach_the_body_and_it_ends_by_itself(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            child, _ = self.world()
            inside = descendants(child.pid)
            child.send_signal(number)
            self.assertEqual(child.stdout.readline().strip(), "removed")
            self.assertEqual(child.wait(10), 130)
            self.assertTrue(gone(inside))

    def test_whoever_is_killed_nothing_is_left(self):
        files = files_of_nettest()
        for victim in range(4):
            child, run_id = self.world()
            inside = [child.pid] + descendants(child.pid)
            self.assertGreater(len(inside), 7, "supervisor, gate, init, body, dns and agents")
            os.kill(inside[victim], signal.SIGKILL)
            self.assertTrue(gone(inside[1:]), f"victim {victim} of {inside}")
            child.wait(10)
            if victim > 0:
                self.assertIn("killed by signal 9", child.stderr.read())
            with open("/proc/net/unix", encoding="utf-8") as table:
                self.assertNotIn(f"-{run_id}\n", table.read())
        self.assertEqual(mounts_of_nettest(), [])
        self.assertEqual(files_of_nettest() - files, set())

    def test_a_shell_is_in_its_pod(self):
        child, run_id = self.world()
        shell = ["shell", run_id, "x/a"]
        self.assertEqual(run(*shell, "hostname", rootless=self.rootless).stdout.strip(), "a")
        files = run(*shell, "cat", "/etc/resolv.conf", "/etc/hosts", rootless=self.rootless).stdout
        self.assertRegex(files, r"nameserver 10\.96\.0\.10\nsearch x\.svc\.cluster\.local svc\.cluster\.local "
                                r"cluster\.local\noptions ndots:5")
        self.assertRegex(files, r"10\.244\.\d+\.\d+\ta")
        for url in ("http://web", "http://web.x", "http://web.x.svc.cluster.local"):
            page = run(*shell, "wget", "-T", "2", "-t", "1", "-qO-", url, rootless=self.rootless)
            self.assertIn("x/b", page.stdout, page.stderr)
            page = run(*shell, "busybox", "wget", "-q", "-O", "-", url, rootless=self.rootless)
            self.assertIn("x/b", page.stdout, page.stderr)
        self.assertEqual(run(*shell, "sh", "-c", "exit 7", rootless=self.rootless).returncode, 7)
        self.assertEqual(run(*shell, "no-such-program", rootless=self.rootless).returncode, 127)
        wrong = run("shell", run_id, "x/nobody", "true", rootless=self.rootless)
        self.assertEqual(wrong.returncode, 3)
        self.assertIn("x/a", wrong.stderr)
        if not self.rootless:
            other = run(*shell, "true", rootless=True)
            self.assertRegex(other.stderr, f"no local world (of this user|{run_id}) ")
        self.assertIsNone(child.poll())

    def test_several_worlds_must_be_chosen_from(self):
        self.world()
        self.world()
        ended = run("shell", "-", "x/a", "true", rootless=self.rootless)
        self.assertIn("choose one with --run", ended.stderr)


class RootlessWorldTest(WorldTest):
    rootless = True

    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("not root: the tests above were rootless already")
        if subprocess.run(user_arguments(True) + ["test", "-x", PROGRAM], check=False).returncode:
            self.skipTest("another user cannot execute the program in this build folder")


class ForbiddenTest(unittest.TestCase):
    def test_a_limit_on_namespaces_is_named_with_what_to_set(self):
        if os.getuid() != 0:
            self.skipTest("needs root, to set a limit in a user namespace of its own")
        script = ("echo 0 > /proc/sys/user/max_user_namespaces; exec " + PROGRAM + " exit 0")
        ended = subprocess.run(["unshare", "-U", "-r", "sh", "-c", script], capture_output=True, text=True,
                               check=False)
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("unshare(CLONE_NEWUSER): No space left on device (ENOSPC)", ended.stderr)
        self.assertIn("sysctl -w user.max_user_namespaces", ended.stderr)

    def test_a_limit_on_network_namespaces_is_named(self):
        if os.getuid() != 0:
            self.skipTest("needs root, to set a limit in a user namespace of its own")
        script = ("echo 0 > /proc/sys/user/max_net_namespaces; exec " + PROGRAM + " exit 0")
        ended = subprocess.run(["unshare", "-U", "-r", "sh", "-c", script], capture_output=True, text=True,
                               check=False)
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("max_net_namespaces", ended.stderr)

    def test_a_chroot_is_named(self):
        if os.getuid() != 0:
            self.skipTest("needs root, to chroot")
        with tempfile.TemporaryDirectory() as folder:
            script = (f"mount --rbind / {folder} && exec chroot {folder} " + PROGRAM + " exit 0")
            ended = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True,
                                   check=False)
            self.assertEqual(ended.returncode, 3, ended.stderr)
            self.assertIn("unshare(CLONE_NEWUSER): Operation not permitted (EPERM)", ended.stderr)
            self.assertIn("chroot", ended.stderr)


def load_tests(loader, tests, _pattern):
    probe = run("exit", "0")
    if probe.returncode == 3 and re.search("cannot work here", probe.stderr):
        print("SKIP: " + probe.stderr.strip())
        sys.exit(77)
    return tests


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
