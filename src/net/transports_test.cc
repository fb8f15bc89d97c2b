#include "net/transports.h"

#include <cstddef>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/clock.h"
#include "net/net_test_kit.h"
#include "net/udp_socket.h"

namespace net {
namespace {

using base::Transport;

class TransportsTest : public testing::Test {
 protected:
  void open(std::vector<ListenAt> at, TransportLimits limits = {}) {
    transports = std::make_unique<Transports>(loop, noted, line_framer, limits);
    const auto opened = transports->open(at);
    ASSERT_TRUE(opened) << opened.error();
    local = transports->listeners().at(0).local;
  }
  void open_tcp(TransportLimits limits = {}) { open({{Transport::Tcp, loopback()}}, limits); }
  // What the client reads until `size` bytes or the end came.
  std::string read(Client& client, std::size_t size) {
    std::string all;
    (void)turns_until(loop, [&] {
      all += client.read();
      return all.size() >= size || client.at_end();
    });
    return all;
  }

  Loop loop;
  Noted noted;
  std::unique_ptr<Transports> transports;
  base::Address local;
};

using Udp = TransportsTest;
using Tcp = TransportsTest;

TEST_F(Udp, TakesABatchAndAnswersToTheSource) {
  open({{Transport::Udp, loopback()}});
  noted.then = [&](const base::Flow& flow, std::string_view text) {
    transports->send(flow, bytes_of("re " + std::string{text}));
  };
  Client client(SOCK_DGRAM);
  ASSERT_TRUE(client.bind());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.write_to(local, std::to_string(i)));

  ASSERT_TRUE(turns_until(loop, [&] { return transports->counters().datagrams_out == 100; }));

  const base::Flow flow{.transport = Transport::Udp, .local = local, .peer = client.local()};
  EXPECT_EQ(noted.packets.at(99), (std::pair{flow, std::string{"99"}}));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.read(), "re " + std::to_string(i));
  EXPECT_EQ(transports->counters().datagrams_in, 100U);
  EXPECT_GT(transports->counters().receive_buffer_bytes, 0U);
}

// Goal G4: what is overload is not work without a pause, but work that waits.
TEST_F(Udp, AServerThatIsBusyWithWhatHasJustComeIsNotBehind) {
  constexpr base::Duration kLong{200};  // longer than this thread is kept from its core
  open({{Transport::Udp, loopback()}});
  const auto spin = [](base::Duration time) {
    const base::Instant began = read_clocks().at;
    while (read_clocks().at - began < time) {
    }
  };
  Client client(SOCK_DGRAM);
  ASSERT_TRUE(client.bind());
  // The next one is there before the last is done, so that no turn finds nothing.
  noted.then = [&](const base::Flow&, std::string_view) {
    ASSERT_TRUE(client.write_to(local, "next"));
    spin(base::Duration{2});
  };
  ASSERT_TRUE(client.write_to(local, "first"));
  const base::Instant began = read_clocks().at;
  while (read_clocks().at - began < 3 * kLong) loop.run_turn(base::Duration{5});
  EXPECT_FALSE(loop.is_behind(kLong));

  // A backlog that stays: for each that is done a new one comes, and 500 wait before it.
  noted.then = {};
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(client.write_to(local, "old"));
  noted.then = [&](const base::Flow&, std::string_view) {
    ASSERT_TRUE(client.write_to(local, "new"));
    spin(base::Duration{1});
  };
  bool behind = false;
  for (int turn = 0; turn < 40 && !behind; ++turn) {
    loop.run_turn(base::Duration{5});
    behind = loop.is_behind(kLong);
  }
  EXPECT_TRUE(behind);
}

TEST_F(Udp, KnowsTheLocalAddressWhenBoundToAll) {
  open({{Transport::Udp, {.ip = *base::IpAddress::parse("0.0.0.0"), .port = 0}}});
  noted.then = [&](const base::Flow& flow, std::string_view) {
    transports->send(flow, bytes_of("re"));
  };
  Client client(SOCK_DGRAM);
  // The answer reaches a connected socket only if it comes from the address that was asked.
  const base::Address asked{.ip = *base::IpAddress::parse("127.0.0.2"), .port = local.port};
  ASSERT_TRUE(client.connect(asked));
  ASSERT_TRUE(client.write("hello"));

  EXPECT_EQ(read(client, 2), "re");

  EXPECT_EQ(noted.packets.at(0).first.local, asked);
}

