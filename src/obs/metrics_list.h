#pragma once
// Every metric that Harrier exposes, declared once: kind, name, labels, help. docs/metrics.md and
// the text exposition are made from it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace obs {

enum class MetricKind : std::uint8_t { Counter, Gauge, Histogram };

enum class MetricId : std::uint8_t {
  BuildInfo,
  CallsActive,
  CallsTotal,
  HuntAttemptsTotal,
  HuntAnswerSeconds,
  HuntTimerSkewSeconds,
  Registrations,
  RegistrationRequestsTotal,
  SipRequestsTotal,
  SipResponsesTotal,
  SipRetransmissionsTotal,
  SipParseErrorsTotal,
  SipMessagesDroppedTotal,
  SipRequestsRefusedTotal,
  SipTransactions,
  AuthFailuresTotal,
  TrunkUp,
  BugsTotal,
  NetDatagramsTotal,
  NetDatagramsLostTotal,
  NetIcmpErrorsTotal,
  NetReceiveBufferBytes,
  NetConnections,
  NetConnectionsRefusedTotal,
  LoopLagSeconds,
  StoreUp,
  StoreRecordsTotal,
  StoreCommitsTotal,
  StoreFailuresTotal,
  JournalUsedBytes,
  JournalCapacityBytes,
  JournalSpilledEntries,
  JournalLostTotal,
  ConfigRevision,
  FactsDroppedTotal,
  LogLinesSuppressedTotal,
  EventSubscribers,
  RtpStreams,
  RtpPortsInUse,
  RtpRecordings,
  RtpPacketsTotal,
  RtpPacketsLostTotal,
  RtpPacketsRefusedTotal,
  RtpLateSecondsTotal,
  MailWaiting,
  MailServerUp,
  MailTotal,
  WebhookQueueLength,
  WebhookDeliveriesTotal,
  ProcessCpuSecondsTotal,
  ProcessResidentMemoryBytes,
  ProcessVirtualMemoryBytes,
  ProcessOpenFds,
  ProcessMaxFds,
  ProcessStartTimeSeconds,
  ProcessThreads
};

struct Metric {
  MetricId id;
  MetricKind kind;
  std::string_view name, label, help;  // label: empty, or the names of its labels
};

