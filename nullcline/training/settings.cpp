// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/settings.hpp"

#include <algorithm>

#include "nullcline/core/errors.hpp"

namespace nullcline::training {
namespace {

Setting text(std::string name, std::string standard, std::string meaning,
             std::vector<std::string> choices) {
  return {.name = std::move(name),
          .standard = std::move(standard),
          .meaning = std::move(meaning),
          .choices = std::move(choices)};
}

Setting texts(std::string name, std::vector<std::string> standard, std::string meaning) {
  return {.name = std::move(name), .standard = std::move(standard), .meaning = std::move(meaning)};
}

Schema what_is_trained() {
  return {
      {"steps", std::int64_t{1000}, "steps of the optimizer (our choice)", 0, 1e9},
      {"batch", std::int64_t{64}, "trials a step (our choice)", 1, 1e6},
      text("method", "bptt",
           "bptt: backpropagation through time; ridge, force: the readout alone, by ridge "
           "regression or online by recursive least squares",
           {"bptt", "ridge", "force"}),
      texts("trainable", {"recurrent"},
            "the parameters that bptt trains, or \"all\"; ridge and force train the readout"),
      text("trials", "fresh",
           "new trials each step, or those of the first step always (lbfgs does)",
           {"fresh", "fixed"}),
      text("loss", "task", "task: the task's own",
           {"task", "squared_error", "binary_cross_entropy", "categorical_cross_entropy"}),
      text("precision", "float32", "arithmetic of the training", {"float32", "float64"}),
      {"segments", std::int64_t{1},
       "into which a trial is cut to save memory, all but the last run twice; 0: about sqrt(T)", 0,
       1e9},
  };
}

Schema how_it_moves() {
  return {
      text("optimizer", "adam", "the rule that moves parameters",
           {"adam", "adamw", "sgd", "rmsprop", "lbfgs"}),
      {"learning_rate", 1e-3, "of the first step; lbfgs searches its own", 1e-300, 1e6},
      {"beta1", 0.9, "decay of Adam's first moment", 0, 1 - 1e-12},
      {"beta2", 0.999, "decay of Adam's second moment", 0, 1 - 1e-12},
      {"epsilon", 1e-7, "of Adam and RMSprop; TensorFlow's default for Adam, PyTorch has 1e-8",
       1e-300, 1e6},
      {"momentum", 0.0, "mu of sgd and rmsprop", 0, 1 - 1e-12},
      {"nesterov", false, "whether sgd looks ahead with its momentum"},
      {"alpha", 0.99, "decay of RMSprop's squares", 0, 1 - 1e-12},
      {"weight_decay", 0.0, "d: adds d theta to the gradient; adamw shrinks by rate d", 0, 1e6},
      {"history", std::int64_t{100}, "pairs that lbfgs remembers", 1, 1e4},
      text("schedule", "constant", "of the learning rate",
           {"constant", "exponential", "step", "cosine"}),
      {"decay", 1.0, "factor of exponential and step every `decay_every` steps", 1e-300, 1e6},
      {"decay_every", 1.0, "steps", 1e-300, 1e9},
      {"final_rate", 0.0, "last learning rate of cosine as a fraction of the first", 0, 1},
      {"clip", 0.0, "largest global norm of the gradient; 0: none", 0, 1e300},
      {"ridge", 1.0, "lambda of ridge and force, in squared features summed over samples", 1e-300,
       1e300},
      {"feedback", 0.0,
       "largest weight (uniform) of the output fed back under force; 0: no feedback", 0, 1e6},
  };
}

Schema what_is_added() {
  return {
      {"l1", 0.0, "times sum |theta|, added to the loss", 0, 1e6},
      text("l1_method", "subgradient",
           "proximal: soft thresholds of rate times l1 after each step, which make exact zeros",
           {"subgradient", "proximal"}),
      {"l2", 0.0, "times sum theta^2, added to the loss", 0, 1e6},
      texts("penalized", {"all"}, "trained parameters under l1 and l2, or \"all\""),
      {"nuclear", 0.0, "times the nuclear norm (sum of singular values), added to the loss", 0,
       1e6},
      texts("low_rank", {"recurrent"}, "trained matrices under nuclear"),
      {"activity", 0.0, "times the mean square of the features, added to the loss", 0, 1e6},
      {"activity_l1", 0.0, "times the mean |feature|, added to the loss", 0, 1e6},
      {"rate_of_change", 0.0,
       "times the mean squared change of a feature a step, added to the loss", 0, 1e6},
      {"density", 1.0, "fraction of entries that pruning by magnitude keeps; 1: no pruning", 1e-12,
       1},
      {"prune_at", std::int64_t{0}, "step before which pruning happens", 0, 1e9},
      texts("pruned", {"recurrent"}, "trained parameters that are pruned, each by itself"),
  };
}

Schema what_metric() {
  return {
      {"task_weight", 1.0, "times the task's loss; 0: what is added to it alone is trained", 0,
       1e6},
      text(
          "metric", "none",
          "what the metric of the states over the task's input manifolds is asked for: mean_ratio, "
          "(mean of G_aa / G_bb - c)^2; log_ratio, mean of (log G_aa / G_bb - log c)^2; log_trace, "
          "mean of (log tr G - log c)^2; metric, mean of |G - G*|^2 / |G*|^2 with G* = c times the "
          "metric of the network metric_like",
          {"none", "mean_ratio", "log_ratio", "log_trace", "metric"}),
      {"metric_like", std::string("start"),
       "of `metric`: start, the network before training, or a file with a network of the same "
       "inputs and step, trained for instance; relative to the working directory"},
      {"metric_weight", 1.0, "times that, added to the loss", 0, 1e12},
      {"metric_target", std::vector<double>{1.0},
       "c; several: at times evenly spaced from the first of metric_window to its last, linear "
       "between",
       1e-300, 1e300},
      {"metric_above", std::vector<double>{},
       "a of each input manifold, coordinates counted from 0", 0, 1e6},
      {"metric_below", std::vector<double>{},
       "b of each input manifold, coordinates counted from 0", 0, 1e6},
      {"metric_grid", std::int64_t{5}, "points a coordinate of the manifold (our choice)", 1, 1000},
      {"metric_window", std::vector<double>{},
       "s, first and last time that count; empty: from the first step to the last", 0, 1e9},
      text("metric_space", "states", "where the metric is measured", {"states", "features"}),
  };
}

Schema when_it_stops() {
  return {
      {"evaluate_every", std::int64_t{0}, "steps between scores on test trials; 0: never", 0, 1e9},
      {"evaluate_trials", std::int64_t{256}, "test trials of a score (our choice)", 1, 1e6},
      {"stop", false, "whether to stop when the task's performance reaches the criterion"},
      {"criterion", 0.0, "of the score; 0: the task's own", -1e300, 1e300},
      texts("curriculum", {},
            "settings of the task that change, such as \"duration = 0.5 -> 2.0 over 1000\""),
      {"checkpoint_every", std::int64_t{100}, "steps between checkpoints", 1, 1e9},
  };
}

[[noreturn]] void clash(const std::string& name, const std::string& found,
                        const std::string& expected) {
  throw Error("", "training." + name, found, expected);
}

void check_names(const Settings& training, const char* setting,
                 const std::vector<std::string>& parameters) {
  for (const std::string& name : training.texts(setting)) {
    if (name == "all" || std::find(parameters.begin(), parameters.end(), name) != parameters.end())
      continue;
    std::string known;
    for (const auto& other : parameters) known += " " + other;
    clash(setting, "'" + name + "'", "all, or names among" + known);
  }
}

}  // namespace

Schema training_schema() {
  Schema all;
  for (const Schema& part :
       {what_is_trained(), how_it_moves(), what_is_added(), what_metric(), when_it_stops()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

bool has_name(const std::vector<std::string>& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& entry) { return entry == name || entry == "all"; });
}

void check_training(const Settings& training, const std::vector<std::string>& parameters) {
  check_names(training, "trainable", parameters);
  if (training.number("l1") > 0 || training.number("l2") > 0) {
    check_names(training, "penalized", parameters);
  }
  if (training.number("nuclear") > 0) check_names(training, "low_rank", parameters);
  if (training.number("density") < 1) check_names(training, "pruned", parameters);
  if (training.flag("nesterov") && training.number("momentum") == 0) {
    clash("nesterov", "true with momentum 0", "momentum above 0");
  }
  const bool evaluates = training.integer("evaluate_every") > 0;
  if (training.flag("stop") && !evaluates) {
    clash("stop", "true with evaluate_every 0", "evaluate_every above 0");
  }
  const bool curriculum = !training.texts("curriculum").empty();
  const bool bptt = training.text("method") == "bptt";
  const bool lbfgs = bptt && training.text("optimizer") == "lbfgs";
  if (curriculum && (lbfgs || training.text("trials") == "fixed")) {
    clash("curriculum", "a curriculum on fixed trials", "fresh trials and another optimizer");
  }
  if (lbfgs && training.number("l1") > 0) {
    clash("l1", "above 0 with lbfgs", "another optimizer: L-BFGS needs a smooth loss");
  }
  if (lbfgs && training.number("density") < 1 && training.integer("prune_at") > 0) {
    clash("prune_at", "above 0 with lbfgs", "0, or another optimizer");
  }
  const bool metric = training.text("metric") != "none";
  if (metric && curriculum) clash("metric", "with a curriculum", "none, or no curriculum");
  if (bptt) return;
  if (metric) clash("metric", training.text("metric") + " without bptt", "none, or method bptt");
  if (training.number("task_weight") != 1) clash("task_weight", "other than 1 without bptt", "1");
  for (const char* name : {"l1", "l2", "nuclear", "activity", "activity_l1", "rate_of_change"}) {
    if (training.number(name) > 0) clash(name, "above 0 without bptt", "0, or method bptt");
  }
  if (training.number("density") < 1) clash("density", "below 1 without bptt", "method bptt");
}

}  // namespace nullcline::training
