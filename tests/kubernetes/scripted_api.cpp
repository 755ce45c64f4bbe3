#include "tests/kubernetes/scripted_api.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include <nlohmann/json.hpp>

namespace nettest {

namespace {

std::string decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

ScriptedRequest parse(const std::string& head) {
  ScriptedRequest request;
  const auto method_end = head.find(' ');
  const auto target_end = head.find(' ', method_end + 1);
  request.method = head.substr(0, method_end);
  const auto target = head.substr(method_end + 1, target_end - method_end - 1);
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  std::size_t begin = mark == std::string::npos ? target.size() : mark + 1;
  while (begin < target.size()) {
    const auto end = std::min(target.find('&', begin), target.size());
    const auto pair = target.substr(begin, end - begin);
    const auto equals = std::min(pair.find('='), pair.size());
    request.query[pair.substr(0, equals)] =
        equals < pair.size() ? decoded(pair.substr(equals + 1)) : "";
    begin = end + 1;
  }
  return request;
}

std::size_t body_length(const std::string& head) {
  const auto place = head.find("Content-Length: ");
  return place == std::string::npos ? 0 : std::stoul(head.substr(place + 16));
}

bool write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const auto got = ::send(descriptor, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (got <= 0) {
      return false;
    }
    done += static_cast<std::size_t>(got);
  }
  return true;
}

std::string chunk(const std::string& text) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", text.size());
  return size.data() + text + "\r\n";
}

// Nobody writes any more: returns when the other side, or the test, has gone.
void wait_for_close(int connection) {
  std::array<char, 64> ignored{};
  while (::recv(connection, ignored.data(), ignored.size(), 0) > 0) {
  }
}

constexpr const char* kKubectl = R"(#!/bin/sh
# kubectl, as the tests want it.
here=$(dirname "$0")
while :; do case $1 in --*) shift ;; *) break ;; esac; done
verb=$1; shift
last_word() { cat "$here/$1" >&2; exit 1; }
case $verb in
  version)
    [ -e "$here/version" ] && cat "$here/version" && exit 0
    echo '{"clientVersion": {"gitVersion": "v1.34.4"}}' ;;
  proxy)
    [ -e "$here/proxy.fails" ] && last_word proxy.fails
    socket=${1#--unix-socket=}
    ln -s "$here/scripted" "$socket"
    echo "Starting to serve on $socket"
    exec sleep 1000 ;;
  exec)
    [ -e "$here/exec.fails" ] && last_word exec.fails
    [ -e "$here/exec.hangs" ] && exec sleep 1000
    while [ "$1" != -- ]; do
      case $1 in -n) ns=$2; shift ;; -c) shift ;; -*) ;; *) pod=$1 ;; esac; shift
    done
    shift
    home=$here/pods/$ns.$pod; mkdir -p "$home"
    n=$#; while [ $n -gt 0 ]; do
      word=$(printf '%s\n' "$1" | sed "s|/nettest\([/;]\)|$home\1|g"); shift; set -- "$@" "$word"; n=$((n - 1))
    done
    case $# in 1) echo $$ > "$home/pid" ;; esac
    [ -d "$here/bin" ] && export PATH="$here/bin:$PATH"
    case $# in 1)
      [ -e "$here/exec.silent" ] && exec sleep 1000
      [ -e "$here/exec.cuts" ] && { printf 'nettest-agent 1 2'; exit 0; }
      [ -e "$here/exec.old" ] && { echo 'nettest-agent 0 2000'; exec sleep 1000; } ;;
    esac
    exec "$@" ;;
esac
)";

}  // namespace

ScriptedApi::ScriptedApi(Script script) : script_(std::move(script)) {
  std::string name = std::filesystem::temp_directory_path() / "nettest-api-XXXXXX";
  folder_ = ::mkdtemp(name.data());
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket().copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(listener_, 64) != 0) {
    std::abort();
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedApi::~ScriptedApi() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int connection : connections_) {
      ::shutdown(connection, SHUT_RDWR);
    }
  }
  for (auto& thread : threads_) {
    thread.join();
  }
  ::close(listener_);
  std::filesystem::remove_all(folder_);
}

std::vector<std::string> ScriptedApi::log() {
  const std::lock_guard lock(mutex_);
  return log_;
}

void ScriptedApi::accept_all() {
  while (!stopping_) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
      continue;
    }
    const std::lock_guard lock(mutex_);
    connections_.push_back(connection);
    threads_.emplace_back([this, connection] { serve(connection); });
  }
}

void ScriptedApi::serve(int connection) {
  std::string text;
  std::array<char, 65536> piece{};
  for (bool going = true; going;) {
    const auto end = text.find("\r\n\r\n");
    const auto whole = end == std::string::npos ? 0 : end + 4 + body_length(text.substr(0, end));
    if (end == std::string::npos || text.size() < whole) {
      const auto got = ::recv(connection, piece.data(), piece.size(), 0);
      if (got <= 0) {
        break;
      }
      text.append(piece.data(), static_cast<std::size_t>(got));
      continue;
    }
    auto request = parse(text.substr(0, end));
    request.body = text.substr(end + 4, whole - end - 4);
    text.erase(0, whole);
    ScriptedReply reply;
    {
      const std::lock_guard lock(mutex_);
      log_.push_back(request.method + " " + request.path);
      reply = script_(request);
    }
    going = answer(connection, reply);
  }
  const std::lock_guard lock(mutex_);
  connections_.erase(std::find(connections_.begin(), connections_.end(), connection));
  ::close(connection);
}

// False when the connection is over.
bool ScriptedApi::answer(int connection, const ScriptedReply& reply) {
  if (reply.wire == ScriptedReply::Wire::closed) {
    return false;
  }
  if (reply.wire == ScriptedReply::Wire::silent) {
    wait_for_close(connection);
    return false;
  }
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\n" +
                     "Content-Type: application/json\r\n" + reply.headers;
  if (reply.pieces.empty()) {
    head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
    const bool half = reply.wire == ScriptedReply::Wire::half;
    return write_all(
               connection,
               head + reply.body.substr(0, half ? reply.body.size() / 2 : std::string::npos)) &&
           !half;
  }
  bool going = write_all(connection, head + "Transfer-Encoding: chunked\r\n\r\n");
  for (const auto& piece : reply.pieces) {
    going = going && write_all(connection, chunk(piece));
  }
  if (reply.open) {
    wait_for_close(connection);
    return false;
  }
  return going && write_all(connection, "0\r\n\r\n");
}

std::string status_body(int code, const std::string& reason, const std::string& message) {
  return nlohmann::json{{"kind", "Status"},
                        {"apiVersion", "v1"},
                        {"status", "Failure"},
                        {"code", code},
                        {"reason", reason},
                        {"message", message}}
      .dump();
}

std::string scripted_kubectl(const std::string& folder) {
  const std::string path = folder + "/kubectl";
  std::ofstream(path) << kKubectl;
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

}  // namespace nettest
