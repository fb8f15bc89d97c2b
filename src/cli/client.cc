// The only file of the command line that knows Boost.Beast.
#include "cli/client.h"

#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "base/result.h"

namespace cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using asio::local::stream_protocol;

struct Url {
  std::string host, port;
};

base::Result<Url, std::string> read_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme))
    return base::Unexpected{"--server: an address such as http://127.0.0.1:8080, not \"" +
                            std::string{url} + "\""};
  url.remove_prefix(kScheme.size());
  url = url.substr(0, url.find('/'));
  const std::size_t colon = url.rfind(':');
  if (colon == std::string_view::npos) return Url{std::string{url}, "80"};
  return Url{std::string{url.substr(0, colon)}, std::string{url.substr(colon + 1)}};
}

http::request<http::string_body> request_of(const Server& server, const Ask& what,
                                            const std::string& host) {
  http::request<http::string_body> request{http::string_to_verb(what.method), what.target, 11};
  request.set(http::field::host, host);
  request.set(http::field::accept, what.accept);
  request.set(http::field::connection, "close");
  if (!server.token.empty()) request.set(http::field::authorization, "Bearer " + server.token);
  request.body() = what.body;
  request.prepare_payload();
  return request;
}

template <class Stream>
Reply round_trip(Stream& stream, const http::request<http::string_body>& request) {
  http::write(stream, request);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::size_t{256} * 1024 * 1024);
  http::read(stream, buffer, parser);
  return {static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

// Takes whole events ("data: …\n" up to a blank line) off the front of `text`.
bool take_events(std::string& text, const std::function<bool(std::string_view)>& on_event) {
  for (;;) {
    const std::size_t end = text.find("\n\n");
    if (end == std::string::npos) return true;
    const std::string event = text.substr(0, end + 1);
    text.erase(0, end + 2);
    const std::size_t data = event.find("data: ");
    if (data == std::string::npos) continue;
    const std::size_t line_end = event.find('\n', data);
    if (!on_event(std::string_view{event}.substr(data + 6, line_end - data - 6))) return false;
  }
}

template <class Stream>
void read_events(Stream& stream, const http::request<http::string_body>& request,
                 const std::function<bool(std::string_view)>& on_event) {
  http::write(stream, request);
  std::string text;
  bool in_body = false;
  for (;;) {
    char chunk[4096];
    beast::error_code error;
    const std::size_t size = stream.read_some(asio::buffer(chunk), error);
    if (error) return;
    text.append(chunk, size);
    if (!in_body) {
      const std::size_t head = text.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      text.erase(0, head + 4);
      in_body = true;
    }
    if (!take_events(text, on_event)) return;
  }
}

// Opens the right kind of stream and hands it to `use`.
template <class Use>
base::Status<std::string> with_stream(const Server& server, Use use) {
  try {
    asio::io_context io;
    if (!server.url.empty()) {
      const auto url = read_url(server.url);
      if (!url) return base::Unexpected{url.error()};
      tcp::socket socket{io};
      try {
        asio::connect(socket, tcp::resolver{io}.resolve(url->host, url->port));
      } catch (const std::exception& error) {
        return base::Unexpected{"no Harrier answers at " + server.url + " (" + error.what() + ")"};
      }
      use(socket, url->host);
      return base::Ok{};
    }
    const std::string file = server.data_folder + "/harrier.sock";
    stream_protocol::socket socket{io};
    beast::error_code error;
    (void)socket.connect(stream_protocol::endpoint{file}, error);
    if (error)
      return base::Unexpected{"no Harrier runs in " + server.data_folder + " (" + file + ": " +
                              error.message() +
                              "); start it, or name another with --data or --server"};
    use(socket, std::string{"localhost"});
    return base::Ok{};
  } catch (const std::exception& error) {
    return base::Unexpected{std::string{"the server hung up: "} + error.what()};
  }
}

}  // namespace

base::Result<Reply, std::string> ask(const Server& server, const Ask& what) {
  Reply reply;
  const auto done = with_stream(server, [&](auto& stream, const std::string& host) {
    reply = round_trip(stream, request_of(server, what, host));
  });
  if (!done) return base::Unexpected{done.error()};
  return reply;
}

base::Status<std::string> follow(const Server& server, const std::string& target,
                                 const std::function<bool(std::string_view data)>& on_event) {
  Ask what;
  what.target = target;
  what.accept = "text/event-stream";
  return with_stream(server, [&](auto& stream, const std::string& host) {
    read_events(stream, request_of(server, what, host), on_event);
  });
}

std::string escaped(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 0xFU];
    }
  }
  return out;
}

}  // namespace cli
