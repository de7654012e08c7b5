// SPDX-License-Identifier: Apache-2.0
// The fused kernels against the equations of their headers, in plain Eigen.
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>
#include <limits>
#include <vector>

#include "nullcline/cells/fused/gated.hpp"
#include "nullcline/cells/fused/rate.hpp"
#include "nullcline/core/finite_differences.hpp"

namespace nullcline::cells::fused {
namespace {

Matrix normals(Index rows, Index cols, std::uint64_t step, double sd = 1) {
  Matrix A(rows, cols);
  RandomStream stream({7, 7, Purpose::trials, step});
  stream.fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())), sd);
  return A;
}

/// A kernel, the shapes of its matrices, and a step by its equation from (state, input, noise).
struct Case {
  std::string name;
  Index n, m;
  std::function<std::unique_ptr<Kernel<double>>()> make;
  std::function<std::unique_ptr<Kernel<float>>()> make_float;
  std::vector<Index> rows;  ///< Of each M, in blocks of n.
  std::function<Matrix(const std::vector<Matrix>& M, const Matrix& s, const Matrix& u,
                       const Matrix& noise)>
      step;
  std::function<Matrix(const Matrix& s)> features = {};  ///< Empty: the first rows of the state.
};

Matrix f(Activation activation, double theta, const Matrix& m) {
  return m.unaryExpr([&](double x) { return evaluate(activation, theta, x).value; });
}
Matrix sigmoid(const Matrix& m) { return f(Activation::sigmoid, 0, m); }

Matrix operand(const Matrix& q, const Matrix& u) {
  Matrix all(q.rows() + u.rows() + 1, q.cols());
  all << q, u, Matrix::Ones(1, q.cols());
  return all;
}

Case rate_case(Activation activation, Index n, Index m, double alpha) {
  const RateOptions options{n, m, activation, 0.3, alpha, 0.2};
  return {std::string("rate_") + name_of(activation) + "_" + std::to_string(n),
          n,
          m,
          [=] { return rate<double>(options); },
          [=] { return rate<float>(options); },
          {1},
          [=](const auto& M, const Matrix& x, const Matrix& u, const Matrix& noise) -> Matrix {
            return (1 - alpha) * x + alpha * f(activation, 0.3, M[0] * operand(x, u) + 0.2 * noise);
          }};
}

/// f inside the sum.
Case current_case(Activation activation, Index n, Index m, double alpha) {
  RateOptions options{n, m, activation, 0.3, alpha, 0.2};
  options.f_inside = true;
  return {std::string("current_") + name_of(activation) + "_" + std::to_string(n),
          n,
          m,
          [=] { return rate<double>(options); },
          [=] { return rate<float>(options); },
          {1},
          [=](const auto& M, const Matrix& x, const Matrix& u, const Matrix& noise) -> Matrix {
            const Matrix r = f(activation, 0.3, x);
            return (1 - alpha) * x + alpha * M[0] * operand(r, u) + 0.2 * noise;
          },
          [=](const Matrix& x) { return f(activation, 0.3, x); }};
}

