// Core: what a change of the configuration means for trunks, registrations and calls that run.

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/trunk_agent.h"
#include "facts/fact.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "registrar/registrar.h"

namespace call {

// Those of the configuration, also of the first one.
void Core::configure_trunks() {
  for (auto& [id, agent] : trunks_) {
    const model::Trunk* trunk = snapshot_->trunk_by_id(id);
    agent.configure(*this, trunk);
  }
  for (const auto& trunk : snapshot_->office().trunks) {
    const auto [place, fresh] = trunks_.try_emplace(trunk.id, trunk.id);
    if (fresh) place->second.configure(*this, &trunk);
  }
}

void Core::reconfigure(std::shared_ptr<const model::Snapshot> snapshot) {
  const std::shared_ptr<const model::Snapshot> old = std::exchange(snapshot_, std::move(snapshot));
  end_registrations(*old);
  forget_changed_accounts(*old);
  queues_.look_again();
  configure_trunks();
  reconfigure_lamps(*old);
  texts_.reconfigured();
  look_at_flags();
  touch_switches();
  calls_.for_each([&](Call& call) {
    if (!call.is_hunting()) return;
    call.on_reconfigured();
    touch(call);
  });
}

// Of accounts that are gone or disabled, belong to somebody else now or have a new password.
void Core::end_registrations(const model::Snapshot& old) {
  std::vector<facts::Fact> gone;
  for (const auto& binding : registrar_.all()) {
    const auto before = old.account(binding.username);
    const auto now = snapshot_->account(binding.username);
    const bool stays = now.has_value() && now->user->enabled &&
                       (!before.has_value() || before->password == now->password);
    const bool same_owner =
        now.has_value() && before.has_value() && before->owner->id == now->owner->id;
    if (stays && now->user->id == binding.user_id) continue;
    const registrar::Registrant who{binding.user_id, binding.username};
    // Somebody sat down at this phone, or left it (hot desking): it is reached all the same.
    if (stays && same_owner) {
      registrar_.move_account(who, now->user->id, gone);
      fresh_devices_.push_back(now->user->id);
    } else {
      registrar_.remove_account(who, gone);
    }
  }
  for (auto& fact : gone) {
    // Its lamp is that of who sits there now.
    if (const auto* moved = std::get_if<facts::RegistrationAdded>(&fact))
      notify_phone(moved->binding);
    tell(std::move(fact));
  }
}

}  // namespace call
