#include "notify/http_client.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <curl/easy.h>
#include <curl/multi.h>
#include <curl/system.h>

#include "base/address.h"
#include "net/socket_address.h"

namespace notify {
namespace {

constexpr long kConnectMs = 5'000;
constexpr long kAllMs = 15'000;
constexpr std::size_t kAnswerBytesMax = 65'536;
constexpr std::int64_t kRetryAfterMax = 86'400;

// One request on its way.
struct Transfer {
  HttpRequest request;
  const std::vector<base::Cidr>* allow = nullptr;
  curl_slist* headers = nullptr;
  std::size_t received = 0;
  std::string refused;  // the address that may not be asked
  std::array<char, CURL_ERROR_SIZE> words{};
};

std::size_t count_and_drop(const char* /*bytes*/, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  transfer.received += size * count;
  return transfer.received > kAnswerBytesMax ? 0 : size * count;
}

bool may_be_asked(const base::IpAddress& ip, const std::vector<base::Cidr>& allow) {
  if (!is_special(ip)) return true;
  return std::ranges::any_of(allow, [&](const base::Cidr& cidr) { return cidr.contains(ip); });
}

// libcurl opens each socket by this, with the address that the name has.
curl_socket_t open_socket(void* to, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(to);
  sockaddr_storage kernel{};
  std::memcpy(&kernel, &address->addr, std::min<std::size_t>(address->addrlen, sizeof(kernel)));
  const base::IpAddress ip = net::from_kernel(kernel).ip;
  if (!may_be_asked(ip, *transfer.allow)) {
    transfer.refused = ip.to_string();
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool starts_with(const base::IpAddress& ip, std::initializer_list<std::uint8_t> bytes) {
  return std::equal(bytes.begin(), bytes.end(), ip.bytes.begin());
}

// The IPv4 address at this place of an IPv6 address.
base::IpAddress inner(const base::IpAddress& ip, std::size_t at) {
  base::IpAddress made;
  std::copy_n(ip.bytes.begin() + static_cast<std::ptrdiff_t>(at), 4, made.bytes.begin());
  return made;
}

bool is_special_v4(const base::IpAddress& ip) {
  const std::uint8_t first = ip.bytes[0];
  const std::uint8_t second = ip.bytes[1];
  const bool protocol = starts_with(ip, {192, 0, 0}) || starts_with(ip, {192, 88, 99});
  const bool documentation = starts_with(ip, {192, 0, 2}) || starts_with(ip, {198, 51, 100}) ||
                             starts_with(ip, {203, 0, 113});
  const bool benchmark = first == 198 && (second == 18 || second == 19);
  return first == 0 || first >= 224 || protocol || documentation || benchmark;
}

bool is_special_v6(const base::IpAddress& ip) {
  if (starts_with(ip, {0xFF}) || starts_with(ip, {0x20, 0x01, 0x0D, 0xB8})) return true;
  if (starts_with(ip, {0xFE}) && ip.bytes[1] >= 0x80) return true;  // link- and site-local
  // Those that carry an IPv4 address: compatible and mapped, NAT64 (RFC 6052), 6to4.
  static constexpr std::size_t kBeforeCompatible = 10;
  const bool zeros = std::all_of(ip.bytes.begin(), ip.bytes.begin() + kBeforeCompatible,
                                 [](std::uint8_t byte) { return byte == 0; });
  if (zeros) return true;
  if (starts_with(ip, {0x00, 0x64, 0xFF, 0x9B})) return is_special(inner(ip, 12));
  if (starts_with(ip, {0x20, 0x02})) return is_special(inner(ip, 2));
  return starts_with(ip, {0x20, 0x01, 0x00, 0x00});  // Teredo
}

}  // namespace

bool is_special(const base::IpAddress& ip) {
  if (ip.is_private() || ip.is_loopback() || ip.is_unspecified()) return true;
  return ip.is_v6 ? is_special_v6(ip) : is_special_v4(ip);
}

class HttpClient::Impl {
 public:
  explicit Impl(std::vector<base::Cidr> allow) : allow_(std::move(allow)) {
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = curl_multi_init();
  }
  ~Impl() {
    for (auto& [easy, transfer] : transfers_) release(easy, *transfer);
    if (multi_ != nullptr) curl_multi_cleanup(multi_);
    curl_global_cleanup();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void begin(HttpRequest request) {
    CURL* easy = curl_easy_init();
    if (easy == nullptr || multi_ == nullptr) {
      ended_.push_back({request.id, 0, "libcurl cannot begin", 0, false});
      if (easy != nullptr) curl_easy_cleanup(easy);
      return;
    }
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->allow = &allow_;
    prepare(easy, *transfer);
    (void)curl_multi_add_handle(multi_, easy);
    transfers_.emplace(easy, std::move(transfer));
  }

  [[nodiscard]] std::size_t running() const { return transfers_.size() + ended_.size(); }

  std::vector<HttpAnswer> work(int wait_ms) {
    int alive = 0;
    (void)curl_multi_perform(multi_, &alive);
    collect();
    if (ended_.empty()) {
      (void)curl_multi_poll(multi_, nullptr, 0, wait_ms, nullptr);
      (void)curl_multi_perform(multi_, &alive);
      collect();
    }
    return std::exchange(ended_, {});
  }

  void wake() { (void)curl_multi_wakeup(multi_); }

 private:
  void prepare(CURL* easy, Transfer& transfer) {
    for (const std::string& header : transfer.request.headers)
      transfer.headers = curl_slist_append(transfer.headers, header.c_str());
    (void)curl_easy_setopt(easy, CURLOPT_URL, transfer.request.url.c_str());
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");  // whatever the environment says
    (void)curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, kAllMs);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    // A connection that is kept was looked at when it was opened, for another name perhaps.
    (void)curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers);
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "harrier");
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &count_and_drop);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.words.data());
    if (transfer.request.body.empty()) return;
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                           static_cast<curl_off_t>(transfer.request.body.size()));
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer.request.body.data());
  }

  void collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto found = transfers_.find(message->easy_handle);
      if (found == transfers_.end()) continue;
      const CURLcode result = message->data.result;
      ended_.push_back(answer_of(found->first, *found->second, result));
      release(found->first, *found->second);
      transfers_.erase(found);
    }
  }

  static HttpAnswer answer_of(CURL* easy, const Transfer& transfer, CURLcode result) {
    HttpAnswer answer;
    answer.id = transfer.request.id;
    long status = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    const bool too_long = result == CURLE_WRITE_ERROR && transfer.received > kAnswerBytesMax;
    if (result == CURLE_OK || too_long) {
      answer.status = static_cast<std::uint16_t>(std::clamp(status, 0L, 999L));
      curl_off_t after = 0;
      (void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
      answer.retry_after_s = std::clamp<std::int64_t>(after, 0, kRetryAfterMax);
    } else if (!transfer.refused.empty()) {
      answer.trouble = "the address " + transfer.refused + " is not asked: it is not public";
      answer.refused = true;
    } else {
      answer.trouble =
          transfer.words.front() == '\0' ? curl_easy_strerror(result) : transfer.words.data();
    }
    return answer;
  }

  void release(CURL* easy, Transfer& transfer) {
    (void)curl_multi_remove_handle(multi_, easy);
    curl_easy_cleanup(easy);
    curl_slist_free_all(std::exchange(transfer.headers, nullptr));
  }

  std::vector<base::Cidr> allow_;
  CURLM* multi_ = nullptr;
  std::map<CURL*, std::unique_ptr<Transfer>> transfers_;
  std::vector<HttpAnswer> ended_;
};

HttpClient::HttpClient(std::vector<base::Cidr> allow)
    : impl_(std::make_unique<Impl>(std::move(allow))) {}
HttpClient::~HttpClient() = default;

void HttpClient::begin(HttpRequest request) {
  impl_->begin(std::move(request));
}
std::size_t HttpClient::running() const {
  return impl_->running();
}
std::vector<HttpAnswer> HttpClient::work(int wait_ms) {
  return impl_->work(wait_ms);
}
void HttpClient::wake() {
  impl_->wake();
}

}  // namespace notify
