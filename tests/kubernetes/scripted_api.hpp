// An API server that says what a test wants it to say, on a unix socket, misbehaviour included.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nettest {

struct ScriptedRequest {
  std::string method;
  /// Without the query.
  std::string path;
  std::map<std::string, std::string> query;
  std::string body;
};

struct ScriptedReply {
  int status = 200;
  std::string body = "{}";
  /// "Retry-After: 1\r\n".
  std::string headers = {};
  /// What goes wrong on the wire: nothing; the connection is closed without a word, or in the
  /// middle of the body; nobody answers.
  enum class Wire { whole, closed, half, silent } wire = Wire::whole;
  /// Written as chunks instead of `body`; with `open` the stream then stays open, and silent.
  std::vector<std::string> pieces = {};
  bool open = false;
};

class ScriptedApi {
 public:
  using Script = std::function<ScriptedReply(const ScriptedRequest&)>;

  /// Serves on a socket in a new folder; `script` is called on the threads of the connections, one
  /// at a time.
  explicit ScriptedApi(Script script);
  ScriptedApi(const ScriptedApi&) = delete;
  ScriptedApi& operator=(const ScriptedApi&) = delete;
  ~ScriptedApi();

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string socket() const { return folder_ + "/scripted"; }
  /// "GET /api/v1/pods" for each request, in order.
  [[nodiscard]] std::vector<std::string> log();

 private:
  void accept_all();
  void serve(int connection);
  bool answer(int connection, const ScriptedReply& reply);

  Script script_;
  std::string folder_;
  int listener_ = -1;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::vector<std::string> log_;
  std::vector<int> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// A Kubernetes Status object.
std::string status_body(int code, const std::string& reason, const std::string& message);

/// Puts a kubectl for tests into `folder` and returns its path. `proxy` leads to the scripted API
/// in the same folder; `exec` runs the command here, with /nettest read as
/// FOLDER/pods/NAMESPACE.POD. Files in the folder change it: version, proxy.fails, exec.fails
/// (their text is its last word), exec.hangs, exec.silent, exec.cuts.
std::string scripted_kubectl(const std::string& folder);

}  // namespace nettest
