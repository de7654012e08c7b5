// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/surfaces.hpp"

#include <Eigen/Geometry>
#include <cmath>
#include <numbers>

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;
constexpr Coordinate circle{0, 2 * pi, true};

}  // namespace

FunctionManifold sphere(double r) {
  return {{{0.02, pi - 0.02}, circle},
          3,
          [r](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
            const double ct = std::cos(k(0)), st = std::sin(k(0));
            const double cp = std::cos(k(1)), sp = std::sin(k(1));
            x << r * st * cp, r * st * sp, r * ct;
            if (order < 1) return;
            a << r * ct * cp, -r * st * sp, r * ct * sp, r * st * cp, -r * st, 0;
            if (order < 2) return;
            b << -r * st * cp, -r * ct * sp, -r * st * cp,  //
                -r * st * sp, r * ct * cp, -r * st * sp,    //
                -r * ct, 0, 0;
          }};
}

FunctionManifold pseudosphere() {
  return {{{0.1, 4}, {-3, 3}},
          3,
          [](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
            const double u = k(0), s = 1 / std::cosh(u), t = std::tanh(u);
            const double ds = -s * t, dds = s * t * t - s * s * s;
            const double cv = std::cos(k(1)), sv = std::sin(k(1));
            x << s * cv, s * sv, u - t;
            if (order < 1) return;
            a << ds * cv, -s * sv, ds * sv, s * cv, t * t, 0;
            if (order < 2) return;
            b << dds * cv, -ds * sv, -s * cv, dds * sv, ds * cv, -s * sv, 2 * t * s * s, 0, 0;
          }};
}

double pseudosphere_distance(In<Vector> p, In<Vector> q) {
  const double y1 = std::cosh(p(0)), y2 = std::cosh(q(0)), dv = p(1) - q(1);
  return std::acosh(1 + (dv * dv + (y1 - y2) * (y1 - y2)) / (2 * y1 * y2));
}

FunctionManifold ring_torus(double R, double r) {
  return {{circle, circle},
          3,
          [R, r](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
            const double cu = std::cos(k(0)), su = std::sin(k(0));
            const double cv = std::cos(k(1)), sv = std::sin(k(1)), ring = R + r * cv;
            x << ring * cu, ring * su, r * sv;
            if (order < 1) return;
            a << -ring * su, -r * sv * cu, ring * cu, -r * sv * su, 0, r * cv;
            if (order < 2) return;
            b << -ring * cu, r * sv * su, -r * cv * cu,  //
                -ring * su, -r * sv * cu, -r * cv * su,  //
                0, 0, -r * sv;
          }};
}

FunctionManifold clifford_torus(double r1, double r2) {
  return {{circle, circle},
          4,
          [r1, r2](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
            const double ca = std::cos(k(0)), sa = std::sin(k(0));
            const double cb = std::cos(k(1)), sb = std::sin(k(1));
            x << r1 * ca, r1 * sa, r2 * cb, r2 * sb;
            if (order < 1) return;
            a << -r1 * sa, 0, r1 * ca, 0, 0, -r2 * sb, 0, r2 * cb;
            if (order < 2) return;
            b << -r1 * ca, 0, 0, -r1 * sa, 0, 0, 0, 0, -r2 * cb, 0, 0, -r2 * sb;
          }};
}

double sphere_distance(double r, In<Vector> p, In<Vector> q) {
  const auto point = [](In<Vector> k) {
    return Eigen::Vector3d(std::sin(k(0)) * std::cos(k(1)), std::sin(k(0)) * std::sin(k(1)),
                           std::cos(k(0)));
  };
  const Eigen::Vector3d x = point(p), y = point(q);
  return r * std::atan2(x.cross(y).norm(), x.dot(y));
}

}  // namespace nullcline::geometry
