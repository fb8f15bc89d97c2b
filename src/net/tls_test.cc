// TLS as a layer, without a socket: two ends, and the bytes between them in our hand.
#include "net/tls.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "net/certificate_names.h"
#include "net/layer.h"
#include "net/testing/certificates.h"

namespace net {
namespace {

using State = Layer::State;
using testing::Authority;
using testing::Wanted;

// Carries bytes until neither end has anything to say.
struct Pair {
  std::unique_ptr<Layer> caller, answerer;
  std::vector<std::string> at_caller, at_answerer;

  void run() {
    Layer::Output said;
    caller->start(said);
    std::string to_answerer = said.down;
    std::string to_caller;
    while (!to_answerer.empty() || !to_caller.empty()) {
      to_caller += pass(*answerer, to_answerer, at_answerer);
      to_answerer = pass(*caller, to_caller, at_caller);
      to_caller.clear();
    }
  }
  static std::string pass(Layer& to, const std::string& bytes, std::vector<std::string>& up) {
    Layer::Output out;
    if (!bytes.empty()) to.receive(bytes, out);
    up.insert(up.end(), out.up.begin(), out.up.end());
    return out.down;
  }
  void say(Layer& from, Layer& to, std::string_view text, std::vector<std::string>& up) {
    Layer::Output out;
    from.send(text, out);
    (void)pass(to, out.down, up);
  }
};

class Tls : public ::testing::Test {
 protected:
  Pair pair(const Wanted& answerer, const std::string& wanted_peer,
            TlsVerify verify = TlsVerify::Trunks) {
    return {connect_tls(authority.context({.dns = {"we.example"}}, verify), wanted_peer),
            accept_tls(authority.context(answerer)),
            {},
            {}};
  }
  // What a caller who wants trunk.example says to this certificate: "" is yes.
  std::string verdict(const Wanted& answerer, const std::string& wanted_peer = "trunk.example") {
    Pair two = pair(answerer, wanted_peer);
    two.run();
    EXPECT_EQ(two.caller->state() == State::Open, two.caller->trouble().empty());
    return two.caller->trouble();
  }

