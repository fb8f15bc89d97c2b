// TLS and WebSocket over real sockets: the same framing, limits and reuse as TCP.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "net/handler.h"
#include "net/layer.h"
#include "net/loop.h"
#include "net/net_test_kit.h"
#include "net/testing/certificates.h"
#include "net/tls.h"
#include "net/transports.h"

namespace net {
namespace {

using base::Transport;
using testing::Authority;
using testing::Wanted;

constexpr base::PeerName kTrunk{1};
constexpr base::PeerName kOther{2};

std::string_view name_text(base::PeerName name) {
  if (name == kTrunk) return "trunk.example";
  return name == kOther ? "other.example" : "";
}

// `ours` opens connections to `theirs`.
class TlsStreams : public ::testing::Test {
 protected:
  void open(const Wanted& certificate, TransportLimits limits = {}) {
    context = authority.context(certificate);
    for (auto* one : {&ours, &theirs}) {
      one->transports = std::make_unique<Transports>(loop, one->noted, line_framer, limits);
      one->transports->use_tls(context);
      one->transports->use_names(name_text);
      ASSERT_TRUE(one->transports->open({{Transport::Tls, loopback()}}));
    }
    flow = {.transport = Transport::Tls,
            .local = ours.transports->listeners().at(0).local,
            .peer = theirs.transports->listeners().at(0).local,
            .peer_name = kTrunk};
  }
  [[nodiscard]] base::Address there() const { return flow.peer; }

