// SPDX-License-Identifier: Apache-2.0
// Sensitivities beside those of SUNDIALS CVODES, which integrates the sensitivity equations with
// error control and knows nothing of our steps.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "nullcline/core/stepper.hpp"
#include "nullcline/geometry/sensitivities.hpp"
#include "tests/geometry/rate_flow.hpp"

#ifdef HAVE_CVODES
#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#endif

namespace nullcline::geometry {
namespace {

using testing::random_matrix;
using testing::RateFlow;

constexpr Index n = 6;
constexpr double end = 2, jump = 1;
const double kappa[2] = {0.4, -0.7};

/// u = (cos(k_1 + 2 t), k_2 t^2) before the jump and (k_1 k_2, sin(k_2 t)) after, and du/dkappa.
struct Drive {
  Matrix u = Matrix(2, 1), du = Matrix(2, 2);
};
Drive drive(double t, bool before) {
  const double a = kappa[0], b = kappa[1];
  Drive d;
  if (before) {
    d.u << std::cos(a + 2 * t), b * t * t;
    d.du << -std::sin(a + 2 * t), 0, 0, t * t;
  } else {
    d.u << a * b, std::sin(b * t);
    d.du << b, a, 0, t * std::cos(b * t);
  }
  return d;
}

RateFlow network() { return {random_matrix(n, n, 1) / 2, random_matrix(n, 2, 2)}; }

/// x and a_1, a_2 at `end`, by steps with inputs at nodes; columns x, a_1, a_2.
Matrix by_steps(Method method, Index steps) {
  const RateFlow flow = network();
  const double h = end / static_cast<double>(steps);
  const SteppedFlow F(flow, h, method, StepInputs::at_nodes);
  const Index nodes = F.input_dim() / 2;
  ManifoldInputs inputs{1, 2, Matrix(2 * nodes, steps), Matrix(2 * nodes, steps * 2), {}};
  for (Index t = 0; t < steps; ++t) {
    for (Index i = 0; i < nodes; ++i) {
      const double part = nodes == 1 ? 0 : static_cast<double>(i) / static_cast<double>(nodes - 1);
      const Drive d = drive(h * (static_cast<double>(t) + part), 2 * t < steps);
      inputs.inputs.block(2 * i, t, 2, 1) = d.u;
      inputs.tangents.block(2 * i, 2 * t, 2, 2) = d.du;
    }
  }
  const Sensitivities found = sensitivities(F, inputs, {.steps = {steps}});
  Matrix result(n, 3);
  result << found.states, found.tangents;
  return result;
}

#ifdef HAVE_CVODES

struct Problem {
  RateFlow flow = network();
  bool before = true;
};

Eigen::Map<Matrix> as_column(N_Vector v) { return {N_VGetArrayPointer(v), n, 1}; }

int right_side(double t, N_Vector y, N_Vector ydot, void* data) {
  const auto& p = *static_cast<Problem*>(data);
  as_column(ydot).setZero();
  p.flow.evaluate(as_column(y), drive(t, p.before).u, as_column(ydot));
  return 0;
}

int sensitivity_right_side(int, double t, N_Vector y, N_Vector, int i, N_Vector s, N_Vector sdot,
                           void* data, N_Vector, N_Vector) {
  const auto& p = *static_cast<Problem*>(data);
  const Drive d = drive(t, p.before);
  p.flow.push_forward(as_column(y), d.u, as_column(s), d.du.col(i), as_column(sdot));
  return 0;
}

/// The same by CVODES at tolerances of 1e-12, which is stopped and started anew at the jump.
Matrix by_cvodes() {
  Problem problem;
  SUNContext context = nullptr;
  EXPECT_EQ(SUNContext_Create(nullptr, &context), 0);
  N_Vector y = N_VNew_Serial(n, context);
  N_Vector* s = N_VCloneVectorArray(2, y);
  N_VConst(0, y);
  for (int i = 0; i < 2; ++i) N_VConst(0, s[i]);
  void* memory = CVodeCreate(CV_BDF, context);
  SUNMatrix matrix = SUNDenseMatrix(n, n, context);
  SUNLinearSolver solver = SUNLinSol_Dense(y, matrix, context);
  std::array<double, 2> absolute = {1e-13, 1e-13};
  int failures = 0;
  const auto check = [&](int flag) { failures += flag < 0 ? 1 : 0; };
  check(CVodeInit(memory, right_side, 0, y));
  check(CVodeSStolerances(memory, 1e-12, 1e-13));
  check(CVodeSetUserData(memory, &problem));
  check(CVodeSetMaxNumSteps(memory, 100000));
  check(CVodeSetLinearSolver(memory, solver, matrix));
  check(CVodeSensInit1(memory, 2, CV_STAGGERED, sensitivity_right_side, s));
  check(CVodeSensSStolerances(memory, 1e-12, absolute.data()));
  check(CVodeSetSensErrCon(memory, 1));
  double t = 0;
  for (const double until : {jump, end}) {
    problem.before = until == jump;
    if (!problem.before) {
      check(CVodeReInit(memory, t, y));
      check(CVodeSensReInit(memory, CV_STAGGERED, s));
    }
    check(CVodeSetStopTime(memory, until));
    check(CVode(memory, until, y, &t, CV_NORMAL));
    check(CVodeGetSens(memory, &t, s));
  }
  EXPECT_EQ(failures, 0);
  Matrix result(n, 3);
  result << as_column(y), as_column(s[0]), as_column(s[1]);
  CVodeFree(&memory);
  SUNLinSolFree(solver);
  SUNMatDestroy(matrix);
  N_VDestroyVectorArray(s, 2);
  N_VDestroy(y);
  SUNContext_Free(&context);
  return result;
}

#endif

TEST(Sensitivities, ConvergeToThoseOfCvodesWithTheOrderOfTheMethod) {
#ifdef HAVE_CVODES
  const Matrix reference = by_cvodes();
  const std::vector<std::pair<Method, int>> orders = {
      {Method::euler, 1}, {Method::heun, 2}, {Method::rk4, 4}};
  for (const auto& [method, order] : orders) {
    const Matrix coarse = by_steps(method, 40) - reference, fine = by_steps(method, 80) - reference;
    for (Index column = 0; column < 3; ++column) {  // the state and both tangents
      EXPECT_NEAR(std::log2(coarse.col(column).norm() / fine.col(column).norm()), order, 0.2)
          << name_of(method) << ", column " << column;
    }
  }
  EXPECT_LT((by_steps(Method::rk4, 400) - reference).norm(), 1e-9);
#else
  GTEST_SKIP() << "built without SUNDIALS (libsundials-dev)";
#endif
}

}  // namespace
}  // namespace nullcline::geometry