Case gated_case(GatedCell cell, Activation phi, Index n, Index m, bool cell_features = false) {
  const char* names[] = {"ugrnn", "lstm", "gru_after", "gru_before"};
  const std::vector<std::vector<Index>> rows = {{2}, {4}, {4}, {2, 1}};
  const GatedOptions options{cell, n, m, phi, 0.3, 0.1, cell_features};
  const auto step = [=](const std::vector<Matrix>& M, const Matrix& s, const Matrix& u,
                        const Matrix& noise) -> Matrix {
    const Matrix h = s.topRows(n);
    Matrix p = M[0] * operand(h, u);
    const auto block = [&](Index k) -> Matrix { return p.middleRows(k * n, n); };
    const auto mix = [](const Matrix& z, const Matrix& a, const Matrix& b) -> Matrix {
      return z.array() * a.array() + (1 - z.array()) * b.array();
    };
    switch (cell) {
      case GatedCell::ugrnn:
        return mix(sigmoid(block(0)), h, f(phi, 0.3, block(1))) + 0.1 * noise;
      case GatedCell::lstm: {
        const Matrix c = sigmoid(block(1)).cwiseProduct(s.bottomRows(n)) +
                         sigmoid(block(0)).cwiseProduct(f(phi, 0.3, block(2)));
        Matrix next(2 * n, s.cols());
        next << sigmoid(block(3)).cwiseProduct(f(phi, 0.3, c)) + 0.1 * noise, c;
        return next;
      }
      case GatedCell::gru_after: {
        const Matrix c = f(phi, 0.3, block(3) + sigmoid(block(0)).cwiseProduct(block(2)));
        return mix(sigmoid(block(1)), h, c) + 0.1 * noise;
      }
      case GatedCell::gru_before: {
        const Matrix c = f(phi, 0.3, M[1] * operand(sigmoid(block(0)).cwiseProduct(h), u));
        return mix(sigmoid(block(1)), h, c) + 0.1 * noise;
      }
    }
    return {};
  };
  return {std::string(names[static_cast<int>(cell)]) + "_" + name_of(phi) + "_" +
              std::to_string(n) + (cell_features ? "_cells" : ""),
          n,
          m,
          [=] { return gated<double>(options); },
          [=] { return gated<float>(options); },
          rows[static_cast<std::size_t>(cell)],
          step};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& name : activation_names()) {
    all.push_back(rate_case(activation_from_name(name), 11, 2, 0.3));
    all.push_back(current_case(activation_from_name(name), 11, 2, 0.3));
  }
  all.push_back(rate_case(Activation::tanh, 70, 0, 1));
  all.push_back(rate_case(Activation::relu, 33, 3, 1));
  for (const GatedCell cell :
       {GatedCell::ugrnn, GatedCell::lstm, GatedCell::gru_after, GatedCell::gru_before}) {
    all.push_back(gated_case(cell, Activation::tanh, 13, 2));
    all.push_back(gated_case(cell, Activation::tanh, 37, 0));
    all.push_back(gated_case(cell, Activation::relu, 9, 3));
    all.push_back(gated_case(cell, Activation::softplus, 5, 1));
    all.push_back(gated_case(cell, Activation::leaky_relu, 5, 1));
    all.push_back(gated_case(cell, Activation::sigmoid, 5, 1));
    all.push_back(gated_case(cell, Activation::identity, 5, 1));
  }
  all.push_back(gated_case(GatedCell::lstm, Activation::tanh, 10, 2, true));
  return all;
}

std::vector<Matrix> matrices(const Case& c) {
  std::vector<Matrix> M;
  for (const Index rows : c.rows) {
    M.push_back(normals(rows * c.n, c.n + c.m + 1, 10 + M.size(),
                        1.2 / std::sqrt(static_cast<double>(c.n))));
  }
  if (c.name.starts_with("gru_after")) {  // the structural zeros
    M[0].middleRows(2 * c.n, c.n).middleCols(c.n, c.m).setZero();
    M[0].bottomRows(c.n).leftCols(c.n).setZero();
  }
  return M;
}

class FusedKernel : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(All, FusedKernel, ::testing::ValuesIn(cases()),
                         [](const auto& named) { return named.param.name; });

constexpr Index T = 7, B = 7;

Matrix noise_of_step(Index n, Index t) {
  RandomStream stream({3, 3, Purpose::recurrent_noise, 5});
  stream.seek_group(static_cast<std::uint64_t>(t * ((n * B + 63) / 64)));
  Matrix noise(n, B);
  stream.fill_normal(std::span<double>(noise.data(), static_cast<std::size_t>(noise.size())));
  return noise;
}

TEST_P(FusedKernel, StepsByItsEquation) {
  const Case& c = GetParam();
  const auto kernel = c.make();
  const auto M = matrices(c);
  const Matrix U = normals(c.m, T * B, 1), start = normals(kernel->state_dim(), B, 2);
  const RandomStream noise({3, 3, Purpose::recurrent_noise, 5});
  kernel->set_matrices(M);
  kernel->forward({T, B, view(U), view(start), &noise, 4});
  Matrix s = start;
  EXPECT_EQ(kernel->states().leftCols(B), start);
  for (Index t = 0; t < T; ++t) {
    s = c.step(M, s, U.middleCols(t * B, B), noise_of_step(c.n, t + 4));
    // The vector code of exp and tanh is good to some units in the last place.
    EXPECT_LE((kernel->states().middleCols((t + 1) * B, B) - s).cwiseAbs().maxCoeff(), 2e-13);
  }
  const Matrix states = kernel->states().rightCols(T * B);
  if (c.features) {
    EXPECT_LE((kernel->features() - c.features(states)).cwiseAbs().maxCoeff(), 2e-13);
  } else {
    EXPECT_EQ(kernel->features(), states.topRows(kernel->feature_dim()));
  }
}