  struct End {
    Noted noted;
    std::unique_ptr<Transports> transports;
  };
  Authority authority;
  std::shared_ptr<const TlsContext> context;
  Loop loop;
  End ours, theirs;
  base::Flow flow;
};

TEST_F(TlsStreams, OpensSendsAndUsesTheConnectionAgain) {
  open({.dns = {"trunk.example"}});
  theirs.noted.then = [&](const base::Flow& from, std::string_view text) {
    theirs.transports->send(from, bytes_of("re " + std::string{text} + "\n"));
  };

  ours.transports->send(flow, bytes_of("one\n"));
  ours.transports->send(flow, bytes_of("two\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return ours.noted.packets.size() == 2; }));
  ours.transports->send(flow, bytes_of("three\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return ours.noted.packets.size() == 3; }));

  EXPECT_EQ(ours.noted.texts(), (std::vector<std::string>{"re one", "re two", "re three"}));
  EXPECT_EQ(ours.transports->counters().connections_opened, 1U);
  EXPECT_EQ(theirs.noted.packets.at(0).first.transport, Transport::Tls);
  // What we tell the peer of ourselves is where we listen, not this connection's port.
  EXPECT_EQ(ours.noted.packets.at(0).first.local, flow.local);
}

TEST_F(TlsStreams, Wire_T17_AWrongNameFailsWithTheFlowThatWasAsked) {
  open({.dns = {"elsewhere.example"}});

  ours.transports->send(flow, bytes_of("secret\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return !ours.noted.failed.empty(); }));

  EXPECT_EQ(ours.noted.failed, std::vector<base::Flow>{flow});
  EXPECT_EQ(ours.noted.refusals,
            std::vector<std::string>{"its certificate is not for trunk.example"});
  EXPECT_EQ(theirs.noted.texts(), std::vector<std::string>{});
  EXPECT_EQ(ours.transports->counters().handshakes_failed, 1U);
}

TEST_F(TlsStreams, Wire_T17_AConnectionIsUsedAgainOnlyForItsName) {
  open({.dns = {"trunk.example"}});
  base::Flow other = flow;
  other.peer_name = kOther;

  ours.transports->send(flow, bytes_of("for the trunk\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return theirs.noted.packets.size() == 1; }));
  ours.transports->send(other, bytes_of("for somebody else\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return !ours.noted.failed.empty(); }));

  EXPECT_EQ(ours.noted.failed, std::vector<base::Flow>{other});
  EXPECT_EQ(theirs.noted.texts(), std::vector<std::string>{"for the trunk"});
}

TEST_F(TlsStreams, AnotherCertificateHoldsForNewConnectionsWithoutARestart) {
  open({.dns = {"elsewhere.example"}});

  theirs.transports->use_tls(authority.context({.dns = {"trunk.example"}}));
  ours.transports->send(flow, bytes_of("hello\n"));

  ASSERT_TRUE(turns_until(loop, [&] { return theirs.noted.packets.size() == 1; }));
  EXPECT_TRUE(ours.noted.failed.empty());
}

TEST_F(TlsStreams, Wire_T18_WhoConnectsAndSaysNothingIsClosedInTime) {
  open({.dns = {"trunk.example"}}, {.handshake = base::Duration{50}});
  Client silent(SOCK_STREAM);
  ASSERT_TRUE(silent.connect(there()));

  ASSERT_TRUE(turns_until(loop, [&] {
    (void)silent.read();
    return silent.at_end();
  }));

  EXPECT_EQ(theirs.transports->counters().handshakes_failed, 1U);
  EXPECT_TRUE(theirs.noted.failed.empty());  // nobody knew of it
}

TEST_F(TlsStreams, Wire_T18_AServerThatNeverShakesHandsFailsInTime) {
  open({.dns = {"trunk.example"}}, {.handshake = base::Duration{50}});
  Client listener(SOCK_STREAM);
  ASSERT_TRUE(listener.bind());
  ASSERT_EQ(::listen(listener.socket().get(), 8), 0);
  flow.peer = listener.local();

  ours.transports->send(flow, bytes_of("hello\n"));

  ASSERT_TRUE(turns_until(loop, [&] { return !ours.noted.failed.empty(); }));
  EXPECT_EQ(ours.noted.failed, std::vector<base::Flow>{flow});
}

// A handshake that is broken off after any number of bytes costs nothing but itself.
TEST_F(TlsStreams, Wire_T18_HandshakesCutAtEachByteHarmNobody) {
  open({.dns = {"trunk.example"}});
  Layer::Output hello;
  connect_tls(context, "trunk.example")->start(hello);

  for (std::size_t cut = 0; cut < hello.down.size(); ++cut) {
    Client client(SOCK_STREAM);
    ASSERT_TRUE(client.connect(there()));
    ASSERT_TRUE(client.write(std::string_view{hello.down}.substr(0, cut)));
    client.close();
    loop.run_turn(base::Duration{0});
  }
  ASSERT_TRUE(turns_until(loop, [&] { return theirs.transports->counters().connections == 0; }));
  ours.transports->send(flow, bytes_of("still there\n"));

  ASSERT_TRUE(turns_until(loop, [&] { return theirs.noted.packets.size() == 1; }));
  EXPECT_EQ(theirs.noted.failed, std::vector<base::Flow>{});
}

TEST_F(TlsStreams, TheEndOfAConnectionIsReported) {
  open({.dns = {"trunk.example"}});
  ours.transports->send(flow, bytes_of("hello\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return theirs.noted.packets.size() == 1; }));
  const base::Flow at_theirs = theirs.noted.packets.at(0).first;

  theirs.transports->close(at_theirs.connection);
  ASSERT_TRUE(turns_until(loop, [&] { return !ours.noted.failed.empty(); }));

  EXPECT_EQ(ours.noted.failed.at(0).peer, flow.peer);
  EXPECT_EQ(ours.noted.failed.at(0).peer_name, kTrunk);
}

class WebSockets : public ::testing::Test {
 protected:
  void open(TransportLimits limits = {}) {
    transports = std::make_unique<Transports>(loop, noted, line_framer, limits);
    ASSERT_TRUE(transports->open({{Transport::Ws, loopback()}}));
    local = transports->listeners().at(0).local;
  }
  // Connects and upgrades.
  void join(Client& client) {
    ASSERT_TRUE(client.connect(local));
    ASSERT_TRUE(
        client.write("GET /sip HTTP/1.1\r\nHost: pbx.example\r\nUpgrade: websocket\r\nConnection: "
                     "Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n"));
    const std::string answer = read(client, 129);
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  }
  std::string read(Client& client, std::size_t size) {
    std::string all;
    (void)turns_until(loop, [&] {
      all += client.read();
      return all.size() >= size || client.at_end();
    });
    return all;
  }
  // A masked frame of a client, less than 126 bytes.
  static std::string frame(int first_byte, std::string_view payload) {
    std::string out;
    out += static_cast<char>(first_byte);
    out += static_cast<char>(0x80U | payload.size());
    out += "\x01\x02\x03\x04";
    for (std::size_t i = 0; i < payload.size(); ++i)
      out += static_cast<char>(payload[i] ^ static_cast<char>(i % 4 + 1));
    return out;
  }

  Loop loop;
  Noted noted;
  std::unique_ptr<Transports> transports;
  base::Address local;
};

TEST_F(WebSockets, AMessageIsAFrameAndTheAnswerComesBackByTheSameFlow) {
  open();
  noted.then = [&](const base::Flow& flow, std::string_view text) {
    transports->send(flow, bytes_of("re " + std::string{text}));
  };
  Client client(SOCK_STREAM);
  join(client);

  ASSERT_TRUE(client.write(frame(0x81, "one\ntwo")));

  EXPECT_EQ(read(client, 12), "\x81\x0are one\ntwo");
  EXPECT_EQ(noted.packets.at(0).first.transport, Transport::Ws);
}

TEST_F(WebSockets, ASipPingAndAWebSocketPingAreAnswered) {
  open();
  Client client(SOCK_STREAM);
  join(client);

  ASSERT_TRUE(client.write(frame(0x81, "ping")));
  EXPECT_EQ(read(client, 6), "\x81\x04pong");
  ASSERT_TRUE(client.write(frame(0x89, "you there")));
  EXPECT_EQ(read(client, 11), "\x8a\x09you there");
}

TEST_F(WebSockets, WhoDoesNotAnswerAPingIsGone) {
  open({.ping = base::Duration{30}});
  Client client(SOCK_STREAM);
  join(client);
  ASSERT_TRUE(client.write(frame(0x81, "hello")));
  ASSERT_TRUE(turns_until(loop, [&] { return !noted.packets.empty(); }));

  EXPECT_EQ(read(client, 100), std::string("\x89\0", 2));

  EXPECT_TRUE(client.at_end());
  ASSERT_TRUE(turns_until(loop, [&] { return !noted.failed.empty(); }));
  EXPECT_EQ(noted.failed, std::vector<base::Flow>{noted.packets.at(0).first});
}

// Pings are answered at once, so who never reads the answers could have us keep any number of them.
TEST_F(WebSockets, WhoPingsAndReadsNothingIsClosed) {
  open({.max_write_queue_bytes = 4'096});
  Client client(SOCK_STREAM);
  join(client);
  const std::string ping = frame(0x89, std::string(125, 'p'));
  std::string unsaid;

  for (int i = 0; i < 2'000 && transports->counters().connections > 0; ++i) {
    while (unsaid.size() < 65'536) unsaid += ping;
    const ssize_t said =
        ::send(client.socket().get(), unsaid.data(), unsaid.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (said > 0) unsaid.erase(0, static_cast<std::size_t>(said));
    loop.run_turn(base::Duration{1});
  }

  EXPECT_EQ(transports->counters().closed_full_queue, 1U);
}

TEST_F(WebSockets, NobodyIsReachedByOpeningOne) {
  open();
  const base::Flow flow{.transport = Transport::Ws, .local = local, .peer = loopback(9)};

  transports->send(flow, bytes_of("hello"));
  ASSERT_TRUE(turns_until(loop, [&] { return !noted.failed.empty(); }));

  EXPECT_EQ(noted.failed, std::vector<base::Flow>{flow});
}

TEST_F(WebSockets, Wire_G12_AFrameThatIsNotWholeInTimeIsClosed) {
  open({.whole_message = base::Duration{40}});
  Client client(SOCK_STREAM);
  join(client);
  ASSERT_TRUE(client.write(frame(0x81, "half of it").substr(0, 5)));

  EXPECT_EQ(read(client, 1), "");

  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(transports->counters().closed_unfinished, 1U);
}

}  // namespace
}  // namespace net
