#!/usr/bin/env python3
"""The layering check must catch: each row makes one file wrong in an otherwise right tree."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import layering

RIGHT = {
    "base/ip.hpp": "#pragma once\n",
    "base/ip.cpp": '#include "base/ip.hpp"\n#include <arpa/inet.h>\n#include <vector>\n',
    "suites/reader_yaml.cpp": '#include <yaml-cpp/yaml.h>\n#include "base/ip.hpp"\n',
    "probes/probe.cpp": '#include <fmt/format.h>\n#include "suites/suite.hpp"\n',
    "probes/simulator/simulator.cpp": '#include "probes/probe.hpp"\n',
    "probes/agent/server.cpp": "#include <sys/socket.h>\n#include <ares.h>\n",
    "results/json.cpp": "#include <nlohmann/json.hpp>\n",
    "harness/plan.cpp": '#include "probes/simulator/simulator.hpp"\n#include <boost/process.hpp>\n',
    "harness/local/compiler.cpp": '#include "suites/network_policy.hpp"\n#include <libmnl/libmnl.h>\n',
    "base/CMakeLists.txt": "add_library(nettest_base STATIC ip.cpp)\n",
    "suites/CMakeLists.txt": "add_library(nettest_suites STATIC\n  reader_yaml.cpp)\n",
    "probes/CMakeLists.txt": "add_library(nettest_probes STATIC probe.cpp simulator/simulator.cpp)\nadd_subdirectory(agent)\n",
    "probes/agent/CMakeLists.txt": "add_executable(agent server.cpp)\n",
    "results/CMakeLists.txt": "add_library(nettest_results STATIC json.cpp)\n",
    "harness/CMakeLists.txt": "add_library(nettest_harness STATIC plan.cpp local/compiler.cpp)\n",
}

WRONG = [
    ("base/ip.cpp", '#include "suites/suite.hpp"', "base must not include"),
    ("suites/reader_yaml.cpp", '#include "probes/probe.hpp"', "suites must not include"),
    ("probes/probe.cpp", '#include "results/report.hpp"', "probes must not include"),
    ("results/json.cpp", '  #  include "harness/engine.hpp"', "results must not include"),
    ("harness/local/compiler.cpp", '#include "probes/simulator/simulator.hpp"', "independent reading"),
    ("harness/local/compiler.cpp", '#include "harness/kubernetes/kubectl.hpp"', "engines do not know"),
    ("probes/simulator/simulator.cpp", '#include "probes/agent/server.hpp"', "the simulator is pure"),
    ("probes/agent/server.cpp", '#include "probes/simulator/simulator.hpp"', "knows no policies"),
    ("probes/probe.cpp", "#include <yaml-cpp/yaml.h>", "has its home in suites/*_yaml.cpp"),
    ("suites/reader_yaml.cpp", "#include <nlohmann/json.hpp>", "has its home in results/*"),
    ("harness/plan.cpp", "#include <pugixml.hpp>", "has its home in results/*"),
    ("harness/plan.cpp", "#include <libmnl/libmnl.h>", "has its home in harness/local/*"),
    ("results/json.cpp", "#include <CLI/CLI.hpp>", "has its home in harness/*"),
    ("results/json.cpp", "#include <boost/process/v2.hpp>", "has its home in harness/*"),
    ("probes/probe.cpp", "#include <sys/socket.h>", "has its home in probes/agent/*"),
    ("probes/probe.cpp", "#include <ares.h>", "has its home in probes/agent/*"),
    ("base/ip.cpp", "#include <curl/curl.h>", "has no home"),
    ("base/ip.cpp", '#include "ip.hpp"', "not a path from the repository root"),
    ("base/ip.cpp", '#include "../suites/suite.hpp"', "not a path from the repository root"),
    ("base/text.hpp", "// no guard", "without #pragma once"),
    ("base/orphan.cpp", "", "no target builds it; list it in base/CMakeLists.txt"),
    ("harness/local/orphan.cpp", "", "no target builds it; list it in harness/CMakeLists.txt"),
    ("probes/agent/orphan.cpp", "", "list it in probes/agent/CMakeLists.txt"),
]


class LayeringTest(unittest.TestCase):
    def check(self, changed):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**RIGHT, **changed}.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            return layering.check(root)

    def test_right_tree_passes(self):
        self.assertEqual(self.check({}), ([], []))

    def test_each_violation_is_told_with_its_place(self):
        for path, line, message in WRONG:
            with self.subTest(path=path, line=line):
                before = RIGHT.get(path, "")
                violations, _ = self.check({path: before + line + "\n"})
                self.assertEqual(len(violations), 1, violations)
                self.assertIn(message, violations[0])
                place = before.count("\n") + 1 if line.lstrip().startswith("#") else 1
                self.assertTrue(violations[0].startswith(f"{path}:{place}: "), violations[0])

    def test_room_without_its_library(self):
        violations, _ = self.check({"base/CMakeLists.txt": "add_library(other STATIC ip.cpp)\n"})
        self.assertEqual(len(violations), 1)
        self.assertIn("add_library(nettest_base", violations[0])

    def test_long_files_are_warnings_only(self):
        violations, warnings = self.check({"base/ip.hpp": "#pragma once\n" + "\n" * 120,
                                           "base/ip.cpp": "\n" * 301})
        self.assertEqual(violations, [])
        self.assertEqual([line.split(":")[0] for line in warnings], ["base/ip.cpp", "base/ip.hpp"])


if __name__ == "__main__":
    unittest.main()
