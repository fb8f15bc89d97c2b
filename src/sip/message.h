#pragma once
// A SIP message as a view of the bytes that came (RFC 3261 section 7, with the leniency that RFC
// 4475 asks of a receiver).
//
// One pass finds the start line and the header fields; values are read when asked for. Nothing is
// copied but in one rare case: folded lines are joined in a copy that the Message holds. So what
// was read from a Message is valid as long as the bytes and the Message (or a copy of it) are.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sip {

enum class Method : std::uint8_t {
  Invite,
  Ack,
  Bye,
  Cancel,
  Options,
  Register,
  Prack,
  Update,
  Info,
  Subscribe,
  Notify,
  Refer,
  Message,
  Publish,
  Other
};
[[nodiscard]] std::string_view name_of(Method method);    // "" for Other
[[nodiscard]] Method method_from(std::string_view name);  // case matters (7.1)

// The header fields that somebody in this house reads; all others are Other and keep their name.
enum class Header : std::uint8_t {
  Other,
  Accept,
  AlertInfo,
  Allow,
  AllowEvents,
  Authorization,
  CallId,
  CallInfo,
  Contact,
  ContentEncoding,
  ContentLength,
  ContentType,
  Cseq,
  Date,
  Diversion,
  Event,
  Expires,
  From,
  HistoryInfo,
  MaxForwards,
  MinExpires,
  MinSe,
  PAssertedIdentity,
  PCalledPartyId,
  Path,
  PreferredIdentity,
  Privacy,
  ProxyAuthenticate,
  ProxyAuthorization,
  ProxyRequire,
  Rack,
  Reason,
  RecordRoute,
  ReferTo,
  ReferredBy,
  Replaces,
  RequestDisposition,
  Require,
  RetryAfter,
  Route,
  Rseq,
  Server,
  ServiceRoute,
  SessionExpires,
  SessionId,
  Subject,
  SubscriptionState,
  Supported,
  To,
  Unsupported,
  UserAgent,
  Via,
  Warning,
  WwwAuthenticate,
  XCid,
  Count
};
[[nodiscard]] std::string_view name_of(Header header);    // the long form; "" for Other
[[nodiscard]] Header header_from(std::string_view name);  // any case, compact forms too

// Why bytes are no message that we serve.
enum class Reject : std::uint8_t {
  Empty,
  TooLong,
  NoStartLine,
  BadStartLine,
  BadVersion,
  BadStatusCode,
  TooManyHeaders,
  HeaderTooLong,
  BadHeader,
  NoEndOfHeaders,
  NoVia,
  BadVia,
  TooManyVias,
  NoFrom,
  BadFrom,
  NoTo,
  BadTo,
  NoCallId,
  BadCallId,
  NoCseq,
  BadCseq,
  CseqMethodMismatch,
  BadContentLength,
  BodyTooShort,
  BadMaxForwards,
  BadRequestUri,
  BadContact,
  BadAuthorization,
  DuplicateSingle
};
inline constexpr std::size_t kRejectCount = static_cast<std::size_t>(Reject::DuplicateSingle) + 1;
[[nodiscard]] std::string_view word(Reject reason);  // "bad_via", for counters and the manifest
// The status that an answerable() request with this fault gets (21.4.1, 21.5.6): 505 for another
// version, 413 for what is over a limit, else 400. What is not answerable is dropped.
[[nodiscard]] std::uint16_t answer_code(Reject reason);

struct Field {
  Header id = Header::Other;
  std::string_view name;   // as written
  std::string_view value;  // without surrounding blanks, unfolded
};

// A received message. Cheap to make, not to be kept: keep the bytes and parse again.
class Message {
 public:
  // Reads start line and header fields. On failure the parts that could be read stay readable, so
  // that a 400 can be written when answerable() is true. The first fault found is the reason. No
  // field that was read has CR, LF or NUL in its value: it can be copied into another message.
  struct Outcome;
  [[nodiscard]] static Outcome parse(std::string_view bytes);

  [[nodiscard]] bool is_request() const { return code_ == 0; }
  [[nodiscard]] Method method() const { return method_; }  // of the request or the CSeq
  [[nodiscard]] std::string_view method_name() const { return method_name_; }
  [[nodiscard]] std::string_view request_uri() const { return request_uri_; }
  [[nodiscard]] std::uint16_t code() const { return code_; }  // of a response, else 0
  [[nodiscard]] std::string_view phrase() const { return phrase_; }
  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::uint32_t cseq() const { return cseq_; }

  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  // The first field of that kind, or null. For Other use the name.
  [[nodiscard]] const Field* find(Header id) const;
  [[nodiscard]] const Field* find(std::string_view name) const;
  [[nodiscard]] std::string_view value(Header id) const;  // of the first, "" if absent
  [[nodiscard]] bool has(Header id) const { return find(id) != nullptr; }
  // Every value of a list header (Via, Route, Contact, Supported…): commas outside of quotes and <>
  // separate. `visit(std::string_view)` gets each without blanks.
  template <class F>
  void for_each_value(Header id, F visit) const {
    for (const Field& field : fields_)
      if (field.id == id) split_list(field.value, visit);
  }
  // True if a list of tokens (Supported, Require, Allow) has this one, any case.
  [[nodiscard]] bool has_token(Header id, std::string_view token) const;
  // A request with a top Via that can be read and From, To, Call-ID and CSeq: a response can be
  // written (8.2.6). False for ACK.
  [[nodiscard]] bool answerable() const;
  // The first value of a list header, "" if absent.
  [[nodiscard]] std::string_view first_value(Header id) const { return first_item(value(id)); }

  template <class F>
  static void split_list(std::string_view value, F visit) {
    std::string_view item;
    while (next_item(value, item)) visit(item);
  }
  [[nodiscard]] static std::string_view first_item(std::string_view list) {
    std::string_view item;
    return next_item(list, item) ? item : std::string_view{};
  }

 private:
  [[nodiscard]] static bool next_item(std::string_view& rest, std::string_view& item);
  std::optional<Reject> read_start_line(std::string_view line);
  std::optional<Reject> read_fields(std::string_view text);
  std::optional<Reject> read_field(std::string_view line);
  std::optional<Reject> check();
  std::optional<Reject> check_cseq();
  std::optional<Reject> check_request();
  std::optional<Reject> check_body(std::string_view rest);

  std::shared_ptr<const std::string> unfolded_;  // only when a line was folded
  std::string_view bytes_, method_name_, request_uri_, phrase_, body_;
  std::vector<Field> fields_;
  std::array<std::int16_t, static_cast<std::size_t>(Header::Count)> first_{};
  std::uint32_t cseq_ = 0;
  std::uint16_t code_ = 0;
  Method method_ = Method::Other;
};

struct Message::Outcome {
  Message message;
  std::optional<Reject> reject;  // absent: a message that may be served
};

// A message that somebody keeps: its bytes, shared, without folds.
class OwnedMessage {
 public:
  OwnedMessage() = default;
  explicit OwnedMessage(std::string_view bytes);
  explicit OwnedMessage(std::shared_ptr<const std::string> bytes);
  [[nodiscard]] bool empty() const { return bytes_ == nullptr; }
  // Parsed again each time; what is read from it is valid as long as this or a copy of it, also
  // after the Message is gone. REQUIRES: !empty().
  [[nodiscard]] Message view() const;
  [[nodiscard]] const std::shared_ptr<const std::string>& bytes() const { return bytes_; }

 private:
  std::shared_ptr<const std::string> bytes_;
};

}  // namespace sip
