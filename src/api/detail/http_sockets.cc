#include "api/detail/http_sockets.h"

#include <memory>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>

#include "base/address.h"
#include "base/result.h"

namespace api::detail {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;
using boost::system::error_code;

base::Status<std::string> open_tcp(tcp::acceptor& acceptor, const base::Address& address) {
  const std::string name = "http " + address.to_string();
  error_code error;
  const auto ip = asio::ip::make_address(address.ip.to_string(), error);
  if (error) return base::Unexpected{name + " is not an address"};
  const tcp::endpoint endpoint{ip, address.port};
  (void)acceptor.open(endpoint.protocol(), error);
  if (!error) (void)acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) (void)acceptor.bind(endpoint, error);
  if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use)
    return base::Unexpected{name + " is in use by another program"};
  if (error) return base::Unexpected{name + ": " + error.message()};
  return base::Ok{};
}

base::Status<std::string> open_local(stream_protocol::acceptor& acceptor, const std::string& file) {
  // The data folder is locked by now: a file that is there was left by a dead process.
  ::unlink(file.c_str());
  error_code error;
  const mode_t before = ::umask(0177);
  (void)acceptor.open(stream_protocol{}, error);
  if (!error) (void)acceptor.bind(stream_protocol::endpoint{file}, error);
  ::umask(before);
  if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return base::Unexpected{"local socket " + file + ": " + error.message()};
  return base::Ok{};
}

base::Result<std::shared_ptr<asio::ssl::context>, std::string> read_certificate(
    const std::string& certificate_file, const std::string& key_file) {
  auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  (void)made->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                              asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                              asio::ssl::context::no_tlsv1_1 | asio::ssl::context::single_dh_use,
                          error);
  if (!error) (void)made->use_certificate_chain_file(certificate_file, error);
  if (error) return base::Unexpected{"tls: " + certificate_file + ": " + error.message()};
  (void)made->use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error) return base::Unexpected{"tls: " + key_file + ": " + error.message()};
  return made;
}

}  // namespace api::detail
