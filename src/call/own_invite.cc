#include "call/detail/own_invite.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace call {
namespace {

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find("\r\n"), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 2, rest.size()));
  return line;
}

std::string hop_by_hop(std::string_view invite, std::string_view method, std::string_view to,
                       std::string_view lines) {
  std::string out;
  out.reserve(640);
  std::string_view rest = invite;
  const std::string_view start = take_line(rest);
  out += method;
  out += start.substr(std::min(start.find(' '), start.size()));
  out += "\r\n";
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.starts_with("CSeq: ")) {
      out += line.substr(0, line.rfind(' ') + 1);
      out += method;
      out += "\r\n";
      break;
    }
    if (!to.empty() && line.starts_with("To: ")) {
      out += "To: ";
      out += to;
    } else {
      out += line;
    }
    out += "\r\n";
  }
  out += lines;
  out += "Content-Length: 0\r\n\r\n";
  return out;
}

}  // namespace

std::string cancel_of(std::string_view invite, std::string_view reason_lines) {
  return hop_by_hop(invite, "CANCEL", {}, reason_lines);
}

std::string failure_ack_of(std::string_view invite, std::string_view to) {
  return hop_by_hop(invite, "ACK", to, {});
}

}  // namespace call
