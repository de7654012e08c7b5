// SPDX-License-Identifier: Apache-2.0
// oneDNN's side of training_step.py: its recurrent primitives forward (training) and backward in
// float, and nothing else: no readout, no loss, no optimizer, no fresh trials.
//
//     benchmark_step_onednn lstm|gru UNITS BATCH STEPS
//
// It writes "ready VERSION" once it is warm; a line "R" on its input is answered by the median
// milliseconds of R runs. gru is lbr_gru: the reset gate after the product, as torch.nn.GRU.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dnnl.hpp>
#include <exception>
#include <iostream>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using dnnl::memory;
using Tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;

constexpr memory::dim inputs = 3;
constexpr auto direction = dnnl::rnn_direction::unidirectional_left2right;
constexpr auto training = dnnl::prop_kind::forward_training;
constexpr auto backward = dnnl::prop_kind::backward;

struct Shape {
  memory::dim gates, biases, units, batch, steps;
};

/// Descriptions of all that a primitive reads and writes; those of weights leave the layout open.
struct Descriptions {
  explicit Descriptions(const Shape& s)
      : source({s.steps, s.batch, inputs}, memory::data_type::f32, Tag::tnc),
        output({s.steps, s.batch, s.units}, memory::data_type::f32, Tag::tnc),
        state({1, 1, s.batch, s.units}, memory::data_type::f32, Tag::ldnc),
        of_input({1, 1, inputs, s.gates, s.units}, memory::data_type::f32, Tag::any),
        recurrent({1, 1, s.units, s.gates, s.units}, memory::data_type::f32, Tag::any),
        bias({1, 1, s.biases, s.units}, memory::data_type::f32, Tag::ldgo) {}
  memory::desc source, output, state, of_input, recurrent, bias;
};

/// Memory of that description filled with small random numbers.
memory filled(const memory::desc& description, const dnnl::engine& engine) {
  memory result(description, engine);
  static std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(-0.08f, 0.08f);
  auto* values = static_cast<float*>(result.get_data_handle());
  std::generate_n(values, description.get_size() / sizeof(float),
                  [&] { return uniform(generator); });
  return result;
}

/// Runs the forward and the backward primitive once.
class Pass {
 public:
  template <class Forward, class Backward>
  void make(const Forward& forward, const Backward& back) {
    const auto add = [&](Arguments& arguments, int id, const memory::desc& description) {
      if (description.get_size() == 0) return;
      const auto known = forward_.find(id);
      const bool same = known != forward_.end() && known->second.get_desc() == description;
      arguments[id] = same ? known->second : filled(description, engine_);
    };
    for (auto* arguments : {&forward_, &backward_}) {
      const bool first = arguments == &forward_;
      const auto of = [&](const auto& primitive) {
        add(*arguments, DNNL_ARG_SRC_LAYER, primitive.src_layer_desc());
        add(*arguments, DNNL_ARG_SRC_ITER, primitive.src_iter_desc());
        add(*arguments, DNNL_ARG_WEIGHTS_LAYER, primitive.weights_layer_desc());
        add(*arguments, DNNL_ARG_WEIGHTS_ITER, primitive.weights_iter_desc());
        add(*arguments, DNNL_ARG_BIAS, primitive.bias_desc());
        add(*arguments, DNNL_ARG_DST_LAYER, primitive.dst_layer_desc());
        add(*arguments, DNNL_ARG_DST_ITER, primitive.dst_iter_desc());
        add(*arguments, DNNL_ARG_WORKSPACE, primitive.workspace_desc());
      };
      first ? of(forward) : of(back);
    }
    add(backward_, DNNL_ARG_DIFF_SRC_LAYER, back.diff_src_layer_desc());
    add(backward_, DNNL_ARG_DIFF_SRC_ITER, back.diff_src_iter_desc());
    add(backward_, DNNL_ARG_DIFF_WEIGHTS_LAYER, back.diff_weights_layer_desc());
    add(backward_, DNNL_ARG_DIFF_WEIGHTS_ITER, back.diff_weights_iter_desc());
    add(backward_, DNNL_ARG_DIFF_BIAS, back.diff_bias_desc());
    add(backward_, DNNL_ARG_DIFF_DST_LAYER, back.diff_dst_layer_desc());
    add(backward_, DNNL_ARG_DIFF_DST_ITER, back.diff_dst_iter_desc());
    if constexpr (requires { back.diff_src_iter_c_desc(); }) {
      for (auto* arguments : {&forward_, &backward_}) {
        add(*arguments, DNNL_ARG_SRC_ITER_C, forward.src_iter_c_desc());
        add(*arguments, DNNL_ARG_DST_ITER_C, forward.dst_iter_c_desc());
      }
      add(backward_, DNNL_ARG_DIFF_SRC_ITER_C, back.diff_src_iter_c_desc());
      add(backward_, DNNL_ARG_DIFF_DST_ITER_C, back.diff_dst_iter_c_desc());
    }
    forward_pass_ = dnnl::primitive(forward.get());
    backward_pass_ = dnnl::primitive(back.get());
  }

