#!/usr/bin/env python3
"""The agent for arm64 nodes, run by QEMU: arm64_test.py QEMU AGENT. It greets, and answers a probe."""
import subprocess
import sys
import unittest

PROGRAM = sys.argv[1:]
del sys.argv[1:]


class Arm64Test(unittest.TestCase):
    def test_greets_and_answers(self):
        with subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as agent:
            agent.stdin.write("probe 1 TCP 4 127.0.0.1 1 plain 5000 -\ngo 1\n")
            agent.stdin.flush()
            self.assertRegex(agent.stdout.readline(), r"^nettest-agent 1 \d+$")
            self.assertRegex(agent.stdout.readline(), r"^answer 1 refused ")
            agent.stdin.close()


if __name__ == "__main__":
    unittest.main()