TEST_P(FusedKernel, HasTheGradientsOfFiniteDifferences) {
  const Case& c = GetParam();
  auto kernel = c.make();
  const auto M = matrices(c);
  const Index F = kernel->feature_dim(), S = kernel->state_dim();
  const Matrix U = normals(c.m, T * B, 1), start = normals(S, B, 2);
  const Matrix D = normals(3, F, 3), E = normals(3, T * B, 4), more = normals(F, T * B, 5);
  const Matrix last = normals(S, B, 6);
  const RandomStream noise({3, 3, Purpose::recurrent_noise, 5});

  // L = <E, D r> + <more, r> + <last, s_T>
  const auto loss = [&](const std::vector<Matrix>& weights, const Matrix& u, const Matrix& s0) {
    kernel->set_matrices(weights);
    kernel->forward({T, B, view(u), view(s0), &noise});
    const Matrix r = kernel->features();
    return (D * r).cwiseProduct(E).sum() + r.cwiseProduct(more).sum() +
           kernel->states().rightCols(B).cwiseProduct(last).sum();
  };
  loss(M, U, start);
  Gradients<double> gradients;
  for (const Matrix& A : M) gradients.parameters.push_back(Matrix::Zero(A.rows(), A.cols()));
  Matrix dU, dstart;
  gradients.inputs = &dU;
  gradients.start = &dstart;
  const auto add = [&](Index t, InOut<Matrix> G) { G += more.middleCols((t - 1) * B, B); };
  kernel->backward({view(D), view(E), add, &last}, gradients);

  const auto compare = [](const Matrix& ours, const Vector& differences, const std::string& what) {
    const double scale = std::max(1.0, differences.cwiseAbs().maxCoeff());
    EXPECT_LE(
        (Eigen::Map<const Vector>(ours.data(), ours.size()) - differences).cwiseAbs().maxCoeff(),
        1e-7 * scale)
        << what;
  };
  const auto flat = [](const Matrix& A) {
    return Vector(Eigen::Map<const Vector>(A.data(), A.size()));
  };
  const auto shaped = [](In<Vector> v, const Matrix& like) {
    return Matrix(Eigen::Map<const Matrix>(v.data(), like.rows(), like.cols()));
  };
  for (std::size_t k = 0; k < M.size(); ++k) {
    const auto of = [&](In<Vector> v) {
      auto changed = M;
      changed[k] = shaped(v, M[k]);
      return loss(changed, U, start);
    };
    // Central differences would be wasted on every one of some thousand weights: a direction each.
    for (std::uint64_t trial = 0; trial < 3; ++trial) {
      Matrix direction = normals(M[k].rows(), M[k].cols(), 20 + trial);
      if (c.name.starts_with("gru_after")) {
        direction.middleRows(2 * c.n, c.n).middleCols(c.n, c.m).setZero();
        direction.bottomRows(c.n).leftCols(c.n).setZero();
      }
      const Vector base = flat(M[k]), along = flat(direction);
      const Vector slope = finite_difference_gradient(
          [&](In<Vector> h) { return of(base + h(0) * along); }, Vector::Zero(1));
      compare(Matrix::Constant(1, 1, gradients.parameters[k].cwiseProduct(direction).sum()), slope,
              "M");
    }
  }
  compare(dstart,
          finite_difference_gradient([&](In<Vector> v) { return loss(M, U, shaped(v, start)); },
                                     flat(start)),
          "start");
  if (c.m > 0) {
    compare(dU,
            finite_difference_gradient([&](In<Vector> v) { return loss(M, shaped(v, U), start); },
                                       flat(U)),
            "inputs");
  }
}

