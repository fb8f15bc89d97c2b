#include "obs/metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/group_part.h"
#include "obs/metrics_list.h"

namespace obs {
namespace {

constexpr std::size_t kMaxLabelValues = 64;    // a metric's label never grows without bound
constexpr std::size_t kMaxLabelSets = 10'000;  // of groups and members
constexpr std::array<double, 11> kAnswerBuckets{0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300};
constexpr std::size_t kMaxGroups = 1'000;  // with waits of their own
constexpr std::array<double, 10> kGroupBuckets{5, 10, 15, 20, 30, 45, 60, 90, 120, 300};
constexpr std::array<double, 9> kSkewBuckets{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1};

template <std::size_t N>
struct Histogram {
  std::array<double, N> upto;
  std::array<std::uint64_t, N> within{};
  std::uint64_t count = 0;
  double sum = 0;

  void add(std::int64_t ms) {
    const double seconds = static_cast<double>(ms) / 1'000.0;
    for (std::size_t i = 0; i < N; ++i) within.at(i) += seconds <= upto.at(i) ? 1U : 0U;
    ++count;
    sum += seconds;
  }
};

using ByLabel = std::map<std::string, std::uint64_t, std::less<>>;

void add(ByLabel& counts, std::string_view label) {
  const auto found = counts.find(label);
  if (found != counts.end()) {
    ++found->second;
  } else {
    ++counts[counts.size() < kMaxLabelValues ? std::string{label} : "other"];
  }
}

// By several labels, in the order of the metric's list.
template <class Number>
using ByLabels = std::map<std::vector<std::string>, Number>;

template <class Number>
void add(ByLabels<Number>& sums, std::vector<std::string> labels, Number by) {
  const auto found = sums.find(labels);
  if (found != sums.end()) {
    found->second += by;
    return;
  }
  if (sums.size() >= kMaxLabelSets) labels.assign(labels.size(), "other");
  sums[std::move(labels)] += by;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string number(double value) {
  std::array<char, 40> text{};
  (void)std::snprintf(text.data(), text.size(), "%.15g", value);
  return text.data();
}

// Writes the samples of one metric after another, each with its HELP and TYPE.
class Exposition {
 public:
  void begin(MetricId id) {
    current_ = &kMetrics.at(static_cast<std::size_t>(id));
    static constexpr std::array<const char*, 3> kKinds{"counter", "gauge", "histogram"};
    out << "# HELP " << current_->name << ' ' << current_->help << "\n# TYPE " << current_->name
        << ' ' << kKinds.at(static_cast<std::size_t>(current_->kind)) << '\n';
  }
  void value(MetricId id, std::uint64_t v) {
    begin(id);
    out << current_->name << ' ' << v << '\n';
  }
  void real(MetricId id, double v) {
    begin(id);
    out << current_->name << ' ' << number(v) << '\n';
  }
  void labelled(std::string_view label, std::uint64_t v) {
    out << current_->name << '{' << current_->label << "=\"" << escaped(label) << "\"} " << v
        << '\n';
  }
  void all(MetricId id, const ByLabel& counts) {
    begin(id);
    for (const auto& [label, v] : counts) labelled(label, v);
  }
  template <class Number>
  void all(MetricId id, const ByLabels<Number>& sums) {
    begin(id);
    for (const auto& [labels, sum] : sums) {
      out << current_->name;
      std::string_view names = current_->label;
      char before = '{';
      for (const std::string& label : labels) {
        const std::size_t comma = std::min(names.find(','), names.size());
        out << before << names.substr(0, comma) << "=\"" << escaped(label) << '"';
        names.remove_prefix(std::min(comma + 1, names.size()));
        before = ',';
      }
      out << "} " << sum << '\n';
    }
  }
  void in_out(MetricId id, std::uint64_t in, std::uint64_t sent) {
    begin(id);
    labelled("in", in);
    labelled("out", sent);
  }
  std::ostringstream out;

 private:
  const Metric* current_ = nullptr;
};

// What /proc says of us; 0 where it says nothing.
struct Process {
  double cpu_seconds = 0, start_seconds = 0;
  std::uint64_t resident = 0, virtual_bytes = 0, open_fds = 0, max_fds = 0, threads = 0;
};

double boot_time() {
  std::ifstream file("/proc/stat");
  std::string word;
  double seconds = 0;
  while (file >> word) {
    if (word == "btime") {
      file >> seconds;
      break;
    }
  }
  return seconds;
}

Process read_process() {
  Process p;
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  // The name in brackets may hold spaces: fields are counted behind it, from the third.
  const auto end = text.rfind(')');
  std::istringstream fields(end == std::string::npos ? "" : text.substr(end + 1));
  std::vector<std::string> all;
  for (std::string field; fields >> field;) all.push_back(field);
  constexpr std::size_t kNeeded = 22;
  if (all.size() < kNeeded) return p;
  const auto at = [&all](std::size_t n) { return std::strtod(all.at(n - 3).c_str(), nullptr); };
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  p.cpu_seconds = (at(14) + at(15)) / ticks;
  p.threads = static_cast<std::uint64_t>(at(20));
  p.start_seconds = boot_time() + at(22) / ticks;
  p.virtual_bytes = static_cast<std::uint64_t>(at(23));
  p.resident =
      static_cast<std::uint64_t>(at(24)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::error_code ignored;
  for (auto it = std::filesystem::directory_iterator("/proc/self/fd", ignored);
       !ignored && it != std::filesystem::directory_iterator(); it.increment(ignored)) {
    ++p.open_fds;
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) p.max_fds = limit.rlim_cur;
  return p;
}

}  // namespace

class Metrics::Impl {
  using Waits = std::map<std::string, Histogram<kGroupBuckets.size()>, std::less<>>;

 public:
  Impl() {
    // Every known result is there from the start: a rate needs its zero.
    for (int i = 0; i <= static_cast<int>(facts::Outcome::Interrupted); ++i) {
      calls[facts::word(static_cast<facts::Outcome>(i))] = 0;
    }
    for (int i = 0; i <= static_cast<int>(facts::AttemptResult::Failed); ++i) {
      attempts[facts::word(static_cast<facts::AttemptResult>(i))] = 0;
    }
    for (int i = 0; i <= static_cast<int>(facts::AuthFailure::TooManyTries); ++i) {
      auth_failures[facts::word(static_cast<facts::AuthFailure>(i))] = 0;
    }
    for (const char* result : {"added", "refreshed", "removed", "expired"}) {
      registrations[result] = 0;
    }
  }

  template <std::size_t N>
  static void write(Exposition& e, MetricId id, const Histogram<N>& histogram) {
    e.begin(id);
    const std::string name{kMetrics.at(static_cast<std::size_t>(id)).name};
    for (std::size_t i = 0; i < N; ++i) {
      e.out << name << "_bucket{le=\"" << number(histogram.upto.at(i)) << "\"} "
            << histogram.within.at(i) << '\n';
    }
    e.out << name << "_bucket{le=\"+Inf\"} " << histogram.count << '\n'
          << name << "_sum " << number(histogram.sum) << '\n'
          << name << "_count " << histogram.count << '\n';
  }

  // One sample line a bucket, sum and count of each group.
  static void write(Exposition& e, MetricId id, const Waits& waits) {
    e.begin(id);
    const std::string name{kMetrics.at(static_cast<std::size_t>(id)).name};
    for (const auto& [group, histogram] : waits) {
      const std::string labels = "{group=\"" + escaped(group) + '"';
      for (std::size_t i = 0; i < kGroupBuckets.size(); ++i) {
        e.out << name << "_bucket" << labels << ",le=\"" << number(histogram.upto.at(i)) << "\"} "
              << histogram.within.at(i) << '\n';
      }
      e.out << name << "_bucket" << labels << ",le=\"+Inf\"} " << histogram.count << '\n'
            << name << "_sum" << labels << "} " << number(histogram.sum) << '\n'
            << name << "_count" << labels << "} " << histogram.count << '\n';
    }
  }

  static void add_wait(Waits& waits, const std::string& group, std::int64_t ms) {
    const bool known = waits.contains(group) || waits.size() < kMaxGroups;
    waits.try_emplace(known ? group : "other", Histogram<kGroupBuckets.size()>{kGroupBuckets})
        .first->second.add(ms);
  }

  void count_groups(const facts::CallRecord& record) {
    for (const std::string& group : facts::groups_of(record)) {
      const facts::GroupPart part = facts::part_of(record, group);
      add<std::uint64_t>(group_calls, {group, part.outcome}, 1);
      if (part.answered) {
        add(group_waits, {group}, static_cast<double>(part.wait_ms) / 1'000);
        add_wait(group_answers, group, part.wait_ms);
      } else if (part.gave_up) {
        add_wait(group_abandons, group, part.wait_ms);
      }
    }
    for (const facts::Attempt& attempt : record.attempts) {
      const std::string& hunted = attempt.group.empty() ? record.group : attempt.group;
      const std::string& group = attempt.path.empty() ? hunted : attempt.path.back();
      add<std::uint64_t>(member_rings, {group, attempt.target, facts::word(attempt.result)}, 1);
    }
  }

  mutable std::mutex mutex;  // guards all
  ByLabel calls, attempts, auth_failures, dropped, refused, registrations;
  ByLabels<std::uint64_t> group_calls, member_rings;
  ByLabels<double> group_waits;
  Waits group_answers, group_abandons;
  std::map<std::string, bool> trunks;
  Histogram<kAnswerBuckets.size()> answers{kAnswerBuckets};
  Histogram<kSkewBuckets.size()> skew{kSkewBuckets};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::count(const facts::Fact& fact) {
  Impl& m = *impl_;
  const std::lock_guard lock(m.mutex);
  std::visit(
      base::Overloaded{
          [&m](const facts::CallEnded& f) {
            add(m.calls, facts::word(f.record.outcome));
            if (f.record.answered) m.answers.add(f.record.wait_ms);
            if (!f.record.group.empty()) m.count_groups(f.record);
          },
          [&m](const facts::AttemptDialled& f) { m.skew.add(f.late_ms); },
          [&m](const facts::AttemptEnded& f) { add(m.attempts, facts::word(f.attempt.result)); },
          [&m](const facts::RegistrationAdded& f) {
            add(m.registrations, f.fresh ? "added" : "refreshed");
          },
          [&m](const facts::RegistrationRemoved& f) {
            add(m.registrations, f.expired ? "expired" : "removed");
          },
          [&m](const facts::AuthFailed& f) { add(m.auth_failures, facts::word(f.reason)); },
          [&m](const facts::MessageDropped& f) { add(m.dropped, f.reason); },
          [&m](const facts::RequestRefused& f) { add(m.refused, std::to_string(f.code)); },
          [&m](const facts::TrunkChanged& f) {
            if (m.trunks.size() < kMaxLabelValues || m.trunks.contains(f.trunk)) {
              m.trunks[f.trunk] = f.up;
            }
          },
          [](const auto&) {},
      },
      fact);
}

namespace {

void write_sip(Exposition& e, const Figures& f) {
  const auto way = [](bool in) { return std::string{in ? "in" : "out"}; };
  ByLabels<std::uint64_t> requests, responses;
  for (const SipRequests& some : f.requests)
    requests[{way(some.in), some.method, some.transport}] += some.count;
  for (const SipResponses& some : f.responses)
    responses[{way(some.in), std::to_string(some.code)}] += some.count;
  e.all(MetricId::SipRequestsTotal, requests);
  e.all(MetricId::SipResponsesTotal, responses);
  e.in_out(MetricId::SipRetransmissionsTotal, f.retransmissions_in, f.retransmissions_out);
  e.value(MetricId::SipParseErrorsTotal, f.parse_errors);
}

void write_shell(Exposition& e, const Figures& f) {
  e.value(MetricId::BugsTotal, f.bugs);
  e.in_out(MetricId::NetDatagramsTotal, f.datagrams_in, f.datagrams_out);
  e.value(MetricId::NetDatagramsLostTotal, f.datagrams_lost);
  e.value(MetricId::NetIcmpErrorsTotal, f.icmp_errors);
  e.value(MetricId::NetReceiveBufferBytes, f.receive_buffer_bytes);
  e.value(MetricId::NetConnections, f.connections);
  e.value(MetricId::NetConnectionsRefusedTotal, f.connections_refused);
  e.real(MetricId::LoopLagSeconds, static_cast<double>(f.loop_lag_ms) / 1'000.0);
  e.begin(MetricId::StoreUp);
  e.labelled("sqlite", f.store_up ? 1 : 0);
  e.value(MetricId::StoreRecordsTotal, f.records_written);
  e.value(MetricId::StoreCommitsTotal, f.store_commits);
  e.value(MetricId::StoreFailuresTotal, f.store_failures);
  e.value(MetricId::JournalUsedBytes, f.journal_used_bytes);
  e.value(MetricId::JournalCapacityBytes, f.journal_capacity_bytes);
  e.value(MetricId::JournalSpilledEntries, f.journal_spilled);
  e.value(MetricId::JournalLostTotal, f.journal_lost);
  e.value(MetricId::ConfigRevision, static_cast<std::uint64_t>(f.config_revision));
  e.value(MetricId::FactsDroppedTotal, f.facts_dropped);
  e.value(MetricId::LogLinesSuppressedTotal, f.log_lines_suppressed);
  e.value(MetricId::EventSubscribers, f.event_subscribers);
}

void write_media(Exposition& e, const Figures& f) {
  e.value(MetricId::RtpStreams, f.rtp_streams);
  e.value(MetricId::RtpPortsInUse, f.rtp_ports);
  e.value(MetricId::RtpRecordings, f.rtp_recordings);
  e.in_out(MetricId::RtpPacketsTotal, f.rtp_in, f.rtp_out);
  e.value(MetricId::RtpPacketsLostTotal, f.rtp_lost);
  e.begin(MetricId::RtpPacketsRefusedTotal);
  e.labelled("stranger", f.rtp_strangers);
  e.labelled("srtp", f.rtp_bad_srtp);
  e.labelled("malformed", f.rtp_malformed);
  e.real(MetricId::RtpLateSecondsTotal, static_cast<double>(f.rtp_late_ms) / 1'000.0);
}

void write_mail(Exposition& e, const Figures& f) {
  e.value(MetricId::MailWaiting, f.mail_waiting);
  e.value(MetricId::MailServerUp, f.mail_server_up ? 1 : 0);
  e.begin(MetricId::MailTotal);
  e.labelled("sent", f.mail_sent);
  e.labelled("refused", f.mail_refused);
  e.labelled("given_up", f.mail_given_up);
  e.begin(MetricId::HepMessagesTotal);
  e.labelled("sent", f.hep_sent);
  e.labelled("lost", f.hep_lost);
}

void write_hooks(Exposition& e, const Figures& f) {
  e.value(MetricId::WebhookQueueLength, f.hooks_waiting);
  e.begin(MetricId::WebhookDeliveriesTotal);
  e.labelled("delivered", f.hooks_delivered);
  e.labelled("failed", f.hooks_failed);
  e.labelled("given_up", f.hooks_given_up);
  e.labelled("dropped", f.hooks_dropped);
}

void write_process(Exposition& e) {
  const Process p = read_process();
  e.real(MetricId::ProcessCpuSecondsTotal, p.cpu_seconds);
  e.value(MetricId::ProcessResidentMemoryBytes, p.resident);
  e.value(MetricId::ProcessVirtualMemoryBytes, p.virtual_bytes);
  e.value(MetricId::ProcessOpenFds, p.open_fds);
  e.value(MetricId::ProcessMaxFds, p.max_fds);
  e.real(MetricId::ProcessStartTimeSeconds, p.start_seconds);
  e.value(MetricId::ProcessThreads, p.threads);
}

}  // namespace

std::string Metrics::text(const Figures& figures) const {
  Exposition e;
  e.begin(MetricId::BuildInfo);
  e.labelled(figures.version, 1);
  e.value(MetricId::CallsActive, figures.calls_active);
  {
    const std::lock_guard lock(impl_->mutex);
    e.all(MetricId::CallsTotal, impl_->calls);
    e.all(MetricId::HuntAttemptsTotal, impl_->attempts);
    Impl::write(e, MetricId::HuntAnswerSeconds, impl_->answers);
    Impl::write(e, MetricId::HuntTimerSkewSeconds, impl_->skew);
    e.all(MetricId::GroupCallsTotal, impl_->group_calls);
    e.all(MetricId::GroupWaitSecondsTotal, impl_->group_waits);
    Impl::write(e, MetricId::GroupAnswerSeconds, impl_->group_answers);
    Impl::write(e, MetricId::GroupAbandonSeconds, impl_->group_abandons);
    e.all(MetricId::MemberRingsTotal, impl_->member_rings);
    e.value(MetricId::Registrations, figures.registrations);
    e.all(MetricId::RegistrationRequestsTotal, impl_->registrations);
    write_sip(e, figures);
    e.all(MetricId::SipMessagesDroppedTotal, impl_->dropped);
    e.all(MetricId::SipRequestsRefusedTotal, impl_->refused);
    e.value(MetricId::SipTransactions, figures.transactions);
    e.all(MetricId::AuthFailuresTotal, impl_->auth_failures);
    e.value(MetricId::BansActive, figures.bans);
    e.value(MetricId::SipMessagesBannedTotal, figures.banned_messages);
    e.value(MetricId::SipRequestsHeldBackTotal, figures.held_back);
    e.value(MetricId::SipRequestsPutOffTotal, figures.put_off);
    e.begin(MetricId::TrunkUp);
    for (const auto& [trunk, up] : impl_->trunks) e.labelled(trunk, up ? 1 : 0);
  }
  write_shell(e, figures);
  write_media(e, figures);
  write_mail(e, figures);
  write_hooks(e, figures);
  write_process(e);
  return e.out.str();
}

std::vector<std::string> Metrics::names() {
  std::vector<std::string> all;
  all.reserve(kMetrics.size());
  for (const Metric& metric : kMetrics) all.emplace_back(metric.name);
  return all;
}

}  // namespace obs
