// The only file that knows Boost.Beast: it takes long to compile.
#include "api/http_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <boost/asio.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/core/detect_ssl.hpp>
#include <boost/beast/http.hpp>

#include "api/detail/http_sockets.h"
#include "api/http.h"
#include "api/plain_refusals.h"
#include "base/address.h"
#include "base/result.h"
#include "net/clock.h"
#include "obs/events.h"

namespace api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::chrono::seconds kReadLimit{30};
constexpr std::chrono::seconds kWriteLimit{30};
constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::chrono::seconds kReadAway{2};
constexpr std::size_t kEventsWaitingMax = 4'096;  // a reader that slow is cut off
constexpr std::uint32_t kHeaderBytesMax = 16'384;

// Events on their way from the feed's thread to one stream.
struct Mailbox {
  std::mutex mutex;
  std::deque<std::shared_ptr<const obs::Event>> waiting;
  bool overrun = false;
  bool is_readable = false;  // touched in the stream's strand only
};

// A reader has nothing to say but that it went away; the kernel's word may be of its request still.
bool is_gone(int descriptor) {
  char byte = 0;
  return ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

std::string lowered(beast::string_view text) {
  std::string out{text.data(), text.size()};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// How a connection reaches us.
struct Way {
  bool is_local = false, is_secure = false;
  std::string peer;
};

// All but the body, which has not come yet.
std::optional<Request> head_of(const http::request<http::string_body>& from, const Way& way) {
  Request request;
  request.method = std::string{from.method_string()};
  request.peer = way.peer;
  request.is_local = way.is_local;
  request.is_secure = way.is_secure;
  for (const auto& field : from)
    request.headers[lowered(field.name_string())] = std::string{field.value()};
  const auto target = from.target();
  if (!read_target({target.data(), target.size()}, request)) return {};
  return request;
}

http::response<http::string_body> to_response(Response&& from, const Way& way, unsigned version,
                                              bool keep_alive) {
  http::response<http::string_body> out{static_cast<http::status>(from.status), version};
  out.set(http::field::content_type, from.type);
  out.set("X-Content-Type-Options", "nosniff");
  out.set(http::field::cache_control, "no-store");
  // For what is shown without being a page of ours; pages bring their own.
  out.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  out.set("Referrer-Policy", "no-referrer");
  if (way.is_secure) out.set("Strict-Transport-Security", "max-age=31536000");
  for (const auto& [name, value] : from.headers) out.set(name, value);
  out.keep_alive(keep_alive);
  out.body() = std::move(from.body);
  out.prepare_payload();
  return out;
}

std::string peer_of(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string{} : endpoint.address().to_string();
}
std::string peer_of(const stream_protocol::socket&) {
  return {};
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, Gate gate, Handler handler, obs::Feed& feed)
      : options_(std::move(options)),
        gate_(std::move(gate)),
        handler_(std::move(handler)),
        feed_(feed) {}

  base::Status<std::string> start() {
    if (!options_.certificate_file.empty()) {
      auto used = use_certificate(options_.certificate_file, options_.key_file);
      if (!used) return used;
    }
    if (auto opened = detail::open_tcp(tcp_, options_.listen); !opened) return opened;
    if (!options_.socket_file.empty()) {
      if (auto opened = detail::open_local(local_, options_.socket_file); !opened) return opened;
    }
    asio::co_spawn(io_, accept(tcp_, false), asio::detached);
    if (local_.is_open()) asio::co_spawn(io_, accept(local_, true), asio::detached);
    for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { io_.run(); });
    return base::Ok{};
  }

  base::Status<std::string> use_certificate(const std::string& certificate_file,
                                            const std::string& key_file) {
    auto made = detail::read_certificate(certificate_file, key_file);
    if (!made) return base::Unexpected{made.error()};
    const std::scoped_lock lock{tls_mutex_};
    tls_ = *std::move(made);
    return base::Ok{};
  }

  void stop() {
    if (stopped_.exchange(true)) return;
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
    if (!options_.socket_file.empty()) ::unlink(options_.socket_file.c_str());
  }

  [[nodiscard]] base::Address address() const {
    base::Address address = options_.listen;
    error_code error;
    address.port = tcp_.local_endpoint(error).port();
    return address;
  }

 private:
  template <class Acceptor>
  awaitable<void> accept(Acceptor& acceptor, bool is_local) {
    for (;;) {
      error_code error;
      auto socket = co_await acceptor.async_accept(redirect_error(use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // out of descriptors: breathe, then go on
        asio::steady_timer pause{io_, std::chrono::milliseconds{50}};
        co_await pause.async_wait(redirect_error(use_awaitable, error));
        continue;
      }
      if (connections_ >= options_.max_connections) continue;  // closed by the destructor
      using Socket = decltype(socket);
      using Stream = beast::basic_stream<typename Socket::protocol_type, asio::any_io_executor>;
      asio::co_spawn(asio::make_strand(io_),
                     greet(std::make_unique<Stream>(std::move(socket)), is_local), asio::detached);
    }
  }

  std::shared_ptr<asio::ssl::context> tls() {
    const std::scoped_lock lock{tls_mutex_};
    return tls_;
  }

  struct Counted {
    explicit Counted(std::atomic<std::size_t>& counter) : count(counter) { ++count; }
    ~Counted() { --count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::atomic<std::size_t>& count;
  };

  // Whoever begins with a TLS handshake gets TLS.
  template <class Stream>
  awaitable<void> greet(std::unique_ptr<Stream> stream, bool is_local) {
    const Counted counted{connections_};
    beast::flat_buffer buffer;
    Way way{is_local, false, peer_of(stream->socket())};
    if (is_local || tls() == nullptr) {
      co_await session(*stream, buffer, way);
      co_return;
    }
    error_code error;
    stream->expires_after(kReadLimit);
    way.is_secure =
        co_await beast::async_detect_ssl(*stream, buffer, redirect_error(use_awaitable, error));
    if (error) co_return;
    if (!way.is_secure) {
      co_await session(*stream, buffer, way);
      co_return;
    }
    const auto context = tls();
    asio::ssl::stream<Stream&> secured{*stream, *context};
    stream->expires_after(kReadLimit);
    const std::size_t taken = co_await secured.async_handshake(
        asio::ssl::stream_base::server, buffer.data(), redirect_error(use_awaitable, error));
    if (error) co_return;
    buffer.consume(taken);
    co_await session(secured, buffer, way);
  }

  // `stream` is plain or TLS; timeouts and sockets are those below it.
  template <class Stream>
  awaitable<void> session(Stream& stream, beast::flat_buffer& buffer, const Way& way) {
    for (;;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(options_.max_body);
      parser.header_limit(kHeaderBytesMax);
      beast::get_lowest_layer(stream).expires_after(kReadLimit);
      error_code error;
      co_await http::async_read_header(stream, buffer, parser,
                                       redirect_error(use_awaitable, error));
      auto request = error ? std::nullopt : head_of(parser.get(), way);
      auto refusal = answer_to_head(parser, request, error);
      if (!error && !refusal.has_value() && !parser.is_done()) {
        co_await http::async_read(stream, buffer, parser, redirect_error(use_awaitable, error));
        if (error == http::error::body_limit) refusal = too_large();
        if (is_malformed(error)) refusal = malformed();
      }
      if (refusal.has_value()) {
        if (co_await write(stream, to_response(*std::move(refusal), way, 11, false)))
          co_await read_away(stream);
        co_return;
      }
      if (error) co_return;
      request->body = std::move(parser.get().body());
      const bool keep_alive = parser.get().keep_alive();
      const unsigned version = parser.get().version();
      Response response = handler_(*request);
      if (response.event_stream) {
        co_await stream_events(stream, response);
        co_return;
      }
      if (!co_await write(stream, to_response(std::move(response), way, version, keep_alive)))
        co_return;
      if (!keep_alive) co_return;
    }
  }

  // The answer to a request whose body is not wanted, and what the body may be long.
  std::optional<Response> answer_to_head(http::request_parser<http::string_body>& parser,
                                         const std::optional<Request>& head,
                                         const error_code& error) {
    if (error == http::error::body_limit || error == http::error::header_limit) return too_large();
    if (is_malformed(error)) return malformed();
    if (error) return {};
    if (!head.has_value()) return bad_target();
    if (parser.is_done()) return {};  // no body
    Admission admission = gate_(*head);
    if (admission.refusal.has_value()) return std::move(admission.refusal);
    const std::size_t limit = std::min(admission.max_body, options_.max_body);
    // Beast looks at the length before we know the limit; at chunks as they come.
    if (parser.content_length().value_or(0) > limit) return too_large();
    parser.body_limit(limit);
    return {};
  }

  // What the other side still sends is thrown away for a moment: a socket that is closed with
  // unread bytes resets the connection, and the answer with it.
  template <class Stream>
  awaitable<void> read_away(Stream& stream) {
    error_code error;
    auto& lowest = beast::get_lowest_layer(stream);
    (void)lowest.socket().shutdown(asio::socket_base::shutdown_send, error);
    lowest.expires_after(kReadAway);
    std::array<char, 8'192> rubbish{};
    while (!error)
      co_await stream.async_read_some(asio::buffer(rubbish), redirect_error(use_awaitable, error));
  }

  template <class Stream>
  awaitable<bool> write(Stream& stream, http::response<http::string_body> response) {
    beast::get_lowest_layer(stream).expires_after(kWriteLimit);
    error_code error;
    co_await http::async_write(stream, response, redirect_error(use_awaitable, error));
    co_return !error;
  }

  // What came is no HTTP; not that nothing, or too little, came.
  static bool is_malformed(const error_code& error) {
    return error.category() == http::make_error_code(http::error::bad_method).category() &&
           error != http::error::end_of_stream && error != http::error::partial_message;
  }
  // Tells a reader that what it has is older than what is kept: it reads everything afresh.
  static std::string gap_event(std::uint64_t after) {
    obs::Event gap;
    gap.id = after;
    gap.time = net::read_clocks().wall;
    gap.type = "stream.gap";
    return "event: stream.gap\ndata: " + gap.to_json() + "\n\n";
  }

  // Also when the stream ends because the server does: what the feed calls must not outlive `io_`.
  struct Subscribed {
    Subscribed(obs::Feed& from, std::uint64_t subscription) : feed(from), number(subscription) {}
    ~Subscribed() {
      if (number != 0) feed.unsubscribe(number);
    }
    Subscribed(const Subscribed&) = delete;
    Subscribed& operator=(const Subscribed&) = delete;
    obs::Feed& feed;
    std::uint64_t number;
  };

  template <class Stream>
  awaitable<void> stream_events(Stream& stream, const Response& response) {
    const auto executor = co_await asio::this_coro::executor;
    const bool has_gap =
        response.events_after.has_value() && !feed_.keeps_all_after(*response.events_after);
    const auto mailbox = std::make_shared<Mailbox>();
    const auto timer = std::make_shared<asio::steady_timer>(executor);
    const std::uint64_t subscription =
        feed_.subscribe(response.events_after,
                        [mailbox, timer, executor](const std::shared_ptr<const obs::Event>& e) {
                          {
                            const std::scoped_lock lock{mailbox->mutex};
                            if (mailbox->waiting.size() >= kEventsWaitingMax)
                              mailbox->overrun = true;
                            else
                              mailbox->waiting.push_back(e);
                          }
                          asio::post(executor, [timer] { timer->cancel(); });
                        });
    const Subscribed subscribed{feed_, subscription};
    auto& socket = beast::get_lowest_layer(stream).socket();
    const auto watch = [&socket, executor, mailbox, timer] {
      socket.async_wait(asio::socket_base::wait_read,
                        asio::bind_executor(executor, [mailbox, timer](const error_code&) {
                          mailbox->is_readable = true;
                          timer->cancel();
                        }));
    };
    watch();
    std::string text =
        subscription == 0
            ? "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
              "X-Content-Type-Options: nosniff\r\nX-Accel-Buffering: no\r\nConnection: "
              "close\r\n\r\nretry: 2000\n\n";
    if (subscription != 0 && has_gap) text += gap_event(*response.events_after);
    bool good = co_await write_text(stream, text);
    while (good && subscription != 0 && !stopped_) {
      if (mailbox->is_readable) {
        if (is_gone(socket.native_handle())) break;
        mailbox->is_readable = false;
        watch();
      }
      text.clear();
      bool overrun = false;
      std::deque<std::shared_ptr<const obs::Event>> batch;
      {
        const std::scoped_lock lock{mailbox->mutex};
        batch.swap(mailbox->waiting);
        overrun = mailbox->overrun;
      }
      for (const auto& event : batch)
        if (!response.shows || response.shows(*event))
          text += "id: " + std::to_string(event->id) + "\nevent: " + event->type +
                  "\ndata: " + event->to_json() + "\n\n";
      if (!text.empty()) {
        good = co_await write_text(stream, text);
        continue;
      }
      if (overrun || (response.goes_on && !response.goes_on())) break;
      error_code error;
      timer->expires_after(kHeartbeat);
      // What came between the look above and the wait posted its cancel after it: it wakes us.
      co_await timer->async_wait(redirect_error(use_awaitable, error));
      if (!error) good = co_await write_text(stream, ": still here\n\n");
    }
  }

  template <class Stream>
  awaitable<bool> write_text(Stream& stream, const std::string& text) {
    beast::get_lowest_layer(stream).expires_after(kWriteLimit);
    error_code error;
    co_await asio::async_write(stream, asio::buffer(text), redirect_error(use_awaitable, error));
    co_return !error;
  }

  // Given to us.
  HttpServerOptions options_;
  Gate gate_;
  Handler handler_;
  obs::Feed& feed_;
  // Owned.
  std::mutex tls_mutex_;                     // guards tls_
  std::shared_ptr<asio::ssl::context> tls_;  // null: HTTP alone
  asio::io_context io_;
  tcp::acceptor tcp_{io_};
  stream_protocol::acceptor local_{io_};
  std::vector<std::thread> threads_;
  // Plain state.
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<bool> stopped_ = false;
};

HttpServer::HttpServer(HttpServerOptions options, Gate gate, Handler handler, obs::Feed& feed)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(gate), std::move(handler), feed)) {
}
HttpServer::~HttpServer() {
  stop();
}
base::Status<std::string> HttpServer::start() {
  return impl_->start();
}
base::Address HttpServer::address() const {
  return impl_->address();
}
base::Status<std::string> HttpServer::use_certificate(const std::string& certificate_file,
                                                      const std::string& key_file) {
  return impl_->use_certificate(certificate_file, key_file);
}
void HttpServer::stop() {
  impl_->stop();
}

}  // namespace api