/// The gradient of a batch is the sum of those of its trials, although chunks and tiles are others,
/// and a kernel keeps nothing of an earlier batch.
TEST_P(FusedKernel, AddsUpOverTrialsInChunksOfAllSizes) {
  const Case& c = GetParam();
  const auto kernel = c.make();
  kernel->set_matrices(matrices(c));
  const Index steps = 5, batch = 70;  // chunks of two steps, the last with one
  const Matrix U = normals(c.m, steps * batch, 1), start = normals(kernel->state_dim(), batch, 2);
  const Matrix D = normals(3, kernel->feature_dim(), 3), E = normals(3, steps * batch, 4);
  // Trials first .. first + count - 1 of all steps.
  const auto part = [&](const Matrix& all, Index first, Index count) {
    Matrix some(all.rows(), steps * count);
    for (Index t = 0; t < steps; ++t) {
      some.middleCols(t * count, count) = all.middleCols(t * batch + first, count);
    }
    return some;
  };
  const auto gradient = [&](Index first, Index count) {
    const Matrix u = part(U, first, count), e = part(E, first, count);
    const Matrix s = start.middleCols(first, count);
    Gradients<double> gradients;
    for (const Matrix& M : matrices(c)) {
      gradients.parameters.push_back(Matrix::Zero(M.rows(), M.cols()));
    }
    kernel->forward({steps, count, view(u), view(s)});
    kernel->backward({view(D), view(e)}, gradients);
    return gradients.parameters;
  };
  const auto whole = gradient(0, batch);
  std::vector<Matrix> sum;
  for (const auto& [first, count] : {std::pair<Index, Index>{0, 1}, {1, 31}, {32, 38}}) {
    const auto some = gradient(first, count);
    if (sum.empty()) {
      sum = some;
    } else {
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += some[k];
    }
  }
  for (std::size_t k = 0; k < sum.size(); ++k) {
    // Some hundred terms a sum, each of some dozen roundings.
    EXPECT_LE((whole[k] - sum[k]).norm(), 1e-13 * whole[k].norm());
  }
  const auto again = gradient(0, batch);
  EXPECT_EQ(again, whole);
}

/// All that a batch leaves, in float: states and gradients.
std::vector<MatrixX<float>> run_in_float(const Case& c) {
  const auto kernel = c.make_float();
  std::vector<MatrixX<float>> M, results;
  Gradients<float> gradients;
  for (const Matrix& A : matrices(c)) {
    M.push_back(A.cast<float>());
    gradients.parameters.push_back(MatrixX<float>::Zero(A.rows(), A.cols()));
  }
  const MatrixX<float> U = normals(c.m, T * B, 1).cast<float>();
  const MatrixX<float> start = normals(kernel->state_dim(), B, 2).cast<float>();
  const MatrixX<float> D = normals(3, kernel->feature_dim(), 3).cast<float>();
  const MatrixX<float> E = normals(3, T * B, 4).cast<float>();
  kernel->set_matrices(M);
  kernel->forward({T, B, view(U), view(start)});
  kernel->backward({view(D), view(E)}, gradients);
  results = gradients.parameters;
  results.push_back(kernel->states());
  return results;
}

