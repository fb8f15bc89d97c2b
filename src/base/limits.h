#pragma once
// A limit on everything that somebody else decides, with its reason and what happens at it.
// Reaching one is an ordinary, tested, counted event.

#include <cstddef>
#include <cstdint>

namespace base {

// ---- SIP messages: what is over is dropped (datagrams) or ends the connection, counted by reason
// --
inline constexpr std::size_t kMessageBytesMax = 65'536;  // a UDP datagram cannot be longer
inline constexpr std::size_t kHeaderBytesMax = 8'192;    // one field with its folds
inline constexpr std::size_t kHeaderLinesMax = 200;
inline constexpr std::size_t kViasMax = 70;           // the hops that Max-Forwards allows
inline constexpr std::size_t kBodyPartsMax = 16;      // of multipart/mixed; the rest is not read
inline constexpr std::size_t kSdpBytesMax = 32'768;   // 488
inline constexpr std::size_t kSdpMediaMax = 16;       // 488
inline constexpr std::size_t kSdpAttributesMax = 64;  // an m-line; 488
// Stream transports: bytes of one unfinished message before the connection is closed.
inline constexpr std::size_t kStreamBufferMax = kMessageBytesMax + 4'096;

// ---- calls --------------------------------------------------------------------------------------
inline constexpr std::size_t kCallsMax = 20'000;          // a shard; above: 503 with Retry-After
inline constexpr std::size_t kTransactionsMax = 200'000;  // a shard; above: 503, or dropped
inline constexpr std::size_t kBranchesMax = 200;          // INVITEs of one call; above: not dialled
inline constexpr std::size_t kEarlyDialogsMax = 16;       // of one leg; above: not remembered
inline constexpr std::size_t kRedirectsMax = 5;           // 302 followed in one ring (rule 14)
inline constexpr std::size_t kFinalsMax = 10;  // destinations that one call may pass; 482

// Names of TLS peers that are remembered; above: no connection to a new one.
inline constexpr std::size_t kPeerNamesMax = 4'096;

// ---- registrar ----------------------------------------------------------------------------------
inline constexpr std::size_t kBindingsPerAorMax = 10;    // 403
inline constexpr std::size_t kContactBytesMax = 1'024;   // 400
inline constexpr std::size_t kPathsMax = 8;              // 400
inline constexpr std::uint32_t kExpiresMin = 60;         // seconds; below: 423
inline constexpr std::uint32_t kExpiresDefault = 3'600;  // seconds
inline constexpr std::uint32_t kExpiresMax = 7'200;      // seconds; above: shortened

// ---- mailboxes ----------------------------------------------------------------------------------
// Messages of one mailbox; above: the caller hears that it is full.
inline constexpr std::size_t kMailboxMessagesMax = 100;

// ---- configuration ------------------------------------------------------------------------------
inline constexpr std::size_t kNestingMax = 5;  // levels of groups, the outermost is 1 (rule 11)
inline constexpr std::size_t kDocumentDepthMax = 32;          // YAML and JSON
inline constexpr std::size_t kDocumentBytesMax = 16'777'216;  // 16 MB; refused above

// ---- one source among many: an address (IPv6: its /64), one account
// ------------------------------ Requests a second that begin something, from one address; above:
// 503 with Retry-After.
inline constexpr std::uint32_t kSourceRequestsMax = 5'000;
inline constexpr std::uint32_t kSourceInvitesMax = 2'000;    // the same, INVITE
inline constexpr std::uint32_t kSourceRegistersMax = 3'000;  // the same, REGISTER
// From an address where nobody has shown good credentials; above: no answer.
inline constexpr std::uint32_t kStrangerRequestsMax = 500;
inline constexpr std::uint32_t kSourceCallsMax = 5'000;  // at once; above: 503
inline constexpr std::uint32_t kUserCallsMax = 1'000;    // that one user began; above: 403
// Legs to the telephone network with the rights of one user: at once, begun in a day; above: 403.
inline constexpr std::uint32_t kExternalCallsMax = 10;
inline constexpr std::uint32_t kExternalCallsADay = 500;
// Of 16,384 places for connections; above: closed.
inline constexpr std::uint32_t kAddressConnectionsMax = 12'288;
// Wrong credentials for one account before it is locked (30 s, then twice as long each time).
inline constexpr std::uint32_t kAccountTriesMax = 5;
// Wrong credentials from one address in ten minutes before it is banned; another username each time
// counts three times.
inline constexpr std::uint32_t kBanAfter = 30;
inline constexpr std::uint32_t kBanSeconds = 600;  // the first time, then three times as long
// What is remembered of strangers; above: the oldest is forgotten.
inline constexpr std::size_t kSourcesRemembered = 16'384;
inline constexpr std::size_t kBansMax = 4'096;

// ---- the ladder of messages
// -----------------------------------------------------------------------
inline constexpr std::uint32_t kLadderBytes = 8'388'608;  // the oldest go; 0: nothing is kept

// ---- what an administrator may lower or raise (`limits` of harrier.yaml)
// ----------------------------
struct Limits {
  std::uint32_t message_bytes = kMessageBytesMax;
  std::uint32_t header_bytes = kHeaderBytesMax;
  std::uint32_t header_lines = kHeaderLinesMax;
  std::uint32_t vias = kViasMax;
  std::uint32_t sdp_bytes = kSdpBytesMax;
  std::uint32_t sdp_media = kSdpMediaMax;
  std::uint32_t sdp_attributes = kSdpAttributesMax;
  std::uint32_t calls = kCallsMax;
  std::uint32_t transactions = kTransactionsMax;
  std::uint32_t branches = kBranchesMax;
  std::uint32_t early_dialogs = kEarlyDialogsMax;
  std::uint32_t redirects = kRedirectsMax;
  std::uint32_t finals = kFinalsMax;
  std::uint32_t bindings_per_aor = kBindingsPerAorMax;
  std::uint32_t contact_bytes = kContactBytesMax;
  std::uint32_t paths = kPathsMax;
  std::uint32_t expires_min = kExpiresMin;
  std::uint32_t expires_default = kExpiresDefault;
  std::uint32_t expires_max = kExpiresMax;
  std::uint32_t source_requests = kSourceRequestsMax;
  std::uint32_t source_invites = kSourceInvitesMax;
  std::uint32_t source_registers = kSourceRegistersMax;
  std::uint32_t stranger_requests = kStrangerRequestsMax;
  std::uint32_t source_calls = kSourceCallsMax;
  std::uint32_t user_calls = kUserCallsMax;
  std::uint32_t external_calls = kExternalCallsMax;
  std::uint32_t external_calls_a_day = kExternalCallsADay;
  std::uint32_t address_connections = kAddressConnectionsMax;
  std::uint32_t account_tries = kAccountTriesMax;
  std::uint32_t ban_after = kBanAfter;
  std::uint32_t ban_seconds = kBanSeconds;
  std::uint32_t ladder_bytes = kLadderBytes;
  bool operator==(const Limits&) const = default;
};

static_assert(kHeaderBytesMax < kMessageBytesMax);
static_assert(kViasMax < kHeaderLinesMax);
static_assert(kStreamBufferMax > kMessageBytesMax);
static_assert(kExpiresMin < kExpiresDefault && kExpiresDefault <= kExpiresMax);

}  // namespace base
