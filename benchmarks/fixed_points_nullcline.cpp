// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/points/certificate.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/training/network_file.hpp"

// fixed_points_nullcline NETWORK STARTS: the fixed points of a network without input from starts
// (K, n), raw doubles; their eigenvalues and proofs. One line of JSON for each line of standard
// input.

namespace {

using nullcline::Index;
using nullcline::Matrix;
using nullcline::Vector;

Matrix read_starts(const std::string& path, Index n) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  const auto* values = reinterpret_cast<const double*>(bytes.data());
  const auto K = static_cast<Index>(bytes.size() / sizeof(double)) / n;
  return Eigen::Map<const Matrix>(values, n, K);
}

class Clock {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: fixed_points_nullcline NETWORK STARTS\n";
    return 2;
  }
  const auto network = nullcline::training::load_network(argv[1]);
  const auto driven = nullcline::cells::driven_map(network);
  const nullcline::FrozenMap map(*driven, Vector::Zero(network.input_dim()));
  const Matrix starts = read_starts(argv[2], map.dim());
  std::string line;
  while (std::getline(std::cin, line)) {
    Clock clock;
    const auto points = nullcline::dynamics::find_fixed_points(map, starts);
    const double search = clock.lap();
    const auto modes = nullcline::dynamics::linearize_all(map, points.states, network.dt());
    const double eigenvalues = clock.lap();
    const auto certificates = nullcline::dynamics::certify_all(map, points.states);
    const double proofs = clock.lap();
    std::vector<Index> unstable;
    for (const auto& at : modes) unstable.push_back(at.unstable);
    Index iterations = 0, reached = 0, certified = 0;
    for (const auto& certificate : certificates) {
      certified += certificate.status == nullcline::dynamics::CertificateStatus::certified;
    }
    for (const Index count : points.iterations) iterations += count;
    for (const auto status : points.status) reached += nullcline::dynamics::is_fixed_point(status);
    std::cout << fmt::format(R"({{"search": {}, "eigenvalues": {}, "proofs": {}, "points": {}, )"
                             R"("certified": {}, "unstable": [{}], )"
                             R"("degree": {}, "residual": {}, "jacobians": {}, "reached": {}}})",
                             search, eigenvalues, proofs, points.states.cols(), certified,
                             fmt::join(unstable, ", "), nullcline::dynamics::degree_sum(modes),
                             points.residuals.size() > 0 ? points.residuals.maxCoeff() : 0,
                             iterations, reached)
              << std::endl;
  }
}
