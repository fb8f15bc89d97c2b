// The callee's half of the scripted phone.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/network.h"
#include "sim/phone.h"
#include "sim/text.h"

namespace sim {
namespace {

constexpr base::Duration kT1{500};
constexpr base::Duration kT2{4'000};
constexpr base::Duration kGiveUp{32'000};  // 64 * T1

}  // namespace

Text Phone::response_text(const Text& request, int code, const std::string& tag) const {
  Text response;
  response.start = "SIP/2.0 " + std::to_string(code) + (code < 200 ? " Progress" : " Done");
  for (const std::string& via : request.all("Via")) response.add("Via", via);
  response.add("From", request.get("From"));
  std::string to = request.get("To");
  if (code > 100 && request.tag("To").empty()) to += ";tag=" + tag;
  response.add("To", to);
  response.add("Call-ID", request.get("Call-ID"));
  response.add("CSeq", request.get("CSeq"));
  for (const std::string& route : request.all("Record-Route")) response.add("Record-Route", route);
  return response;
}

void Phone::on_request(const Text& request) {
  const std::string method = request.method();
  if (habit.dead) return;
  if (method == "INVITE") return on_invite(request);
  if (method == "ACK") return on_ack(request);
  if (method == "CANCEL") return on_cancel(request);
  if (method == "BYE") return on_bye(request);
  PhoneCall* call = find(request.get("Call-ID"));
  const bool watched = method == "NOTIFY" && request.get("Call-ID").starts_with("watch");
  if (watched) notified.push_back(request);
  if (call == nullptr && !watched && method != "OPTIONS") {
    send(response_text(request, 481, new_token("n")).bytes());
    return;
  }
  if (call != nullptr) call->remote_cseq = std::max(call->remote_cseq, request.cseq());
  Text response = response_text(request, 200, call != nullptr ? call->local_tag : new_token("n"));
  response.add("Contact", contact());
  if (method == "UPDATE" && !request.body.empty()) {
    response.add("Content-Type", "application/sdp");
    response.body = sdp();
  }
  send(response.bytes());
}

void Phone::on_invite(const Text& request) {
  if (PhoneCall* known = find(request.get("Call-ID"))) {
    if (!request.tag("To").empty()) return on_reinvite(*known, request);
    if (!known->last_response.empty()) send(known->last_response);  // a repeat
    return;
  }
  PhoneCall call;
  call.state = PhoneCall::State::Calling;
  call.call_id = request.get("Call-ID");
  call.local_tag = new_token("t");
  call.remote_tag = request.tag("From");
  call.remote_uri = uri_in(request.get("From"));
  call.local_uri = uri_in(request.get("To"));
  call.target = uri_in(request.get("Contact"));
  call.routes = request.all("Record-Route");
  call.remote_cseq = request.cseq();
  call.remote_sdp = request.body;
  call.invite = request;
  call.arrived = scheduler_.now();
  latest_[call.call_id] = calls_.size();
  calls_.push_back(std::move(call));
  run_habit(calls_.size() - 1);
}

void Phone::run_habit(std::size_t index) {
  if (habit.trying.has_value())
    scheduler_.after(*habit.trying, [this, index] { send_provisional(index, 100, false); });
  if (habit.rings.has_value())
    scheduler_.after(*habit.rings, [this, index] { send_provisional(index, 180, false); });
  if (habit.early_media.has_value())
    scheduler_.after(*habit.early_media, [this, index] { send_provisional(index, 183, true); });
  if (habit.answers.has_value()) scheduler_.after(*habit.answers, [this, index] { answer(index); });
  if (habit.fails.has_value())
    scheduler_.after(*habit.fails, [this, index, code = habit.code] { refuse(index, code); });
}

void Phone::send_provisional(std::size_t index, int code, bool with_sdp) {
  PhoneCall& call = calls_[index];
  if (call.final_code != 0) return;
  Text response = response_text(call.invite, code, call.local_tag);
  if (code > 100) {
    response.add("Contact", contact());
    if (!call.rang.has_value()) call.rang = scheduler_.now();
    call.state = PhoneCall::State::Ringing;
  }
  if (code > 100 && habit.reliable) {
    response.add("Require", "100rel");
    response.add("RSeq", std::to_string(7000 + code));
  }
  if (with_sdp) {
    response.add("Content-Type", "application/sdp");
    response.body = sdp();
  }
  call.last_response = response.bytes();
  send(call.last_response);
}

void Phone::answer(std::size_t index) {
  if (calls_[index].outgoing || calls_[index].final_code != 0) return;
  send_final(index, 200);
  if (habit.answers_twice)
    scheduler_.after(base::Duration{50}, [this, index] { send_final(index, 200, "fork"); });
  if (habit.hangs_up.has_value())
    scheduler_.after(*habit.hangs_up, [this, index] { hang_up(index); });
}

void Phone::refuse(std::size_t index, int code) {
  if (calls_[index].outgoing || calls_[index].final_code != 0) return;
  send_final(index, code);
}

void Phone::send_final(std::size_t index, int code, const std::string& tag_suffix) {
  PhoneCall& call = calls_[index];
  Text response = response_text(call.invite, code, call.local_tag + tag_suffix);
  if (code < 300) {
    response.add("Contact", contact());
    response.add("Allow", "INVITE, ACK, CANCEL, BYE, UPDATE, INFO, PRACK, OPTIONS");
    if (habit.sdp_in_200) {
      response.add("Content-Type", "application/sdp");
      response.body = sdp();
    }
    if (tag_suffix.empty()) {
      call.state = PhoneCall::State::Talking;
      call.answered = scheduler_.now();
    }
  } else {
    for (const std::string& line : habit.extra) {
      const std::size_t colon = line.find(": ");
      response.add(line.substr(0, colon), line.substr(colon + 2));
    }
    end(call, nullptr);
  }
  call.final_code = code;
  call.last_response = response.bytes();
  repeat_final(index, call.last_response, kT1, scheduler_.now() + kGiveUp);
}

// RFC 3261 13.3.1.4 and timer G: until the ACK, T1 doubling to T2.
void Phone::repeat_final(std::size_t index, std::string bytes, base::Duration gap,
                         base::Instant until) {
  if (calls_[index].acked || scheduler_.now() >= until) return;
  send(bytes);
  scheduler_.after(gap, [this, index, bytes = std::move(bytes), gap, until]() mutable {
    repeat_final(index, std::move(bytes), std::min(gap * 2, kT2), until);
  });
}

void Phone::on_reinvite(PhoneCall& call, const Text& request) {
  call.remote_cseq = std::max(call.remote_cseq, request.cseq());
  if (call.state != PhoneCall::State::Talking) {
    send(response_text(request, 481, call.local_tag).bytes());
    return;
  }
  if (!request.body.empty()) call.remote_sdp = request.body;
  Text response = response_text(request, 200, call.local_tag);
  response.add("Contact", contact());
  response.add("Content-Type", "application/sdp");
  response.body = sdp();
  send(response.bytes());
}

void Phone::on_ack(const Text& request) {
  PhoneCall* call = find(request.get("Call-ID"));
  if (call == nullptr) return;
  call->acked = true;
  if (!request.body.empty()) call->remote_sdp = request.body;
}

void Phone::on_cancel(const Text& request) {
  PhoneCall* call = find(request.get("Call-ID"));
  if (call == nullptr) {
    send(response_text(request, 481, new_token("n")).bytes());
    return;
  }
  send(response_text(request, 200, call->local_tag).bytes());
  if (call->final_code != 0) return;
  call->canceled = true;
  const auto index = static_cast<std::size_t>(call - calls_.data());
  if (habit.answers_cancel_with_200) {
    send_final(index, 200);
    return;
  }
  end(*call, &request);
  if (!habit.never_487) send_final(index, 487);
}

void Phone::on_bye(const Text& request) {
  PhoneCall* call = find(request.get("Call-ID"));
  if (call == nullptr) {
    send(response_text(request, 481, new_token("n")).bytes());
    return;
  }
  send(response_text(request, 200, call->local_tag).bytes());
  call->acked = true;
  end(*call, &request);
}

}  // namespace sim