inline constexpr std::array kMetrics{
    Metric{MetricId::BuildInfo, MetricKind::Gauge, "harrier_build_info", "version",
           "1, with the version that runs"},
    Metric{MetricId::CallsActive, MetricKind::Gauge, "harrier_calls_active", "",
           "Calls with at least one live leg"},
    Metric{MetricId::CallsTotal, MetricKind::Counter, "harrier_calls_total", "result",
           "Calls that ended, by outcome"},
    Metric{MetricId::HuntAttemptsTotal, MetricKind::Counter, "harrier_hunt_attempts_total",
           "result", "Members dialled or skipped, by what became of it"},
    Metric{MetricId::HuntAnswerSeconds, MetricKind::Histogram, "harrier_hunt_answer_seconds", "",
           "From INVITE to the answer of a person"},
    Metric{MetricId::HuntTimerSkewSeconds, MetricKind::Histogram, "harrier_hunt_timer_skew_seconds",
           "", "How late a member was dialled after the moment for which it stood in the plan"},
    Metric{MetricId::Registrations, MetricKind::Gauge, "harrier_registrations", "",
           "Contacts registered now"},
    Metric{MetricId::RegistrationRequestsTotal, MetricKind::Counter,
           "harrier_registration_requests_total", "result", "Registrations, by what they did"},
    Metric{MetricId::SipRequestsTotal, MetricKind::Counter, "harrier_sip_requests_total",
           "direction", "SIP requests"},
    Metric{MetricId::SipResponsesTotal, MetricKind::Counter, "harrier_sip_responses_total",
           "direction", "SIP responses"},
    Metric{MetricId::SipRetransmissionsTotal, MetricKind::Counter,
           "harrier_sip_retransmissions_total", "direction", "SIP messages sent or seen again"},
    Metric{MetricId::SipParseErrorsTotal, MetricKind::Counter, "harrier_sip_parse_errors_total", "",
           "Messages that are not SIP"},
    Metric{MetricId::SipMessagesDroppedTotal, MetricKind::Counter,
           "harrier_sip_messages_dropped_total", "reason", "Messages dropped, by reason"},
    Metric{MetricId::SipRequestsRefusedTotal, MetricKind::Counter,
           "harrier_sip_requests_refused_total", "code", "Requests refused before routing"},
    Metric{MetricId::SipTransactions, MetricKind::Gauge, "harrier_sip_transactions", "",
           "Transactions that live now"},
    Metric{MetricId::AuthFailuresTotal, MetricKind::Counter, "harrier_auth_failures_total",
           "reason", "Refused credentials, by reason"},
    Metric{MetricId::TrunkUp, MetricKind::Gauge, "harrier_trunk_up", "trunk",
           "1 while the trunk is reachable"},
    Metric{MetricId::BugsTotal, MetricKind::Counter, "harrier_bugs_total", "",
           "Calls ended because of a broken invariant: report these"},
    Metric{MetricId::NetDatagramsTotal, MetricKind::Counter, "harrier_net_datagrams_total",
           "direction", "UDP datagrams"},
    Metric{MetricId::NetDatagramsLostTotal, MetricKind::Counter, "harrier_net_datagrams_lost_total",
           "", "Datagrams the kernel had no room for"},
    Metric{MetricId::NetIcmpErrorsTotal, MetricKind::Counter, "harrier_net_icmp_errors_total", "",
           "ICMP errors that came back for our datagrams"},
    Metric{MetricId::NetReceiveBufferBytes, MetricKind::Gauge, "harrier_net_receive_buffer_bytes",
           "", "The smallest UDP receive buffer got"},
    Metric{MetricId::NetConnections, MetricKind::Gauge, "harrier_net_connections", "",
           "Open stream connections"},
    Metric{MetricId::NetConnectionsRefusedTotal, MetricKind::Counter,
           "harrier_net_connections_refused_total", "", "Connections beyond the limit"},
    Metric{MetricId::LoopLagSeconds, MetricKind::Gauge, "harrier_loop_lag_seconds", "",
           "How late the signalling thread served its last timer"},
    Metric{MetricId::StoreUp, MetricKind::Gauge, "harrier_store_up", "store",
           "1 while the database takes what is written"},
    Metric{MetricId::StoreRecordsTotal, MetricKind::Counter, "harrier_store_records_total", "",
           "Call records written"},
    Metric{MetricId::StoreCommitsTotal, MetricKind::Counter, "harrier_store_commits_total", "",
           "Commits of the journal's entries"},
    Metric{MetricId::StoreFailuresTotal, MetricKind::Counter, "harrier_store_failures_total", "",
           "Commits that failed and are tried again"},
    Metric{MetricId::JournalUsedBytes, MetricKind::Gauge, "harrier_journal_used_bytes", "",
           "Journal bytes that wait for the database"},
    Metric{MetricId::JournalCapacityBytes, MetricKind::Gauge, "harrier_journal_capacity_bytes", "",
           "Journal bytes reserved"},
    Metric{MetricId::JournalSpilledEntries, MetricKind::Gauge, "harrier_journal_spilled_entries",
           "", "Entries that wait in memory because the journal is full"},
    Metric{MetricId::JournalLostTotal, MetricKind::Counter, "harrier_journal_lost_total", "",
           "Entries lost: journal and memory were full"},
    Metric{MetricId::ConfigRevision, MetricKind::Gauge, "harrier_config_revision", "",
           "Revision of the configuration that runs"},
    Metric{MetricId::FactsDroppedTotal, MetricKind::Counter, "harrier_facts_dropped_total", "",
           "Facts the observer had no room for"},
    Metric{MetricId::LogLinesSuppressedTotal, MetricKind::Counter,
           "harrier_log_lines_suppressed_total", "", "Hostile events summed up in one line"},
    Metric{MetricId::EventSubscribers, MetricKind::Gauge, "harrier_event_subscribers", "",
           "Readers of the live feed"},
    Metric{MetricId::RtpStreams, MetricKind::Gauge, "harrier_rtp_streams", "",
           "Legs whose audio runs through this server"},
    Metric{MetricId::RtpPortsInUse, MetricKind::Gauge, "harrier_rtp_ports_in_use", "",
           "Pairs of UDP ports taken for audio"},
    Metric{MetricId::RtpRecordings, MetricKind::Gauge, "harrier_rtp_recordings", "",
           "Recordings that run"},
    Metric{MetricId::RtpPacketsTotal, MetricKind::Counter, "harrier_rtp_packets_total", "direction",
           "RTP packets taken and sent"},
    Metric{MetricId::RtpPacketsLostTotal, MetricKind::Counter, "harrier_rtp_packets_lost_total", "",
           "RTP packets that should have come and did not, of streams that ended"},
    Metric{MetricId::RtpPacketsRefusedTotal, MetricKind::Counter,
           "harrier_rtp_packets_refused_total", "reason", "RTP packets that were not taken"},
    Metric{MetricId::RtpLateSecondsTotal, MetricKind::Counter, "harrier_rtp_late_seconds_total", "",
           "How far the media thread fell behind its ticks, in all"},
    Metric{MetricId::MailWaiting, MetricKind::Gauge, "harrier_mail_waiting", "",
           "Mails that wait to be sent"},
    Metric{MetricId::MailServerUp, MetricKind::Gauge, "harrier_mail_server_up", "",
           "1 while the mail server takes mail"},
    Metric{MetricId::MailTotal, MetricKind::Counter, "harrier_mail_total", "result",
           "Mails by what became of them: sent, refused, given_up"},
    Metric{MetricId::WebhookQueueLength, MetricKind::Gauge, "harrier_webhook_queue_length", "",
           "Deliveries of webhooks and action URLs that wait"},
    Metric{MetricId::WebhookDeliveriesTotal, MetricKind::Counter,
           "harrier_webhook_deliveries_total", "result",
           "Deliveries by what became of them: delivered, failed (a try), given_up, dropped"},
    Metric{MetricId::ProcessCpuSecondsTotal, MetricKind::Counter, "process_cpu_seconds_total", "",
           "User and system time of all threads"},
    Metric{MetricId::ProcessResidentMemoryBytes, MetricKind::Gauge, "process_resident_memory_bytes",
           "", "Resident memory"},
    Metric{MetricId::ProcessVirtualMemoryBytes, MetricKind::Gauge, "process_virtual_memory_bytes",
           "", "Virtual memory"},
    Metric{MetricId::ProcessOpenFds, MetricKind::Gauge, "process_open_fds", "",
           "Open file descriptors"},
    Metric{MetricId::ProcessMaxFds, MetricKind::Gauge, "process_max_fds", "",
           "File descriptors allowed"},
    Metric{MetricId::ProcessStartTimeSeconds, MetricKind::Gauge, "process_start_time_seconds", "",
           "When the process began, in seconds since 1970"},
    Metric{MetricId::ProcessThreads, MetricKind::Gauge, "process_threads", "", "Threads"},
};

// Each id stands at its own place, every name once, every help said.
constexpr bool metrics_are_sound() {
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    const Metric& metric = kMetrics[i];
    if (static_cast<std::size_t>(metric.id) != i || metric.help.empty()) return false;
    const bool counter = metric.name.ends_with("_total");
    if (counter != (metric.kind == MetricKind::Counter)) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (kMetrics[j].name == metric.name) return false;
    }
  }
  return true;
}
static_assert(metrics_are_sound());

}  // namespace obs
