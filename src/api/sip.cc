// The SIP messages of a call: as data, as a ladder, as a capture file.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/address.h"
#include "base/node.h"
#include "base/result.h"
#include "facts/call_record.h"
#include "obs/sip_ladder.h"
#include "obs/sip_ring.h"
#include "store/record_json.h"

namespace api {
namespace {

// What is left of the call in the path, or why there is nothing.
base::Result<std::vector<obs::SipCopy>, Response> messages_of(const Call& call) {
  const std::string& id = call.path.at("id");
  std::string sip_call_id;
  if (const auto live = call.backend.call(id); live.has_value()) {
    sip_call_id = live->record.sip_call_id;
  } else {
    const auto record = call.backend.record(id);
    if (!record) return base::Unexpected{problem(record.error())};
    const std::optional<facts::CallRecord>& ended = *record;
    if (ended.has_value()) sip_call_id = ended->sip_call_id;
  }
  // An id that nobody knows may be the Call-ID of a request that never became a call.
  std::vector<obs::SipCopy> found =
      call.backend.messages_of(sip_call_id.empty() ? id : sip_call_id);
  if (!found.empty()) return found;
  return base::Unexpected{problem(
      404, sip_call_id.empty() ? "there is no call " + id + ", neither live nor in the records"
                               : "the messages of call " + id + " are not kept any more")};
}

base::Node node_of(const obs::SipCopy& message) {
  base::Node one = base::Node::empty_map();
  one.set("time", base::Node::text(store::rfc3339(message.at)));
  one.set("direction", base::Node::text(message.sent ? "out" : "in"));
  one.set("transport", base::Node::text(std::string{base::name_of(message.flow.transport)}));
  one.set("local", base::Node::text(message.flow.local.to_string()));
  one.set("peer", base::Node::text(message.flow.peer.to_string()));
  one.set("call_id", base::Node::text(std::string{obs::call_id_of(message.bytes)}));
  one.set("start", base::Node::text(std::string{obs::start_of(message.bytes)}));
  one.set("text", base::Node::text(message.bytes));
  return one;
}

}  // namespace

Response get_call_sip(const Call& call) {
  const auto messages = messages_of(call);
  if (!messages) return messages.error();
  if (call.request.header("accept").find("text/plain") != std::string::npos) {
    Response response = json_text(obs::draw_ladder(*messages));
    response.type = "text/plain; charset=utf-8";
    return response;
  }
  base::Node items = base::Node::empty_list();
  for (const obs::SipCopy& message : *messages) items.push(node_of(message));
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(""));
  return json(body);
}

Response get_call_pcap(const Call& call) {
  const auto messages = messages_of(call);
  if (!messages) return messages.error();
  Response response;
  response.type = "application/vnd.tcpdump.pcap";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"call.pcap\"");
  response.body = obs::to_pcap(*messages);
  return response;
}

}  // namespace api
