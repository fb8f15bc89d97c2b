// The tables of words, and word() over them.

#include "model/detail/words.h"

#include <array>
#include <span>

#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"

namespace model::detail {
namespace {

constexpr auto kDestinations = std::to_array<Named<DestinationKind>>({
    {DestinationKind::User, "user"},
    {DestinationKind::Group, "group"},
    {DestinationKind::Ivr, "ivr"},
    {DestinationKind::Queue, "queue"},
    {DestinationKind::Mailbox, "mailbox"},
    {DestinationKind::Number, "number"},
    {DestinationKind::Sip, "sip"},
    {DestinationKind::Announce, "announce"},
    {DestinationKind::Busy, "busy"},
    {DestinationKind::Hangup, "hangup"},
});
constexpr auto kStrategies = std::to_array<Named<Strategy>>({
    {Strategy::RingAll, "ring_all"},
    {Strategy::Sequential, "sequential"},
    {Strategy::Random, "random"},
    {Strategy::RoundRobin, "round_robin"},
    {Strategy::LongestIdle, "longest_idle"},
    {Strategy::FewestCalls, "fewest_calls"},
    {Strategy::Weighted, "weighted"},
    {Strategy::Staggered, "staggered"},
    {Strategy::Rollover, "rollover"},
    {Strategy::Stages, "stages"},
    {Strategy::Page, "page"},
});
constexpr auto kConfirms = std::to_array<Named<Confirm>>({
    {Confirm::Auto, "auto"},
    {Confirm::Never, "never"},
    {Confirm::Always, "always"},
});
constexpr auto kTimerFroms = std::to_array<Named<TimerFrom>>({
    {TimerFrom::Dialling, "dialling"},
    {TimerFrom::Ringing, "ringing"},
});
constexpr auto kRecords = std::to_array<Named<RecordPolicy>>({
    {RecordPolicy::Off, "off"},
    {RecordPolicy::Never, "never"},
    {RecordPolicy::On, "on"},
    {RecordPolicy::Always, "always"},
});
constexpr auto kModes = std::to_array<Named<RuleMode>>({
    {RuleMode::FollowMe, "follow_me"},
    {RuleMode::ExtendRing, "extend_ring"},
});
constexpr auto kPickups = std::to_array<Named<Pickup>>({
    {Pickup::Members, "members"},
    {Pickup::Anyone, "anyone"},
    {Pickup::Nobody, "nobody"},
});
constexpr auto kDeclines = std::to_array<Named<Decline>>({
    {Decline::Member, "member"},
    {Decline::Group, "group"},
});
constexpr auto kRoles = std::to_array<Named<AdminRole>>({
    {AdminRole::Administrator, "administrator"},
    {AdminRole::GroupManager, "group_manager"},
    {AdminRole::ReadOnly, "read_only"},
});
constexpr auto kEvery = std::to_array<Named<Every>>({
    {Every::Day, "day"},
    {Every::Week, "week"},
    {Every::Month, "month"},
});
constexpr auto kAliases = std::to_array<StrategyAlias>({
    {"linear", Strategy::Sequential, false},
    {"ordered", Strategy::Sequential, false},
    {"simultaneous", Strategy::RingAll, false},
    {"broadcast", Strategy::RingAll, false},
    {"top_down", Strategy::Sequential, false},
    {"circular", Strategy::RoundRobin, false},
    {"memory_hunt", Strategy::Rollover, false},
    {"sequential_forever", Strategy::Sequential, true},
});

}  // namespace

std::span<const Named<DestinationKind>> names(DestinationKind /*of*/) {
  return kDestinations;
}
std::span<const Named<Strategy>> names(Strategy /*of*/) {
  return kStrategies;
}
std::span<const Named<Confirm>> names(Confirm /*of*/) {
  return kConfirms;
}
std::span<const Named<TimerFrom>> names(TimerFrom /*of*/) {
  return kTimerFroms;
}
std::span<const Named<RecordPolicy>> names(RecordPolicy /*of*/) {
  return kRecords;
}
std::span<const Named<RuleMode>> names(RuleMode /*of*/) {
  return kModes;
}
std::span<const Named<Pickup>> names(Pickup /*of*/) {
  return kPickups;
}
std::span<const Named<Decline>> names(Decline /*of*/) {
  return kDeclines;
}
std::span<const Named<AdminRole>> names(AdminRole /*of*/) {
  return kRoles;
}
std::span<const Named<Every>> names(Every /*of*/) {
  return kEvery;
}
std::span<const StrategyAlias> strategy_aliases() {
  return kAliases;
}

}  // namespace model::detail

namespace model {

const char* word(DestinationKind kind) {
  return detail::name_of(kind);
}
const char* word(Strategy strategy) {
  return detail::name_of(strategy);
}
const char* word(Confirm confirm) {
  return detail::name_of(confirm);
}
const char* word(TimerFrom timer_from) {
  return detail::name_of(timer_from);
}
const char* word(RecordPolicy policy) {
  return detail::name_of(policy);
}
const char* word(RuleMode mode) {
  return detail::name_of(mode);
}
const char* word(Pickup pickup) {
  return detail::name_of(pickup);
}
const char* word(Decline decline) {
  return detail::name_of(decline);
}
const char* word(AdminRole role) {
  return detail::name_of(role);
}

}  // namespace model
