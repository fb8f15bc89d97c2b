#include "model/provisioning.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/markup.h"
#include "model/detail/canonical.h"

namespace model {
namespace {

constexpr std::array<std::string_view, 4> kNames{"yealink", "grandstream", "snom", "linphone"};

constexpr std::string_view kYealink = R"(#!version:1.0.0.1
account.1.enable = 1
account.1.label = {extension} {display_name}
account.1.display_name = {display_name}
account.1.user_name = {username}
account.1.auth_name = {username}
account.1.password = {password}
account.1.sip_server.1.address = {domain}
account.1.sip_server.1.port = {port}
account.1.sip_server.1.transport_type = {transport_number}
account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = {server}
account.1.outbound_proxy.1.port = {port}
account.1.subscribe_mwi_to_vm = 1
{?mailbox}voice_mail.number.1 = {mailbox}
account.1.dialoginfo_callpickup = 1
{?pickup}account.1.direct_pickup_code = {pickup}
{?lamps}account.1.blf.blf_list_uri = {lamps}@{domain}
{?hooks}action_url.dnd_on = {hooks}?ev=dnd_on
{?hooks}action_url.dnd_off = {hooks}?ev=dnd_off
{?hooks}action_url.always_fwd_off = {hooks}?ev=forward_always_off
{?hooks}action_url.busy_fwd_off = {hooks}?ev=forward_busy_off
{?hooks}action_url.no_answer_fwd_off = {hooks}?ev=forward_no_answer_off
features.call_log_show_num = 2
)";

constexpr std::string_view kGrandstream = R"(<?xml version="1.0" encoding="UTF-8"?>
<gs_provision version="1">
  <config version="1">
    <P271>1</P271>
    <P270>{display_name}</P270>
    <P3>{display_name}</P3>
    <P47>{domain}</P47>
    <P48>{server}:{port}</P48>
    <P35>{username}</P35>
    <P36>{username}</P36>
    <P34>{password}</P34>
    <P31>1</P31>
    <P130>{transport_number}</P130>
{?mailbox}    <P33>{mailbox}</P33>
    <P99>1</P99>
  </config>
</gs_provision>
)";

constexpr std::string_view kSnom = R"(<?xml version="1.0" encoding="utf-8"?>
<settings>
  <phone-settings>
    <user_active idx="1" perm="">on</user_active>
    <user_realname idx="1" perm="">{display_name}</user_realname>
    <user_name idx="1" perm="">{username}</user_name>
    <user_pname idx="1" perm="">{username}</user_pname>
    <user_pass idx="1" perm="">{password}</user_pass>
    <user_host idx="1" perm="">{domain}</user_host>
    <user_outbound idx="1" perm="">{server}:{port};transport={transport}</user_outbound>
{?mailbox}    <user_mailbox idx="1" perm="">{mailbox}</user_mailbox>
    <user_subscription_expiry idx="1" perm="">1800</user_subscription_expiry>
{?hooks}    <action_dnd_on_url perm="">{hooks}?ev=dnd_on</action_dnd_on_url>
{?hooks}    <action_dnd_off_url perm="">{hooks}?ev=dnd_off</action_dnd_off_url>
  </phone-settings>
</settings>
)";

constexpr std::string_view kLinphone = R"(<?xml version="1.0" encoding="UTF-8"?>
<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">
  <section name="sip">
    <entry name="default_proxy" overwrite="true">0</entry>
  </section>
  <section name="auth_info_0" overwrite="true">
    <entry name="username">{username}</entry>
    <entry name="userid">{username}</entry>
    <entry name="passwd">{password}</entry>
    <entry name="realm">{domain}</entry>
    <entry name="domain">{domain}</entry>
  </section>
  <section name="proxy_0" overwrite="true">
    <entry name="reg_proxy">&lt;sip:{server}:{port};transport={transport}&gt;</entry>
    <entry name="reg_route">&lt;sip:{server}:{port};transport={transport};lr&gt;</entry>
    <entry name="reg_identity">"{display_name}" &lt;sip:{username}@{domain}&gt;</entry>
    <entry name="reg_sendregister">1</entry>
    <entry name="reg_expires">600</entry>
  </section>
</config>
)";

using Values = std::map<std::string, std::string, std::less<>>;

const char* number_of(std::string_view transport) {
  if (transport == "tcp") return "1";
  return transport == "tls" ? "2" : "0";
}

