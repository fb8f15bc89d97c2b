#include "net/tls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/prov_ssl.h>
#include <openssl/ssl.h>
#include <openssl/tls1.h>
#include <openssl/types.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base/address.h"
#include "base/result.h"
#include "net/certificate_names.h"
#include "net/layer.h"

namespace net {
namespace {

// For TLS 1.2: forward secret and authenticated encryption only. Those of TLS 1.3 are all good.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr std::size_t kReadBytes = 16'384;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* held) const {
    Free(held);
  }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL_free>>;
using Method = std::unique_ptr<BIO_METHOD, Freed<BIO_meth_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

// What OpenSSL said last, in its words; the queue of its errors is empty afterwards.
std::string reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* const text = ERR_reason_error_string(code);
  ERR_clear_error();
  return text == nullptr ? "it failed" : text;
}

bool is_readable(const std::string& file) {
  std::FILE* const opened = std::fopen(file.c_str(), "r");
  if (opened == nullptr) return false;
  (void)std::fclose(opened);
  return true;
}

base::Unexpected<std::string> failed(const std::string& file, const std::string& why) {
  return base::Unexpected{"tls: " + file + " " + why};
}

// The two ends of the memory between OpenSSL and the connection.
struct Pipe {
  std::string in;
  std::size_t taken = 0;
  std::string* down = nullptr;
};

Pipe& pipe_of(BIO* bio) {
  return *static_cast<Pipe*>(BIO_get_data(bio));
}

