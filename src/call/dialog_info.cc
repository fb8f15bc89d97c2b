#include "call/detail/dialog_info.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/markup.h"
#include "sip/uri.h"

namespace call {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  std::string out{" "};
  return out.append(name).append("=\"").append(base::escaped_markup(value)).append("\"");
}

const char* word(DialogState state) {
  switch (state) {
    case DialogState::Trying:
      return "trying";
    case DialogState::Early:
      return "early";
    case DialogState::Confirmed:
      return "confirmed";
    case DialogState::Terminated:
      return "terminated";
  }
  return "terminated";
}

// <local> or <remote>.
void append_party(std::string& out, std::string_view party, std::string_view number,
                  std::string_view name, std::string_view domain) {
  if (number.empty()) return;
  const std::string uri = "sip:" + sip::escaped_user(number) + "@" + std::string(domain);
  out.append("<").append(party).append("><identity");
  if (!name.empty()) out += attribute("display", name);
  out.append(">").append(base::escaped_markup(uri)).append("</identity><target");
  out.append(attribute("uri", uri)).append("/></").append(party).append(">\r\n");
}

void append_dialog(std::string& out, const std::string& id, const DialogLine& line,
                   std::string_view domain) {
  out.append("<dialog").append(attribute("id", id));
  if (!line.names.empty()) {
    const DialogNames& names = line.names.front();
    out += attribute("call-id", names.call_id);
    out += attribute("local-tag", names.local_tag);
    out += attribute("remote-tag", names.remote_tag);
  }
  if (!line.local.empty()) {
    out += attribute("direction", line.recipient ? "recipient" : "initiator");
  }
  out.append(">\r\n<state>").append(word(line.state)).append("</state>\r\n");
  append_party(out, "local", line.local, {}, domain);
  append_party(out, "remote", line.remote, line.remote_name, domain);
  out += "</dialog>\r\n";
}

}  // namespace

DialogLine line_for(const DialogLine& line, const std::string& user_id) {
  DialogLine out = line;
  if (line.names.size() < 2) return out;
  const auto own = std::find_if(line.names.begin(), line.names.end(),
                                [&](const DialogNames& names) { return names.user_id == user_id; });
  out.names = {own == line.names.end() ? line.names.front() : *own};
  return out;
}

std::string dialog_info(const DialogDocument& document) {
  std::string out =
      "<?xml version=\"1.0\"?>\r\n"
      "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\"";
  out += attribute("version", std::to_string(document.version));
  out += attribute("state", document.full ? "full" : "partial");
  out.append(attribute("entity", document.entity)).append(">\r\n");
  for (const auto& [id, line] : document.lines) append_dialog(out, id, line, document.domain);
  if (document.full && document.lines.empty()) {
    DialogLine idle;
    idle.state = DialogState::Terminated;
    append_dialog(out, "idle", idle, document.domain);
  }
  return out += "</dialog-info>\r\n";
}

DialogLines difference(const DialogLines& told, const DialogLines& now) {
  DialogLines out;
  for (const auto& [id, line] : now) {
    const auto before = told.find(id);
    if (before == told.end() || before->second != line) out.emplace(id, line);
  }
  for (const auto& [id, line] : told) {
    if (now.contains(id)) continue;
    DialogLine gone = line;
    gone.state = DialogState::Terminated;
    out.emplace(id, std::move(gone));
  }
  return out;
}

std::string pidf(const Presence& presence) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\""
      " xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
      " xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\"";
  out.append(attribute("entity", presence.entity))
      .append(">\r\n<tuple id=\"phone\"><status><basic>");
  out.append(presence.open ? "open" : "closed").append("</basic></status></tuple>\r\n");
  if (presence.on_phone || presence.away) {
    out += "<dm:person id=\"person\"><rpid:activities>";
    if (presence.on_phone) out += "<rpid:on-the-phone/>";
    if (presence.away) out += "<rpid:busy/>";
    out += "</rpid:activities></dm:person>\r\n";
  }
  return out += "</presence>\r\n";
}

}  // namespace call
