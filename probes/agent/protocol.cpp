#include "probes/agent/protocol.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace nettest::agent {

namespace {

// Two words, each letter escaped, and a text fit into a line.
constexpr std::size_t kLongestWord = 300;
constexpr std::size_t kLongestText = 1024;
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool is_plain(char letter) {
  return letter > ' ' && letter != '%' && letter != '\x7f';
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& keyword(std::string_view text) {
    out_ += text;
    return *this;
  }
  template <typename T>
  Writer& number(T value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value);
    out_ += ' ';
    out_.append(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()));
    return *this;
  }
  Writer& microseconds(Duration time) {
    return number(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
  }
  Writer& word(std::string_view text) {
    out_ += ' ';
    if (text.empty() || text == "-") {
      out_ += text.empty() ? "-" : "%2D";
      return *this;
    }
    for (const char letter : text.substr(0, kLongestWord)) {
      if (is_plain(letter)) {
        out_ += letter;
        continue;
      }
      const auto byte = static_cast<unsigned char>(letter);
      out_ += '%';
      out_ += kHexDigits[byte >> 4U];
      out_ += kHexDigits[byte & 0xFU];
    }
    return *this;
  }
  // The rest of the line: blanks stay.
  Writer& text(std::string_view text) {
    out_ += ' ';
    for (const char letter : text.substr(0, kLongestText)) {
      const auto byte = static_cast<unsigned char>(letter);
      out_ += byte < ' ' || byte == 0x7F ? ' ' : letter;
    }
    return *this;
  }
  void end() { out_ += '\n'; }

 private:
  std::string& out_;
};

// Takes words off the front of a line; after the first that does not fit everything fails.
class Reader {
 public:
  explicit Reader(std::string_view line) : rest_(line) {}

  std::string_view raw() {
    const auto blank = rest_.find(' ');
    const auto word = rest_.substr(0, blank);
    rest_ = blank == std::string_view::npos ? std::string_view() : rest_.substr(blank + 1);
    good_ = good_ && !word.empty();
    return word;
  }
  template <typename T>
  T number(T low, T high) {
    const auto word = raw();
    T value{};
    const auto result = std::from_chars(word.begin(), word.end(), value);
    good_ = good_ && result.ec == std::errc() && result.ptr == word.end() && value >= low &&
            value <= high;
    return value;
  }
  std::uint64_t id() { return number<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max()); }
  Port port() { return number<Port>(1, std::numeric_limits<Port>::max()); }
  Duration microseconds() {
    constexpr std::int64_t kDay = 86'400'000'000;
    return std::chrono::microseconds(number<std::int64_t>(0, kDay));
  }
  std::string word();
  template <typename T, std::size_t N>
  T one_of(const std::array<std::pair<std::string_view, T>, N>& choices) {
    const auto word = raw();
    for (const auto& [name, value] : choices) {
      if (name == word) {
        return value;
      }
    }
    good_ = false;
    return choices.front().second;
  }
  Signal signal() {
    const auto value = parse_signal(raw());
    good_ = good_ && value.has_value();
    return value.value_or(Signal::unusable);
  }
  std::string_view text() { return std::exchange(rest_, {}); }
  [[nodiscard]] bool complete() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::optional<unsigned> hex_digit(char letter) {
  const auto place = kHexDigits.find(letter);
  return place == std::string_view::npos ? std::nullopt
                                         : std::optional(static_cast<unsigned>(place));
}

std::string Reader::word() {
  const auto escaped = raw();
  if (escaped == "-") {
    return {};
  }
  if (escaped.find('%') == std::string_view::npos) {
    return std::string(escaped);
  }
  std::string text;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '%') {
      text += escaped[i];
      continue;
    }
    const auto high = i + 2 < escaped.size() ? hex_digit(escaped[i + 1]) : std::nullopt;
    const auto low = i + 2 < escaped.size() ? hex_digit(escaped[i + 2]) : std::nullopt;
    if (!high || !low) {
      good_ = false;
      return {};
    }
    text += static_cast<char>(*high << 4U | *low);
    i += 2;
  }
  return text;
}

constexpr std::array<std::pair<std::string_view, Protocol>, 3> kProtocols = {
    {{"TCP", Protocol::tcp}, {"UDP", Protocol::udp}, {"SCTP", Protocol::sctp}}};
constexpr std::array<std::pair<std::string_view, Serve>, 2> kServes = {
    {{"plain", Serve::plain}, {"http", Serve::http}}};
constexpr std::array<std::pair<std::string_view, IpFamily>, 2> kFamilies = {
    {{"4", IpFamily::ipv4}, {"6", IpFamily::ipv6}}};

template <typename T, std::size_t N>
std::string_view name_of(const std::array<std::pair<std::string_view, T>, N>& names, T value) {
  for (const auto& [name, candidate] : names) {
    if (candidate == value) {
      return name;
    }
  }
  return "?";
}

// One overload per line of the table in the header.
struct Encoder {
  Writer& writer;

