#include "call/traffic.h"

#include <charconv>

namespace call {
namespace {

constexpr std::string_view kStatus = "SIP/2.0 ";

void count_request(Traffic::Direction& direction, sip::Method method, base::Transport transport) {
  ++direction.requests.at(static_cast<std::size_t>(method)).at(static_cast<std::size_t>(transport));
}

void count_response(Traffic::Direction& direction, std::uint16_t code) {
  if (code < Traffic::kCodes) ++direction.responses.at(code);
}

}  // namespace

void Traffic::came(const sip::Message& message, base::Transport transport) {
  if (message.is_request()) {
    count_request(in_, message.method(), transport);
  } else {
    count_response(in_, message.code());
  }
}

void Traffic::went(std::string_view bytes, base::Transport transport) {
  if (!bytes.starts_with(kStatus)) {
    count_request(out_, sip::method_from(bytes.substr(0, bytes.find(' '))), transport);
    return;
  }
  bytes.remove_prefix(kStatus.size());
  std::uint16_t code = 0;
  (void)std::from_chars(bytes.data(), bytes.data() + bytes.size(), code);
  count_response(out_, code);
}

}  // namespace call
