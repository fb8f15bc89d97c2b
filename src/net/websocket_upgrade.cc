// The HTTP part of a WebSocket; the only file of net/ that knows Boost.Beast (it takes long to
// compile).

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/evp.h>

#include "net/websocket.h"

namespace net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

// What both sides append to the key (RFC 6455 section 1.3).
constexpr std::string_view kAcceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kKeyLength = 24;  // 16 bytes in base64
constexpr const char* kSubprotocol = "sip";

Upgrade refused(std::string_view status, std::string why, std::string_view more = {}) {
  std::string answer = "HTTP/1.1 ";
  answer.append(status).append("\r\n").append(more);
  answer.append("Connection: close\r\nContent-Length: 0\r\n\r\n");
  return {false, std::move(answer), std::move(why)};
}

// The host of "https://pbx.example:8089", "pbx.example:5066" or "[::1]:5066".
std::string_view host_in(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (bracket != std::string_view::npos) return text.substr(0, bracket + 1);
  return text.substr(0, text.find(':'));
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool same_host(std::string_view origin, std::string_view host) {
  const std::string_view from = host_in(origin);
  const std::string_view to = host_in(host);
  return !from.empty() && beast::iequals({from.data(), from.size()}, {to.data(), to.size()});
}

std::string accept_of(std::string_view key) {
  std::string text(key);
  text += kAcceptGuid;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
    return {};
  std::array<unsigned char, 64> out{};
  const int length = EVP_EncodeBlock(out.data(), digest.data(), static_cast<int>(size));
  return {out.begin(), out.begin() + length};
}

bool is_key(std::string_view key) {
  std::array<unsigned char, 24> bytes{};
  return key.size() == kKeyLength && key.ends_with("==") &&
         EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(key.data()),
                         static_cast<int>(key.size())) == 18;
}

}  // namespace

Upgrade upgrade(std::string_view head) {
  http::request_parser<http::empty_body> parser;
  parser.eager(false);
  boost::system::error_code error;
  (void)parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error || !parser.is_header_done())
    return refused("400 Bad Request", "what came is no HTTP/1.1");
  const auto& request = parser.get();
  if (request.method() != http::verb::get || request.version() != 11)
    return refused("405 Method Not Allowed", "the request is no GET", "Allow: GET\r\n");
  const bool upgrades = http::token_list{request[http::field::connection]}.exists("upgrade") &&
                        http::token_list{request[http::field::upgrade]}.exists("websocket");
  if (!upgrades)
    return refused("426 Upgrade Required", "the request is no WebSocket's",
                   "Upgrade: websocket\r\n");
  if (view(request[http::field::sec_websocket_version]) != "13")
    return refused("426 Upgrade Required", "it speaks another version of WebSocket",
                   "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n");
  const std::string_view key = view(request[http::field::sec_websocket_key]);
  if (!is_key(key)) return refused("400 Bad Request", "its Sec-WebSocket-Key is no key");
  if (!http::token_list{request[http::field::sec_websocket_protocol]}.exists(kSubprotocol))
    return refused("400 Bad Request", "it does not offer the subprotocol sip");
  const std::string_view origin = view(request[http::field::origin]);
  if (!origin.empty() && !same_host(origin, view(request[http::field::host])))
    return refused("403 Forbidden", "the page is from another host");
  std::string answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Accept: ";
  answer.append(accept_of(key)).append("\r\n\r\n");
  return {true, std::move(answer), {}};
}

}  // namespace net
