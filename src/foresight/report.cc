#include "foresight/report.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "base/markup.h"
#include "base/node.h"
#include "foresight/detail/canvas.h"
#include "foresight/figures.h"

namespace foresight {
namespace {

constexpr double kQuantiles[] = {0.5, 0.9, 0.99};

std::string decimal(double value, int digits) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

// One figure of one configuration. `give_or_take` below zero: not known.
struct Value {
  double value = 0;
  double give_or_take = -1;
};

enum class Unit : std::uint8_t { Count, Share, Seconds };

// One line: a figure of each configuration.
struct Line {
  std::string what, whose;  // "answered" of "101"
  Unit unit = Unit::Count;
  std::vector<Value> values;
};

template <class Get>
Line line(const Runs& runs, std::string what, std::string whose, Unit unit, Get get) {
  Line out{std::move(what), std::move(whose), unit, {}};
  for (const Named& run : runs) out.values.push_back(get(run.figures));
  return out;
}

Value of(const Estimate& estimate) {
  return {estimate.value, estimate.give_or_take};
}

std::vector<std::string> all_ends(const Runs& runs) {
  std::vector<std::string> out;
  for (const Named& run : runs) {
    for (const auto& [where, count] : run.figures.ended_in) out.push_back(where);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Who rang in any of the configurations.
std::vector<std::string> all_members(const Runs& runs) {
  std::vector<std::string> out;
  for (const Named& run : runs) {
    for (const auto& [name, member] : run.figures.members)
      if (member.rang.count() + member.was_busy.count() > 0) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

MemberFigures member_of(const Figures& figures, const std::string& name) {
  const auto found = figures.members.find(name);
  return found == figures.members.end() ? MemberFigures{} : found->second;
}

std::vector<Line> overall(const Runs& runs) {
  std::vector<Line> out;
  const auto add = [&](std::string what, std::string whose, Unit unit, auto get) {
    out.push_back(line(runs, std::move(what), std::move(whose), unit, get));
  };
  add("calls", "", Unit::Count,
      [](const Figures& f) { return Value{static_cast<double>(f.calls)}; });
  add("answered", "", Unit::Share,
      [](const Figures& f) { return of(f.answered_share.estimate()); });
  add("caller gave up", "", Unit::Share,
      [](const Figures& f) { return of(f.abandoned_share.estimate()); });
  add("taken by a mobile's own voicemail", "", Unit::Share,
      [](const Figures& f) { return of(f.voicemail_calls.share_of(f.answered_share)); });
  for (const std::string& where : all_ends(runs)) {
    add("ended in", where, Unit::Share, [&](const Figures& f) {
      const auto found = f.ended_calls.find(where);
      const Batches none;
      return of((found == f.ended_calls.end() ? none : found->second).share_of(f.answered_share));
    });
  }
  add("wait until answered, mean", "", Unit::Seconds,
      [](const Figures& f) { return of(f.wait_s.estimate()); });
  for (const double quantile : kQuantiles) {
    const std::string name = quantile == 0.5   ? "median"
                             : quantile == 0.9 ? "9 of 10 within"
                                               : "99 of 100 within";
    add("wait until answered, " + name, "", Unit::Seconds,
        [&](const Figures& f) { return of(f.wait.quantile(quantile)); });
  }
  return out;
}

// What is said of each member.
struct MemberColumn {
  const char* what;
  Unit unit;
  Value (*get)(const MemberFigures&, const Figures&);
};
template <Occurrences MemberFigures::* What>
Value counted(const MemberFigures& member, const Figures& figures) {
  return of((member.*What).estimate(figures.answered_share));
}
// The share of the time in which he talked.
Value load(const MemberFigures& member, const Figures& figures) {
  const double span_s = static_cast<double>(figures.span.count()) / 1'000;
  if (span_s <= 0) return {};
  const Estimate talked = member.talked_s.estimate(figures.answered_share);
  return {talked.value / span_s, talked.give_or_take / span_s};
}
constexpr std::size_t kMember = 20;
constexpr std::size_t kCell = 16;
constexpr std::array kMemberColumns{
    MemberColumn{"answered", Unit::Count, &counted<&MemberFigures::answered>},
    MemberColumn{"rang", Unit::Count, &counted<&MemberFigures::rang>},
    MemberColumn{"missed", Unit::Count, &counted<&MemberFigures::missed>},
    MemberColumn{"declined", Unit::Count, &counted<&MemberFigures::declined>},
    MemberColumn{"found busy", Unit::Count, &counted<&MemberFigures::was_busy>},
    MemberColumn{"in calls", Unit::Share, &load},
};

std::vector<Line> lines_of(const Runs& runs) {
  std::vector<Line> out = overall(runs);
  for (const std::string& name : all_members(runs)) {
    for (const MemberColumn& column : kMemberColumns)
      out.push_back(line(runs, column.what, name, column.unit,
                         [&](const Figures& f) { return column.get(member_of(f, name), f); }));
  }
  return out;
}

std::string shown(const Value& value, Unit unit) {
  const double factor = unit == Unit::Share ? 100 : 1;
  const char* suffix = unit == Unit::Share ? " %" : unit == Unit::Seconds ? " s" : "";
  std::string out = decimal(value.value * factor, unit == Unit::Count ? 0 : 1) + suffix;
  if (value.give_or_take >= 0) out += " ± " + decimal(value.give_or_take * factor, 1);
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string report_text(const Runs& runs) {
  constexpr std::size_t kLabel = 38;
  std::size_t column = 20;
  for (const Named& run : runs) column = std::max(column, detail::width_of(run.name) + 2);
  std::string out = detail::fitted("", kLabel);
  for (const Named& run : runs) out += detail::fitted(run.name, column);
  const auto end_line = [&out] {
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  };
  end_line();
  for (const Line& one : overall(runs)) {
    out += detail::fitted(one.whose.empty() ? one.what : one.what + " " + one.whose, kLabel);
    for (const Value& value : one.values) out += detail::fitted(shown(value, one.unit), column);
    end_line();
  }
  for (const Named& run : runs) {
    out += "\nmembers, " + run.name + "\n" + detail::fitted("", kMember);
    for (const MemberColumn& cell : kMemberColumns) out += detail::fitted(cell.what, kCell);
    end_line();
    for (const std::string& name : all_members(runs)) {
      const MemberFigures member = member_of(run.figures, name);
      out += detail::fitted(name, kMember);
      for (const MemberColumn& cell : kMemberColumns)
        out += detail::fitted(shown(cell.get(member, run.figures), cell.unit), kCell);
      end_line();
    }
  }
  return out;
}

std::string report_csv(const Runs& runs) {
  std::string out = "configuration,what,whose,value,give_or_take\r\n";
  for (const Line& one : lines_of(runs)) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const Value& value = one.values[i];
      out += quoted(runs[i].name) + "," + quoted(one.what) + "," + quoted(one.whose) + "," +
             decimal(value.value, 6) + "," +
             (value.give_or_take < 0 ? std::string{} : decimal(value.give_or_take, 6)) + "\r\n";
    }
  }
  return out;
}

base::Node report_json(const Runs& runs) {
  base::Node out = base::Node::empty_list();
  const std::vector<Line> lines = lines_of(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    base::Node figures = base::Node::empty_list();
    for (const Line& one : lines) {
      base::Node figure = base::Node::empty_map();
      figure.set("what", base::Node::text(one.what));
      if (!one.whose.empty()) figure.set("whose", base::Node::text(one.whose));
      figure.set("value", base::Node::plain(decimal(one.values[i].value, 6)));
      if (one.values[i].give_or_take >= 0)
        figure.set("give_or_take", base::Node::plain(decimal(one.values[i].give_or_take, 6)));
      figures.push(std::move(figure));
    }
    base::Node run = base::Node::empty_map();
    run.set("configuration", base::Node::text(runs[i].name));
    run.set("figures", std::move(figures));
    out.push(std::move(run));
  }
  return out;
}

std::string report_svg(const Runs& runs) {
  constexpr int kLeft = 300;
  constexpr int kWidth = 360;
  constexpr int kBar = 14;
  constexpr std::array<const char*, 2> kColours{"#8a94a6", "#2f6fde"};
  double longest = 1;
  const std::vector<Line> lines = lines_of(runs);
  for (const Line& one : lines)
    if (one.unit == Unit::Seconds)
      for (const Value& value : one.values) longest = std::max(longest, value.value);
  std::string body;
  int y = 30 + 18 * static_cast<int>(runs.size());
  for (const Line& one : lines) {
    if (one.unit == Unit::Count) continue;
    const std::string label = one.whose.empty() ? one.what : one.what + ": " + one.whose;
    body += "<text x=\"" + std::to_string(kLeft - 8) + "\" y=\"" + std::to_string(y + kBar - 2) +
            "\" text-anchor=\"end\">" + base::escaped_markup(label) + "</text>\n";
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const double whole = one.unit == Unit::Share ? 1 : longest;
      const double part = std::clamp(one.values[i].value / whole, 0.0, 1.0) * kWidth;
      body += "<rect x=\"" + std::to_string(kLeft) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
              decimal(part, 1) + "\" height=\"" + std::to_string(kBar - 2) + "\" fill=\"" +
              kColours.at(i % kColours.size()) + "\"/>\n<text x=\"" + decimal(kLeft + part + 6, 1) +
              "\" y=\"" + std::to_string(y + kBar - 3) + "\">" + shown(one.values[i], one.unit) +
              "</text>\n";
      y += kBar;
    }
    y += 8;
  }
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\" height=\"" +
                    std::to_string(y + 10) +
                    "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                    "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const int at = 14 + 18 * static_cast<int>(i);
    out += "<rect x=\"" + std::to_string(kLeft) + "\" y=\"" + std::to_string(at) +
           "\" width=\"12\" height=\"12\" fill=\"" + kColours.at(i % kColours.size()) +
           "\"/>\n<text x=\"" + std::to_string(kLeft + 18) + "\" y=\"" + std::to_string(at + 10) +
           "\">" + base::escaped_markup(runs[i].name) + "</text>\n";
  }
  return out + body + "</svg>\n";
}

}  // namespace foresight
