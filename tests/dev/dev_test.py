#!/usr/bin/env python3
"""Tests of ./dev: dev_test.py ROOT. The world around it (apt, dpkg, sudo, cmake, ninja) is played by small scripts."""
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(sys.argv.pop())
REAL = ["bash", "basename", "cat", "chmod", "dirname", "env", "find", "flock", "grep", "head", "id", "mkdir", "mktemp", "nproc",
        "readlink", "rm", "sed", "sort", "tail", "timeout", "touch", "tr", "wc", "xargs"]
NOBODY = 65534

# What each player does; $PLAY is a folder of facts: installed (a package a line), known (to apt), log.
PLAYERS = {
    "dpkg-query": 'while read -r p; do echo "$p installed"; done < "$PLAY/installed"',
    "apt-cache": 'grep -qx -- "$2" "$PLAY/known" && echo "  Candidate: 1.0" || echo "  Candidate: (none)"; for i in {1..2000}; do echo "  more $i 500 http://deb.example"; done',
    "apt-get": '''echo "apt-get $*" >> "$PLAY/log"
while [[ $1 == -* ]]; do shift; [[ $1 == *=* ]] && shift; done
case $1 in
  update) [[ -e $PLAY/offline ]] && { echo "E: no network"; exit 100; }; cat "$PLAY/archive" >> "$PLAY/known" ;;
  install) [[ -e $PLAY/broken ]] && { echo "E: Unable to fetch some archives"; rm -f "$PLAY/broken"; exit 100; }
    for p in "$@"; do [[ $p == -* || $p == install ]] || echo "$p" >> "$PLAY/installed"; done ;;
esac''',
    "sudo": '''while [[ $1 == -* ]]; do [[ $1 == -p ]] && shift; shift; done
echo "sudo $1" >> "$PLAY/log"; exec "$@"''',
    "cmake": '''echo "cmake $*" >> "$PLAY/log"
while [[ $# -gt 0 ]]; do [[ $1 == -B ]] && dir=$2; shift; done
mkdir -p "$dir/bin"; echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" > "$dir/CMakeCache.txt"; touch "$dir/build.ninja"''',
    "ninja": '''dir=$2; [[ " $* " == *" -n "* ]] && { [[ -e $PLAY/stale ]] || echo "ninja: no work to do."; exit 0; }
echo "ninja $*" >> "$PLAY/log"
[[ -e $PLAY/uncompilable ]] && { echo "[1/9] fine"; echo "FAILED: x.o"; echo "error: expected ;"; for i in {1..100}; do echo "[2/9] also running"; done; exit 1; }
rm -f "$PLAY/stale"; echo built''',
    "ctest": 'echo "ctest $*"; exit 8',
}
TOOLS = ["g++", "pkg-config", "dnsmasq", "wget", "busybox", "python3", "xmllint", "ip"]
LIBRARIES = ["libboost1.81-dev", "libyaml-cpp-dev", "libcli11-dev", "libexpected-dev", "nlohmann-json3-dev", "libfmt-dev",
             "libpugixml-dev", "libmnl-dev", "libnftables-dev", "libc-ares-dev", "libgtest-dev", "libgmock-dev",
             "python3-jsonschema", "python3-yaml", "libroaring-dev", "libcpp-httplib-dev", "libnl-3-dev"]
