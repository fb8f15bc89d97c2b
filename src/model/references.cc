// Who names a thing: the reason for refusing to delete it (Row S0.12), and the places where
// something else is put when it goes all the same. One walk does both.

#include <algorithm>
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

// What is walked now: its words, its list and its id.
struct Where {
  std::string text;
  std::string_view kind;
  std::string id;

  [[nodiscard]] Where and_then(const std::string& more) const {
    return {text + ", " + more, kind, id};
  }
};

// Names are looked up in the office as it was; what is changed is a copy.
class Search {
 public:
  Search(const Office& office, Kind kind, std::string_view id, const Replacement* with)
      : snapshot_(Snapshot::build(office, {})), kind_(kind), id_(id), with_(with) {}

  void walk(Office& office) {
    for (Admin& admin : office.admins) in_admin(admin);
    if (office.music != "default") in_sound(office.music, {"the office's music", "settings", ""});
    for (User& user : office.users) in_user(user);
    for (Group& group : office.groups) in_group(group);
    for (Queue& queue : office.queues) in_queue(queue);
    for (Ivr& ivr : office.ivrs) in_ivr(ivr);
    for (Number& number : office.numbers)
      in_destination(number.to, {"number " + number.number, "numbers", id_of(Thing{number})});
    for (Flag& flag : office.flags)
      in_schedule(flag.schedule, {"flag " + flag.name, "flags", id_of(Thing{flag})});
    for (ChainRow& row : office.chain) in_chain(row);
    for (Report& report : office.reports) in_report(report);
  }

  std::vector<Reference> found;

 private:
  // True: it names the thing, and is to be replaced.
  [[nodiscard]] bool note(bool names_it, const Where& where) {
    if (!names_it) return false;
    Reference made{where.text, std::string{where.kind}, where.id};
    if (std::find(found.begin(), found.end(), made) == found.end())
      found.push_back(std::move(made));
    return with_ != nullptr;
  }
  template <class T>
  [[nodiscard]] bool is(Kind kind, const T* thing) const {
    return kind == kind_ && thing != nullptr && thing->id == id_;
  }
  [[nodiscard]] bool user_is(const std::string& name) const {
    return is(Kind::User, snapshot_->user_named(name));
  }

  void in_schedule(std::string& name, const Where& where) {
    if (!name.empty() && note(is(Kind::Schedule, snapshot_->schedule_named(name)), where))
      name = with_->name;
  }
  void in_sound(std::string& name, const Where& where, std::string_view without = "default") {
    if (note(kind_ == Kind::Sound && slug(name) == id_, where))
      name = with_->name.empty() ? std::string{without} : with_->name;
  }

  [[nodiscard]] bool in_text(const std::string& text) const {
    if (text.empty()) return false;
    const Dialled dialled = snapshot_->what_is(text);
    if (const auto* user = std::get_if<UserTarget>(&dialled)) return is(Kind::User, user->user);
    if (const auto* group = std::get_if<GroupTarget>(&dialled))
      return is(Kind::Group, group->group);
    if (const auto* thing = std::get_if<DialledThing>(&dialled))
      return thing->kind == kind_ && thing->id == id_;
    if (const auto* number = std::get_if<DialledNumber>(&dialled))
      return is(Kind::Number, number->number);
    const auto* service = std::get_if<DialledService>(&dialled);
    return service != nullptr && is(Kind::ChainRow, service->row);
  }
  void in_dialled(std::string& text, const Where& where) {
    if (note(in_text(text), where)) text = dialled_of(with_->to);
  }

  // What is dialled to get there; empty where nothing can be dialled.
  [[nodiscard]] std::string dialled_of(const Destination& to) const {
    const auto extension = [](const auto* thing) {
      return thing == nullptr ? std::string() : thing->extension;
    };
    switch (to.kind) {
      case DestinationKind::User:
        return extension(snapshot_->user_named(to.value));
      case DestinationKind::Ivr:
        return extension(snapshot_->ivr_named(to.value));
      case DestinationKind::Queue:
        return extension(snapshot_->queue_named(to.value));
      case DestinationKind::Mailbox:
        return extension(snapshot_->mailbox_named(to.value));
      case DestinationKind::Group: {
        const Group* group = snapshot_->group_named(to.value);
        return group == nullptr || group->extensions.empty() ? "" : group->extensions.front();
      }
      case DestinationKind::Number:
      case DestinationKind::Sip:
        return to.value;
      case DestinationKind::None:
      case DestinationKind::Announce:
      case DestinationKind::Busy:
      case DestinationKind::Hangup:
        return {};
    }
    return {};
  }

