#include "net/layer.h"

#include <iterator>
#include <string>
#include <string_view>

namespace net {

// What the upper layer says goes through the lower one.
void StackedLayer::pass_down(Output& from_upper, Output& out) {
  if (!from_upper.down.empty() && lower_->state() == State::Open)
    lower_->send(from_upper.down, out);
  out.up.insert(out.up.end(), std::make_move_iterator(from_upper.up.begin()),
                std::make_move_iterator(from_upper.up.end()));
}

void StackedLayer::start(Output& out) {
  lower_->start(out);
}

void StackedLayer::receive(std::string_view bytes, Output& out) {
  Output lower;
  lower_->receive(bytes, lower);
  out.down += lower.down;
  if (lower_->state() == State::Opening) return;
  Output upper;
  if (!upper_started_) {
    upper_started_ = true;
    upper_->start(upper);
  }
  for (const std::string& piece : lower.up) upper_->receive(piece, upper);
  pass_down(upper, out);
}

void StackedLayer::send(std::string_view message, Output& out) {
  Output upper;
  upper_->send(message, upper);
  pass_down(upper, out);
}

void StackedLayer::finish(Output& out) {
  Output upper;
  if (upper_started_) upper_->finish(upper);
  pass_down(upper, out);
  lower_->finish(out);
}

bool StackedLayer::ping(Output& out) {
  Output upper;
  const bool alive = upper_->ping(upper);
  pass_down(upper, out);
  return alive;
}

Layer::State StackedLayer::state() const {
  // What came before the lower layer ended is the upper one's last word.
  if (lower_->state() != State::Open) return lower_->state();
  return upper_->state();
}

std::string StackedLayer::trouble() const {
  return lower_->state() == State::Broken ? lower_->trouble() : upper_->trouble();
}

}  // namespace net
