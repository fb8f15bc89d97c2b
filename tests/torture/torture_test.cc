// Torture messages (RFC 4475, RFC 5118 and our own): each file is judged as its manifest says, can
// be cut anywhere, and prints and parses to the same. Runs in the root of the project.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/stream.h"
#include "sip/testing/must.h"
#include "sip/testing/read_all.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace {

namespace fs = std::filesystem;
using sip::Header;
using sip::Message;
using sip::testing::must;

const fs::path kFolder = "tests/torture";
const fs::path kRfcFolder = "../shared/data";

struct Row {
  std::string file, expected, answer, shows;
};

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string take_cell(std::string& line) {
  const std::size_t comma = line.find(',');
  std::string cell = line.substr(0, comma);
  line.erase(0, comma == std::string::npos ? line.size() : comma + 1);
  return cell;
}

std::vector<Row> read_manifest(const fs::path& path) {
  std::ifstream in{path};
  EXPECT_TRUE(in.good()) << path;
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    Row row;
    row.file = take_cell(line);
    row.expected = take_cell(line);
    row.answer = take_cell(line);
    row.shows = line;
    rows.push_back(row);
  }
  EXPECT_FALSE(rows.empty()) << path;
  return rows;
}

// "ok" or the reason; what is done about it: "-", "drop" or the code of the answer.
Row judge(const Message::Outcome& outcome) {
  Row row;
  row.expected = outcome.reject.has_value() ? sip::word(*outcome.reject) : "ok";
  row.answer = "-";
  if (outcome.reject.has_value())
    row.answer =
        outcome.message.answerable() ? std::to_string(sip::answer_code(*outcome.reject)) : "drop";
  return row;
}

void expect_judged(const fs::path& folder, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const std::string bytes = read_file(folder / row.file);
    const Message::Outcome outcome = Message::parse(bytes);
    const Row seen = judge(outcome);
    EXPECT_EQ(seen.expected, row.expected) << row.file << ": " << row.shows;
    EXPECT_EQ(seen.answer, row.answer) << row.file << ": " << row.shows;
    (void)sip::testing::read_all(outcome);
    EXPECT_TRUE(outcome.reject.has_value() || sip::testing::survives_printing(outcome)) << row.file;
  }
  std::printf("torture: %zu messages of %s\n", rows.size(), folder.c_str());
}

// Each length; some of them read in every way. Long files are cut at fewer places behind their
// first 4 kB.
void cut_anywhere(const std::string& bytes) {
  for (std::size_t length = 0; length <= bytes.size(); length += length < 4'096 ? 1 : 997) {
    const std::string cut = bytes.substr(0, length);  // a buffer of its own: ASan sees its end
    const Message::Outcome outcome = Message::parse(cut);
    if (length % 32 == 0) (void)sip::testing::read_all(outcome);
    ASSERT_TRUE(outcome.reject.has_value() || sip::testing::survives_printing(outcome)) << length;
  }
}

std::string ours(std::string_view name) {
  return read_file(kFolder / (std::string{name} + ".dat"));
}

bool has_rfc_files() {
  if (fs::is_directory(kRfcFolder)) return true;
  std::printf("torture: %s is not there: only our own messages were run\n", kRfcFolder.c_str());
  return false;
}

TEST(Torture, EveryFileHasARowAndEveryRowAFile) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator{kFolder})
    if (entry.path().extension() == ".dat") files.push_back(entry.path().filename().string());
  std::vector<std::string> rows;
  for (const Row& row : read_manifest(kFolder / "manifest.csv")) rows.push_back(row.file);

  std::ranges::sort(files);
  std::ranges::sort(rows);

  EXPECT_EQ(files, rows);
}

TEST(Torture, EachMessageIsJudgedAsTheManifestSays) {
  expect_judged(kFolder, read_manifest(kFolder / "manifest.csv"));
}

TEST(Torture, EachMessageMayBeCutAnywhere) {
  for (const Row& row : read_manifest(kFolder / "manifest.csv"))
    cut_anywhere(read_file(kFolder / row.file));
}

