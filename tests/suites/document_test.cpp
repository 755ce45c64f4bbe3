#include "suites/document.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nettest {
namespace {

using testing::HasSubstr;

/// The tree in one line: maps {k: v}, lists [a, b], quoted scalars 'x', null ~.
std::string flat(const Node& node) {
  switch (node.kind) {
    case NodeKind::null:
      return "~";
    case NodeKind::scalar:
      return node.quoted ? "'" + std::string(node.text) + "'" : std::string(node.text);
    case NodeKind::sequence: {
      std::string text;
      for (const Node* item : node.items) {
        text += (text.empty() ? "" : ", ") + flat(*item);
      }
      return "[" + text + "]";
    }
    case NodeKind::map: {
      std::string text;
      for (const auto& [key, value] : node.entries) {
        text += (text.empty() ? "" : ", ") + std::string(key->text) + ": " + flat(*value);
      }
      return "{" + text + "}";
    }
  }
  return "?";
}

std::string parsed(std::string_view text) {
  const auto documents = parse_documents(text, "f.yaml");
  if (!documents) {
    std::string errors;
    for (const auto& error : documents.error()) {
      errors += (errors.empty() ? "" : "\n") + to_string(error);
    }
    return errors;
  }
  std::string shown;
  for (const Node* root : documents->roots) {
    shown += (shown.empty() ? "" : " --- ") + flat(*root);
  }
  return shown;
}

struct Reading {
  const char* name;
  std::string text;
  std::string wanted;
};

void PrintTo(const Reading& reading, std::ostream* out) {
  *out << reading.name;
}

class DocumentReads : public testing::TestWithParam<Reading> {};

TEST_P(DocumentReads, AsATreeOrWithAnError) {
  EXPECT_EQ(parsed(GetParam().text), GetParam().wanted);
}

std::string named(const testing::TestParamInfo<Reading>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Good,
    DocumentReads,
    testing::Values(
        Reading{"flow_and_block", "a: {b: [1, 'x']}\nc:\n  - d\n", "{a: {b: [1, 'x']}, c: [d]}"},
        Reading{"json", R"({"a": [1, true, null, "x"]})", "{a: [1, true, ~, 'x']}"},
        Reading{"nulls", "a:\nb: ~\nc: null\nd: ''\n", "{a: ~, b: ~, c: ~, d: ''}"},
        Reading{"documents", "a: 1\n---\n- b\n---\n# nothing\n", "{a: 1} --- [b] --- ~"},
        Reading{"explicit_end", "a: 1\n...\n# note\nb: 2\n", "{a: 1} --- {b: 2}"},
        Reading{"crlf_and_mark",
                "\xEF\xBB\xBF"
                "a: b\r\nc:\r\n  - d\r\n",
                "{a: b, c: [d]}"},
        Reading{"block_scalar", "a: |\n  x\n  y\n", "{a: 'x\ny\n'}"},
        Reading{"anchors", "a: &x {b: 1}\nc: *x\n", "{a: {b: 1}, c: {b: 1}}"},
        Reading{"merge_keys_do_not_override",
                "a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n",
                "{a: {b: 1, c: 2}, d: {b: 3, c: 2}}"},
        Reading{"merge_of_several_takes_the_first",
                "- &x {b: 1}\n- &y {b: 2, c: 3}\n- {<<: [*x, *y]}\n",
                "[{b: 1}, {b: 2, c: 3}, {b: 1, c: 3}]"},
        Reading{"tagged_text_is_quoted", "a: !!str yes\n", "{a: 'yes'}"},
        Reading{"non_ascii", "ä: ü\n", "{ä: ü}"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Bad,
    DocumentReads,
    testing::Values(
        Reading{"empty", "", "f.yaml: the file is empty"},
        Reading{"blank", " \r\n\n", "f.yaml: the file is empty"},
        Reading{"duplicate_keys_all_at_once",
                "a: 1\nb: {c: 1, c: 2}\na: 3\n",
                "f.yaml:2:11: the key \"c\" is there twice, first in line 2\n"
                "f.yaml:3:1: the key \"a\" is there twice, first in line 1"},
        Reading{
            "nul",
            std::string("a: b\nc: d\0e\n", 12),
            "f.yaml:2:5: control character \\x00 (NUL): this is no text file, or it is damaged"},
        Reading{"end_of_transmission_does_not_end_the_file",
                "a: b\n\x04secret: 1\n",
                "f.yaml:2:1: control character \\x04: this is no text file, or it is damaged"},
        Reading{"invalid_utf8",
                "a: b\nc: \xC3\x28\n",
                "f.yaml:2:4: byte \\xc3 is not UTF-8; save the file as UTF-8 (or is it no text "
                "file?)"},
        Reading{"utf16_with_mark",
                std::string("\xFF\xFE"
                            "a\0:\0",
                            6),
                "f.yaml:1:1: the file is UTF-16, save it as UTF-8"},
        Reading{"utf16_without_mark",
                std::string("\0a\0:\0 \0b", 8),
                "f.yaml:1:1: the file is UTF-16, save it as UTF-8"},
        Reading{"second_document_without_dashes",
                "- a\nkind: b\n",
                "f.yaml:2:1: text after the end of the document; is it indented wrongly, or is a "
                "--- missing?"},
        Reading{"syntax",
                "a: b: c\n",
                "f.yaml:1:5: not valid YAML: a key is not possible here; is the indentation right, "
                "or has a text with \": \" in it to be quoted?, at \"a: b: c\""},
        Reading{"alias_in_itself",
                "a: &x [*x]\n",
                "f.yaml:1:8: an alias inside the value that it stands for"},
        Reading{"unknown_alias",
                "a: *x\n",
                "f.yaml:1:4: not valid YAML: no anchor of this name stands before the alias, at "
                "\"a: *x\""},
        Reading{"tags", "a: !Foo x\n", "f.yaml:1:4: the tag !Foo is not supported; leave it out"},
        Reading{"map_as_key",
                "{a: b}: c\n",
                "f.yaml:1:1: a key must be a word, found a map (with "
                "\"a\")"},
        Reading{
            "merge_of_text",
            "<<: x\n",
            "f.yaml:1:1: the merge key << takes a map or a list of maps, found the text \"x\""}),
    named);

TEST(Document, PlacesCountFromOneAndMissingValuesAreAtTheirKey) {
  const auto documents = parse_documents("a:\n  bc: d\n  e:\nf: 1\n", "f.yaml");
  ASSERT_TRUE(documents);
  const Node& inner = *documents->roots[0]->find("a");
  EXPECT_EQ(to_string(place_of(*inner.find("bc"), "f.yaml")), "f.yaml:2:7");
  EXPECT_EQ(to_string(place_of(*inner.find("e"), "f.yaml")), "f.yaml:3:3");
  EXPECT_EQ(inner.find("f"), nullptr);
}

TEST(Document, AliasesShareTheirNode) {
  const auto documents = parse_documents("a: &x {b: 1}\nc: *x\n", "f.yaml");
  ASSERT_TRUE(documents);
  EXPECT_EQ(documents->roots[0]->find("a"), documents->roots[0]->find("c"));
}

TEST(Document, ABombOfAliasesIsRefusedAtOnce) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
    for (int times = 1; times < 10; ++times) {
      text += ", " + alias;
    }
    text += "]\n";
  }
  EXPECT_THAT(parsed(text), HasSubstr("f.yaml:7:"));
  EXPECT_THAT(parsed(text), HasSubstr("more than 12000000 values"));
}

TEST(Document, NestingOf10000IsRefusedHoweverItIsWritten) {
  const auto repeated = [](std::string_view text) {
    std::string all;
    for (int i = 0; i < 10'000; ++i) {
      all += text;
    }
    return all;
  };
  for (const char* piece : {"[", "{a: ", "- ", "? "}) {
    EXPECT_THAT(parsed(repeated(piece) + "\n"), HasSubstr("nested more than 200 levels deep"))
        << piece;
  }
}

TEST(Document, ManyErrorsEndWithAWord) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "a: 1\n";
  }
  const auto documents = parse_documents(text, "f.yaml");
  ASSERT_FALSE(documents);
  EXPECT_EQ(documents.error().size(), 101U);
  EXPECT_THAT(documents.error().back().message, HasSubstr("the rest is not read"));
}

