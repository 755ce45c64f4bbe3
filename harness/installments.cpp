#include "harness/installments.hpp"

namespace nettest {

namespace {

/// Creates something that gets an address which a later policy may speak of.
bool gives_addresses(const Change& change) {
  return std::holds_alternative<CreatePod>(change.action) ||
         std::holds_alternative<CreateService>(change.action);
}

}  // namespace

std::vector<std::span<const Change>> installments_of(const std::vector<Change>& changes) {
  const std::span<const Change> all(changes);
  std::vector<std::span<const Change>> parts;
  std::size_t begin = 0;
  bool addresses_pending = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (addresses_pending && std::holds_alternative<ApplyPolicy>(all[i].action)) {
      parts.push_back(all.subspan(begin, i - begin));
      begin = i;
      addresses_pending = false;
    }
    addresses_pending = addresses_pending || gives_addresses(all[i]);
  }
  if (begin < all.size()) {
    parts.push_back(all.subspan(begin));
  }
  return parts;
}

}  // namespace nettest
