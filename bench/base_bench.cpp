// How fast addresses are read and written; every rule and every probe does it.
#include <benchmark/benchmark.h>

#include "base/ip.hpp"

namespace nettest {
namespace {

void parse_address(benchmark::State& state, const char* text) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(IpAddress::parse(text));
  }
}
BENCHMARK_CAPTURE(parse_address, ipv4, "10.244.1.17");
BENCHMARK_CAPTURE(parse_address, ipv6, "fd00:10:244:1::11");

}  // namespace
}  // namespace nettest
