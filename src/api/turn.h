#pragma once
// One at a time: the other threads of the API stay free for everything else.

#include <atomic>

namespace api {

// Takes the turn when it is made, if nobody has it, and gives it back.
class Turn {
 public:
  explicit Turn(std::atomic<bool>& busy) : busy_(busy), has_it_(!busy.exchange(true)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (has_it_) busy_ = false;
  }
  [[nodiscard]] bool has_it() const { return has_it_; }

 private:
  std::atomic<bool>& busy_;
  bool has_it_;
};

}  // namespace api
