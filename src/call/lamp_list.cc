// Lists of lamps: the members of a group or queue in one subscription (RFC 4662).

#include "call/detail/lamp_list.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/markup.h"
#include "call/detail/core.h"
#include "call/detail/dialog_info.h"
#include "call/detail/subscriptions.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace call {
namespace {

constexpr std::string_view kIndexType = "application/rlmi+xml";
constexpr std::string_view kPartType = "application/dialog-info+xml";

std::string content_id(const ListDocument& document, std::string_view what) {
  return std::string(what) + "." + std::to_string(document.version) + "@" + document.domain;
}

std::string part_id(const ListDocument& document, const ListPart& part) {
  return content_id(document, std::to_string(part.item));
}

std::string index_of(const ListDocument& document) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n";
  out += "<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" uri=\"" + base::escaped_markup(document.uri) +
         "\" version=\"" + std::to_string(document.version) + "\" fullState=\"" +
         (document.full ? "true" : "false") + "\">\r\n";
  for (const ListPart& part : document.parts) {
    out += "  <resource uri=\"" + base::escaped_markup(part.entity) + "\">\r\n";
    if (!part.name.empty()) out += "    <name>" + base::escaped_markup(part.name) + "</name>\r\n";
    out += "    <instance id=\"" + std::to_string(part.item) + "\" state=\"active\" cid=\"" +
           base::escaped_markup(part_id(document, part)) + "\"/>\r\n  </resource>\r\n";
  }
  return out + "</list>\r\n";
}

void add_part(std::string& out, const ListDocument& document, const std::string& id,
              std::string_view type, std::string_view body) {
  out += "--" + document.boundary + "\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <" + id +
         ">\r\nContent-Type: ";
  out += type;
  out += "\r\n\r\n";
  out += body;
  out += "\r\n";
}

// The lines of a group or of all its stages.
std::vector<const model::Member*> members_of(const model::Group& group) {
  std::vector<const model::Member*> members;
  const bool staged = group.strategy == model::Strategy::Stages;
  for (const model::Member& member : group.members)
    if (!staged) members.push_back(&member);
  for (const model::Stage& stage : group.stages)
    for (const model::Member& member : stage.ring)
      if (staged) members.push_back(&member);
  return members;
}

}  // namespace

std::string list_body(const ListDocument& document) {
  std::string out;
  add_part(out, document, content_id(document, "list"),
           std::string(kIndexType) + ";charset=\"UTF-8\"", index_of(document));
  for (const ListPart& part : document.parts)
    add_part(out, document, part_id(document, part), kPartType, part.document);
  return out + "--" + document.boundary + "--\r\n";
}

std::string list_type(const ListDocument& document) {
  return "multipart/related;type=\"" + std::string(kIndexType) + "\";start=\"<" +
         content_id(document, "list") + ">\";boundary=\"" + document.boundary + "\"";
}

// ---- which lamps ----

// A list is wanted by who says that he understands one; it is a group or queue.
bool Core::wants_list(const sip::Message& message, const std::string& resource) const {
  if (!resource.starts_with("group/") && !resource.starts_with("queue/")) return false;
  bool supported = false;
  message.for_each_value(sip::Header::Supported, [&](std::string_view value) {
    supported = supported || sip::same_word(value, "eventlist");
  });
  bool accepted = false;
  message.for_each_value(sip::Header::Accept, [&](std::string_view value) {
    accepted = accepted || sip::same_word(value.substr(0, value.find(';')), kIndexType);
  });
  return supported && accepted;
}

// The group or queue itself, then its members, each once.
std::vector<ListItem> Core::items_of(const std::string& resource) const {
  std::vector<ListItem> items;
  const auto add = [&](std::string what, const std::string& number, const std::string& name) {
    const bool known =
        std::ranges::any_of(items, [&](const ListItem& item) { return item.resource == what; });
    if (known || number.empty() || items.size() == kListItemsMax) return;
    ListItem item;
    item.resource = std::move(what);
    item.entity = "sip:" + sip::escaped_user(number) + "@" + snapshot_->office().tenant;
    item.name = name;
    items.push_back(std::move(item));
  };
  const auto add_group = [&](const model::Group& group) {
    const std::string& number = group.extensions.empty()
                                    ? (group.numbers.empty() ? group.name : group.numbers.front())
                                    : group.extensions.front();
    add("group/" + group.id, number, group.name);
  };
  const auto add_member = [&](const model::Member& member) {
    const model::Target target = snapshot_->target_of(member);
    if (const auto* user = std::get_if<model::UserTarget>(&target))
      add("user/" + user->user->id, user->user->extension, user->user->name);
    if (const auto* group = std::get_if<model::GroupTarget>(&target)) add_group(*group->group);
  };
  const std::string id = resource.substr(resource.find('/') + 1);
  if (const model::Group* group =
          resource.starts_with("group/") ? snapshot_->group_by_id(id) : nullptr) {
    add_group(*group);
    for (const model::Member* member : members_of(*group)) add_member(*member);
  }
  for (const model::Queue& queue : snapshot_->office().queues) {
    if (!resource.starts_with("queue/") || queue.id != id) continue;
    add(resource, queue.extension, queue.name);
    for (const model::Member& member : queue.members) add_member(member);
  }
  return items;
}

// ---- documents ----

// What this subscription is to be told now; nothing: it knows all of it.
std::optional<ListDocument> Core::list_for(Subscription& subscription) {
  ListDocument document;
  document.uri = subscription.entity;
  document.domain = snapshot_->office().tenant;
  document.boundary = "lamps-" + names_.seal(subscription.tag);
  document.full = std::exchange(subscription.wants_all, false);
  for (std::size_t i = 0; i < subscription.list.size(); ++i) {
    ListItem& item = subscription.list[i];
    DialogLines now = lines_of(item.resource, subscription.user_id);
    DialogDocument part;
    part.entity = item.entity;
    part.domain = document.domain;
    part.full = document.full;
    part.lines = part.full ? now : difference(item.told, now);
    if (!part.full && part.lines.empty()) continue;
    part.version = item.version++;
    item.told = std::move(now);
    document.parts.push_back({i, item.entity, item.name, dialog_info(part)});
  }
  if (!document.full && document.parts.empty()) return std::nullopt;
  document.version = subscription.version++;
  return document;
}

// Who was added to a group or left it changes its lists.
void Core::reconfigure_list(Subscription& subscription) {
  std::vector<ListItem> items = items_of(subscription.resource);
  if (items.empty()) return end_subscription(subscription, "noresource");
  const bool same =
      std::ranges::equal(items, subscription.list, [](const ListItem& one, const ListItem& other) {
        return one.resource == other.resource && one.entity == other.entity &&
               one.name == other.name;
      });
  if (same) return;
  subscriptions_.unwatch(subscription);
  for (ListItem& item : items)
    for (const ListItem& old : subscription.list)
      if (old.resource == item.resource) item.version = old.version;
  subscription.list = std::move(items);
  subscriptions_.watch(subscription);
  subscription.wants_all = true;
  notify(subscription);
}

}  // namespace call
