// Core: what is remembered from call to call, and changes of the configuration that people make
// from their phones.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/guard.h"
#include "call/detail/ids.h"
#include "call/detail/last_calls.h"
#include "call/engine.h"
#include "facts/fact.h"
#include "hunt/memory.h"
#include "model/state_change.h"

namespace call {
namespace {

// How much of redial and call return a process that is killed may forget.
constexpr base::Duration kLastCallsEvery{5'000};
constexpr std::string_view kOfUser = "user/";  // keys of MemoryChanged that are no group's

constexpr std::size_t kAvoidedMax = 10'000;
// A phone cannot keep itself from being rung for longer than this.
constexpr base::Duration kAvoidAtMost{60'000};

}  // namespace

// ---- changes of the configuration ----

std::uint64_t Core::change_office(std::vector<model::StateChange> changes, std::string who,
                                  const Id& call) {
  const std::uint64_t token = ++next_change_;
  changing_[token] = call;
  out_->emplace_back(ChangeOffice{token, std::move(changes), std::move(who)});
  return token;
}

void Core::office_changed(std::uint64_t token, ChangeOutcome outcome) {
  const auto found = changing_.find(token);
  if (found == changing_.end()) return;
  const Id whose = found->second;
  changing_.erase(found);
  Call* call = calls_.find(whose);
  if (call == nullptr) return;
  call->on_office_changed(token, outcome);
  touch(*call);
}

// ---- redial and call return ----

void Core::note_dialled(const std::string& user_id, const std::string& number) {
  if (last_calls_.dialled(user_id, number) && !last_calls_at_.has_value())
    last_calls_at_ = now_.at + kLastCallsEvery;
}

void Core::note_called(const std::string& user_id, const std::string& number, bool hidden) {
  if (last_calls_.called(user_id, number, hidden) && !last_calls_at_.has_value())
    last_calls_at_ = now_.at + kLastCallsEvery;
}

void Core::tell_last_calls() {
  last_calls_at_.reset();
  for (auto& [user, text] : last_calls_.take_changed())
    tell(facts::MemoryChanged{std::string(kOfUser) + user, std::move(text)});
}

// Who is there and who is not is seen by those who watch him.
void Core::tell(facts::Fact fact) {
  if (const auto* added = std::get_if<facts::RegistrationAdded>(&fact)) {
    if (added->fresh) board_.touch("user/" + added->binding.user_id);
  } else if (const auto* removed = std::get_if<facts::RegistrationRemoved>(&fact)) {
    board_.touch("user/" + removed->binding.user_id);
  }
  out_->emplace_back(Tell{std::move(fact)});
}

// ---- groups and devices ----

void Core::remember(const std::string& group_id, const hunt::MemoryChange& change) {
  hunt::Memory& memory = memory_[group_id];
  hunt::apply(memory, change);
  tell(facts::MemoryChanged{group_id, hunt::encode(memory)});
}

void Core::avoid(const std::string& user_id, const std::string& contact, base::Duration wait) {
  if (avoided_.size() >= kAvoidedMax) {
    std::erase_if(avoided_, [&](const auto& entry) { return entry.second <= now_.at; });
    if (avoided_.size() >= kAvoidedMax) return;
  }
  avoided_[{user_id, contact}] = now_.at + std::min(wait, kAvoidAtMost);
}

bool Core::is_avoided(const std::string& user_id, const std::string& contact) const {
  const auto found = avoided_.find({user_id, contact});
  return found != avoided_.end() && found->second > now_.at;
}

// ---- at the start ----

void Core::restore_memory(const std::string& group_id, const std::string& memory) {
  if (group_id.starts_with(kDialledOut)) {
    restore_out_today(group_id.substr(kDialledOut.size()), memory);
  } else if (group_id.starts_with(kOfUser)) {
    last_calls_.restore(group_id.substr(kOfUser.size()), memory);
  } else if (auto decoded = hunt::decode(memory); decoded.has_value()) {
    memory_[group_id] = std::move(*decoded);
  }
}

}  // namespace call