TEST(Torture, TheFilesOfTheRfcsAreJudgedAndCutToo) {
  const std::vector<Row> rows = read_manifest(kFolder / "manifest_rfc.csv");
  if (has_rfc_files()) {
    expect_judged(kRfcFolder, rows);
    for (const Row& row : rows) cut_anywhere(read_file(kRfcFolder / row.file));
  }
}

TEST(Torture, EachRejectionHasAMessage) {
  const std::vector<Row> rows = read_manifest(kFolder / "manifest.csv");
  for (std::size_t i = 0; i < sip::kRejectCount; ++i) {
    const std::string_view reason = sip::word(static_cast<sip::Reject>(i));
    EXPECT_TRUE(std::ranges::any_of(rows, [&](const Row& row) { return row.expected == reason; }))
        << reason << " has no message";
  }
}

// The first message that a stream of these bytes gives; "" if none.
std::string first_of_stream(std::string_view bytes) {
  sip::StreamFramer framer;
  framer.feed(bytes);
  sip::StreamFramer::Item item = framer.next();
  while (item.kind == sip::StreamFramer::Kind::Ping) item = framer.next();
  return std::string{item.bytes};
}

TEST(Torture, AStreamGivesEachAcceptedMessageWithALengthAsItIs) {
  std::vector<std::string> different;
  for (const Row& row : read_manifest(kFolder / "manifest.csv")) {
    const std::string bytes = read_file(kFolder / row.file);
    const Message::Outcome outcome = Message::parse(bytes);
    if (outcome.reject.has_value() || !outcome.message.has(Header::ContentLength)) continue;
    const std::string framed = first_of_stream(bytes);
    if (!sip::testing::same_message(outcome.message, Message::parse(framed).message))
      different.push_back(row.file);
  }

  EXPECT_EQ(different, std::vector<std::string>{});
}

// ---- what the cases are about ------------------------------------------------------------------

TEST(Torture, Rfc4475_3_1_1_1_FoldsAndBlanksAreReadThrough) {
  const std::string bytes = ours("4475_3_1_1_1_blanks_and_folds");
  const Message message = Message::parse(bytes).message;

  EXPECT_EQ(must(sip::to_of(message)).tag(), "77aa");
  EXPECT_EQ(must(sip::from_of(message)).tag(), "k90");
  EXPECT_EQ(sip::unquoted(must(sip::from_of(message)).display), "Front \\\" desk");
  EXPECT_EQ(message.value(Header::MaxForwards), "0042");
  EXPECT_EQ(message.cseq(), 31U);
  EXPECT_EQ(message.find("x-office-hint")->value, "first half   second half");
  EXPECT_EQ(must(sip::first_contact(message)).param("q"), "0.25");
  std::vector<std::string> vias;
  message.for_each_value(Header::Via, [&](std::string_view value) {
    const sip::Via via = must(sip::Via::parse(value));
    vias.push_back(std::string{via.transport} + " " + std::string{via.host} + " " +
                   std::string{via.branch()});
  });
  EXPECT_EQ(vias,
            (std::vector<std::string>{"UDP 192.0.2.31 zold", "TCP hop.office.example z9hG4bKhop",
                                      "UDP 192.0.2.200 z9hG4bKlast"}));
  EXPECT_EQ(message.body().substr(0, 5), "v=0\r\n");
}

TEST(Torture, Rfc4475_3_1_1_3_AnEscapedUriInTheUserIsOnlyAUser) {
  const std::string bytes = ours("4475_3_1_1_3_escapes_in_uris");
  const Message message = Message::parse(bytes).message;
  const sip::Uri uri = must(sip::Uri::parse(message.request_uri()));

  EXPECT_EQ(uri.scheme, sip::Scheme::Sip);
  EXPECT_EQ(sip::unescaped(uri.user), "sips:600@office.example");
  EXPECT_EQ(uri.host, "edge.office.example");
  EXPECT_TRUE(sip::same_uri(must(sip::to_of(message)).uri, "sip:600@office.example"));
}

