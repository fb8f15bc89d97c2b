// What the API orders of calls, handed to the signalling thread; its answers in words.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/no_answer.h"
#include "app/backend.h"
#include "base/overloaded.h"
#include "base/result.h"
#include "base/time.h"
#include "call/engine.h"
#include "model/findings.h"

namespace app {
namespace {

api::Refused refused(std::uint16_t status, const char* code, const char* pointer,
                     const std::string& text) {
  return {status, text, {{model::Severity::Error, code, pointer, {}, text}}};
}

// Nothing: it is done.
std::optional<api::Refused> refusal_of(call::OrderOutcome outcome) {
  using Outcome = call::OrderOutcome;
  switch (outcome) {
    case Outcome::Done:
      return {};
    case Outcome::NoSuchCall:
      return refused(404, "no_such_call", "", "there is no such live call");
    case Outcome::NoSuchUser:
      return refused(422, "no_such_thing", "/user", "he is not there, or switched off");
    case Outcome::NoSuchNumber:
      return refused(422, "unknown_number", "/to", "this number leads nowhere");
    case Outcome::NotPermitted:
      return refused(403, "not_permitted", "", "he may not have this call, or dial this number");
    case Outcome::NoPhone:
      return refused(409, "no_phone", "", "no phone of his is registered");
    case Outcome::RingsThere:
      return refused(409, "rings_there", "", "his phone rings for this call already: lift it");
    case Outcome::DoesNotRing:
      return refused(409, "does_not_ring", "", "this call rings nowhere any more");
    case Outcome::NobodyTalks:
      return refused(409, "nobody_talks", "", "nobody has answered this call yet");
    case Outcome::Busy:
      return refused(409, "busy", "", "the phones are agreeing on something; try again");
    case Outcome::NoMedia:
      return refused(409, "no_media", "", "this server cannot hold the audio of this call");
    case Outcome::TooMany:
      return refused(503, "too_many_calls", "", "no more calls are taken now; try again");
  }
  return {};
}

}  // namespace

base::Result<std::string, api::Refused> Backend::order(const api::CallOrder& order) {
  const auto done = parts_.shard.ask<call::CallOrdered>(
      [order](call::Engine& engine, base::Now now, call::Actions& out) {
        return std::visit(
            base::Overloaded{[&](const api::CallFrom& wanted) {
                               return engine.originate(wanted.user, wanted.number, now, out);
                             },
                             [&](const api::PickUp& wanted) {
                               return call::CallOrdered{
                                   engine.pick_up(wanted.call, wanted.user, now, out), wanted.call};
                             },
                             [&](const api::SendOn& wanted) {
                               using Who = call::TransferOrder::Who;
                               const call::TransferOrder transfer{
                                   wanted.number, wanted.callee ? Who::Callee : Who::Caller};
                               return call::CallOrdered{
                                   engine.transfer(wanted.call, transfer, now, out), wanted.call};
                             }},
            order);
      });
  if (!done.has_value()) return base::Unexpected{api::Refused{503, api::kNoAnswer, {}}};
  if (auto refusal = refusal_of(done->outcome)) return base::Unexpected{*std::move(refusal)};
  return done->call_id;
}

}  // namespace app