  Authority authority;
};

TEST_F(Tls, CarriesBytesBothWaysAndSaysGoodbye) {
  Pair two = pair({.dns = {"trunk.example"}}, "trunk.example");
  two.run();
  ASSERT_EQ(two.caller->state(), State::Open) << two.caller->trouble();
  ASSERT_EQ(two.answerer->state(), State::Open) << two.answerer->trouble();

  two.say(*two.caller, *two.answerer, "question", two.at_answerer);
  two.say(*two.answerer, *two.caller, std::string(40'000, 'x'), two.at_caller);
  Layer::Output bye;
  two.caller->finish(bye);
  Layer::Output heard;
  two.answerer->receive(bye.down, heard);

  EXPECT_EQ(two.at_answerer, std::vector<std::string>{"question"});
  std::string all;
  for (const std::string& piece : two.at_caller) all += piece;
  EXPECT_EQ(all, std::string(40'000, 'x'));
  EXPECT_EQ(two.answerer->state(), State::Ended);
}

TEST_F(Tls, Wire_T17_TheCertificateMustBeForTheNameThatWasWanted) {
  EXPECT_EQ(verdict({.dns = {"other.example", "TRUNK.example"}}), "");
  EXPECT_EQ(verdict({.uris = {"sip:trunk.example"}}), "");
  EXPECT_EQ(verdict({.loopback = true}, "127.0.0.1"), "");
  const std::string refused = "its certificate is not for trunk.example";
  EXPECT_EQ(verdict({.dns = {"other.example"}}), refused);
  EXPECT_EQ(verdict({.dns = {"*.example"}}), refused);
  EXPECT_EQ(verdict({.dns = {std::string("trunk.example\0.evil.example", 27)}}), refused);
  EXPECT_EQ(verdict({.dns = {"trunk.example"}, .uris = {"sip:other.example"}}), refused);
  EXPECT_EQ(verdict({.uris = {"sip:bob@trunk.example"}}), refused);
  EXPECT_EQ(verdict({.common_name = "trunk.example"}), refused);
  EXPECT_EQ(verdict({.dns = {"127.0.0.1"}}, "127.0.0.1"), "its certificate is not for 127.0.0.1");
}

TEST_F(Tls, Wire_E6_ExpiredAndSelfSignedCertificatesAreRefused) {
  EXPECT_EQ(verdict({.dns = {"trunk.example"}, .valid_from_s = -7'200, .valid_until_s = -3'600}),
            "certificate has expired");
  EXPECT_EQ(verdict({.dns = {"trunk.example"}, .valid_from_s = 3'600, .valid_until_s = 7'200}),
            "certificate is not yet valid");
  EXPECT_EQ(verdict({.dns = {"trunk.example"}, .self_signed = true}), "self-signed certificate");
}

TEST_F(Tls, NobodysCertificateIsLookedAtWhenTheAdministratorSaysSo) {
  Pair two =
      pair({.dns = {"other.example"}, .self_signed = true}, "trunk.example", TlsVerify::None);

  two.run();

  EXPECT_EQ(two.caller->state(), State::Open) << two.caller->trouble();
}

TEST_F(Tls, Wire_T17_WithoutANameNobodyIsBelieved) {
  Pair two = pair({.dns = {"trunk.example"}}, "");

  two.run();

  EXPECT_EQ(two.caller->state(), State::Broken);
}

TEST_F(Tls, Wire_T17_VerifyAllWantsACertificateOfWhoComes) {
  Authority strangers;
  const auto run = [&](const std::shared_ptr<const TlsContext>& comes) {
    Pair two{connect_tls(comes, "trunk.example"),
             accept_tls(authority.context({.dns = {"trunk.example"}}, TlsVerify::All)),
             {},
             {}};
    two.run();
    return two.answerer->state();
  };

  EXPECT_EQ(run(authority.context({.dns = {"phone.example"}}, TlsVerify::None)), State::Open);
  EXPECT_EQ(run(strangers.context({.dns = {"phone.example"}}, TlsVerify::None)), State::Broken);
}

// Each end is shown the handshake up to each byte, and then something else: it must end broken or
// go on waiting, never crash, never open.
TEST_F(Tls, Wire_E6_AHandshakeThatIsCutAtAnyByteOpensNothing) {
  const auto ours = authority.context({.dns = {"trunk.example"}});
  const auto first_of = [&] {
    Layer::Output hello;
    connect_tls(ours, "trunk.example")->start(hello);
    return hello.down;
  };
  const std::string hello = first_of();

  for (std::size_t cut = 0; cut < hello.size(); ++cut) {
    auto waiting = accept_tls(ours);
    Layer::Output out;
    waiting->receive(hello.substr(0, cut), out);
    ASSERT_EQ(waiting->state(), State::Opening) << cut;
    waiting->receive("GET / HTTP/1.1\r\n\r\n", out);
    ASSERT_NE(waiting->state(), State::Open) << cut;
    ASSERT_TRUE(out.up.empty());
  }
}

TEST_F(Tls, Wire_E6_AnAnswerThatIsCutAtAnyByteOpensNothing) {
  const auto ours = authority.context({.dns = {"trunk.example"}});
  for (std::size_t cut = 0;; ++cut) {
    auto caller = connect_tls(ours, "trunk.example");
    auto answerer = accept_tls(ours);
    Layer::Output hello;
    caller->start(hello);
    Layer::Output answer;
    answerer->receive(hello.down, answer);
    if (cut >= answer.down.size()) break;

    Layer::Output out;
    caller->receive(answer.down.substr(0, cut), out);
    ASSERT_EQ(caller->state(), State::Opening) << cut;
    caller->receive(std::string(20'000, '\x17'), out);
    ASSERT_EQ(caller->state(), State::Broken) << cut;
    ASSERT_TRUE(out.up.empty());
  }
}

TEST_F(Tls, Wire_T18_WhatIsNoHandshakeEndsItAtOnce) {
  auto waiting = accept_tls(authority.context({.dns = {"trunk.example"}}));

  Layer::Output out;
  waiting->receive("REGISTER sip:office.example SIP/2.0\r\n", out);

  EXPECT_EQ(waiting->state(), State::Broken);
  EXPECT_FALSE(waiting->trouble().empty());
}

TEST_F(Tls, TheErrorsOfFilesAreClearLines) {
  const auto error = [](const TlsFiles& files) {
    const auto loaded = TlsContext::load(files);
    return loaded ? std::string{"none"} : loaded.error();
  };
  const std::string good = authority.issue({.dns = {"a.example"}});
  const std::string other = authority.issue({.dns = {"b.example"}});

  EXPECT_EQ(error({.certificate = good}), "none");
  EXPECT_EQ(error({}), "tls: no certificate is configured (tls.certificate)");
  EXPECT_EQ(error({.certificate = "/none.pem"}), "tls: /none.pem cannot be opened");
  EXPECT_EQ(error({.certificate = good, .key = "/none.pem"}), "tls: /none.pem cannot be opened");
  EXPECT_EQ(error({.certificate = good, .key = other}),
            "tls: " + other +
                " is not the key of the certificate, in PEM without a password: key "
                "values mismatch");
  EXPECT_EQ(error({.certificate = good, .ca = "/none.pem"}), "tls: /none.pem cannot be opened");
}

TEST(CertificateNames, TakesUrisBeforeNamesAndNoNul) {
  Authority authority;
  const auto names = [&](const Wanted& wanted) {
    return names_of(*authority.certificate(wanted)).domains;
  };
  using Names = std::vector<std::string>;

  EXPECT_EQ(names({.dns = {"A.Example", "b.example"}}), (Names{"a.example", "b.example"}));
  EXPECT_EQ(names({.dns = {"a.example"}, .uris = {"SIP:c.example", "https://d.example"}}),
            Names{"c.example"});
  EXPECT_EQ(names({.dns = {std::string("a.example\0", 10), "", "*.example"}}), Names{});
}

}  // namespace
}  // namespace net