TEST(Torture, Rfc4475_3_1_1_5_APercentSignInANameIsNoEscape) {
  const std::string bytes = ours("4475_3_1_1_5_percent_is_no_escape_in_names");
  const Message message = Message::parse(bytes).message;

  EXPECT_EQ(message.method(), sip::Method::Other);
  EXPECT_EQ(message.method_name(), "OPT%49ONS");
  std::size_t contacts = 0;
  message.for_each_value(Header::Contact, [&](std::string_view) { ++contacts; });
  EXPECT_EQ(contacts, 2U);
}

TEST(Torture, Rfc4475_3_1_1_8_TheSecondRequestOfADatagramIsNotRead) {
  const std::string bytes = ours("4475_3_1_1_8_a_second_request_behind");
  const Message message = Message::parse(bytes).message;

  EXPECT_EQ(message.method(), sip::Method::Register);
  EXPECT_EQ(message.body(), "");
}

TEST(Torture, Rfc4475_3_1_1_9_TheSemicolonIsPartOfTheUser) {
  const std::string bytes = ours("4475_3_1_1_9_semicolon_in_the_user");
  const Message message = Message::parse(bytes).message;
  const sip::Uri uri = must(sip::Uri::parse(message.request_uri()));

  EXPECT_EQ(sip::unescaped(uri.user), "600;line=1@office");
  EXPECT_EQ(uri.params, "");
}

TEST(Torture, Rfc4475_3_3_12_And13_WhoseParameterItIsDependsOnTheAngles) {
  const std::string bare = ours("4475_3_3_12_contact_parameter_without_angles");
  const std::string angled = ours("4475_3_3_13_contact_parameter_inside_angles");
  const Message outside = Message::parse(bare).message;
  const Message inside = Message::parse(angled).message;

  EXPECT_EQ(must(sip::first_contact(outside)).uri, "sip:+4930123456@gw.office.example");
  EXPECT_TRUE(must(sip::first_contact(outside)).param("strange").has_value());
  EXPECT_EQ(must(sip::first_contact(inside)).uri, "sip:+4930123456@gw.office.example;strange");
  EXPECT_FALSE(must(sip::first_contact(inside)).param("strange").has_value());
}

TEST(Torture, Rfc5118_4_3_And4_APortStandsBehindTheBracketOnly) {
  const std::string inside = ours("5118_4_3_port_inside_the_brackets");
  const std::string behind = ours("5118_4_4_port_after_the_brackets");
  const sip::Uri without = must(sip::Uri::parse(Message::parse(inside).message.request_uri()));
  const sip::Uri with = must(sip::Uri::parse(Message::parse(behind).message.request_uri()));

  EXPECT_EQ(without.host, "[2001:db8:5::10:5070]");
  EXPECT_EQ(without.port, 0);
  EXPECT_EQ(with.host, "[2001:db8:5::10]");
  EXPECT_EQ(with.port, 5070);
}

TEST(Torture, Rfc5118_4_5_ReceivedIsWrittenNewWhateverItWas) {
  const base::Address source = must(base::Address::parse("[2001:db8:5::99]:5060"));
  for (const std::string_view name :
       {"5118_4_5_received_without_brackets", "5118_4_5_received_with_brackets"}) {
    const std::string bytes = ours(name);
    const sip::Writer answer = sip::response_to(Message::parse(bytes).message, source, 200, "x");
    EXPECT_NE(answer.text().find(";received=2001:db8:5::99\r\n"), std::string::npos)
        << answer.text();
    EXPECT_EQ(answer.text().find('['), answer.text().rfind('[')) << answer.text();
  }
}

TEST(Torture, OwnMultipartBodyGivesItsSdp) {
  const std::string bytes = ours("own_multipart_with_sdp");
  const Message message = Message::parse(bytes).message;

  const std::string_view sdp = sip::body_of_type(message, "application/sdp");

  EXPECT_TRUE(sdp.starts_with("v=0\r\no=alice")) << sdp;
  EXPECT_TRUE(sdp.ends_with("telephone-event/8000\r\n")) << sdp;
  EXPECT_EQ(sip::body_of_type(message, "text/plain"), "--b 12\r\nx");
}

}  // namespace