TEST_F(Udp, ReportsAnIcmpErrorWithThePeerThatIsGone) {
  open({{Transport::Udp, loopback()}});
  Client gone(SOCK_DGRAM);
  ASSERT_TRUE(gone.bind());
  const base::Flow flow{.transport = Transport::Udp, .local = local, .peer = gone.local()};
  gone.close();

  transports->send(flow, bytes_of("anybody there?"));
  ASSERT_TRUE(turns_until(loop, [&] { return !noted.failed.empty(); }));

  EXPECT_EQ(noted.failed, std::vector<base::Flow>{flow});
}

TEST_F(Udp, AnErrorOfOnePeerLosesNoDatagramToAnother) {
  open({{Transport::Udp, loopback()}});
  Client gone(SOCK_DGRAM);
  Client there(SOCK_DGRAM);
  ASSERT_TRUE(gone.bind());
  ASSERT_TRUE(there.bind());
  base::Flow flow{.transport = Transport::Udp, .local = local, .peer = gone.local()};
  gone.close();

  for (int i = 0; i < 20; ++i) {
    transports->send(flow, bytes_of("lost"));
    base::Flow good = flow;
    good.peer = there.local();
    transports->send(good, bytes_of("x"));
    loop.run_turn(base::Duration{0});
  }

  std::string all;
  ASSERT_TRUE(turns_until(loop, [&] {
    all += there.read();
    return all.size() >= 20;
  }));
  EXPECT_EQ(all, std::string(20, 'x'));
}

TEST_F(Udp, ASecondServerIsToldInsteadOfSharingThePort) {
  open({{Transport::Udp, loopback()}});
  Noted other;
  Transports second(loop, other, line_framer);

  const auto opened = second.open({{Transport::Udp, local}});

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), "udp " + local.to_string() + " is in use by another program");
}

TEST_F(Udp, AnotherShardJoinsThePort) {
  open({{Transport::Udp, loopback()}});
  Noted other;
  Transports second(loop, other, line_framer, {}, 1);

  const auto opened = second.open({{Transport::Udp, local}});

  ASSERT_TRUE(opened) << opened.error();
  EXPECT_EQ(second.listeners().at(0).local, local);
}

TEST_F(Tcp, APortInUseIsOneClearLine) {
  open_tcp();
  Noted other;
  Transports second(loop, other, line_framer);

  const auto opened = second.open({{Transport::Tcp, local}});

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), "tcp " + local.to_string() + " is in use by another program");
}

TEST_F(Tcp, Wire_E3_FramesWhatComesInPiecesAndInOne) {
  open_tcp();
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));

  ASSERT_TRUE(client.write("one\ntwo\nth"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 2; }));
  for (const char* piece : {"r", "e", "e", "\n"}) {
    ASSERT_TRUE(client.write(piece));
    loop.run_turn(base::Duration{10});
  }
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 3; }));

  EXPECT_EQ(noted.texts(), (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_NE(noted.packets.at(0).first.connection, base::ConnectionId::None);
}

TEST_F(Tcp, Wire_E3_AnswersAPingAndClosesABrokenStreamAfterItsAnswer) {
  open_tcp();
  noted.then = [&](const base::Flow& flow, std::string_view) {
    transports->send(flow, bytes_of("400\n"));
  };
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));

  ASSERT_TRUE(client.write("ping\nbad one\nsmuggled\n"));

  EXPECT_EQ(read(client, 100), "pong\n400\n");
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(noted.texts(), std::vector<std::string>{});
  EXPECT_EQ(noted.broken, std::vector<std::string>{"bad one"});
  client.close();
  EXPECT_TRUE(turns_until(loop, [&] { return transports->counters().connections == 0; }));
}

