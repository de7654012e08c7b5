// SPDX-License-Identifier: Apache-2.0
// The toy language of Maheswaranathan & Sussillo (2020, "How recurrent networks implement
// contextual processing in sentiment analysis"), as in the notebook that they published: 12 words,
// one a step, one-hot. Six mean nothing, four have a value v of +1, -1, +2, -2, `very` doubles the
// next word, `not` changes the sign of the next four. The target is the sum so far,
//
//     y(t) = sum_{s <= t} v(s) 2^{[w(s-1) = very]} (-1)^{|{k = 1..4: w(s-k) = not}|}.
//
// Words are uniform and independent; a `not` within the reach of another is replaced by a word that
// modifies nothing.
//
// The input manifold is our choice: two words between `bad` and `good` among words that mean
// nothing, u = (1 + v) / 2 good + (1 - v) / 2 bad with values v of -1 to 1, of which the ends are
// words. Asked for is v_1 + m v_2: m = 1, or 2 or -1 where `very` or `not` stands before the
// second.
#include <array>

#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Word {
  const char* text;
  double value;
};
constexpr std::array<Word, 12> words = {{{"and", 0},
                                         {"a", 0},
                                         {"the", 0},
                                         {"for", 0},
                                         {"it", 0},
                                         {"while", 0},
                                         {"good", 1},
                                         {"bad", -1},
                                         {"awesome", 2},
                                         {"awful", -2},
                                         {"very", 0},
                                         {"not", 0}}};
constexpr Index good = 6, bad = 7, very = 10, negation = 11, reach = 4, neutral = 2;

using Text = std::vector<Index>;  // (T), numbers of words

class ToyLanguage final : public TrialTask<Text> {
 public:
  explicit ToyLanguage(const Settings& settings) : steps_(settings.integer("words")) {}

  std::vector<Channel> inputs() const override {
    std::vector<Channel> all;
    for (const Word& word : words) all.push_back({word.text, "1 where this is the word, else 0"});
    return all;
  }
  std::vector<Channel> outputs() const override {
    return {{"sentiment", "sum of the values of the words so far, as modified"}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Zero(size()); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no word", Vector::Zero(size())}};
  }

  /// Two words, the second alone, behind `very` and behind `not`.
  std::vector<InputManifold> input_manifolds() const override {
    std::vector<InputManifold> all;
    for (const Index before : {neutral, very, negation}) {
      const auto at = [steps = steps_, before](In<Vector> kappa) {
        InputManifold::Point point = blank_point(size(), steps, 2);
        point.inputs.row(neutral).setOnes();
        point.inputs.col(steps / 2 - 1) = Vector::Unit(size(), before);
        const Index places[] = {steps / 4, steps / 2};
        for (std::size_t i = 0; i < 2; ++i) {
          const double value = kappa(static_cast<Index>(i));
          const Vector change = (Vector::Unit(size(), good) - Vector::Unit(size(), bad)) / 2;
          const Vector middle = (Vector::Unit(size(), good) + Vector::Unit(size(), bad)) / 2;
          point.inputs.col(places[i]) = middle + value * change;
          point.first[i].col(places[i]) = change;
        }
        return point;
      };
      all.push_back({{{"value of word 1", -1, 1}, {"value of word 2", -1, 1}}, at});
      all.back().name = before == neutral ? "plain" : words[static_cast<std::size_t>(before)].text;
    }
    return all;
  }

 protected:
  std::vector<Text> draw(RandomStream& stream, Index batch) const override {
    std::vector<Text> all(static_cast<std::size_t>(batch));
    for (Text& text : all) {
      Index last_not = -reach - 1;
      for (Index t = 0; t < steps_; ++t) {
        auto word = static_cast<Index>(stream.below(words.size()));
        if (word == negation && t - last_not <= reach)
          word = static_cast<Index>(stream.below(very));
        if (word == negation) last_not = t;
        text.push_back(word);
      }
    }
    return all;
  }

  Index write(const Text& text, TrialWriter& trial) const override {
    double sum = 0, signs[reach] = {1, 1, 1, 1};  // For this word, and the three after it.
    for (Index t = 0; t < steps_; ++t) {
      const Index word = text[static_cast<std::size_t>(t)];
      const bool doubled = t > 0 && text[static_cast<std::size_t>(t - 1)] == very;
      sum += words[static_cast<std::size_t>(word)].value * (doubled ? 2 : 1) * signs[0];
      for (Index k = 0; k + 1 < reach; ++k) signs[k] = signs[k + 1];
      signs[reach - 1] = 1;
      if (word == negation) {
        for (double& sign : signs) sign = -sign;
      }
      trial.add_input(word, t, 1);
      trial.target(0, t) = sum;
    }
    trial.set_weight(0, steps_, 1);
    trial.set_scored(0, steps_);
    return steps_;
  }

  /// A word in the middle of words that mean nothing, alone and behind modifiers.
  Named named() const override {
    Named all;
    for (Index word : {6, 7, 8, 9}) {
      for (const Text& before : {Text{}, Text{very}, Text{negation}, Text{negation, very}}) {
        Text text(static_cast<std::size_t>(steps_), neutral);
        std::string name;
        auto at = static_cast<std::size_t>(steps_ / 2);
        for (const Index modifier : before) {
          text[at++] = modifier;
          name += std::string(words[static_cast<std::size_t>(modifier)].text) + " ";
        }
        text[at] = word;
        all.emplace_back(name + words[static_cast<std::size_t>(word)].text, text);
      }
    }
    return all;
  }

 private:
  static Index size() { return static_cast<Index>(words.size()); }

  Index steps_;
};

}  // namespace

TaskKind toy_language() {
  return {"toy_language",
          "keep the sum of the values of words, which other words double or negate",
          {{"words", std::int64_t{50}, "of a trial, one a step (2020: 50)", 8, 1'000'000}},
          [](const Settings& settings, double) { return std::make_unique<ToyLanguage>(settings); }};
}

}  // namespace nullcline::tasks::kinds
