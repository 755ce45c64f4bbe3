#include "results/static_list.hpp"

#include <array>
#include <utility>

namespace nettest {

namespace {

constexpr std::array kDirections = {Direction::egress, Direction::ingress};

std::string capitalized(Direction direction) {
  return direction == Direction::ingress ? "Ingress" : "Egress";
}

void add_all(BufferedText& out, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) {
    out.add(part);
  }
}

class TextWriter : public ListWriter {
 public:
  explicit TextWriter(BufferedText& out) : out_(out) {}

  void begin() override {}
  void row(const ListRow& row) override {
    add_all(out_, {row.source, " => ", row.destination, " : ", row.connections, "\n"});
  }
  void finish(const ExposureReport* exposure) override {
    if (exposure == nullptr) {
      return;
    }
    out_.add("\nExposure Analysis Result:\n");
    for (const Direction direction : kDirections) {
      exposures(*exposure, direction);
    }
    if (!exposure->unprotected.empty()) {
      out_.add("Workloads not protected by network policies:\n");
    }
    for (const auto& [workload, direction] : exposure->unprotected) {
      add_all(out_, {workload, " is not protected on ", capitalized(direction), "\n"});
    }
  }

 private:
  void exposures(const ExposureReport& exposure, Direction direction) {
    const std::string_view arrow = direction == Direction::egress ? " => " : " <= ";
    bool any = false;
    for (const Exposure& e : exposure.exposures) {
      if (e.direction != direction) {
        continue;
      }
      if (!std::exchange(any, true)) {
        add_all(out_, {capitalized(direction), " Exposure:\n"});
      }
      add_all(out_, {e.workload, arrow, e.peer, " : ", e.connections, "\n"});
    }
    out_.add(any ? "\n" : "");
  }

  BufferedText& out_;
};

class JsonWriter : public ListWriter {
 public:
  JsonWriter(BufferedText& out, bool with_exposure) : out_(out), wrapped_(with_exposure) {}

  void begin() override { out_.add(wrapped_ ? "{\"connections\": [" : "["); }
  void row(const ListRow& row) override {
    add_all(out_, {first_ ? "\n" : ",\n", "  {\"src\": ", json_quoted(row.source)});
    add_all(out_, {", \"dst\": ", json_quoted(row.destination)});
    add_all(out_, {", \"conn\": ", json_quoted(row.connections), "}"});
    first_ = false;
  }
  void finish(const ExposureReport* exposure) override {
    out_.add(first_ ? "]" : "\n]");
    if (exposure != nullptr) {
      add_exposure(*exposure);
    }
    out_.add("\n");
  }

 private:
  void add_exposure(const ExposureReport& exposure) {
    out_.add(",\n\"exposure\": [");
    std::string_view separator = "\n";
    for (const Exposure& e : exposure.exposures) {
      add_all(out_, {separator, "  {\"workload\": ", json_quoted(e.workload)});
      add_all(out_, {", \"direction\": \"", to_string(e.direction), "\", \"peer\": "});
      add_all(out_, {json_quoted(e.peer), ", \"conn\": ", json_quoted(e.connections), "}"});
      separator = ",\n";
    }
    out_.add("],\n\"unprotected\": [");
    separator = "\n";
    for (const auto& [workload, direction] : exposure.unprotected) {
      add_all(out_, {separator, "  {\"workload\": ", json_quoted(workload)});
      add_all(out_, {", \"direction\": \"", to_string(direction), "\"}"});
      separator = ",\n";
    }
    out_.add("]}");
  }

  BufferedText& out_;
  bool wrapped_;
  bool first_ = true;
};

/// CSV and Markdown: a heading, and a line per row.
class TableWriter : public ListWriter {
 public:
  TableWriter(BufferedText& out, bool markdown) : out_(out), markdown_(markdown) {}

  void begin() override { heading("src", "dst"); }
  void row(const ListRow& row) override { line(row.source, row.destination, row.connections); }
  void finish(const ExposureReport* exposure) override {
    if (exposure == nullptr) {
      return;
    }
    for (const Direction direction : kDirections) {
      exposures(*exposure, direction);
    }
  }

 private:
  void exposures(const ExposureReport& exposure, Direction direction) {
    const bool egress = direction == Direction::egress;
    out_.add(markdown_ ? "\n## Exposure: " + std::string(to_string(direction)) + "\n" : "\n");
    heading(egress ? "src" : "dst", egress ? "dst" : "src");
    for (const Exposure& e : exposure.exposures) {
      if (e.direction == direction) {
        line(e.workload, e.peer, e.connections);
      }
    }
    for (const auto& [workload, open] : exposure.unprotected) {
      if (open == direction) {
        line(workload, "", "not protected");
      }
    }
  }

  void heading(std::string_view first, std::string_view second) {
    line(first, second, "conn");
    out_.add(markdown_ ? "|-----|-----|------|\n" : "");
  }
  void line(std::string_view first, std::string_view second, std::string_view third) {
    if (markdown_) {
      add_all(out_, {"| ", markdown_cell(first), " | ", markdown_cell(second), " | "});
      add_all(out_, {markdown_cell(third), " |\n"});
    } else {
      add_all(out_, {csv_field(first), ",", csv_field(second), ",", csv_field(third), "\n"});
    }
  }

  BufferedText& out_;
  bool markdown_;
};

}  // namespace

std::optional<ListFormat> parse_list_format(std::string_view text) {
  constexpr std::array<std::string_view, 6> kNames = {"txt", "json", "csv", "md", "dot", "svg"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == text) {
      return static_cast<ListFormat>(i);
    }
  }
  return std::nullopt;
}

std::unique_ptr<ListWriter> make_list_writer(ListFormat format,
                                             const ListContext& context,
                                             BufferedText& out) {
  switch (format) {
    case ListFormat::txt:
      break;
    case ListFormat::json:
      return std::make_unique<JsonWriter>(out, context.with_exposure);
    case ListFormat::csv:
      return std::make_unique<TableWriter>(out, false);
    case ListFormat::md:
      return std::make_unique<TableWriter>(out, true);
    case ListFormat::dot:
      return make_dot_writer(context, out);
    case ListFormat::svg:
      return make_svg_writer(out);
  }
  return std::make_unique<TextWriter>(out);
}

}  // namespace nettest
