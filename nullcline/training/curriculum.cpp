// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/curriculum.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

#include "nullcline/core/errors.hpp"

namespace nullcline::training {
namespace {

constexpr const char* form =
    "\"NAME = VALUE [-> VALUE] [from STEP | when reached] [over STEPS]\", joined by \"and\"";

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

template <class Number>
std::optional<Number> number(const std::string& word) {
  Number value{};
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// `word` as a value of the type of `like`.
std::optional<Value> value_like(const Value& like, const std::string& word) {
  if (std::holds_alternative<bool>(like)) {
    if (word != "true" && word != "false") return std::nullopt;
    return word == "true";
  }
  if (std::holds_alternative<std::int64_t>(like)) return number<std::int64_t>(word);
  if (std::holds_alternative<double>(like)) return number<double>(word);
  if (std::holds_alternative<std::string>(like)) return word;
  return std::nullopt;
}

/// Reads one text word by word.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text), words_(words_of(text)) {}

  bool done() const { return at_ == words_.size(); }
  bool take(const char* word) {
    if (done() || words_[at_] != word) return false;
    ++at_;
    return true;
  }
  std::string word() {
    if (done()) fail();
    return words_[at_++];
  }
  Index steps() {
    const auto count = number<std::int64_t>(word());
    if (!count || *count < 0) fail();
    return *count;
  }
  [[noreturn]] void fail() const {
    throw Error("", "training.curriculum", "\"" + text_ + "\"", form);
  }

 private:
  std::string text_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

double as_number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

Value between(const Value& first, const Value& last, double fraction) {
  const double x = as_number(first) + fraction * (as_number(last) - as_number(first));
  if (std::holds_alternative<std::int64_t>(first)) return std::int64_t{std::llround(x)};
  return x;
}

}  // namespace

TaskMaker task_maker(const std::string& kind, const Settings& settings, double dt) {
  return [kind, settings, dt](const std::map<std::string, Value>& changes) {
    auto values = settings.values();
    for (const auto& [name, value] : changes) values[name] = value;
    const auto& known = tasks::task_kind(kind);
    return known.make(Settings(known.schema, values), dt);
  };
}

Curriculum::Curriculum(const std::vector<std::string>& entries, const std::string& kind,
                       const Settings& settings, const TaskMaker& make) {
  for (const std::string& entry : entries) {
    Reader reader(entry);
    std::vector<Change> together;
    do {
      Change change;
      change.name = reader.word();
      const auto known = settings.values().find(change.name);
      if (known == settings.values().end()) {
        throw Error("", "training.curriculum", "'" + change.name + "'",
                    "a setting of the task " + kind);
      }
      if (!reader.take("=")) reader.fail();
      const auto first = value_like(known->second, reader.word());
      if (!first) reader.fail();
      change.first = change.last = *first;
      if (reader.take("->")) {
        const auto last = value_like(known->second, reader.word());
        const bool numbers =
            std::holds_alternative<double>(*first) || std::holds_alternative<std::int64_t>(*first);
        if (!last || !numbers) reader.fail();
        change.last = *last;
      }
      together.push_back(change);
    } while (reader.take("and"));
    Index from = 0, over = 0;
    bool waits = false, ramps = false;
    while (!reader.done()) {
      if (reader.take("from")) {
        from = reader.steps();
      } else if (reader.take("over")) {
        over = reader.steps();
        ramps = true;
        reader.take("steps");
      } else if (reader.take("when")) {
        if (!reader.take("reached")) reader.fail();
        waits = true;
      } else {
        reader.fail();
      }
    }
    if (waits) {
      if (from != 0) reader.fail();
      ++stages_;
    }
    for (Change& change : together) {
      if (change.first != change.last && !ramps) reader.fail();
      change.from = from;
      change.over = over;
      change.stage = waits ? stages_ : 0;
      changes_.push_back(change);
    }
  }
  try {
    rehearse(make);
  } catch (const Error& error) {
    throw Error("", "training.curriculum", error.field() + ": " + error.found(), error.expected());
  }
}

/// Makes the task as it will be at every corner of the ramps, in the order of the stages.
void Curriculum::rehearse(const TaskMaker& make) {
  for (begun_.clear();; begun_.push_back(0)) {
    make(values(0));
    for (const Change& change : changes_) {
      make(values(change.from));
      make(values(change.from + change.over));
    }
    if (begun_.size() == stages_) break;
  }
  begun_.clear();
}

bool Curriculum::started(const Change& change, Index k, Index& since) const {
  if (change.stage == 0) {
    since = change.from;
    return k >= since || change.over > 0;  // a ramp holds its first value before it
  }
  if (change.stage > begun_.size()) return false;
  since = begun_[change.stage - 1];
  return k >= since;
}

std::map<std::string, Value> Curriculum::values(Index k) const {
  std::map<std::string, Value> values;
  for (const Change& change : changes_) {
    Index since = 0;
    if (!started(change, k, since)) continue;
    if (k < since && values.count(change.name) > 0) continue;
    const Index passed = std::max<Index>(0, k - since);
    values[change.name] =
        passed >= change.over
            ? change.last
            : between(change.first, change.last,
                      static_cast<double>(passed) / static_cast<double>(change.over));
  }
  return values;
}

bool Curriculum::settled(Index k) const {
  return std::all_of(changes_.begin(), changes_.end(), [&](const Change& change) {
    Index since = 0;
    if (change.stage > begun_.size()) return true;
    return started(change, k, since) && k >= since + change.over;
  });
}

}  // namespace nullcline::training
