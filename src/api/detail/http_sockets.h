#pragma once
// What HttpServer listens on, and the certificate that it shows. The errors are one clear line.

#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/address.h"
#include "base/result.h"

namespace api::detail {

// "http 127.0.0.1:8080 is in use by another program".
[[nodiscard]] base::Status<std::string> open_tcp(boost::asio::ip::tcp::acceptor& acceptor,
                                                 const base::Address& address);
// A socket that only its owner may use, in place of one that a dead process left there.
[[nodiscard]] base::Status<std::string> open_local(
    boost::asio::local::stream_protocol::acceptor& acceptor, const std::string& file);
// PEM files, for TLS 1.2 and newer.
[[nodiscard]] base::Result<std::shared_ptr<boost::asio::ssl::context>, std::string>
read_certificate(const std::string& certificate_file, const std::string& key_file);

}  // namespace api::detail
