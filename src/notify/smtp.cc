#include "notify/smtp.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <curl/curl.h>
#include <curl/easy.h>
#include <curl/system.h>

#include "base/result.h"

namespace notify {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kAllSeconds = 90;

// What curl reads the mail from. All of it read means that it was said, whatever came then.
struct Reading {
  std::string_view rest;
};

std::size_t read_mail(char* to, std::size_t size, std::size_t count, void* from) {
  auto& reading = *static_cast<Reading*>(from);
  const std::size_t now = std::min(size * count, reading.rest.size());
  std::memcpy(to, reading.rest.data(), now);
  reading.rest.remove_prefix(now);
  return now;
}

// The server's greeting and its answers are nobody's output.
std::size_t drop(const char* /*bytes*/, std::size_t size, std::size_t count, void* /*to*/) {
  return size * count;
}

int look_whether_to_stop(void* stop, curl_off_t /*down*/, curl_off_t /*down_now*/,
                         curl_off_t /*up*/, curl_off_t /*up_now*/) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

bool must_be_proven(std::string_view url) {
  return url.starts_with("smtps:") || url.find('@') != std::string_view::npos;
}

// What the answer means for this mail. A refusal that came before the server saw whose mail it is,
// or while it asked who we are, is no verdict on the mail.
SmtpError::What judge(CURLcode result, long answer, bool said) {
  const bool of_mail = result == CURLE_SEND_ERROR || (said && result == CURLE_WEIRD_SERVER_REPLY);
  if (!of_mail || answer < 400 || answer > 599) return SmtpError::What::Server;
  return answer >= 500 ? SmtpError::What::Refused : SmtpError::What::Later;
}

}  // namespace

bool must_use_tls(std::string_view url) {
  const std::size_t at = url.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view host = url.substr(at + 1);
  for (const std::string_view here : {"localhost", "127.", "[::1]"})
    if (host.starts_with(here)) return false;
  return true;
}

SmtpLibrary::SmtpLibrary() {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}
SmtpLibrary::~SmtpLibrary() {
  curl_global_cleanup();
}

base::Status<SmtpError> send_by_smtp(const std::string& url, const Envelope& envelope,
                                     const std::string& bytes, const std::atomic<bool>& stop) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> to(
      curl_slist_append(nullptr, ("<" + envelope.to + ">").c_str()), &curl_slist_free_all);
  if (curl == nullptr || to == nullptr) {
    return base::Unexpected{SmtpError{SmtpError::What::Server, "libcurl cannot begin"}};
  }
  const std::string from = "<" + envelope.from + ">";
  Reading reading{bytes};
  std::array<char, CURL_ERROR_SIZE> words{};
  (void)curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  (void)curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  (void)curl_easy_setopt(curl.get(), CURLOPT_USE_SSL,
                         must_use_tls(url) ? CURLUSESSL_ALL : CURLUSESSL_TRY);
  if (!must_be_proven(url)) {
    (void)curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYPEER, 0L);
    (void)curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  }
  (void)curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
  (void)curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, to.get());
  (void)curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  (void)curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &read_mail);
  (void)curl_easy_setopt(curl.get(), CURLOPT_READDATA, &reading);
  (void)curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &drop);
  (void)curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  (void)curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, kAllSeconds);
  (void)curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  (void)curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");  // whatever the environment says
  (void)curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  (void)curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &look_whether_to_stop);
  (void)curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &stop);
  (void)curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, words.data());
  const CURLcode result = curl_easy_perform(curl.get());
  if (result == CURLE_OK) return base::Ok{};
  long answer = 0;
  (void)curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer);
  SmtpError error;
  error.what = judge(result, answer, reading.rest.empty());
  error.text = words.front() == '\0' ? curl_easy_strerror(result) : words.data();
  return base::Unexpected{std::move(error)};
}

}  // namespace notify