  [[nodiscard]] bool names_it(const Member& member) const {
    const Target target = snapshot_->target_of(member);
    if (const auto* user = std::get_if<UserTarget>(&target)) return is(Kind::User, user->user);
    const auto* group = std::get_if<GroupTarget>(&target);
    return group != nullptr && is(Kind::Group, group->group);
  }
  // The member rings what stands in his place, or is left out where that cannot ring or is there
  // already.
  void in_members(std::vector<Member>& members, const Where& where, bool numbered) {
    for (std::size_t i = 0; i < members.size();) {
      const Where here =
          numbered ? where.and_then("member " + std::to_string(places_++ + 1)) : where;
      if (!note(names_it(members[i]), here) || put_in_place(members, i)) {
        ++i;
      } else {
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    places_ = 0;
  }
  [[nodiscard]] bool put_in_place(std::vector<Member>& members, std::size_t at) const {
    const Destination& to = with_->to;
    const bool rings = to.kind == DestinationKind::User || to.kind == DestinationKind::Group ||
                       to.kind == DestinationKind::Number || to.kind == DestinationKind::Sip;
    if (!rings) return false;
    Member made = members[at];
    made.is_group = to.kind == DestinationKind::Group;
    made.target = to.value;
    const Target target = snapshot_->target_of(made);
    for (const Member& other : members)
      if (&other != &members[at] && snapshot_->target_of(other) == target) return false;
    members[at] = std::move(made);
    return true;
  }
  void in_names(std::vector<std::string>& names, const Where& where) {
    for (std::size_t i = 0; i < names.size();) {
      if (!note(user_is(names[i]), where)) {
        ++i;
      } else if (with_->to.kind == DestinationKind::User) {
        names[i++] = with_->to.value;
      } else {
        names.erase(names.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }

  [[nodiscard]] bool names_it(const Destination& to) const {
    switch (to.kind) {
      case DestinationKind::User:
        return user_is(to.value);
      case DestinationKind::Group:
        return is(Kind::Group, snapshot_->group_named(to.value));
      case DestinationKind::Ivr:
        return is(Kind::Ivr, snapshot_->ivr_named(to.value));
      case DestinationKind::Queue:
        return is(Kind::Queue, snapshot_->queue_named(to.value));
      case DestinationKind::Mailbox:
        return is(Kind::Mailbox, snapshot_->mailbox_named(to.value)) ||
               (snapshot_->mailbox_named(to.value) == nullptr && user_is(to.value));
      case DestinationKind::Number:
        return in_text(to.value);
      case DestinationKind::Announce:
        return kind_ == Kind::Sound && slug(to.value) == id_;
      case DestinationKind::None:
      case DestinationKind::Sip:
      case DestinationKind::Busy:
      case DestinationKind::Hangup:
        return false;
    }
    return false;
  }
  void in_destination(Destination& to, const Where& where) {
    if (!note(names_it(to), where)) return;
    if (kind_ == Kind::Sound && !with_->name.empty()) {
      to.value = with_->name;
    } else {
      to = with_->to;
    }
  }
  void in_finally(Finally& to, const Where& where) {
    for (Destination* destination : {&to.any, &to.no_answer, &to.busy, &to.unreachable})
      in_destination(*destination, where.and_then("finally"));
  }
  void in_stages(std::vector<Stage>& stages, const Where& where) {
    for (std::size_t s = 0; s < stages.size(); ++s)
      in_members(stages[s].ring, where.and_then("stage " + std::to_string(s + 1)), false);
  }

  void in_admin(Admin& admin) {
    const Where where{"account " + admin.email, "admins", admin.email};
    for (std::size_t i = 0; i < admin.groups.size();) {
      const std::string& name = admin.groups[i];
      const bool named = is(Kind::Group, snapshot_->group_named(name)) ||
                         is(Kind::Queue, snapshot_->queue_named(name));
      const bool other = with_ != nullptr && (with_->to.kind == DestinationKind::Group ||
                                              with_->to.kind == DestinationKind::Queue);
      if (!note(named, where)) {
        ++i;
      } else if (other) {
        admin.groups[i++] = with_->to.value;
      } else {
        admin.groups.erase(admin.groups.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }

  void in_user(User& user) {
    if (kind_ == Kind::User && user.id == id_) return;  // what a thing says of itself goes with it
    const Where where{"user " + label_of(Thing{user}), "users", user.id};
    for (std::string* to : {&user.forward.always, &user.forward.busy, &user.forward.no_answer.to,
                            &user.forward.unreachable})
      in_dialled(*to, where.and_then("forward"));
    for (Rule& rule : user.rules) {
      const Where here = where.and_then("rule " + rule.name);
      in_stages(rule.stages, here);
      in_finally(rule.finally, here);
      in_schedule(rule.when, here);
      in_sound(rule.music, here);
    }
    for (std::size_t i = 0; i < user.desks.size();) {
      const auto account = snapshot_->account(user.desks[i]);
      const bool his = account.has_value() && is(Kind::User, account->user);
      if (note(his, where.and_then("sits at its phone"))) {
        user.desks.erase(user.desks.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
  }

  void in_group(Group& group) {
    if (kind_ == Kind::Group && group.id == id_) return;
    const Where where{"group " + group.name, "groups", group.id};
    in_members(group.members, where, true);
    in_stages(group.stages, where);
    in_dialled(group.forward.to, where.and_then("forward"));
    if (note(user_is(group.forward.by), where.and_then("forward"))) group.forward.by.clear();
    for (std::size_t i = 0; i < group.flags.size();) {
      FlagRedirect& redirect = group.flags[i];
      const Where here = where.and_then("flags");
      const bool flag = note(is(Kind::Flag, snapshot_->flag_named(redirect.flag)), here);
      in_destination(redirect.to, here);
      if (flag && with_->name.empty()) {
        group.flags.erase(group.flags.begin() + static_cast<std::ptrdiff_t>(i));
        continue;
      }
      if (flag) redirect.flag = with_->name;
      ++i;
    }
    in_finally(group.finally, where);
    in_sound(group.caller_hears.sound, where, "ringback");
  }

  void in_queue(Queue& queue) {
    if (kind_ == Kind::Queue && queue.id == id_) return;
    const Where where{"queue " + queue.name, "queues", queue.id};
    in_members(queue.members, where, false);
    in_names(queue.may_log_in, where.and_then("may_log_in"));
    in_finally(queue.finally, where);
    in_sound(queue.music, where);
  }

  void in_ivr(Ivr& ivr) {
    if (kind_ == Kind::Ivr && ivr.id == id_) return;
    const Where where{"menu " + ivr.name, "ivrs", ivr.id};
    for (IvrKey& key : ivr.keys) in_destination(key.to, where.and_then("key " + key.key));
    in_destination(ivr.otherwise, where.and_then("otherwise"));
    in_sound(ivr.greeting, where, "");
  }

  void in_report(Report& report) {
    const Where where{"report " + report.name, "reports", id_of(Thing{report})};
    if (report.group.empty() || !note(is(Kind::Group, snapshot_->group_named(report.group)), where))
      return;
    const bool other = with_->to.kind == DestinationKind::Group;
    report.group = other ? with_->to.value : std::string();
  }

  // Who has no number ends the chain.
  void in_chain(ChainRow& row) {
    if (kind_ == Kind::ChainRow && row.id == id_) return;
    const Where where{"chain row " + row.sip_number, "chain", row.id};
    if (kind_ == Kind::User)
      for (std::string* number : {&row.sip_number, &row.next_number, &row.start_number})
        if (note(is(Kind::User, snapshot_->user_by_number(*number)), where))
          *number = dialled_of(with_->to);
    if (kind_ == Kind::ChainRow)
      for (std::string* number : {&row.next_number, &row.start_number})
        if (note(is(Kind::ChainRow, snapshot_->chain_row(*number)), where))
          *number = dialled_of(with_->to);
  }

  std::shared_ptr<const Snapshot> snapshot_;
  Kind kind_;
  std::string id_;
  const Replacement* with_;  // null: nothing is changed
  std::size_t places_ = 0;   // of the members before
};

}  // namespace

std::vector<Reference> references_to(const Office& office, Kind kind, std::string_view id) {
  Search search(office, kind, id, nullptr);
  Office copy = office;
  give_ids(copy);
  search.walk(copy);
  return std::move(search.found);
}

Office without(Office office, Kind kind, std::string_view id, const Replacement& with) {
  give_ids(office);
  Search search(office, kind, id, &with);
  Office after = apply(office, RemoveThing{kind, std::string{id}});
  search.walk(after);
  // The row of a user who is gone, and whose number nobody has now, is of no use.
  std::erase_if(after.chain, [](const ChainRow& row) { return row.sip_number.empty(); });
  return after;
}

}  // namespace model