TEST_P(FusedKernel, GivesTheSameOnEveryInstructionSet) {
  const Case& c = GetParam();
  const auto best = run_in_float(c);
  for (std::int64_t targets = hwy::SupportedTargets(); targets != 0; targets &= targets - 1) {
    hwy::SetSupportedTargetsForTest(targets & -targets);
    const auto other = run_in_float(c);
    for (std::size_t k = 0; k < best.size(); ++k) {
      // Sums of some dozen terms, over seven steps, each rounded in its own order.
      EXPECT_LE((other[k] - best[k]).norm(), 2e-5f * best[k].norm())
          << hwy::TargetName(targets & -targets);
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  EXPECT_EQ(run_in_float(c), best);
}

/// f and f' of a kernel at many points at once: a unit a point, one step from zero without a leak,
/// so that x = f(m) and dL/dm = f'(m).
template <class Real>
std::pair<VectorX<Real>, VectorX<Real>> by_kernel(Activation activation, const VectorX<Real>& m) {
  const Index n = m.size();
  const auto kernel = rate<Real>({.n = n, .m = 1, .activation = activation, .theta = 0.3});
  MatrixX<Real> M = MatrixX<Real>::Zero(n, n + 2);
  M.col(n) = m;
  const MatrixX<Real> one = MatrixX<Real>::Ones(1, 1), start = MatrixX<Real>::Zero(n, 1);
  kernel->set_matrices({M});
  kernel->forward({1, 1, view(one), view(start)});
  const VectorX<Real> value = kernel->features();
  const MatrixX<Real> D = MatrixX<Real>::Ones(1, n);
  Gradients<Real> gradients{{MatrixX<Real>::Zero(n, n + 2)}};
  kernel->backward({view(D), view(one)}, gradients);
  return {value, gradients.parameters[0].col(n + 1)};
}

TEST(FusedActivations, TanhInDoubleIsGoodToThreeUnitsInTheLastPlace) {
  // Every size from where tanh x = x to where it is 1, against the C library's long double.
  VectorX<double> m(801);
  for (Index i = 0; i < m.size(); ++i) {
    m(i) = std::pow(10.0, -10 + 11.5 * static_cast<double>(i) / 800) * (i % 2 == 0 ? 1 : -1);
  }
  const VectorX<double> value = by_kernel(Activation::tanh, m).first;
  for (Index i = 0; i < m.size(); ++i) {
    const long double exact = std::tanh(static_cast<long double>(m(i)));
    const double unit = std::abs(std::nextafter(value(i), 2.0) - value(i));
    EXPECT_LE(std::abs(static_cast<double>(value(i) - exact)), 3 * unit) << m(i);
  }
  const VectorX<double> none = VectorX<double>::Constant(1, std::nan(""));
  EXPECT_TRUE(std::isnan(by_kernel(Activation::tanh, none).first(0)));
}

/// Also around 7.95, from where on the fit stands still, and 20, up to the largest float.
TEST(FusedActivations, TanhInFloatIsGoodTo4e7AndNeverAbove1) {
  constexpr float beyond[] = {7.95f, 20.0f};
  std::vector<float> sizes;
  for (const float x : beyond) {
    float below = x, above = x;
    for (int i = 0; i < 20; ++i) {
      sizes.insert(sizes.end(), {below, above});
      below = std::nextafter(below, 0.0f);
      above = std::nextafter(above, 100.0f);
    }
  }
  for (int power = -37; power <= 38; ++power) {
    sizes.push_back(static_cast<float>(std::pow(10.0, power)));
  }
  sizes.push_back(std::numeric_limits<float>::max());
  sizes.push_back(std::numeric_limits<float>::infinity());
  for (int i = 0; i <= 200; ++i) sizes.push_back(0.04f * static_cast<float>(i));
  const auto n = static_cast<Index>(sizes.size());
  VectorX<float> m(2 * n);
  m << Eigen::Map<VectorX<float>>(sizes.data(), n), -Eigen::Map<VectorX<float>>(sizes.data(), n);
  const VectorX<float> value = by_kernel(Activation::tanh, m).first;
  for (Index i = 0; i < m.size(); ++i) {
    const double exact = std::tanh(static_cast<double>(m(i)));
    // 3.1e-7, or 4.2e-7 without fused multiply-adds, by a scan of all floats.
    EXPECT_LE(std::abs(value(i) - exact), 4.2e-7 * std::abs(exact)) << m(i);
    EXPECT_LE(std::abs(value(i)), 1) << m(i);
  }
  const VectorX<float> none = VectorX<float>::Constant(3, std::nanf(""));
  EXPECT_TRUE(by_kernel(Activation::tanh, none).first.array().isNaN().all());
}

TEST(FusedActivations, InFloatAreTheirDefinitionsEverywhere) {
  // 1e-6 .. 20 on either side, and zero: tanh must keep its relative accuracy where it is small.
  VectorX<float> m(81);
  for (Index i = 0; i < 40; ++i) {
    m(i) = std::pow(10.0f, -6.0f + 7.3f * static_cast<float>(i) / 39);
    m(41 + i) = -m(i);
  }
  m(40) = 0;
  const double eps = std::numeric_limits<float>::epsilon();
  for (const std::string& name : activation_names()) {
    const Activation activation = activation_from_name(name);
    const auto [value, slope] = by_kernel(activation, m);
    for (Index i = 0; i < m.size(); ++i) {
      const auto exact = evaluate(activation, 0.3, static_cast<double>(m(i)));
      // A few roundings each; tanh itself is good to 3.1e-7.
      EXPECT_NEAR(value(i), exact.value, 8 * eps * std::abs(exact.value) + 1e-37) << name << m(i);
      EXPECT_NEAR(slope(i), exact.slope, 8 * eps) << name << " " << m(i);
    }
  }
}

}  // namespace
}  // namespace nullcline::cells::fused
