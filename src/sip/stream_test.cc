#include "sip/stream.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.h"

namespace sip {
namespace {

using Kind = StreamFramer::Kind;

// An OPTIONS with these extra header lines and this body; no Content-Length but what `extra` has.
std::string message(std::string_view extra, std::string_view body) {
  std::string out = "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nCall-ID: c\r\n";
  return out.append(extra).append("\r\n").append(body);
}
std::string with_length(std::string_view body) {
  return message("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

// All that comes out, in words, when the stream comes in pieces of this size.
std::vector<std::string> items(std::string_view stream, std::size_t piece) {
  std::vector<std::string> out;
  StreamFramer framer;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    framer.feed(stream.substr(at, piece));
    for (StreamFramer::Item item = framer.next(); item.kind != Kind::NeedMore;
         item = framer.next()) {
      if (item.kind == Kind::Broken) {
        out.emplace_back("broken");
        return out;
      }
      out.emplace_back(item.kind == Kind::Ping ? "ping" : item.bytes);
    }
  }
  return out;
}

TEST(Stream, Wire_E3_TwoMessagesInOneSegmentAndOneByteASegmentAreTheSame) {
  const std::string first = with_length("abc");
  const std::string second = with_length("");
  const std::vector<std::string> expected{first, second};

  EXPECT_EQ(items(first + second, 10'000), expected);
  EXPECT_EQ(items(first + second, 1), expected);
  EXPECT_EQ(items(first + second, 7), expected);
}

TEST(Stream, Wire_E3_Rfc5626_3_5_1_APingIsToldAndALoneLineEndIsSkipped) {
  const std::string one = with_length("x");

  EXPECT_EQ(items("\r\n\r\n" + one, 3), (std::vector<std::string>{"ping", one}));
  EXPECT_EQ(items(one + "\r\n\r\n" + one, 1), (std::vector<std::string>{one, "ping", one}));
  EXPECT_EQ(items("\r\n" + one, 1), (std::vector<std::string>{one}));
  EXPECT_EQ(items("\r\n" + one, 1'000), (std::vector<std::string>{one}));
}

TEST(Stream, Wire_E3_ARequestInsideABodyIsNeverServed) {
  const std::string inner = with_length("");
  const std::string outer = with_length(inner);

  EXPECT_EQ(items(outer, 5), (std::vector<std::string>{outer}));
}

TEST(Stream, Wire_E3_ALengthThatIsMissingDoubledOrNoNumberBreaksTheStream) {
  const std::vector<std::string> broken{"broken"};

  EXPECT_EQ(items(message("", "abc"), 4), broken);
  EXPECT_EQ(items(message("Content-Length: 3\r\nl: 4\r\n", "abc"), 4), broken);
  EXPECT_EQ(items(message("Content-Length: -1\r\n", ""), 4), broken);
  EXPECT_EQ(items(message("Content-Length: 3x\r\n", "abc"), 4), broken);
  EXPECT_EQ(items(message("Content-Length: 99999999999999999999\r\n", ""), 4), broken);
  EXPECT_EQ(items(message("Content-Length: 65536\r\n", ""), 4), broken);
}

TEST(Stream, Wire_E3_TheSameLengthTwiceACompactOneAndAFoldedOneAreRead) {
  const std::string twice = message("l: 2\r\nContent-Length: 2\r\n", "ab");
  const std::string folded = message("Content-Length :\r\n\t 2\r\n", "ab");

  EXPECT_EQ(items(twice + folded, 9), (std::vector<std::string>{twice, folded}));
}

TEST(Stream, Wire_E3_ALengthInsideAFoldedValueIsNotTheLength) {
  const std::string one = message("Subject: a\r\n Content-Length: 90\r\nl: 2\r\n", "ab");

  EXPECT_EQ(items(one, 1), (std::vector<std::string>{one}));
}

TEST(Stream, Wire_E3_ABrokenMessageStillShowsItsHeaderFieldsForA400) {
  const std::string head = message("Content-Length: no\r\n", "");
  StreamFramer framer;
  framer.feed(head + "junk");

  const StreamFramer::Item item = framer.next();

  EXPECT_EQ(item.kind, Kind::Broken);
  EXPECT_EQ(item.bytes, head);
  framer.feed(with_length(""));
  EXPECT_EQ(framer.next().kind, Kind::Broken);
}

TEST(Stream, Wire_E3_ALengthOverTheLimitStillShowsTheHeaderFields) {
  const std::string head = message("Content-Length: 65535\r\n", "");
  StreamFramer framer;
  framer.feed(head);

  const StreamFramer::Item item = framer.next();

  EXPECT_EQ(item.kind, Kind::Broken);
  EXPECT_EQ(item.bytes, head);
}

TEST(Stream, Wire_E5_AMessageThatNeverEndsIsBrokenAtTheLimit) {
  StreamFramer framer;
  const std::string line = "X-Long: " + std::string(1'000, 'x') + "\r\n";
  std::size_t fed = 0;
  Kind kind = Kind::NeedMore;

  framer.feed("OPTIONS sip:h SIP/2.0\r\n");
  while (kind == Kind::NeedMore && fed < 1'000'000) {
    framer.feed(line);
    fed += line.size();
    kind = framer.next().kind;
  }

  EXPECT_EQ(kind, Kind::Broken);
  EXPECT_LE(fed, base::kStreamBufferMax + 2 * line.size());
}

TEST(Stream, PendingCountsABegunMessageOnly) {
  StreamFramer framer;
  framer.feed("\r\n");
  EXPECT_EQ(framer.next().kind, Kind::NeedMore);
  EXPECT_EQ(framer.pending(), 0U);

  framer.feed("INV");
  EXPECT_EQ(framer.next().kind, Kind::NeedMore);
  EXPECT_EQ(framer.pending(), 3U);
}

TEST(Stream, AThousandMessagesInOneBufferComeOutWhole) {
  const std::string one = with_length("body");
  std::string stream;
  for (int i = 0; i < 1'000; ++i) stream += one;

  EXPECT_EQ(items(stream, stream.size()), std::vector<std::string>(1'000, one));
  EXPECT_EQ(items(stream, 4'000), std::vector<std::string>(1'000, one));
}

}  // namespace
}  // namespace sip
