// What an answer says about the path to our server, and who gave it. Pure. The agent and the wget
// client judge alike.
#pragma once

#include <string>
#include <string_view>

#include "probes/attempt.hpp"

namespace nettest {

/// Judges a status code. Our own server answers every complete request with 200, so:
///   2xx            connected (who answered is judged by the body)
///   403            http_denied: what layer-7 enforcement answers with
///   502, 503, 504  unreachable: a proxy answered and could not get through to its backend
///   anything else  wrong_backend: a stranger answered
Signal signal_of_http_status(int status);

/// The first line of a body or of a greeting, without line end, made printable and short: who
/// answered.
std::string identity_of(std::string_view text);

}  // namespace nettest