Values values_of(const PhoneSettings& settings) {
  return {{"display_name", settings.display_name},
          {"extension", settings.extension},
          {"username", settings.username},
          {"password", settings.password},
          {"domain", settings.domain},
          {"server", settings.server},
          {"port", std::to_string(settings.port)},
          {"transport", settings.transport},
          {"transport_number", number_of(settings.transport)},
          {"mailbox", settings.mailbox},
          {"pickup", settings.pickup},
          {"hooks", settings.hooks},
          {"lamps", settings.lamps}};
}

bool is_xml(ProvisionedPhone phone) {
  return phone != ProvisionedPhone::Yealink;
}

// Nothing in a value begins a line or an element of its own.
std::string written(ProvisionedPhone phone, std::string_view value) {
  std::string line;
  for (const char c : value)
    if (static_cast<unsigned char>(c) >= 0x20U && c != '\x7f') line += c;
  return is_xml(phone) ? base::escaped_markup(line) : line;
}

// "{name}" at the front of `text`: the name; nothing for anything else.
std::optional<std::string_view> name_at(std::string_view text, std::string_view opening) {
  if (!text.starts_with(opening)) return std::nullopt;
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(opening.size(), end - opening.size());
  const bool plain =
      std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  if (name.empty() || !plain) return std::nullopt;
  return name;
}

void append_line(std::string& out, std::string_view line, ProvisionedPhone phone,
                 const Values& values) {
  while (!line.empty()) {
    if (line.starts_with("{{") || line.starts_with("}}")) {
      out += line.front();
      line.remove_prefix(2);
      continue;
    }
    const auto name = name_at(line, "{");
    const auto value = name.has_value() ? values.find(*name) : values.end();
    if (value == values.end()) {
      out += line.front();
      line.remove_prefix(1);
      continue;
    }
    out += written(phone, value->second);
    line.remove_prefix(name->size() + 2);
  }
}

bool is_mac(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::span<const std::string_view> provisioned_phones() {
  return kNames;
}

std::optional<ProvisionedPhone> provisioned_phone_from(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (detail::lower(name) == kNames.at(i)) return static_cast<ProvisionedPhone>(i);
  return std::nullopt;
}

std::string_view own_pattern(ProvisionedPhone phone) {
  switch (phone) {
    case ProvisionedPhone::Yealink:
      return kYealink;
    case ProvisionedPhone::Grandstream:
      return kGrandstream;
    case ProvisionedPhone::Snom:
      return kSnom;
    case ProvisionedPhone::Linphone:
      break;
  }
  return kLinphone;
}

std::string_view type_of(ProvisionedPhone phone) {
  return is_xml(phone) ? "application/xml" : "text/plain";
}

std::string provisioned(ProvisionedPhone phone, std::string_view pattern,
                        const PhoneSettings& settings) {
  const Values values = values_of(settings);
  std::string out;
  while (!pattern.empty()) {
    const std::size_t end = std::min(pattern.find('\n'), pattern.size());
    std::string_view line = pattern.substr(0, end);
    const bool ended = end < pattern.size();
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
    if (const auto wanted = name_at(line, "{?")) {
      const auto value = values.find(*wanted);
      if (value == values.end() || value->second.empty()) continue;
      line.remove_prefix(wanted->size() + 3);
    }
    append_line(out, line, phone, values);
    if (ended) out += '\n';
  }
  return out;
}

bool is_file_of(ProvisionedPhone phone, std::string_view name) {
  const std::string lower = detail::lower(name);
  std::string_view rest = lower;
  const auto cut = [&rest](std::string_view ending) {
    if (!rest.ends_with(ending)) return false;
    rest.remove_suffix(ending.size());
    return true;
  };
  switch (phone) {
    case ProvisionedPhone::Yealink:
      return cut(".cfg") && is_mac(rest);
    case ProvisionedPhone::Grandstream:
      if (!cut(".xml") || !rest.starts_with("cfg")) return false;
      return is_mac(rest.substr(3));
    case ProvisionedPhone::Snom: {
      if (!cut(".xml") && !cut(".htm")) return false;
      const std::size_t dash = rest.find('-');
      if (dash == std::string_view::npos) return is_mac(rest);
      return rest.starts_with("snom") && is_mac(rest.substr(dash + 1));
    }
    case ProvisionedPhone::Linphone:
      break;
  }
  return lower == "linphone.xml";
}

}  // namespace model
