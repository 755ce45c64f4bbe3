#!/usr/bin/env python3
"""Checks `nettest lint -o sarif` by a schema of the parts of SARIF 2.1.0 that it writes: sarif_test.py ROOT NETTEST"""
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema

NETTEST = sys.argv.pop(2)
ROOT = pathlib.Path(sys.argv.pop(1))
SCHEMA = json.loads((ROOT / "tests/lint/sarif-subset.schema.json").read_text())
GOLDEN = ROOT / "tests/lint/golden"


def lint(*arguments):
    done = subprocess.run([NETTEST, "lint", "-o", "sarif", *arguments], capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout)


class SarifTest(unittest.TestCase):
    def check(self, log):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        errors = list(jsonschema.Draft7Validator(SCHEMA).iter_errors(log))
        self.assertEqual([error.message for error in errors], [])
        for run in log["runs"]:
            rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
            self.assertEqual(len(rules), len(set(rules)))
            for result in run["results"]:
                self.assertEqual(rules[result["ruleIndex"]], result["ruleId"])

    def test_every_rule_gives_a_valid_log(self):
        cases = sorted(path.parent for path in GOLDEN.glob("*/wrong.yaml"))
        self.assertGreater(len(cases), 20)
        for case in cases:
            with self.subTest(case.name):
                code, log = lint(str(GOLDEN / "world.yaml"), str(case / "wrong.yaml"), "--severity", "info")
                self.check(log)
                self.assertEqual(code, 1)
                self.assertEqual({result["ruleId"] for result in log["runs"][0]["results"]}, {case.name})

    def test_odd_names_and_notes(self):
        self.check(json.loads((GOLDEN / "output.sarif").read_text()))

    def test_nothing_found_is_a_log_without_results(self):
        code, log = lint(str(GOLDEN / "world.yaml"), str(GOLDEN / "empty-list/right.yaml"))
        self.check(log)
        self.assertEqual((code, log["runs"][0]["results"]), (0, []))

    def test_the_schema_refuses_what_is_wrong(self):
        _, log = lint(str(GOLDEN / "world.yaml"), str(GOLDEN / "empty-list/wrong.yaml"))
        log["runs"][0]["results"][0]["level"] = "info"
        self.assertNotEqual(list(jsonschema.Draft7Validator(SCHEMA).iter_errors(log)), [])


if __name__ == "__main__":
    unittest.main()
