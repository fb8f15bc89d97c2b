// Who names a thing: the reason for refusing to delete it (Row S0.12).

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/edit.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model {
namespace {

class Search {
 public:
  Search(const Office& office, Kind kind, std::string_view id)
      : snapshot_(Snapshot::build(office, {})), kind_(kind), id_(id) {}

  void walk() {
    const Office& office = snapshot_->office();
    for (const User& user : office.users) in_user(user);
    for (const Group& group : office.groups) in_group(group);
    for (const Queue& queue : office.queues) {
      const std::string who = "queue " + queue.name;
      for (const Member& member : queue.members) in_member(member, who);
      for (const std::string& name : queue.may_log_in) note(user_is(name), who + ", may_log_in");
      in_finally(queue.finally, who);
      sound_is(queue.music, who);
    }
    for (const Ivr& ivr : office.ivrs) {
      const std::string who = "menu " + ivr.name;
      for (const IvrKey& key : ivr.keys) in_destination(key.to, who + ", key " + key.key);
      in_destination(ivr.otherwise, who + ", otherwise");
      sound_is(ivr.greeting, who);
    }
    for (const Number& number : office.numbers)
      in_destination(number.to, "number " + number.number);
    for (const Flag& flag : office.flags) schedule_is(flag.schedule, "flag " + flag.name);
    for (const ChainRow& row : office.chain) in_chain(row);
  }

  std::vector<std::string> found;

 private:
  void note(bool names_it, std::string who) {
    if (!names_it) return;
    for (const std::string& known : found)
      if (known == who) return;
    found.push_back(std::move(who));
  }
  template <class T>
  [[nodiscard]] bool is(Kind kind, const T* thing) const {
    return kind == kind_ && thing != nullptr && thing->id == id_;
  }
  [[nodiscard]] bool user_is(const std::string& name) const {
    return is(Kind::User, snapshot_->user_named(name));
  }
  void schedule_is(const std::string& name, const std::string& who) {
    if (!name.empty()) note(is(Kind::Schedule, snapshot_->schedule_named(name)), who);
  }
  void sound_is(const std::string& name, const std::string& who) {
    note(kind_ == Kind::Sound && slug(name) == id_, who);
  }

  void in_member(const Member& member, const std::string& who) {
    const Target target = snapshot_->target_of(member);
    if (const auto* user = std::get_if<UserTarget>(&target)) note(is(Kind::User, user->user), who);
    if (const auto* group = std::get_if<GroupTarget>(&target))
      note(is(Kind::Group, group->group), who);
  }

  void in_dialled(const std::string& text, const std::string& who) {
    if (text.empty()) return;
    const Dialled dialled = snapshot_->what_is(text);
    if (const auto* user = std::get_if<UserTarget>(&dialled)) note(is(Kind::User, user->user), who);
    if (const auto* group = std::get_if<GroupTarget>(&dialled))
      note(is(Kind::Group, group->group), who);
    if (const auto* thing = std::get_if<DialledThing>(&dialled))
      note(thing->kind == kind_ && thing->id == id_, who);
    if (const auto* number = std::get_if<DialledNumber>(&dialled))
      note(is(Kind::Number, number->number), who);
    if (const auto* service = std::get_if<DialledService>(&dialled))
      note(is(Kind::ChainRow, service->row), who);
  }

  void in_destination(const Destination& to, const std::string& who) {
    switch (to.kind) {
      case DestinationKind::User:
        note(user_is(to.value), who);
        return;
      case DestinationKind::Group:
        note(is(Kind::Group, snapshot_->group_named(to.value)), who);
        return;
      case DestinationKind::Ivr:
        note(is(Kind::Ivr, snapshot_->ivr_named(to.value)), who);
        return;
      case DestinationKind::Queue:
        note(is(Kind::Queue, snapshot_->queue_named(to.value)), who);
        return;
      case DestinationKind::Mailbox:
        note(is(Kind::Mailbox, snapshot_->mailbox_named(to.value)), who);
        if (snapshot_->mailbox_named(to.value) == nullptr) note(user_is(to.value), who);
        return;
      case DestinationKind::Number:
        in_dialled(to.value, who);
        return;
      case DestinationKind::Announce:
        sound_is(to.value, who);
        return;
      case DestinationKind::None:
      case DestinationKind::Sip:
      case DestinationKind::Busy:
      case DestinationKind::Hangup:
        return;
    }
  }

  void in_finally(const Finally& to, const std::string& who) {
    for (const Destination* destination : {&to.any, &to.no_answer, &to.busy, &to.unreachable})
      in_destination(*destination, who + ", finally");
  }

  void in_stages(const std::vector<Stage>& stages, const std::string& who) {
    for (std::size_t s = 0; s < stages.size(); ++s)
      for (const Member& member : stages[s].ring)
        in_member(member, who + ", stage " + std::to_string(s + 1));
  }

  void in_user(const User& user) {
    const std::string who = "user " + label_of(Thing{user});
    const bool self = kind_ == Kind::User && user.id == id_;
    if (self) return;  // what a thing says of itself goes with it
    for (const std::string* to : {&user.forward.always, &user.forward.busy,
                                  &user.forward.no_answer.to, &user.forward.unreachable})
      in_dialled(*to, who + ", forward");
    for (const Rule& rule : user.rules) {
      const std::string here = who + ", rule " + rule.name;
      in_stages(rule.stages, here);
      in_finally(rule.finally, here);
      schedule_is(rule.when, here);
      sound_is(rule.music, here);
    }
  }

  void in_group(const Group& group) {
    if (kind_ == Kind::Group && group.id == id_) return;
    const std::string who = "group " + group.name;
    for (std::size_t m = 0; m < group.members.size(); ++m)
      in_member(group.members[m], who + ", member " + std::to_string(m + 1));
    in_stages(group.stages, who);
    in_dialled(group.forward.to, who + ", forward");
    for (const FlagRedirect& redirect : group.flags) {
      note(is(Kind::Flag, snapshot_->flag_named(redirect.flag)), who + ", flags");
      in_destination(redirect.to, who + ", flags");
    }
    in_finally(group.finally, who);
    sound_is(group.caller_hears.sound, who);
  }

  void in_chain(const ChainRow& row) {
    const std::string who = "chain row " + row.sip_number;
    if (kind_ == Kind::User) {
      for (const std::string* number : {&row.sip_number, &row.next_number, &row.start_number})
        note(is(Kind::User, snapshot_->user_by_number(*number)), who);
      return;
    }
    if (kind_ != Kind::ChainRow || row.id == id_) return;
    for (const std::string* number : {&row.next_number, &row.start_number})
      note(is(Kind::ChainRow, snapshot_->chain_row(*number)), who);
  }

  std::shared_ptr<const Snapshot> snapshot_;
  Kind kind_;
  std::string id_;
};

}  // namespace

std::vector<std::string> references_to(const Office& office, Kind kind, std::string_view id) {
  Search search(office, kind, id);
  search.walk();
  return std::move(search.found);
}

}  // namespace model
