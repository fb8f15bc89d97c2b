#include "sip/stun.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"

namespace sip {
namespace {

constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kCookieAt = 4, kCookieBytes = 4;
constexpr std::string_view kCookie{"\x21\x12\xA4\x42", kCookieBytes};
constexpr std::uint16_t kBindingRequest = 0x0001, kBindingSuccess = 0x0101, kBindingError = 0x0111;
constexpr std::uint16_t kErrorCode = 0x0009, kUnknownAttributes = 0x000A,
                        kXorMappedAddress = 0x0020;
constexpr std::uint16_t kComprehensionOptional = 0x8000;  // from here on unknown ones do no harm
constexpr std::size_t kUnknownMax = 8;

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) << 8U |
                                    static_cast<std::uint8_t>(bytes[at + 1]));
}

void append_number(std::string& out, std::uint16_t value) {
  out += static_cast<char>(value >> 8U);
  out += static_cast<char>(value & 0xFFU);
}

// Value with its padding to four bytes.
void append_attribute(std::string& out, std::uint16_t type, std::string_view value) {
  append_number(out, type);
  append_number(out, static_cast<std::uint16_t>(value.size()));
  out += value;
  out.append((4 - value.size() % 4) % 4, '\0');
}

// RFC 8489 14.2: what the cookie and the transaction hide from NATs that rewrite addresses.
std::string xor_mapped(const base::Address& source, std::string_view request) {
  std::string value(1, '\0');
  value += static_cast<char>(source.ip.is_v6 ? 2 : 1);
  append_number(value, static_cast<std::uint16_t>(source.port ^ number_at(request, kCookieAt)));
  const std::size_t size = source.ip.is_v6 ? 16 : 4;
  for (std::size_t i = 0; i < size; ++i)
    value += static_cast<char>(source.ip.bytes.at(i) ^
                               static_cast<std::uint8_t>(request[kCookieAt + i]));
  return value;
}

// The attributes that must be understood and are not: all below the optional ones, for none of them
// means anything in a keep-alive. False if the message is malformed.
bool read_attributes(std::string_view attributes, std::vector<std::uint16_t>& unknown) {
  while (!attributes.empty()) {
    if (attributes.size() < 4) return false;
    const std::uint16_t type = number_at(attributes, 0);
    const std::size_t size = 4 + (std::size_t{number_at(attributes, 2)} + 3) / 4 * 4;
    if (attributes.size() < size) return false;
    attributes.remove_prefix(size);
    if (type < kComprehensionOptional && unknown.size() < kUnknownMax) unknown.push_back(type);
  }
  return true;
}

std::string answer_of(std::uint16_t type, std::string_view request, std::string_view attributes) {
  std::string out;
  append_number(out, type);
  append_number(out, static_cast<std::uint16_t>(attributes.size()));
  out += request.substr(kCookieAt, kHeaderBytes - kCookieAt);
  out += attributes;
  return out;
}

}  // namespace

bool is_stun(std::string_view bytes) {
  return bytes.size() >= kHeaderBytes && (static_cast<std::uint8_t>(bytes[0]) & 0xC0U) == 0 &&
         bytes.substr(kCookieAt, kCookieBytes) == kCookie;
}

std::string stun_answer(std::string_view request, const base::Address& source) {
  if (!is_stun(request) || number_at(request, 0) != kBindingRequest) return {};
  const std::string_view attributes = request.substr(kHeaderBytes);
  std::vector<std::uint16_t> unknown;
  if (number_at(request, 2) != attributes.size() || !read_attributes(attributes, unknown))
    return {};
  std::string told;
  if (unknown.empty()) {
    append_attribute(told, kXorMappedAddress, xor_mapped(source, request));
    return answer_of(kBindingSuccess, request, told);
  }
  std::string types;
  for (const std::uint16_t type : unknown) append_number(types, type);
  append_attribute(told, kErrorCode, std::string_view{"\0\0\x04\x14Unknown Attribute", 21});
  append_attribute(told, kUnknownAttributes, types);
  return answer_of(kBindingError, request, told);
}

}  // namespace sip
