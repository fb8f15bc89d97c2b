// The server's end of a WebSocket, byte by byte (RFC 6455, RFC 7118; reliability.md E7, W1).
#include "net/websocket.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "net/layer.h"

namespace net {
namespace {

using State = Layer::State;
using Texts = std::vector<std::string>;

std::string request(std::string_view more = {}, std::string_view protocol = "sip") {
  return "GET / HTTP/1.1\r\nHost: pbx.example:5066\r\nUpgrade: WebSocket\r\nConnection: "
         "keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " +
         std::string(protocol) + "\r\n" + std::string(more) + "\r\n";
}

std::string status_of(const Upgrade& answered) {
  return answered.answer.substr(9, 3);
}

// A masked frame with its length in the given form: 0 = the shortest.
std::string frame(std::uint8_t first_byte, std::string_view payload, int length_bytes = 0) {
  std::string out(1, static_cast<char>(first_byte));
  if (length_bytes == 0) length_bytes = payload.size() < 126 ? 1 : payload.size() < 65'536 ? 2 : 8;
  if (length_bytes == 1) out += static_cast<char>(0x80U | payload.size());
  if (length_bytes == 2) out += '\xFE';
  if (length_bytes == 8) out += '\xFF';
  for (int i = length_bytes == 1 ? 0 : length_bytes; i > 0; --i)
    out += static_cast<char>(payload.size() >> (8 * (i - 1)));
  out += "\x11\x22\x33\x44";
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += static_cast<char>(payload[i] ^ static_cast<char>(0x11 * (i % 4 + 1)));
  return out;
}

class WebSocket : public ::testing::Test {
 protected:
  WebSocket() {
    receive(request());
    said.clear();
  }
  void receive(std::string_view bytes) {
    Layer::Output out;
    layer->receive(bytes, out);
    heard.insert(heard.end(), out.up.begin(), out.up.end());
    said += out.down;
  }
  std::unique_ptr<Layer> layer = accept_websocket(70'000);
  Texts heard;
  std::string said;
};

TEST(WebSocketUpgrade, Rfc6455_1_3_AnswersTheKeyOfTheExample) {
  const Upgrade answered = upgrade(request());

  EXPECT_TRUE(answered.accepted);
  EXPECT_EQ(answered.answer,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
            "\r\n\r\n");
}

TEST(WebSocketUpgrade, Wire_W1_APageFromAnotherHostIsRefused) {
  EXPECT_EQ(status_of(upgrade(request("Origin: https://pbx.example:8080\r\n"))), "101");
  EXPECT_EQ(status_of(upgrade(request("Origin: http://PBX.example\r\n"))), "101");
  EXPECT_EQ(status_of(upgrade(request("Origin: https://evil.example\r\n"))), "403");
  EXPECT_EQ(status_of(upgrade(request("Origin: https://pbx.example.evil.example\r\n"))), "403");
  EXPECT_EQ(status_of(upgrade(request("Origin: null\r\n"))), "403");
}

TEST(WebSocketUpgrade, RefusesWhatIsNoSipWebSocket) {
  EXPECT_EQ(status_of(upgrade(request({}, "chat, sip"))), "101");
  EXPECT_EQ(status_of(upgrade(request({}, "chat"))), "400");
  EXPECT_EQ(status_of(upgrade("GET / HTTP/1.1\r\nHost: a\r\n\r\n")), "426");
  EXPECT_EQ(status_of(upgrade("POST / HTTP/1.1\r\nHost: a\r\n\r\n")), "405");
  EXPECT_EQ(status_of(upgrade("REGISTER sip:a SIP/2.0\r\nVia: x\r\n\r\n")), "400");
  std::string old = request();
  old.replace(old.find(": 13") + 2, 2, "8 ");
  EXPECT_EQ(status_of(upgrade(old)), "426");
}

TEST_F(WebSocket, ReadsEachMessageHoweverItIsCut) {
  const std::string bytes = frame(0x81, "one") + frame(0x82, std::string(300, 'x')) +
                            frame(0x81, std::string(66'000, 'y'));
  for (const char c : bytes.substr(0, 400)) receive({&c, 1});
  receive(std::string_view{bytes}.substr(400));

  EXPECT_EQ(heard, (Texts{"one", std::string(300, 'x'), std::string(66'000, 'y')}));
  EXPECT_FALSE(layer->unfinished());
}

TEST_F(WebSocket, Wire_E7_FragmentsMakeOneMessageAndAPingBetweenThemIsAnswered) {
  receive(frame(0x01, "REGIS") + frame(0x89, "?") + frame(0x00, "TE"));
  EXPECT_TRUE(layer->unfinished());
  receive(frame(0x80, "R"));

  EXPECT_EQ(heard, Texts{"REGISTER"});
  EXPECT_EQ(said, "\x8a\x01?");
}

TEST_F(WebSocket, Wire_E7_WhatNoClientMaySendClosesIt) {
  const auto after = [](const std::string& bytes) {
    auto one = accept_websocket(100);
    Layer::Output out;
    one->receive(request(), out);
    out = {};
    one->receive(bytes, out);
    EXPECT_TRUE(out.up.empty());
    if (one->state() != State::Broken || out.down.size() != 4) return 0;
    return static_cast<unsigned char>(out.down[2]) * 256 + static_cast<unsigned char>(out.down[3]);
  };
  const std::string huge(
      "\x81\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
      "mask",
      14);
  const std::string big(
      "\x81\xFF\x00\x00\x00\x01\x00\x00\x00\x01"
      "mask",
      14);

  EXPECT_EQ(after(std::string("\x81\x03one", 5)), 1002);        // not masked
  EXPECT_EQ(after(frame(0xC1, "one")), 1002);                   // a reserved bit
  EXPECT_EQ(after(frame(0x83, "one")), 1002);                   // an opcode that is none
  EXPECT_EQ(after(frame(0x09, "?")), 1002);                     // a control frame in pieces
  EXPECT_EQ(after(frame(0x89, std::string(126, '?'))), 1002);   // a long one
  EXPECT_EQ(after(frame(0x80, "one")), 1002);                   // goes on with nothing
  EXPECT_EQ(after(frame(0x01, "a") + frame(0x81, "b")), 1002);  // begins in the middle
  EXPECT_EQ(after(frame(0x81, "one", 2)), 1002);                // a length longer than needed
  EXPECT_EQ(after(frame(0x81, "one", 8)), 1002);
  EXPECT_EQ(after(huge), 1002);  // 2^64 - 1
  EXPECT_EQ(after(big), 1009);   // 2^32 + 1
  EXPECT_EQ(after(frame(0x82, std::string(101, 'x'))), 1009);
  EXPECT_EQ(after(frame(0x02, std::string(60, 'x')) + frame(0x80, std::string(60, 'x'))), 1009);
  EXPECT_EQ(after(frame(0x81, "\xFF\xFE")), 1007);
}

TEST_F(WebSocket, Wire_E7_ACloseInTheMiddleOfAMessageEndsIt) {
  receive(frame(0x01, "REGIS") + frame(0x88, std::string("\x03\xE9"
                                                         "bye",
                                                         5)));

  EXPECT_EQ(layer->state(), State::Ended);
  EXPECT_EQ(said, std::string("\x88\x02\x03\xE9", 4));
  EXPECT_EQ(heard, Texts{});
}

TEST_F(WebSocket, SendsTextAsTextAndOtherBytesAsBinary) {
  Layer::Output out;
  layer->send("ok", out);
  layer->send("\xFF", out);
  layer->send(std::string(200, 'x'), out);
  layer->send(std::string(70'000, 'y'), out);

  EXPECT_EQ(out.down, std::string("\x81\x02ok\x82\x01\xFF\x81\x7E\x00\xC8", 11) +
                          std::string(200, 'x') +
                          std::string("\x81\x7F\x00\x00\x00\x00\x00\x01\x11\x70", 10) +
                          std::string(70'000, 'y'));
}

TEST_F(WebSocket, APingThatNobodyAnswersIsTheLastOne) {
  Layer::Output out;
  EXPECT_TRUE(layer->ping(out));
  receive(frame(0x8A, ""));
  EXPECT_TRUE(layer->ping(out));
  EXPECT_FALSE(layer->ping(out));
}

TEST_F(WebSocket, AnUpgradeRequestIsNotReadForEver) {
  auto one = accept_websocket(100);
  Layer::Output out;
  one->receive("GET / HTTP/1.1\r\nX: " + std::string(9'000, 'x'), out);

  EXPECT_EQ(one->state(), State::Broken);
}

}  // namespace
}  // namespace net
