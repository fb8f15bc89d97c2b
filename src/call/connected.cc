#include "call/detail/connected.h"

#include <memory>
#include <string>
#include <string_view>

#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "model/office.h"
#include "sip/message.h"
#include "sip/writer.h"

namespace call {

std::string name_of(const Core& core, const CalleeLeg& leg) {
  const model::User* user = core.snapshot()->user_by_id(leg.to.user_id);
  return user == nullptr ? std::string{} : user->name;
}

void tell_connected(Core& core, Side& side, std::string_view identity) {
  if (side.over || !side.established || !side.allows_update) return;
  const Id client = core.layer().reserve();
  sip::Writer writer = side.dialog.request(sip::Method::Update, side.dialog.next_cseq(),
                                           core.via(side.next, core.layer().branch_of(client)));
  writer.header(sip::Header::Contact, core.contact(side.flow))
      .lines(kAllowLine)
      .lines(kSupportedLine)
      .lines(side.timer.offer(0))
      .header(sip::Header::PAssertedIdentity, identity)
      .no_body();
  if (!writer.ok()) {
    core.layer().release(client);
    return;
  }
  core.layer().begin(client,
                     {side.next, std::make_shared<const std::string>(writer.take()), false, {}, {}},
                     core.now(), core.out());
}

}  // namespace call