int read_pipe(BIO* bio, char* into, int size) {
  Pipe& pipe = pipe_of(bio);
  BIO_clear_retry_flags(bio);
  const std::size_t left = pipe.in.size() - pipe.taken;
  if (left == 0 || size <= 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t count = std::min(left, static_cast<std::size_t>(size));
  std::memcpy(into, pipe.in.data() + pipe.taken, count);
  pipe.taken += count;
  if (pipe.taken == pipe.in.size()) {
    std::string().swap(pipe.in);  // an idle connection keeps no buffer
    pipe.taken = 0;
  }
  return static_cast<int>(count);
}

int write_pipe(BIO* bio, const char* from, int size) {
  Pipe& pipe = pipe_of(bio);
  BIO_clear_retry_flags(bio);
  if (pipe.down == nullptr || size <= 0) return -1;
  pipe.down->append(from, static_cast<std::size_t>(size));
  return size;
}

long control_pipe(BIO* /*bio*/, int command, long /*number*/, void* /*more*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

Method pipe_method() {
  Method method{BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "harrier connection")};
  if (method == nullptr) return method;
  BIO_meth_set_read(method.get(), read_pipe);
  BIO_meth_set_write(method.get(), write_pipe);
  BIO_meth_set_ctrl(method.get(), control_pipe);
  return method;
}

// What both ends have in common.
Context common(const SSL_METHOD* method) {
  Context context{SSL_CTX_new(method)};
  if (context == nullptr) return context;
  SSL_CTX* const raw = context.get();
  if (SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(raw, kCiphers) != 1)
    return {};
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Sessions are not resumed: whoever comes back shows who he is again.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 0);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

base::Status<std::string> use_own(SSL_CTX* context, const TlsFiles& files) {
  const std::string& key = files.key.empty() ? files.certificate : files.key;
  for (const std::string& file : {files.certificate, key})
    if (!is_readable(file)) return failed(file, "cannot be opened");
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return failed(files.certificate, "holds no certificate in PEM: " + reason());
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return failed(key, "is not the key of the certificate, in PEM without a password: " + reason());
  return base::Ok{};
}

base::Status<std::string> use_authorities(SSL_CTX* context, const std::string& file) {
  if (file.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return base::Ok{};
    return base::Unexpected{"tls: this machine's authorities cannot be read: " + reason()};
  }
  if (!is_readable(file)) return failed(file, "cannot be opened");
  if (SSL_CTX_load_verify_file(context, file.c_str()) != 1)
    return failed(file, "holds no certificates in PEM: " + reason());
  return base::Ok{};
}

}  // namespace

class TlsContext::Impl final {
 public:
  Method method = pipe_method();
  Context server = common(TLS_server_method());
  Context client = common(TLS_client_method());
  TlsVerify verify = TlsVerify::Trunks;
};

TlsContext::TlsContext(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

base::Result<std::shared_ptr<const TlsContext>, std::string> TlsContext::load(
    const TlsFiles& files) {
  ERR_clear_error();
  if (files.certificate.empty())
    return base::Unexpected{std::string{"tls: no certificate is configured (tls.certificate)"}};
  auto impl = std::make_unique<Impl>();
  if (impl->method == nullptr || impl->server == nullptr || impl->client == nullptr)
    return base::Unexpected{"tls: OpenSSL cannot be used: " + reason()};
  impl->verify = files.verify;
  for (SSL_CTX* const context : {impl->server.get(), impl->client.get()}) {
    if (auto used = use_own(context, files); !used) return base::Unexpected{used.error()};
    if (files.verify == TlsVerify::None) continue;
    if (auto used = use_authorities(context, files.ca); !used)
      return base::Unexpected{used.error()};
  }
  if (files.verify != TlsVerify::None)
    SSL_CTX_set_verify(impl->client.get(), SSL_VERIFY_PEER, nullptr);
  if (files.verify == TlsVerify::All)
    SSL_CTX_set_verify(impl->server.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       nullptr);
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(impl)));
}

// One session, either end.
class TlsLayer final : public Layer {
 public:
  TlsLayer(std::shared_ptr<const TlsContext> context, bool opens, std::string peer)
      : context_(std::move(context)), peer_(std::move(peer)) {
    const TlsContext::Impl& impl = *context_->impl_;
    session_.reset(SSL_new(opens ? impl.client.get() : impl.server.get()));
    BIO* const bio = session_ == nullptr ? nullptr : BIO_new(impl.method.get());
    if (bio == nullptr) {
      broken(reason());
      return;
    }
    BIO_set_data(bio, &pipe_);
    BIO_set_init(bio, 1);
    SSL_set_bio(session_.get(), bio, bio);
    if (!opens) {
      SSL_set_accept_state(session_.get());
      return;
    }
    SSL_set_connect_state(session_.get());
    proves_ = impl.verify != TlsVerify::None;
    if (proves_ && peer_.empty()) broken("no name is known that its certificate could be for");
    if (!peer_.empty() && !base::IpAddress::parse(peer_).has_value())
      // SSL_set_tlsext_host_name() without its C cast; the name is only read.
      (void)SSL_ctrl(session_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     const_cast<char*>(peer_.c_str()));
  }

  void start(Output& out) override { receive({}, out); }

  void receive(std::string_view bytes, Output& out) override {
    if (state_ == State::Broken || state_ == State::Ended) return;
    pipe_.in.append(bytes);
    pipe_.down = &out.down;
    ERR_clear_error();
    if (state_ == State::Opening) shake_hands();
    if (state_ == State::Open) read(out);
    pipe_.down = nullptr;
  }

  void send(std::string_view message, Output& out) override {
    pipe_.down = &out.down;
    ERR_clear_error();
    while (!message.empty()) {
      const auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
      const int size = static_cast<int>(std::min(message.size(), most));
      const int taken = SSL_write(session_.get(), message.data(), size);
      if (taken <= 0) {
        broken(reason());
        break;
      }
      message.remove_prefix(static_cast<std::size_t>(taken));
    }
    pipe_.down = nullptr;
  }

  void finish(Output& out) override {
    if (state_ != State::Open && state_ != State::Ended) return;
    pipe_.down = &out.down;
    ERR_clear_error();
    (void)SSL_shutdown(session_.get());
    pipe_.down = nullptr;
  }

  [[nodiscard]] bool ping(Output& /*out*/) override { return true; }
  [[nodiscard]] bool pings() const override { return false; }
  [[nodiscard]] bool unfinished() const override { return false; }
  [[nodiscard]] State state() const override { return state_; }
  [[nodiscard]] std::string trouble() const override { return trouble_; }

 private:
  void shake_hands() {
    const int done = SSL_do_handshake(session_.get());
    if (done == 1) {
      state_ = State::Open;
      if (proves_) check_name();
      return;
    }
    if (SSL_get_error(session_.get(), done) == SSL_ERROR_WANT_READ) return;
    const long verified = SSL_get_verify_result(session_.get());
    if (proves_ && verified != X509_V_OK) {
      ERR_clear_error();
      broken(X509_verify_cert_error_string(verified));
    } else {
      broken(reason());
    }
  }

  void check_name() {
    const Certificate certificate{SSL_get1_peer_certificate(session_.get())};
    if (certificate == nullptr) {
      broken("it shows no certificate");
    } else if (!proves(names_of(*certificate), peer_)) {
      broken("its certificate is not for " + peer_);
    }
  }

  void read(Output& out) {
    std::array<char, kReadBytes> buffer{};
    for (;;) {
      const int got = SSL_read(session_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (got > 0) {
        out.up.emplace_back(buffer.data(), static_cast<std::size_t>(got));
        continue;
      }
      const int why = SSL_get_error(session_.get(), got);
      if (why == SSL_ERROR_WANT_READ) return;
      if (why == SSL_ERROR_ZERO_RETURN) {
        state_ = State::Ended;
      } else {
        broken(reason());
      }
      return;
    }
  }

  void broken(std::string why) {
    state_ = State::Broken;
    trouble_ = std::move(why);
  }

  std::shared_ptr<const TlsContext> context_;  // the session's BIO is of its method
  std::string peer_;
  Pipe pipe_;
  Session session_;
  State state_ = State::Opening;
  bool proves_ = false;  // the peer's certificate must be for `peer_`
  std::string trouble_;
};

std::unique_ptr<Layer> accept_tls(std::shared_ptr<const TlsContext> context) {
  return std::make_unique<TlsLayer>(std::move(context), false, std::string());
}

std::unique_ptr<Layer> connect_tls(std::shared_ptr<const TlsContext> context,
                                   const std::string& peer) {
  return std::make_unique<TlsLayer>(std::move(context), true, peer);
}

}  // namespace net
