#include "facts/call_record.h"

#include <array>
#include <cstddef>
#include <span>

namespace facts {
namespace {

constexpr std::array<const char*, 9> kOutcomes{"answered",    "no_answer", "busy",
                                               "unreachable", "declined",  "abandoned",
                                               "redirected",  "failed",    "interrupted"};
constexpr std::array<const char*, 13> kResults{
    "won",      "answered_elsewhere", "timed_out", "caller_gave_up", "busy",
    "declined", "unreachable",        "skipped",   "not_confirmed",  "not_reached",
    "removed",  "to_mailbox",         "failed"};
constexpr std::array<const char*, 4> kEndedBy{"", "caller", "callee", "server"};

}  // namespace

std::span<const char* const> outcome_words() {
  return kOutcomes;
}

const char* word(Outcome outcome) {
  return kOutcomes.at(static_cast<std::size_t>(outcome));
}
const char* word(AttemptResult result) {
  return kResults.at(static_cast<std::size_t>(result));
}
const char* word(EndedBy who) {
  return kEndedBy.at(static_cast<std::size_t>(who));
}

}  // namespace facts
