#!/usr/bin/env python3
"""The check for names defined twice must catch: each row adds a file to an otherwise right tree."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import one_definition

RIGHT = {
    "base/ip.hpp": "#pragma once\nnamespace nettest {\nstruct Ip {\n  int parts() const { return 4; }\n};\n"
                   "template <typename T>\nT least(T a, T b) {\n  return a < b ? a : b;\n}\n}\n",
    "base/ip.cpp": "namespace nettest {\nnamespace {\nstruct Parts {};\nint count() { return 1'000; }\n}\n"
                   "std::string text_of(const Ip& ip) { return \"struct Ip {\"; }\n}\n",
    "harness/plan.cpp": "namespace nettest {\nenum class Order : int { asked };\n"
                        "bool operator==(const Ip& a, const Ip& b) { return true; }\n}\n",
    "tests/plan/world.hpp": "namespace nettest {\nclass World final : public Test {\n};\n}\n",
    "tests/other/world.hpp": "namespace nettest {\nclass World {};\n}\n",
    "tests/support/fake.hpp": "namespace nettest {\nclass Fake {};\n}\n",
}

WRONG = [
    ("struct Ip {};", "type nettest::Ip is defined in base/ip.hpp:3 too"),
    ("class Ip : public Value {};", "type nettest::Ip"),
    ("struct [[nodiscard]] Ip final {};", "type nettest::Ip"),
    ("template <typename T>\nstruct Ip {};", "type nettest::Ip"),
    ("std::string text_of(const Ip& other) {}", "function nettest::text_of(constIp&) is defined in base/ip.cpp:6 too"),
    ("inline std::string text_of(const Ip&) noexcept {}", "function nettest::text_of"),
    ("bool operator==(const Ip& c, const Ip& d) {}", "function nettest::operator=="),
    ("template <typename Number>\nT least(T x, T y) {}", "function nettest::least(T, T) as a template"),
]

FINE = [
    "struct Ip;",
    "namespace {\nstruct Ip {};\n}",
    "namespace agent {\nstruct Ip {};\n}",
    "struct Outer {\n  struct Ip {};\n  std::string text_of(const Ip& ip) {}\n};",
    "static std::string text_of(const Ip& ip) {}",
    "std::string text_of(const Ip& ip, int limit) {}",
    "std::string Outer::text_of(const Ip& ip) {}",
    "struct Parts {};",
    "int least(int a, int b) {}",
    "// struct Ip {}\n/* struct Ip {} */",
    "#define IP \\\n  struct Ip {}",
    'const char* const kText = "struct Ip {}";\nconst auto kRaw = R"(\nstruct Ip {};)";',
    "const std::vector<int> kNumbers = {1'000, 2};",
]


class OneDefinitionTest(unittest.TestCase):
    def check(self, path, text):
        with tempfile.TemporaryDirectory() as root:
            for name, content in {**RIGHT, path: "namespace nettest {\n" + text + "\n}\n"}.items():
                full = os.path.join(root, name)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(content)
            return one_definition.check(root)

    def test_each_collision_is_told_once_with_both_places(self):
        for text, message in WRONG:
            with self.subTest(text):
                collisions = self.check("results/second.cpp", text)
                self.assertEqual(len(collisions), 1, collisions)
                self.assertIn(message, collisions[0])

    def test_the_place_is_that_of_the_second(self):
        found = self.check("results/second.cpp", "\nint three() {\n  return 3;\n}\n\n// Four.\nstruct Ip {};")
        self.assertEqual([line.split(": ")[0] for line in found], ["results/second.cpp:8"])

    def test_what_cannot_collide_is_let_be(self):
        for text in FINE:
            with self.subTest(text):
                self.assertEqual(self.check("results/second.cpp", text), [])

    def test_tests_collide_with_the_product_and_the_support_but_not_with_each_other(self):
        for path, name, count in (("tests/plan/more.cpp", "Ip", 1), ("tests/plan/more.cpp", "Fake", 1),
                                  ("tests/plan/more.cpp", "World", 1), ("tests/third/more.cpp", "World", 0),
                                  ("tests/support/more.cpp", "Ip", 1), ("tests/support/more.cpp", "World", 2)):
            with self.subTest(path=path, name=name):
                self.assertEqual(len(self.check(path, f"struct {name} {{}};")), count)


if __name__ == "__main__":
    unittest.main()
