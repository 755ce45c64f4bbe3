#!/usr/bin/env python3
"""Checks suites/schema/suite.schema.json: it takes every shipped suite and refuses what is wrong."""
import copy
import json
import pathlib
import re
import sys
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]


SCHEMA = json.loads((ROOT / "suites/schema/suite.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SUITES = sorted((ROOT / "suites").glob("*.yaml"))


def load(path):
    return yaml.safe_load(path.read_text())


def messages(value):
    return [error.message for error in VALIDATOR.iter_errors(value)]


class SchemaTest(unittest.TestCase):
    def test_schema_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_there_are_suites(self):
        self.assertGreaterEqual(len(SUITES), 2)

    def test_every_shipped_suite_is_valid(self):
        for path in SUITES:
            with self.subTest(path.name):
                self.assertEqual(messages(load(path)), [])

    def test_every_shipped_policy_is_valid(self):
        policy = {"$ref": "#/$defs/manifest", "$defs": SCHEMA["$defs"]}
        validator = jsonschema.Draft202012Validator(policy)
        for path in sorted((ROOT / "suites/policies").glob("*.yaml")):
            for document in yaml.safe_load_all(path.read_text()):
                with self.subTest(path.name):
                    self.assertEqual([e.message for e in validator.iter_errors(document)], [])

    def test_a_misspelt_key_is_refused_at_every_level(self):
        """Adds a key to each object of a suite in turn: none may take it, but labels."""
        suite = load(ROOT / "suites/frontend-backend.yaml")
        paths = list(objects(suite))
        self.assertGreater(len(paths), 30)
        for path in paths:
            if path and path[-1] in ("labels", "selector"):
                continue
            with self.subTest(str(path)):
                broken = copy.deepcopy(suite)
                at(broken, path)["misspelt"] = 1
                self.assertNotEqual(messages(broken), [])

    def test_knows_every_bug_class(self):
        source = (ROOT / "suites/bug_class.cpp").read_text()
        codes = re.findall(r'^ *\{"([A-Z][0-9]+)"', source, re.MULTILINE)
        case = SCHEMA["$defs"]["case"]["properties"]
        self.assertEqual(case["detects"]["items"]["enum"], codes)

    def test_wrong_values_are_refused(self):
        good = load(ROOT / "suites/frontend-backend.yaml")
        step = good["cases"][0]["steps"][0]

        def broken(change):
            value = copy.deepcopy(good)
            change(value)
            return messages(value)

        policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                  "metadata": {"name": "p"}, "spec": {"podSelector": {}}}

        def with_policy(**spec):
            made = copy.deepcopy(policy)
            made["spec"].update(spec)
            value = copy.deepcopy(good)
            value["cases"][0]["steps"][0]["apply"] = [made]
            return messages(value)

        self.assertEqual(with_policy(), [])
        self.assertIn("expect", step)
        wrong = {
            "no cases": broken(lambda s: s.update(cases=[])),
            "no steps": broken(lambda s: s["cases"][0].update(steps=[])),
            "no world": broken(lambda s: s.pop("world")),
            "version": broken(lambda s: s.update(apiVersion="nettest/v2")),
            "port": broken(lambda s: s["world"]["pods"][0]["ports"][0].update(port=70000)),
            "protocol": broken(lambda s: s["world"]["pods"][0]["ports"][0].update(protocol="tcp")),
            "name": broken(lambda s: s["world"]["pods"][0].update(name="Web")),
            "label value": broken(lambda s: s["world"]["pods"][0].update(labels={"a": 1})),
            "label key": broken(lambda s: s["world"]["pods"][0].update(labels={"-a": "b"})),
            "need": broken(lambda s: s["cases"][0].update(needs=["SCTP"])),
            "bug class": broken(lambda s: s["cases"][0].update(detects=["P8"])),
            "arrow": broken(lambda s: s["cases"][0]["steps"][0].update(expect=[{"allow": "x/a"}])),
            "two deletes": broken(lambda s: s["cases"][0]["steps"][0].update(
                delete=[{"pod": "x/a", "policy": "x/b"}])),
            "empty probes": broken(lambda s: s.update(probes=[])),
            "client": broken(lambda s: s["probes"][0].update(client="curl")),
            "selector": with_policy(podSelector={"app": "web"}),
            "type": with_policy(policyTypes=["ingress"]),
            "empty peer": with_policy(ingress=[{"from": [{}]}]),
            "peer": with_policy(ingress=[{"from": [
                {"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}]),
            "end without port": with_policy(ingress=[{"ports": [{"endPort": 80}]}]),
            "operator": with_policy(podSelector={"matchExpressions": [
                {"key": "a", "operator": "in", "values": ["b"]}]}),
        }
        for name, found in wrong.items():
            with self.subTest(name):
                self.assertNotEqual(found, [])


def objects(value, path=()):
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from objects(inner, path + (key,))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from objects(inner, path + (index,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


if __name__ == "__main__":
    unittest.main()
