#pragma once
// The bench of the queue's tests: one line in virtual time, and a log of what it did.

#include <cstdint>
#include <string>
#include <vector>

#include "service/queue_line.h"
#include "service/testing/bench.h"

namespace service::testing {

class LineBench {
 public:
  // Agents with these ids, separated by spaces, all free.
  LineBench(QueueLine::Settings settings, const std::string& agents);

  void until(std::int64_t ms);
  void enter(std::uint64_t caller, const std::string& user = "");
  void leave(std::uint64_t caller);
  void answered(std::uint64_t caller, const std::string& agent);
  void failed(std::uint64_t caller, const std::string& agent, OfferFailure why);
  void call_over(const std::string& agent);
  // Hands `people` in as they are now.
  void tell();
  [[nodiscard]] Agent& agent(const std::string& id);
  // What was logged, without the places.
  [[nodiscard]] Log deeds() const;

  [[nodiscard]] base::Now now() const;
  std::vector<Agent> people;
  QueueLine line;
  Log log;

 private:
  void note(const QueueActions& out);

  std::int64_t now_ms_ = 0;
};

}  // namespace service::testing
