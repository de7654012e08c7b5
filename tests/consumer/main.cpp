// SPDX-License-Identifier: Apache-2.0
// Where x = cos x, and which studies there are: the lowest and the highest library.
#include <cmath>
#include <cstdio>

#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/study/study.hpp"

int main() {
  const nullcline::CallableMap cosine(
      1, [](nullcline::In<nullcline::Vector> x) -> nullcline::Vector { return x.array().cos(); });
  const auto points = nullcline::dynamics::find_fixed_points(cosine, nullcline::Matrix::Ones(1, 1));
  if (points.states.size() != 1 || nullcline::study::shipped_studies().empty()) return 1;
  const double x = points.states(0, 0);
  std::printf("%.12f\n", x);
  return std::abs(std::cos(x) - x) < 1e-12 ? 0 : 1;
}
