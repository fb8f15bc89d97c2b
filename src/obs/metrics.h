#pragma once
// Counters and their Prometheus text. The list of all metrics stands in metrics_list.h; what is
// counted elsewhere is handed in as Figures when somebody scrapes.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "facts/fact.h"

namespace obs {

struct SipRequests {
  bool in = false;  // else out
  std::string method{}, transport{};
  std::uint64_t count = 0;
};
struct SipResponses {
  bool in = false;
  std::uint16_t code = 0;
  std::uint64_t count = 0;
};

// What other rooms count; app/ fills it in at the scrape.
struct Figures {
  std::string version{};
  // the engine
  std::vector<SipRequests> requests{};
  std::vector<SipResponses> responses{};
  std::uint64_t retransmissions_in = 0, retransmissions_out = 0, parse_errors = 0;
  std::uint64_t transactions = 0, calls_active = 0, registrations = 0, bugs = 0;
  std::uint64_t bans = 0, banned_messages = 0, held_back = 0, put_off = 0;
  // the sockets and the loop
  std::uint64_t datagrams_in = 0, datagrams_out = 0, datagrams_lost = 0, icmp_errors = 0;
  std::uint64_t connections = 0, connections_refused = 0, receive_buffer_bytes = 0;
  std::int64_t loop_lag_ms = 0;
  // the store
  bool store_up = true;
  std::uint64_t journal_used_bytes = 0, journal_capacity_bytes = 0, journal_spilled = 0;
  std::uint64_t journal_lost = 0, records_written = 0, store_commits = 0, store_failures = 0;
  std::int64_t config_revision = 0;
  // media
  std::uint64_t rtp_streams = 0, rtp_ports = 0, rtp_recordings = 0;
  std::uint64_t rtp_in = 0, rtp_out = 0, rtp_lost = 0, rtp_late_ms = 0;
  std::uint64_t rtp_strangers = 0, rtp_bad_srtp = 0, rtp_malformed = 0;
  // mail
  std::uint64_t mail_waiting = 0, mail_sent = 0, mail_refused = 0, mail_given_up = 0;
  bool mail_server_up = true;
  // webhooks and action URLs
  std::uint64_t hooks_waiting = 0, hooks_delivered = 0, hooks_failed = 0, hooks_given_up = 0,
                hooks_dropped = 0;
  // copies for a capture server
  std::uint64_t hep_sent = 0, hep_lost = 0;
  // the observer itself
  std::uint64_t facts_dropped = 0, log_lines_suppressed = 0;
  std::uint64_t event_subscribers = 0;
};

// Thread-safe.
class Metrics final {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void count(const facts::Fact& fact);
  // Text exposition format 0.0.4, names of docs: harrier_… and process_….
  [[nodiscard]] std::string text(const Figures& figures) const;
  // Names and helps of every metric, in the order of the list; for the docs check.
  [[nodiscard]] static std::vector<std::string> names();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace obs