  void operator()(const SetIdentity& command) const {
    writer.keyword("identity").word(command.name);
  }
  void operator()(const ServePort& command) const {
    writer.keyword("serve").word(name_of(kProtocols, command.protocol)).number(command.port);
    writer.word(name_of(kServes, command.serve));
  }
  void operator()(const StopPort& command) const {
    writer.keyword("stop").word(name_of(kProtocols, command.protocol)).number(command.port);
  }
  void operator()(const Ask& command) const {
    using std::chrono::milliseconds;
    writer.keyword("probe").number(command.id).word(name_of(kProtocols, command.protocol));
    writer.word(name_of(kFamilies, command.family)).word(command.host).number(command.port);
    writer.word(name_of(kServes, command.serve));
    writer.number(std::chrono::ceil<milliseconds>(command.timeout).count());
    writer.word(command.http_host);
  }
  void operator()(const Go& command) const { writer.keyword("go").number(command.batch); }
  void operator()(const Hello& message) const {
    writer.keyword("nettest-agent").number(message.version).number(message.in_flight);
  }
  void operator()(const Serving& message) const {
    writer.keyword("serving").word(name_of(kProtocols, message.protocol)).number(message.port);
  }
  void operator()(const Stopped& message) const {
    writer.keyword("stopped").word(name_of(kProtocols, message.protocol)).number(message.port);
  }
  void operator()(const Failure& message) const { writer.keyword("error").text(message.text); }
  void operator()(const Answer& message) const {
    writer.keyword("answer").number(message.id).word(to_string(message.signal));
    writer.microseconds(message.sent).microseconds(message.took).word(message.who);
    writer.text(message.detail);
  }
  void operator()(const Closed& message) const {
    writer.keyword("closed").number(message.batch).number(message.count);
  }
};

template <typename T>
std::optional<T> read_ports(Reader& reader) {
  T value;
  value.protocol = reader.one_of(kProtocols);
  value.port = reader.port();
  return value;
}

Ask read_ask(Reader& reader) {
  Ask ask;
  ask.id = reader.id();
  ask.protocol = reader.one_of(kProtocols);
  ask.family = reader.one_of(kFamilies);
  ask.host = reader.word();
  ask.port = reader.port();
  ask.serve = reader.one_of(kServes);
  const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(kLongestTimeout);
  ask.timeout = std::chrono::milliseconds(reader.number<std::int64_t>(1, longest.count()));
  ask.http_host = reader.word();
  return ask;
}

Answer read_answer(Reader& reader) {
  Answer answer;
  answer.id = reader.id();
  answer.signal = reader.signal();
  answer.sent = reader.microseconds();
  answer.took = reader.microseconds();
  answer.who = reader.word();
  answer.detail = reader.text();
  return answer;
}

std::optional<Command> read_command(Reader& reader) {
  const auto keyword = reader.raw();
  if (keyword == "probe") {
    return read_ask(reader);
  }
  if (keyword == "go") {
    return Go{reader.id()};
  }
  if (keyword == "identity") {
    return SetIdentity{reader.word()};
  }
  if (keyword == "serve") {
    auto command = read_ports<ServePort>(reader);
    command->serve = reader.one_of(kServes);
    return command;
  }
  if (keyword == "stop") {
    return read_ports<StopPort>(reader);
  }
  return std::nullopt;
}

std::optional<Message> read_message(Reader& reader) {
  const auto keyword = reader.raw();
  if (keyword == "answer") {
    return read_answer(reader);
  }
  if (keyword == "closed") {
    const auto batch = reader.id();
    return Closed{batch, reader.id()};
  }
  if (keyword == "serving") {
    return read_ports<Serving>(reader);
  }
  if (keyword == "stopped") {
    return read_ports<Stopped>(reader);
  }
  if (keyword == "error") {
    return Failure{std::string(reader.text())};
  }
  if (keyword == "nettest-agent") {
    const auto version = reader.number<int>(0, std::numeric_limits<int>::max());
    return Hello{version, reader.id()};
  }
  return std::nullopt;
}

tl::unexpected<Error> not_understood(std::string_view line) {
  return fail(ErrorKind::engine, "not understood: \"" + printable(line) + "\"");
}

template <typename T>
void append_line(std::string& out, const T& value) {
  Writer writer(out);
  std::visit(Encoder{writer}, value);
  writer.end();
}

}  // namespace

void append(std::string& out, const Command& command) {
  append_line(out, command);
}

void append(std::string& out, const Message& message) {
  append_line(out, message);
}

Result<Command> parse_command(std::string_view line) {
  Reader reader(line);
  auto command = read_command(reader);
  if (!command || !reader.complete()) {
    return not_understood(line);
  }
  return std::move(*command);
}

Result<Message> parse_message(std::string_view line) {
  Reader reader(line);
  auto message = read_message(reader);
  if (!message || !reader.complete()) {
    return not_understood(line);
  }
  return std::move(*message);
}

}  // namespace nettest::agent