TEST(Document, PlainScalarsHaveTheTypesOfTheApiServersDecoder) {
  const auto type = [](std::string_view text) {
    Node node;
    node.kind = NodeKind::scalar;
    node.text = text;
    return type_of(node);
  };
  for (const char* text : {"y", "n", "yes", "NO", "on", "Off", "true", "FALSE"}) {
    EXPECT_EQ(type(text), ScalarType::boolean) << text;
  }
  for (const char* text : {"0", "80", "-1", "+5", "0x1F", "0o17", "0b11", "1_000", "010"}) {
    EXPECT_EQ(type(text), ScalarType::integer) << text;
  }
  for (const char* text : {"1.5", "1.", ".5", "12e03", "-.inf", ".nan", "1e-3"}) {
    EXPECT_EQ(type(text), ScalarType::real) << text;
  }
  for (const char* text :
       {"web", "1.2.3", "10.0.0.1", "yEs", "e5", "-", "+", ".", "80/TCP", "1e"}) {
    EXPECT_EQ(type(text), ScalarType::string) << text;
  }
}

TEST(TextFile, OfTooManyBytesOrNoFileIsRefused) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("nettest-document-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto sparse = folder / "sparse.yaml";
  { std::ofstream(sparse) << "a"; }
  std::filesystem::resize_file(sparse, std::uintmax_t{100} << 20U);
  const auto message = [](const std::filesystem::path& file) {
    const auto text = read_text_file(file);
    return text ? "read" : text.error().message;
  };
  EXPECT_EQ(message(sparse),
            "too large: 100 MiB, the limit is 64 MiB; split it into several files");
  EXPECT_EQ(message("/dev/zero"),
            "too large: it does not end, the limit is 64 MiB; split it into several files");
  EXPECT_EQ(message(folder), "is a directory, a file is wanted");
  EXPECT_EQ(message(folder / "none"), "cannot be read: No such file or directory");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace nettest
