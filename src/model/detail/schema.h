#pragma once
// Every key of office.yaml, once: describe(archive, thing, fallback) is asked by a Reader to fill
// the thing and by a Writer to write it. `fallback` is a thing made by default.
//
// The order is the order of docs/contract.md. `thing` is const for a Writer.

#include <cstddef>

#include "base/time.h"
#include "model/detail/reader.h"
#include "model/detail/text_rule.h"
#include "model/office.h"

namespace model::detail {

inline constexpr TextRule kName{Letters::Any, 100, true};
inline constexpr TextRule kOptionalName{Letters::Any, 100, false};
inline constexpr TextRule kDescription{Letters::Any, 500, false};
inline constexpr TextRule kExtension{Letters::Number, 64, false};
inline constexpr TextRule kRequiredNumber{Letters::Number, 64, true};
inline constexpr TextRule kTelephone{Letters::Telephone, 64, true};
inline constexpr TextRule kEmail{Letters::Email, 255, false};
inline constexpr TextRule kRequiredEmail{Letters::Email, 255, true};
inline constexpr TextRule kTarget{Letters::Target, 255, false};
inline constexpr TextRule kUsername{Letters::Username, 128, false};
inline constexpr TextRule kLong{Letters::Any, 1'024, false};
inline constexpr TextRule kCode{Letters::Code, 16, false};
inline constexpr Range kLimit{base::Duration{1'000}, base::Duration{86'400'000}, {}};

template <class A, class T>
void describe_member(A& a, T& member, const Member& fallback) {
  a.duration("after", member.after, kAfter);
  a.duration("for", member.ring_for, kRingFor);
  a.whole("priority", member.priority, 0, 1'000'000);
  a.whole("weight", member.weight, fallback.weight, 0, 1'000'000);
  a.choice("confirm", member.confirm);
  a.choice("timer_from", member.timer_from, fallback.timer_from);
  a.flag("enabled", member.enabled, fallback.enabled);
  a.flag("logged_in", member.logged_in, fallback.logged_in);
  a.paused("paused", member.paused);
}

struct DescribeStage {
  template <class A, class T>
  void operator()(A& a, T& stage, const Stage& /*fallback*/) const {
    a.members("ring", stage.ring, 200);
    a.duration("for", stage.ring_for, kRingFor);
  }
};

struct DescribeDevice {
  template <class A, class T>
  void operator()(A& a, T& device, const Device& /*fallback*/) const {
    a.text("id", device.id, "", kOptionalName);
    a.text("username", device.username, "", {Letters::Username, 128, true});
    a.secret("password", device.password);
    a.text("phone", device.phone, "", kOptionalName);
  }
};

struct DescribeRule {
  template <class A, class T>
  void operator()(A& a, T& rule, const Rule& fallback) const {
    a.text("name", rule.name, "", kOptionalName);
    a.flag("enabled", rule.enabled, fallback.enabled);
    a.flag("locked", rule.locked, fallback.locked);
    a.text("when", rule.when, "", kOptionalName);
    a.texts("callers", rule.callers, {Letters::Any, 255, true});
    a.choice("mode", rule.mode, fallback.mode);
    a.text("music", rule.music, fallback.music);
    a.list("stages", "a stage", rule.stages, 20, DescribeStage{});
    a.duration("max_hold", rule.max_hold, fallback.max_hold, kLimit);
    a.rounds("repeat", rule.repeat);
    a.choice("confirm", rule.confirm);
    a.finally("finally", rule.finally);
  }
};

struct DescribeUser {
  template <class A, class T>
  void operator()(A& a, T& user, const User& fallback) const {
    a.identity(user.id, user.revision);
    a.text("extension", user.extension, "", kRequiredNumber);
    a.text("name", user.name, "", kOptionalName);
    a.text("email", user.email, "", kEmail);
    a.nested("sip", "the SIP account", nullptr, [&](auto& sip) {
      sip.text("username", user.sip_username, "", kUsername);
      sip.secret("password", user.sip_password);
    });
    a.secret("web_password", user.web_password);
    a.texts("aliases", user.aliases, {Letters::Any, 100, true});
    a.flag("enabled", user.enabled, fallback.enabled);
    a.list("devices", "a device", user.devices, 32, DescribeDevice{});
    a.nested("permissions", "the permissions", nullptr, [&](auto& inside) {
      inside.flag("own_rules", user.permissions.own_rules, fallback.permissions.own_rules);
      inside.flag("own_chain", user.permissions.own_chain, fallback.permissions.own_chain);
      inside.flag("external", user.permissions.external, fallback.permissions.external);
      inside.texts("prefixes", user.permissions.prefixes, {Letters::Any, 32});
      inside.whole("calls_a_day", user.permissions.calls_a_day, fallback.permissions.calls_a_day, 0,
                   1'000'000);
    });
    a.paused("paused", user.paused);
    a.nested("mailbox", "the mailbox", &user.mailbox.present, [&](auto& mailbox) {
      mailbox.secret("pin", user.mailbox.pin);
      mailbox.flag("email", user.mailbox.email, fallback.mailbox.email);
    });
    a.flag("do_not_disturb", user.do_not_disturb, fallback.do_not_disturb);
    a.nested("forward", "the forwarding", nullptr, [&](auto& forward) {
      forward.text("always", user.forward.always, "", kTarget);
      forward.text("busy", user.forward.busy, "", kTarget);
      forward.nested("no_answer", "forwarding when nobody answers", nullptr, [&](auto& inside) {
        inside.text("to", user.forward.no_answer.to, "", kTarget);
        inside.duration("after", user.forward.no_answer.after, fallback.forward.no_answer.after,
                        kRingFor);
      });
      forward.text("unreachable", user.forward.unreachable, "", kTarget);
    });
    a.list("rules", "a rule", user.rules, 100, DescribeRule{});
    a.flag("rules_on", user.rules_on, fallback.rules_on);
    a.texts("desks", user.desks, {Letters::Username, 128, true}, 32);
  }
};

struct DescribeGroup {
  template <class A, class T>
  void operator()(A& a, T& group, const Group& fallback) const {
    a.identity(group.id, group.revision);
    a.text("name", group.name, "", kName);
    a.text("description", group.description, "", kDescription);
    a.texts("extensions", group.extensions, kRequiredNumber);
    a.texts("numbers", group.numbers, kTelephone);
    a.flag("enabled", group.enabled, fallback.enabled);
    a.strategy(group.strategy, group.repeat, fallback.strategy);
    a.duration("timeout", group.timeout, kLimit);
    a.rounds("repeat", group.repeat, fallback.repeat);
    a.members("members", group.members);
    a.list("stages", "a stage", group.stages, 20, DescribeStage{});
    a.flag("prevent_missed_calls", group.prevent_missed_calls, fallback.prevent_missed_calls);
    a.choice("decline", group.decline, fallback.decline);
    a.flag("skip_busy", group.skip_busy, fallback.skip_busy);
    a.flag("follow_forwards", group.follow_forwards, fallback.follow_forwards);
    a.choice("confirm", group.confirm, fallback.confirm);
    a.caller_hears("caller_hears", group.caller_hears);
    a.nested("caller_id", "the caller's number as shown", nullptr, [&](auto& inside) {
      inside.text("name_prefix", group.caller_id.name_prefix, "", kOptionalName);
      inside.text("external", group.caller_id.external, fallback.caller_id.external);
    });
    a.text("ring_melody", group.ring_melody, "", kLong);
    a.choice("record", group.record);
    a.choice("pickup", group.pickup, fallback.pickup);
    a.text("crm_account", group.crm_account, "");
    a.nested("action_url", "the action URLs", nullptr, [&](auto& inside) {
      inside.text("ring", group.action_url.ring, "", kLong);
      inside.text("answer", group.action_url.answer, "", kLong);
      inside.text("missed", group.action_url.missed, "", kLong);
      inside.text("end", group.action_url.end, "", kLong);
    });
    a.nested("forward", "the forwarding of the group", nullptr, [&](auto& inside) {
      inside.text("to", group.forward.to, "", kTarget);
      inside.text("by", group.forward.by, "", kOptionalName);
    });
    a.list("flags", "a flag of a group", group.flags, 50, [](auto& f, auto& flag, const auto&) {
      f.text("flag", flag.flag, "", kName);
      f.destination("to", flag.to);
    });
    a.nested("email", "e-mail of the group", nullptr, [&](auto& inside) {
      inside.texts("missed", group.email.missed, kRequiredEmail);
      inside.texts("daily", group.email.daily, kRequiredEmail);
    });
    a.finally("finally", group.finally);
  }
};

struct DescribeChainRow {
  template <class A, class T>
  void operator()(A& a, T& row, const ChainRow& /*fallback*/) const {
    a.identity(row.id, row.revision);
    a.text("sip_number", row.sip_number, "", kRequiredNumber);
    a.text("next_number", row.next_number, "", kExtension);
    a.text("service_number", row.service_number, "", kExtension);
    a.text("start_number", row.start_number, "", kExtension);
    a.duration("for", row.ring_for, kRingFor);
  }
};

struct DescribeMailbox {
  template <class A, class T>
  void operator()(A& a, T& mailbox, const Mailbox& /*fallback*/) const {
    a.identity(mailbox.id, mailbox.revision);
    a.text("name", mailbox.name, "", kName);
    a.text("extension", mailbox.extension, "", kExtension);
    a.secret("pin", mailbox.pin);
    a.texts("email", mailbox.email, kRequiredEmail);
  }
};

struct DescribeIvr {
  template <class A, class T>
  void operator()(A& a, T& ivr, const Ivr& fallback) const {
    a.identity(ivr.id, ivr.revision);
    a.text("name", ivr.name, "", kName);
    a.text("extension", ivr.extension, "", kExtension);
    a.text("greeting", ivr.greeting, "");
    a.duration("timeout", ivr.timeout, fallback.timeout,
               {base::Duration{1'000}, base::Duration{120'000}, {}});
    a.keys("keys", ivr.keys);
    a.destination("otherwise", ivr.otherwise);
  }
};

struct DescribeQueue {
  template <class A, class T>
  void operator()(A& a, T& queue, const Queue& fallback) const {
    a.identity(queue.id, queue.revision);
    a.text("name", queue.name, "", kName);
    a.text("extension", queue.extension, "", kExtension);
    a.choice("strategy", queue.strategy, fallback.strategy);
    a.members("members", queue.members);
    a.texts("may_log_in", queue.may_log_in, {Letters::Any, 100, true});
    a.whole("minimum_agents", queue.minimum_agents, fallback.minimum_agents, 0, 10'000);
    a.text("music", queue.music, fallback.music);
    a.flag("announce_position", queue.announce_position, fallback.announce_position);
    a.duration("max_wait", queue.max_wait, fallback.max_wait, kLimit);
    a.finally("finally", queue.finally);
  }
};

struct DescribeSchedule {
  template <class A, class T>
  void operator()(A& a, T& schedule, const Schedule& /*fallback*/) const {
    a.identity(schedule.id, schedule.revision);
    a.text("name", schedule.name, "", kName);
    a.texts("open", schedule.open, {Letters::Any, 255, true});
    a.text("holidays", schedule.holidays, "", kOptionalName);
    a.text("ics", schedule.ics, "", kLong);
  }
};

struct DescribeFlag {
  template <class A, class T>
  void operator()(A& a, T& flag, const Flag& fallback) const {
    a.identity(flag.id, flag.revision);
    a.text("name", flag.name, "", kName);
    a.text("code", flag.code, "", kCode);
    a.text("schedule", flag.schedule, "", kOptionalName);
    a.flag("on", flag.on, fallback.on);
    a.moment("on_until", flag.on_until);
    a.moment("off_until", flag.off_until);
  }
};

struct DescribeNumber {
  template <class A, class T>
  void operator()(A& a, T& number, const Number& /*fallback*/) const {
    a.identity(number.id, number.revision);
    a.text("number", number.number, "", kTelephone);
    a.destination("to", number.to);
  }
};

struct DescribeTrunk {
  template <class A, class T>
  void operator()(A& a, T& trunk, const Trunk& fallback) const {
    a.identity(trunk.id, trunk.revision);
    a.text("name", trunk.name, "", kName);
    a.text("uri", trunk.uri, "", {Letters::Uri, 255, true});
    a.text("username", trunk.username, "", kUsername);
    a.secret("password", trunk.password);
    a.flag("register", trunk.register_, fallback.register_);
    a.texts("numbers", trunk.numbers, kTelephone);
    a.texts("allow_from", trunk.allow_from, {Letters::Any, 64, true});
    a.whole("channels", trunk.channels, fallback.channels, 1, 100'000);
  }
};

struct DescribeSound {
  template <class A, class T>
  void operator()(A& a, T& sound, const Sound& /*fallback*/) const {
    a.identity(sound.id, sound.revision);
    a.text("name", sound.name, "", kName);
    a.text("file", sound.file, "", {Letters::Any, 1'024, true});
  }
};

struct DescribeWebhook {
  template <class A, class T>
  void operator()(A& a, T& webhook, const Webhook& fallback) const {
    a.identity(webhook.id, webhook.revision);
    a.text("name", webhook.name, "", kName);
    a.text("url", webhook.url, "", {Letters::Any, 1'024, true});
    a.secret("secret", webhook.secret);
    a.secret("old_secret", webhook.old_secret);
    a.texts("events", webhook.events, {Letters::Any, 100, true});
    a.flag("enabled", webhook.enabled, fallback.enabled);
  }
};

struct DescribeSavedTest {
  template <class A, class T>
  void operator()(A& a, T& test, const SavedTest& fallback) const {
    a.identity(test.id, test.revision);
    a.text("name", test.name, "", kName);
    a.text("number", test.number, "", {Letters::Target, 255, true});
    a.text("from", test.from, "", kTarget);
    a.moment("at", test.at);
    a.texts("phones", test.phones, {Letters::Any, 100, true}, 10'000);
    a.whole("seed", test.seed, fallback.seed, 0, 4'294'967'295);
    a.nested("expect", "what is expected", nullptr, [&](auto& inside) {
      inside.list("stages", "a stage", test.stages, 200, DescribeStage{});
      inside.finally("finally", test.finally);
      inside.text("leads_to", test.leads_to, "", kLong);
    });
  }
};

struct DescribeReport {
  template <class A, class T>
  void operator()(A& a, T& report, const Report& fallback) const {
    a.identity(report.id, report.revision);
    a.text("name", report.name, "", kName);
    a.texts("email", report.email, kRequiredEmail);
    a.choice("every", report.every, fallback.every);
    a.text("group", report.group, "", kOptionalName);
    a.text("outcome", report.outcome, "", kOptionalName);
    a.text("answered_by", report.answered_by, "", kTarget);
    a.text("caller", report.caller, "", kTarget);
    a.text("dialled", report.dialled, "", kTarget);
  }
};

struct DescribeOffice {
  template <class A, class T>
  void operator()(A& a, T& office, const Office& fallback) const {
    a.text("tenant", office.tenant, "", {Letters::Domain, 253, false});
    a.text("timezone", office.timezone, fallback.timezone, kOptionalName);
    a.text("country", office.country, "", kOptionalName);
    a.text("language", office.language, fallback.language, kOptionalName);
    a.text("music", office.music, fallback.music);
    a.choice("record", office.record, fallback.record);
    a.duration("max_hunt", office.max_hunt, fallback.max_hunt, kLimit);
    a.list("admins", "an administrator", office.admins, 1'000,
           [](auto& inside, auto& admin, const Admin& without) {
             inside.text("email", admin.email, "", kRequiredEmail);
             inside.secret("password", admin.password);
             inside.choice("role", admin.role, without.role);
             inside.texts("groups", admin.groups, {Letters::Any, 100, true});
             inside.secret("totp", admin.totp);
           });
    a.list("users", "a user", office.users, 100'000, DescribeUser{});
    a.list("groups", "a group", office.groups, 20'000, DescribeGroup{});
    a.list("chain", "a row of the chain", office.chain, 100'000, DescribeChainRow{});
    a.list("mailboxes", "a mailbox", office.mailboxes, 20'000, DescribeMailbox{});
    a.list("ivrs", "a menu", office.ivrs, 20'000, DescribeIvr{});
    a.list("queues", "a queue", office.queues, 20'000, DescribeQueue{});
    a.list("schedules", "a schedule", office.schedules, 20'000, DescribeSchedule{});
    a.list("flags", "a flag", office.flags, 20'000, DescribeFlag{});
    a.list("numbers", "a number", office.numbers, 100'000, DescribeNumber{});
    a.list("trunks", "a trunk", office.trunks, 1'000, DescribeTrunk{});
    a.list("sounds", "a sound", office.sounds, 20'000, DescribeSound{});
    a.list("webhooks", "a webhook", office.webhooks, 100, DescribeWebhook{});
    a.list("tests", "a test", office.tests, 10'000, DescribeSavedTest{});
    a.list("reports", "a report", office.reports, 1'000, DescribeReport{});
    a.feature_codes("feature_codes", office.feature_profile, office.feature_codes);
  }
};

}  // namespace model::detail
