// REGISTER: credentials first, then the registrar; what it binds is a durable fact before the 200
// leaves (RFC 3261 section 10).

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "call/detail/core.h"
#include "call/detail/transaction_layer.h"
#include "facts/fact.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "registrar/registrar.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {

void Core::on_register(const Incoming& in) {
  const auto to = sip::to_of(in.message);
  const auto aor = to.has_value() ? sip::Uri::parse(to->uri) : std::nullopt;
  const auto domain = sip::Uri::parse(in.message.request_uri());
  if (!aor.has_value() || !domain.has_value()) {
    refuse(in, 400, "bad_to");
    return;
  }
  if (!is_ours(domain->host, in.flow) || !is_ours(aor->host, in.flow)) {
    tell(facts::AuthFailed{in.flow.peer, "REGISTER", sip::unescaped(aor->user),
                           facts::AuthFailure::ForeignDomain});
    refuse(in, 403, "foreign_domain");
    return;
  }
  const auto account = authenticate(in);
  if (!account.has_value()) return;
  // The address of record must be his own (T7): by extension, account or alias.
  const std::string user = sip::unescaped(aor->user);
  const auto named = snapshot_->account(user);
  const model::User* owner = named.has_value() ? named->user : snapshot_->user_named(user);
  if (owner != account->user) {
    refuse(in, 403, "not_your_address");
    return;
  }
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) {
    refuse(in, 503, "too_many_transactions", "Retry-After: 10\r\n");
    return;
  }
  const registrar::Registrant who{account->user->id, std::string(account->username)};
  registrar::Answer answer = registrar_.handle(in.message, who, in.flow, now_);
  if (!answer.facts.empty()) queues_.look_again();
  std::vector<facts::Binding> fresh;
  for (auto& fact : answer.facts) {
    if (const auto* added = std::get_if<facts::RegistrationAdded>(&fact)) {
      if (added->fresh) {
        fresh_devices_.push_back(added->binding.user_id);
        fresh.push_back(added->binding);
        texts_.on_device(added->binding.user_id);
      }
      avoided_.erase({added->binding.user_id, added->binding.contact});
    }
    tell(std::move(fact));
  }
  if (answer.code != 200) {
    tell(facts::RequestRefused{in.flow.peer, "REGISTER", answer.code, answer.why});
  }
  sip::Writer reply = sip::response_to(in.message, in.flow.peer, answer.code,
                                       names_.seal(in.message.value(sip::Header::CallId)));
  reply.lines(answer.lines).no_body();
  if (!reply.ok()) return;
  layer_.respond(*server, answer.code, std::make_shared<const std::string>(reply.take()), now_,
                 *out_);
  light_fresh_phones(fresh);
}

}  // namespace call
