#pragma once
// In which order a strategy rings the members of a group, and who rings together.

#include <cstddef>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "hunt/memory.h"
#include "hunt/view.h"
#include "model/office.h"

namespace hunt::detail {

// A member line with what the orders look at.
struct Candidate {
  std::size_t place = 0;  // in the list, from 0
  const model::Member* member = nullptr;
  std::string key{};      // hunt::key_of its target
  std::string user_id{};  // empty unless it is a user
};

// Those who ring together, by their index into the candidates.
using Together = std::vector<std::size_t>;

struct OrderInput {
  model::Strategy strategy = model::Strategy::Sequential;
  const std::vector<Candidate>& candidates;
  const View& view;
  const Memory& memory;
  base::WallTime midnight{};  // the tenant's
};

// For the strategies that ring one after another; each candidate once.
[[nodiscard]] std::vector<Together> order_of(const OrderInput& input, base::Rng& rng);

// True when order_of reads the memory.
[[nodiscard]] bool remembers(model::Strategy strategy);

}  // namespace hunt::detail
