#pragma once
// TLS 1.2 and 1.3 for SIP (RFC 3261 26.2, RFC 5922), by OpenSSL over memory: the handshake is a
// state of its own that no socket waits for.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/layer.h"

namespace net {

// Whose certificates are looked at.
enum class TlsVerify : std::uint8_t {
  None,    // nobody's
  Trunks,  // of those to whom we connect
  All      // theirs, and of those who connect to us: no certificate of `ca`, no connection
};

struct TlsFiles {
  std::string certificate{};  // PEM, with what leads from it to its authority
  std::string key{};          // PEM without a password; empty: in the same file
  std::string ca{};           // PEM, those who are believed; empty: whom this machine believes
  TlsVerify verify = TlsVerify::Trunks;
};

// Certificate, key and rules, as they were when they were read. A connection keeps those with which
// it began; a reload makes new ones.
class TlsContext final {
 public:
  // The error is one clear line: "tls: /etc/harrier/key.pem is not the key of the certificate".
  [[nodiscard]] static base::Result<std::shared_ptr<const TlsContext>, std::string> load(
      const TlsFiles& files);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class TlsLayer;
  class Impl;
  explicit TlsContext(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

// Our end of a connection that came.
[[nodiscard]] std::unique_ptr<Layer> accept_tls(std::shared_ptr<const TlsContext> context);
// Our end of a connection that we open. `peer` is the name or address by which the peer was
// configured: it goes out as SNI, and its certificate must be for it (RFC 5922).
[[nodiscard]] std::unique_ptr<Layer> connect_tls(std::shared_ptr<const TlsContext> context,
                                                 const std::string& peer);

}  // namespace net