TEST_F(Tcp, SendsByIdAndByPeerOverTheOpenConnection) {
  open_tcp();
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));
  ASSERT_TRUE(client.write("hello\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 1; }));
  base::Flow flow = noted.packets.at(0).first;

  transports->send(flow, bytes_of("a"));
  flow.connection = base::ConnectionId::None;
  transports->send(flow, bytes_of("b"));

  EXPECT_EQ(read(client, 2), "ab");
  EXPECT_EQ(transports->counters().connections_opened, 0U);
}

TEST_F(Tcp, OpensAConnectionWhereThereIsNone) {
  open_tcp();
  Noted other_noted;
  Transports other(loop, other_noted, line_framer);
  ASSERT_TRUE(other.open({{Transport::Tcp, loopback()}}));
  const base::Address there = other.listeners().at(0).local;

  transports->send({.transport = Transport::Tcp, .local = local, .peer = there},
                   bytes_of("first\n"));
  transports->send({.transport = Transport::Tcp, .local = local, .peer = there},
                   bytes_of("second\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return other_noted.packets.size() == 2; }));

  EXPECT_EQ(other_noted.texts(), (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(transports->counters().connections_opened, 1U);
}

TEST_F(Tcp, ARefusedConnectComesBackWithTheFlowThatWasAsked) {
  open_tcp();
  Client gone(SOCK_STREAM);
  ASSERT_TRUE(gone.bind());
  const base::Flow flow{.transport = Transport::Tcp, .local = local, .peer = gone.local()};
  gone.close();

  transports->send(flow, bytes_of("anybody there?"));
  ASSERT_TRUE(turns_until(loop, [&] { return !noted.failed.empty(); }));

  EXPECT_EQ(noted.failed, std::vector<base::Flow>{flow});
}

TEST_F(Tcp, AConnectThatHangsFailsInTime) {
  open_tcp({.connect = base::Duration{50}});
  // A listener whose queue is full answers no SYN any more.
  Client listener(SOCK_STREAM);
  ASSERT_TRUE(listener.bind());
  ASSERT_EQ(::listen(listener.socket().get(), 0), 0);
  Client first(SOCK_STREAM);
  ASSERT_TRUE(first.connect(listener.local()));
  const base::Flow flow{.transport = Transport::Tcp, .local = local, .peer = listener.local()};

  transports->send(flow, bytes_of("x"));
  ASSERT_TRUE(turns_until(loop, [&] { return !noted.failed.empty(); }));

  EXPECT_EQ(noted.failed, std::vector<base::Flow>{flow});
}

TEST_F(Tcp, TheEndOfAConnectionIsReportedOnce) {
  open_tcp();
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));
  ASSERT_TRUE(client.write("hello\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 1; }));
  const base::Flow flow = noted.packets.at(0).first;

  client.close();
  ASSERT_TRUE(turns_until(loop, [&] { return !noted.failed.empty(); }));
  transports->send(flow, bytes_of("too late"));
  loop.run_turn(base::Duration{0});
  loop.run_turn(base::Duration{0});

  EXPECT_EQ(noted.failed, (std::vector<base::Flow>{flow, flow}));  // the end, and the late send
  EXPECT_EQ(transports->counters().connections, 0U);
}

TEST_F(Tcp, Wire_E5_APeerThatDoesNotReadIsClosedAt64kB) {
  open_tcp();
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));
  ASSERT_TRUE(client.write("hello\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 1; }));
  const base::Flow flow = noted.packets.at(0).first;
  const auto bytes = bytes_of(std::string(32'768, 'x'));

  for (int i = 0; i < 1'000 && noted.failed.empty(); ++i) {
    transports->send(flow, bytes);
    loop.run_turn(base::Duration{0});
  }

  EXPECT_EQ(noted.failed, std::vector<base::Flow>{flow});
  EXPECT_EQ(transports->counters().closed_full_queue, 1U);
}

TEST_F(Tcp, Wire_E5_ABusyTurnMayExceedTheQueueOfAPeerThatReads) {
  open_tcp();
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));
  ASSERT_TRUE(client.write("hello\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 1; }));

  for (int i = 0; i < 100; ++i) {
    transports->send(noted.packets.at(0).first, bytes_of(std::string(1'000, 'x')));
  }

  EXPECT_EQ(read(client, 100'000).size(), 100'000U);
  EXPECT_TRUE(noted.failed.empty());
}

TEST_F(Tcp, Wire_G12_NoDataAfterAcceptIsClosed) {
  open_tcp({.first_data = base::Duration{30}});
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));

  EXPECT_EQ(read(client, 1), "");

  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(transports->counters().closed_idle, 1U);
}

TEST_F(Tcp, Wire_G12_ADribbledMessageIsClosedThoughBytesKeepComing) {
  open_tcp({.whole_message = base::Duration{60}});
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));

  ASSERT_TRUE(turns_until(loop, [&] {
    (void)client.write("x");
    return transports->counters().closed_unfinished == 1;
  }));

  EXPECT_TRUE(noted.packets.empty());
}

TEST_F(Tcp, Wire_G12_AnIdleConnectionThatHasSpokenLives) {
  open_tcp({.first_data = base::Duration{20}, .whole_message = base::Duration{20}});
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));
  ASSERT_TRUE(client.write("hello\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 1; }));

  const base::Instant until = read_clocks().at + base::Duration{80};
  while (read_clocks().at < until) loop.run_turn(base::Duration{10});

  EXPECT_EQ(transports->counters().connections, 1U);
}

TEST_F(Tcp, RefusesConnectionsBeyondItsLimit) {
  open_tcp({.max_connections = 1});
  Client first(SOCK_STREAM);
  Client second(SOCK_STREAM);
  ASSERT_TRUE(first.connect(local));
  ASSERT_TRUE(second.connect(local));

  EXPECT_EQ(read(second, 1), "");

  EXPECT_TRUE(second.at_end());
  EXPECT_EQ(transports->counters().connections_refused, 1U);
  EXPECT_EQ(transports->counters().connections, 1U);
}

TEST_F(Tcp, CloseSendsWhatIsQueuedFirstAndReportsNothing) {
  open_tcp();
  noted.then = [&](const base::Flow& flow, std::string_view) {
    transports->send(flow, bytes_of("bye"));
    transports->close(flow.connection);
  };
  Client client(SOCK_STREAM);
  ASSERT_TRUE(client.connect(local));
  ASSERT_TRUE(client.write("hello\nnot read any more\n"));

  EXPECT_EQ(read(client, 100), "bye");

  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(noted.texts(), std::vector<std::string>{"hello"});
  EXPECT_TRUE(noted.failed.empty());
}

TEST_F(Tcp, AnIdOfAFormerConnectionIsNobodys) {
  open_tcp();
  Client first(SOCK_STREAM);
  ASSERT_TRUE(first.connect(local));
  ASSERT_TRUE(first.write("one\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 1; }));
  first.close();
  ASSERT_TRUE(turns_until(loop, [&] { return transports->counters().connections == 0; }));
  Client second(SOCK_STREAM);
  ASSERT_TRUE(second.connect(local));
  ASSERT_TRUE(second.write("two\n"));
  ASSERT_TRUE(turns_until(loop, [&] { return noted.packets.size() == 2; }));

  transports->close(noted.packets.at(0).first.connection);
  transports->send(noted.packets.at(1).first, bytes_of("x"));

  EXPECT_EQ(read(second, 1), "x");
  EXPECT_NE(noted.packets.at(0).first.connection, noted.packets.at(1).first.connection);
}

TEST(TransportsOpen, Wire_T17_TlsWithoutACertificateIsOneClearLine) {
  Loop loop;
  Noted noted;
  Transports transports(loop, noted, line_framer);

  const auto opened = transports.open({{Transport::Tls, loopback(5061)}});

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), "tls 127.0.0.1:5061: a certificate is needed (tls.certificate)");
}

}  // namespace
}  // namespace net
