// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <span>

#include "nullcline/training/detail/exact_arrays.hpp"
#include "nullcline/training/detail/method.hpp"
#include "nullcline/training/force.hpp"
#include "nullcline/training/loss.hpp"
#include "nullcline/training/readout.hpp"

namespace nullcline::training::detail {
namespace {

template <std::floating_point Real>
class RidgeMethod final : public Method<Real> {
 public:
  RidgeMethod(Model<Real>& model, const Settings& training)
      : model_(model),
        lambda_(training.number("ridge")),
        D_(model.parameters[model.parameters.size() - 2].value),
        c_(model.parameters.back().value),
        ridge_(D_.cols(), D_.rows()) {}

  StepResult step(Index, const tasks::Trials& trials, RandomStream& noise) override {
    const Matrix r = model_.network.features(trials, &noise).template cast<double>();
    StepResult result;
    Matrix z = D_.template cast<double>() * r;
    z.colwise() += Vector(c_.template cast<double>());
    Matrix shares;
    loss_shares(tasks::Loss::squared_error, trials, shares);
    result.loss = loss_and_gradient<double>(tasks::Loss::squared_error, trials.targets, shares, z);
    result.finite = std::isfinite(result.loss);
    if (!result.finite) return result;
    RidgeReadout more = ridge_;
    more.add(r, trials.targets, trials.weights);
    const auto solution = more.solve(lambda_);
    result.finite = solution.has_value();
    if (!solution) return result;
    ridge_ = std::move(more);
    use(*solution);
    return result;
  }

  Matrix outputs(const tasks::Trials& trials, RandomStream& noise) override {
    return model_.network.outputs(trials, &noise);
  }

  void finish(cells::Network& network) const override {
    if (solution_.size() == 0) return;
    network.parameters["readout"] = solution_.leftCols(solution_.cols() - 1);
    network.parameters["readout_bias"] = solution_.rightCols(1);
  }

  void save(io::Dataset& checkpoint) const override {
    checkpoint.arrays["resume/ridge/gram"] = exact_array(ridge_.gram());
    checkpoint.arrays["resume/ridge/moments"] = exact_array(ridge_.moments());
    checkpoint.arrays["resume/ridge/readout"] = exact_array(solution_);
  }

  void restore(const io::Dataset& checkpoint, const std::filesystem::path& path) override {
    const Index n = D_.cols() + 1, outputs = D_.rows();
    ridge_.restore(exact_matrix<double>(checkpoint, "resume/ridge/gram", n, n, path),
                   exact_matrix<double>(checkpoint, "resume/ridge/moments", n, outputs, path));
    const auto it = checkpoint.arrays.find("resume/ridge/readout");
    if (it != checkpoint.arrays.end() && it->second.size() == 0) return;
    use(exact_matrix<double>(checkpoint, "resume/ridge/readout", outputs, n, path));
  }

 private:
  void use(const Matrix& solution) {
    solution_ = solution;
    D_ = solution.leftCols(D_.cols()).template cast<Real>();
    c_ = solution.rightCols(1).template cast<Real>();
    model_.network.parameters_changed();
  }

  Model<Real>& model_;
  double lambda_;
  Eigen::Map<MatrixX<Real>> D_, c_;
  RidgeReadout ridge_;
  Matrix solution_;  // [D c], empty before the first step
};

Matrix uniform(Index rows, Index cols, double largest, RandomStream& stream) {
  Matrix A(rows, cols);
  for (double& entry : A.reshaped()) entry = largest * (2 * stream.uniform() - 1);
  return A;
}

template <std::floating_point Real>
class ForceMethod final : public Method<Real> {
 public:
  ForceMethod(const cells::Network& start, const Settings& training, RandomStream stream)
      : force_(start,
               uniform(start.state_dim(), training.number("feedback") > 0 ? start.output_dim() : 0,
                       training.number("feedback"), stream),
               training.number("ridge")) {}

  StepResult step(Index, const tasks::Trials& trials, RandomStream& noise) override {
    const RecursiveReadout before = force_.readout();
    StepResult result;
    result.loss = force_.learn(trials, &noise);
    result.finite = std::isfinite(result.loss) && force_.readout().readout().allFinite();
    if (!result.finite) force_.readout() = before;
    return result;
  }

  Matrix outputs(const tasks::Trials& trials, RandomStream& noise) override {
    force_.loss(trials, &noise);
    return force_.outputs();
  }

  void finish(cells::Network& network) const override { network = force_.closed(); }

  void save(io::Dataset& checkpoint) const override {
    checkpoint.arrays["resume/force/readout"] = exact_array(force_.readout().readout());
    checkpoint.arrays["resume/force/inverse"] = exact_array(force_.readout().inverse());
  }

  void restore(const io::Dataset& checkpoint, const std::filesystem::path& path) override {
    const Matrix& V = force_.readout().readout();
    force_.readout().restore(
        exact_matrix<double>(checkpoint, "resume/force/readout", V.rows(), V.cols(), path),
        exact_matrix<double>(checkpoint, "resume/force/inverse", V.cols(), V.cols(), path));
  }

 private:
  Force<Real> force_;
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Method<Real>> ridge_method(Model<Real>& model, const Settings& training) {
  return std::make_unique<RidgeMethod<Real>>(model, training);
}

template <std::floating_point Real>
std::unique_ptr<Method<Real>> force_method(const cells::Network& start, const Settings& training,
                                           RandomStream stream) {
  return std::make_unique<ForceMethod<Real>>(start, training, stream);
}

template std::unique_ptr<Method<float>> ridge_method(Model<float>&, const Settings&);
template std::unique_ptr<Method<double>> ridge_method(Model<double>&, const Settings&);
template std::unique_ptr<Method<float>> force_method(const cells::Network&, const Settings&,
                                                     RandomStream);
template std::unique_ptr<Method<double>> force_method(const cells::Network&, const Settings&,
                                                      RandomStream);

}  // namespace nullcline::training::detail
