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

static_assert(kHeaderBytesMax < kMessageBytesMax);
static_assert(kViasMax < kHeaderLinesMax);
static_assert(kStreamBufferMax > kMessageBytesMax);
static_assert(kExpiresMin < kExpiresDefault && kExpiresDefault <= kExpiresMax);

}  // namespace base
