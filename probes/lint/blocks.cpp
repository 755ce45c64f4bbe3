// Address blocks that hold nothing, hold pods, or are not written canonically. Pure.
#include <algorithm>

#include "base/text.hpp"
#include "probes/lint/address_ranges.hpp"
#include "probes/lint/facts.hpp"

namespace nettest {

namespace {

/// A block at its place.
struct BlockSite {
  const NetworkPolicy& policy;
  const IpBlock& block;
};

bool is_placeholder(const WrittenCidr& written) {
  return written.written.find("$(") != std::string::npos;
}

void check_canonical(const NetworkPolicy& policy, const WrittenCidr& written, LintSink& sink) {
  const auto canonical = written.cidr;
  if (!canonical || is_placeholder(written)) {
    return;
  }
  const auto plain = Cidr::parse(written.written);
  const auto slash = written.written.find('/');
  const auto address = IpAddress::parse(std::string_view(written.written).substr(0, slash));
  // Another spelling of the same IPv6 address is fine; host bits and leading zeros are not.
  if (plain && address && *address == canonical->address()) {
    return;
  }
  LintFinding finding = finding_about(policy, LintRule::cidr_not_canonical, written.where);
  finding.message = written.written + " means " + to_string(*canonical);
  finding.why = plain ? "bits beyond the length are set and do not count; some CNIs refuse such "
                        "blocks, and the whole rule is lost"
                      : "programs read leading zeros differently, some as octal";
  finding.fix = "write " + to_string(*canonical) +
                (plain && address ? ", or " + to_string(*address) + "/" +
                                        std::to_string(address->width()) + " for one address"
                                  : "");
  sink.add(std::move(finding));
}

void check_except(const BlockSite& site, LintSink& sink) {
  const IpBlock& block = site.block;
  if (block.except.empty() || !block.cidr.cidr || !ranges_of(block).empty()) {
    return;
  }
  std::vector<std::string> excepts;
  excepts.reserve(block.except.size());
  for (const WrittenCidr& except : block.except) {
    excepts.push_back(except.written);
  }
  LintFinding finding =
      finding_about(site.policy, LintRule::except_covers_block, block.except.front().where);
  finding.message = "the exceptions " + join(excepts, ", ") + " cover all of " + block.cidr.written;
  finding.why = "the block admits nobody";
  finding.fix = "remove the peer, or make the exceptions smaller";
  sink.add(std::move(finding));
}

void check_pods(const BlockSite& site, const LintFacts& facts, LintSink& sink) {
  GroupSet covered;
  for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
    covered |= facts.groups().in_block(site.block, family);
  }
  if (covered.isEmpty()) {
    return;
  }
  LintFinding finding =
      finding_about(site.policy, LintRule::block_covers_pods, site.block.cidr.where);
  if (site.block.cidr.cidr->length() == 0) {
    // "Everything" is usually meant as "the outside", and admits pods only with some CNIs.
    finding.severity = LintSeverity::info;
  }
  finding.message =
      site.block.cidr.written + " covers the addresses of pods: " + facts.names(covered, true);
  finding.why =
      "ipBlock is for addresses outside of the cluster; CNIs differ in whether it matches "
      "pods, and addresses of pods change";
  finding.fix = "select the pods by labels; to leave them out, put the pods' addresses into except";
  sink.add(std::move(finding));
}

void check_rule(const NetworkPolicy& policy,
                const PolicyRule& rule,
                const LintFacts& facts,
                LintSink& sink) {
  for (const PolicyPeer& peer : rule.peers) {
    if (!peer.ip_block) {
      continue;
    }
    const BlockSite site{policy, *peer.ip_block};
    check_canonical(policy, peer.ip_block->cidr, sink);
    for (const WrittenCidr& except : peer.ip_block->except) {
      check_canonical(policy, except, sink);
    }
    check_except(site, sink);
    check_pods(site, facts, sink);
  }
}

}  // namespace

void lint_blocks(const LintFacts& facts, LintSink& sink) {
  for (const NetworkPolicy& policy : facts.input().state.policies) {
    for (const Direction direction : {Direction::ingress, Direction::egress}) {
      for (const PolicyRule& rule : rules(policy, direction)) {
        check_rule(policy, rule, facts, sink);
      }
    }
  }
}

}  // namespace nettest