# The Debian package behind each find_package and pkg_check_modules of the build; None: comes with another, or can be done without.
PACKAGE_OF = {
    "PkgConfig": "pkg-config", "Threads": None, "Python3": "python3", "yaml-cpp": "libyaml-cpp-dev", "fmt": "libfmt-dev",
    "CLI11": "libcli11-dev", "nlohmann_json": "nlohmann-json3-dev", "pugixml": "libpugixml-dev",
    "Boost": "libboost1.81-dev", "roaring": "libroaring-dev", "GTest": "libgtest-dev", "benchmark": "libbenchmark-dev",
    "tl-expected": "libexpected-dev", "libmnl": "libmnl-dev", "libnftables": "libnftables-dev",
    "libcares.a": "libc-ares-dev", "xmllint": "libxml2-utils", "cpp-httplib": "libcpp-httplib-dev",
    # Used where they are: for the agent of the other architecture.
    "aarch64-linux-gnu-g++": None, "qemu-aarch64-static": None,
}
NETTEST = 'echo "out: $*"; echo "cwd: $PWD"; read -r line && echo "in: $line"; exit "${NETTEST_EXIT:-0}"'


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class DevTest(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.top)
        self.tree, self.bin, self.play = (os.path.join(self.top, name) for name in ("tree", "bin", "play"))
        for folder in (self.tree, self.bin, self.play, os.path.join(self.top, "elsewhere")):
            os.mkdir(folder)
        shutil.copy(os.path.join(ROOT, "dev"), self.tree)
        shutil.copy(os.path.join(ROOT, "CMakePresets.json"), self.tree)
        for name in REAL:
            os.symlink(shutil.which(name), os.path.join(self.bin, name))
        for name in TOOLS:
            self.player(name, "true")
        for name, body in PLAYERS.items():
            self.player(name, body)
        for fact in ("installed", "known", "archive"):
            self.fact(fact, *LIBRARIES)
        self.fact("log")
        self.program("build/release/bin/nettest", NETTEST)
        self.program("build/dev/placeholder", "")
        self.user = None
        for folder, _, names in os.walk(self.top):
            for path in [folder] + [os.path.join(folder, name) for name in names]:
                if os.geteuid() == 0 and not os.path.islink(path):
                    os.chown(path, NOBODY, NOBODY)

    def script(self, path, body):
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/bash\n{body}\n")
        os.chmod(path, 0o755)

    def player(self, name, body):
        self.script(os.path.join(self.bin, name), body)

    def program(self, path, body):
        full = os.path.join(self.tree, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        self.script(full, body)

    def fact(self, name, *lines):
        with open(os.path.join(self.play, name), "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))

    def log(self):
        with open(os.path.join(self.play, "log"), encoding="utf-8") as file:
            return file.read()

    def dev(self, *arguments, env=None, text=""):
        environment = {"PATH": self.bin, "PLAY": self.play, "HOME": "/nonexistent", **(env or {})}
        return subprocess.run([os.path.join(self.tree, "dev"), *arguments], cwd=os.path.join(self.top, "elsewhere"),
                              env=environment, input=text, capture_output=True, text=True, user=self.user, check=False)

    def as_nobody(self):
        """Gives up root where we are root (the tree is nobody's anyway)."""
        if os.geteuid() == 0:
            self.user = NOBODY
            os.chmod(self.top, stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)

    def test_adds_nothing_to_stdout_and_keeps_folder_input_and_exit_code(self):
        done = self.dev("run", "a b.yaml", "--junit", "out.xml", env={"NETTEST_EXIT": "1"}, text="hello\n")
        self.assertEqual(done.stdout, f"out: run a b.yaml --junit out.xml\ncwd: {self.top}/elsewhere\nin: hello\n")
        self.assertEqual(done.returncode, 1)

    def test_quiet_when_nothing_is_to_be_done(self):
        self.dev("nettest", "version")
        self.fact("log")
        done = self.dev("nettest", "version")
        self.assertEqual(done.stderr, "")
        self.assertEqual(self.log(), "")

    def test_installs_only_what_is_missing_and_not_what_other_commands_need(self):
        self.fact("installed", *[name for name in LIBRARIES if name not in ("libfmt-dev", "libgtest-dev")])
        done = self.dev("run", "x")
        self.assertEqual(done.returncode, 0, done.stderr)
        installs = [line for line in self.log().splitlines() if " install " in line]
        self.assertEqual([line.split("--no-install-recommends ")[1] for line in installs], ["libfmt-dev"])
        self.assertIn("installing libfmt-dev", done.stderr)

    def test_a_program_from_elsewhere_is_as_good_as_its_package(self):
        done = self.dev("run", "x")
        self.assertNotIn("apt-get", self.log())
        os.remove(os.path.join(self.bin, "wget"))
        self.fact("known", *LIBRARIES, "wget")
        done = self.dev("run", "x")
        self.assertIn("--no-install-recommends wget", self.log(), done.stderr)

    def test_updates_lists_that_do_not_know_the_package(self):
        self.fact("installed", *LIBRARIES[1:])
        self.fact("known")
        done = self.dev("run", "x")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(self.log().index("update"), self.log().index(" install "))

    def test_updates_lists_that_are_too_old(self):
        self.fact("installed", *LIBRARIES[1:])
        self.fact("broken")
        done = self.dev("run", "x")
        self.assertEqual(done.returncode, 0, done.stderr)
        calls = [line.split(" install ")[-1] for line in self.log().splitlines() if line.startswith("apt-get")]
        self.assertEqual(len(calls), 3, calls)

    def test_takes_the_alternative_that_this_release_has(self):
        self.fact("installed", *LIBRARIES[1:])
        self.fact("known", "libboost1.83-dev", *LIBRARIES[1:])
        self.dev("run", "x")
        self.assertIn("--no-install-recommends libboost1.83-dev", self.log())

    def test_a_failed_install_shows_the_log_and_the_command(self):
        self.fact("installed", *LIBRARIES[1:])
        self.fact("known")
        self.fact("offline")
        done = self.dev("run", "x")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("E: no network", done.stderr)
        self.assertIn("apt-get update && apt-get install -y --no-install-recommends libboost1.81-dev", done.stderr)

    def test_without_root_and_sudo_it_names_packages_and_command(self):
        self.as_nobody()
        os.remove(os.path.join(self.bin, "sudo"))
        self.assertEqual(self.dev("run", "x").returncode, 0)
        self.fact("installed", *LIBRARIES[2:])
        done = self.dev("run", "x")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("there is no sudo", done.stderr)
        self.assertIn("--no-install-recommends libboost1.81-dev libyaml-cpp-dev", done.stderr)
        self.assertNotIn("apt-get", self.log())

    def test_uses_sudo_when_not_root(self):
        self.as_nobody()
        self.fact("installed", *LIBRARIES[1:])
        done = self.dev("run", "x")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sudo env\n", self.log())

    def test_installing_can_be_forbidden(self):
        self.fact("installed", *LIBRARIES[1:])
        done = self.dev("run", "x", env={"NETTEST_NO_INSTALL": "1"})
        self.assertEqual(done.returncode, 3)
        self.assertIn("libboost1.81-dev", done.stderr)
        self.assertNotIn("apt-get", self.log())

    def test_where_there_is_no_dpkg_programs_are_enough(self):
        os.remove(os.path.join(self.bin, "dpkg-query"))
        self.assertEqual(self.dev("run", "x").returncode, 0)
        os.remove(os.path.join(self.bin, "g++"))
        done = self.dev("run", "x")
        self.assertEqual(done.returncode, 3)
        self.assertIn("neither Debian nor Ubuntu, and these programs are missing: g++", done.stderr)

    def test_a_failed_build_shows_the_log_and_runs_nothing(self):
        self.fact("stale")
        self.fact("uncompilable")
        done = self.dev("run", "x")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("FAILED: x.o\nerror: expected ;", done.stderr)
        self.assertNotIn("fine", done.stderr)
        self.assertIn("the build of release failed; the whole log: ", done.stderr)

    def test_configures_afresh_in_a_tree_that_was_copied(self):
        self.dev("run", "x")
        moved = os.path.join(self.top, "moved")
        shutil.copytree(self.tree, moved)
        self.tree = moved
        self.fact("log")
        self.dev("run", "x")
        self.assertIn("--fresh", self.log())

    def test_builds_elsewhere_and_says_so_when_the_tree_is_read_only(self):
        self.as_nobody()
        shutil.rmtree(os.path.join(self.tree, "build"))
        os.chmod(self.tree, 0o555)
        done = self.dev("run", "x")
        self.assertEqual(done.returncode, 3)
        self.assertIn("set NETTEST_BUILD_DIR", done.stderr)
        done = self.dev("build", "release", env={"NETTEST_BUILD_DIR": "."})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(os.path.join(self.top, "elsewhere", "release", "build.ninja")))
        os.chmod(self.tree, 0o755)

    def test_test_passes_options_to_ctest_and_its_exit_code_back(self):
        done = self.dev("test", "-R", "ip")
        self.assertEqual(done.returncode, 8)
        self.assertIn("--no-tests=error -LE ^live$ -R ip", done.stdout)

    def with_testbed(self):
        """A test bed and a Go to be had; the packages and programs of a node are there."""
        if os.geteuid() != 0:
            self.skipTest("the test bed needs root")
        self.player("go", "echo go1.26.3")
        for name in ("containerd", "runc", "iptables", "nft", "conntrack", "ip", "pgrep", "openssl"):
            self.player(name, "true")
        self.fact("installed", *LIBRARIES, "containernetworking-plugins")
        self.program("tests/live/testbed/cluster", """echo "cluster $*: $NETTEST_TESTBED_NAME" >> "$PLAY/log"
[[ $1 != kubeconfig ]] || echo /a/kubeconfig""")

    def test_live_starts_a_cluster_tests_and_stops_it(self):
        self.with_testbed()
        done = self.dev("live", "-R", "suites")
        self.assertEqual(done.returncode, 8, done.stderr)
        self.assertEqual(done.stdout.count("ctest "), 1)
        self.assertIn("--no-tests=error -L ^live$ -R suites\n", done.stdout)
        calls = [line for line in self.log().splitlines() if line.startswith("cluster ")]
        self.assertEqual(calls, ["cluster build: live", "cluster up: live", "cluster down: live"])

    def with_live(self, live="true", **behaviour):
        """What `NETTEST_WITH_LIVE=1 ./dev test` does where the ordinary tests are green: ctest of live tests, and parts of the test bed, as told."""
        self.player("ctest", f'echo "ctest $*"; [[ $* != *" -L ^live"* ]] || {live}')
        if behaviour:
            self.program("tests/live/testbed/cluster", 'echo "cluster $1" >> "$PLAY/log"; case $1 in ' +
                         " ".join(f"{command}) {does} ;;" for command, does in behaviour.items()) + " esac")
        return self.dev("test", env={"NETTEST_WITH_LIVE": "1"})

    def test_with_live_the_live_tests_follow(self):
        self.with_testbed()
        done = self.with_live()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "^ctest .* -LE .live.\nctest .* -L .live.\n$")
        calls = [line for line in self.log().splitlines() if line.startswith("cluster ")]
        self.assertEqual(calls, ["cluster build: live", "cluster up --engine node-agent: live", "cluster down: live"])
        self.assertEqual(self.with_live(live="exit 8").returncode, 1)
        done = self.with_live(live="exit 124")
        self.assertEqual(done.returncode, 0)
        self.assertIn("left out: 25 minutes are over", done.stderr)

    def test_with_live_a_machine_that_cannot_have_a_cluster_says_so_and_passes(self):
        self.with_testbed()
        for behaviour, message in (({"build": "exit 3"}, "left out: the test bed could not be built"),
                                   ({"up": "exit 3"}, "left out: this machine cannot run the test bed")):
            done = self.with_live(live="exit 8", **behaviour)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(message, done.stderr)
        self.assertIn("cluster down", self.log())
        self.player("go", "exit 1")
        done = self.with_live(live="exit 8")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, "needs Go 1.26 or newer.*\n.*the live tests are left out, for that reason")

    def test_elsewhere_and_with_options_the_live_tests_are_not_run(self):
        self.with_testbed()
        self.player("ctest", 'echo "ctest $*"')
        for arguments, env in ((["test"], {}), (["test", "-R", "x"], {"NETTEST_WITH_LIVE": "1"})):
            self.assertEqual(self.dev(*arguments, env=env).stdout.count("ctest "), 1)
        self.player("ctest", "exit 8")
        self.assertEqual(self.dev("test", env={"NETTEST_WITH_LIVE": "1"}).returncode, 8)
        self.assertNotIn("cluster ", self.log())

    def test_live_on_a_cluster_of_ones_own_needs_neither_root_nor_go(self):
        self.player("kubectl", "true")
        self.player("ctest", 'echo "on $NETTEST_LIVE_KUBECONFIG: $*"')
        self.as_nobody()
        done = self.dev("live", "--kubeconfig", "/dev/null", "-R", "suites")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "^on /dev/null: .* -L .live. -R suites\n$")
        self.assertEqual(self.dev("live", "--kubeconfig", "/missing").returncode, 2)

    def test_says_what_the_test_bed_needs(self):
        self.with_testbed()
        for version, message in (("echo go1.25.9", "this is go1.25.9"), ("exit 1", "needs Go 1.26 or newer")):
            self.player("go", version)
            done = self.dev("live")
            self.assertEqual((done.returncode, done.stdout), (3, ""))
            self.assertIn(message, done.stderr)
        self.as_nobody()
        done = self.dev("cluster", "up")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("needs root", done.stderr)
        self.assertNotIn("cluster ", self.log())

    def test_cluster_up_builds_what_is_missing_and_prints_what_a_shell_needs(self):
        self.with_testbed()
        self.fact("stale")
        done = self.dev("cluster", "up", "--engine", "node-agent", env={"NETTEST_TESTBED_DIR": "/b"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "export KUBECONFIG=/a/kubeconfig PATH=/b/bin:$PATH\n")
        self.assertIn(" node_agent\n", self.log())
        self.assertLess(self.log().index("cluster build:"), self.log().index("cluster up --engine node-agent:"))
        self.assertEqual(self.dev("cluster", "down").stdout, "")

    def test_every_library_that_the_build_looks_for_has_its_package(self):
        script = read(os.path.join(ROOT, "dev"))
        for folder, folders, names in os.walk(ROOT):
            folders[:] = [name for name in folders if name not in ("build", ".git")]
            for name in names:
                if name != "CMakeLists.txt" and not name.endswith(".cmake"):
                    continue
                text = read(os.path.join(folder, name))
                wanted = re.findall(r"^\s*find_package\((\S+?)[\s)]", text, re.M)
                wanted += re.findall(r"^\s*find_(?:library|program)\(\w+\s+([^\s)]+)", text, re.M)
                for modules in re.findall(r"^\s*pkg_check_modules\(\w+([^)]*)\)", text, re.M):
                    wanted += [word for word in modules.split() if not word.isupper() and not word.startswith("IMPORTED")]
                for library in wanted:
                    with self.subTest(library=library, file=os.path.join(folder, name)):
                        self.assertIn(library, PACKAGE_OF, "name its Debian package here and in ./dev")
                        self.assertIn(PACKAGE_OF[library] or "", script)

    def test_usage(self):
        self.assertEqual(self.dev("frobnicate").returncode, 2)
        self.assertEqual(self.dev().returncode, 2)
        done = self.dev("help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("usage: ./dev", done.stdout)


if __name__ == "__main__":
    unittest.main()