  const dnnl::engine& engine() const { return engine_; }

  /// Gradients of weights are added to what is there, so they are cleared first.
  void run() {
    for (const int id :
         {DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS}) {
      const memory& gradient = backward_.at(id);
      std::memset(gradient.get_data_handle(), 0, gradient.get_desc().get_size());
    }
    forward_pass_.execute(stream_, forward_);
    backward_pass_.execute(stream_, backward_);
    stream_.wait();
  }

 private:
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  dnnl::primitive forward_pass_, backward_pass_;
  Arguments forward_, backward_;
};

void make_gru(const Shape& shape, Pass& pass) {
  using Forward = dnnl::lbr_gru_forward;
  using Backward = dnnl::lbr_gru_backward;
  const Descriptions d(shape);
  const Forward::primitive_desc forward(
      Forward::desc(training, direction, d.source, d.state, d.of_input, d.recurrent, d.bias,
                    d.output, d.state),
      pass.engine());
  const Backward::primitive_desc back(
      Backward::desc(backward, direction, d.source, d.state, d.of_input, d.recurrent, d.bias,
                     d.output, d.state, d.source, d.state, d.of_input, d.recurrent, d.bias,
                     d.output, d.state),
      pass.engine(), forward);
  pass.make(forward, back);
}

void make_lstm(const Shape& shape, Pass& pass) {
  using Forward = dnnl::lstm_forward;
  using Backward = dnnl::lstm_backward;
  const Descriptions d(shape);
  const Forward::primitive_desc forward(
      Forward::desc(training, direction, d.source, d.state, d.state, d.of_input, d.recurrent,
                    d.bias, d.output, d.state, d.state),
      pass.engine());
  const Backward::primitive_desc back(
      Backward::desc(backward, direction, d.source, d.state, d.state, d.of_input, d.recurrent,
                     d.bias, d.output, d.state, d.state, d.source, d.state, d.state, d.of_input,
                     d.recurrent, d.bias, d.output, d.state, d.state),
      pass.engine(), forward);
  pass.make(forward, back);
}

double milliseconds(Pass& pass) {
  const auto start = Clock::now();
  pass.run();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

int serve(const std::string& cell, memory::dim units, memory::dim batch, memory::dim steps) {
  Pass pass;
  if (cell == "gru") {
    make_gru({3, 4, units, batch, steps}, pass);
  } else {
    make_lstm({4, 4, units, batch, steps}, pass);
  }
  for (int i = 0; i < 3; ++i) pass.run();
  const dnnl_version_t& version = *dnnl::version();
  fmt::print("ready {}.{}.{}\n", version.major, version.minor, version.patch);
  std::fflush(stdout);
  int repeats = 0;
  while (std::cin >> repeats) {
    std::vector<double> times(static_cast<std::size_t>(repeats));
    for (double& time : times) time = milliseconds(pass);
    const auto middle = times.begin() + repeats / 2;
    std::nth_element(times.begin(), middle, times.end());
    fmt::print("{:.5f}\n", *middle);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string cell = argc == 5 ? argv[1] : "";
  if (cell != "gru" && cell != "lstm") {
    fmt::print(stderr, "usage: {} lstm|gru UNITS BATCH STEPS\n", argv[0]);
    return 2;
  }
  try {
    return serve(cell, std::atol(argv[2]), std::atol(argv[3]), std::atol(argv[4]));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
