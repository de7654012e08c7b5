// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/trials_of_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

constexpr std::size_t names_in_a_message = 12;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "trial_2" before "trial_10": runs of digits count as numbers.
bool naturally_before(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto run = [](const std::string& text, std::size_t& at) {
        std::size_t end = at;
        while (end < text.size() && is_digit(text[end])) ++end;
        while (at + 1 < end && text[at] == '0') ++at;
        const std::string digits = text.substr(at, end - at);
        at = end;
        return digits;
      };
      const std::string left = run(a, i), right = run(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i, ++j;
    }
  }
  return a.size() - i != b.size() - j ? a.size() - i < b.size() - j : a < b;
}

std::string listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), names_in_a_message);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? "" : ", ") + printable(names[i], 60);
  }
  return shown == names.size() ? text : fmt::format("{} and {} more", text, names.size() - shown);
}

/// `axes` of an array of this rank.
std::string axes_of_rank(const std::string& axes, std::size_t rank) {
  std::string result = axes;
  if (rank == 2) std::erase(result, 'b');
  return result;
}

}  // namespace

void require_axes(const std::string& axes) {
  std::string sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  if (sorted == "nt" || sorted == "bnt") return;
  throw std::invalid_argument(fmt::format(
      "axes is '{}', must be tn, nt or an order of b, t and n (btn)", printable(axes, 20)));
}

std::vector<Matrix> trials_of_array(const Array& array, const std::string& name,
                                    const std::string& axes, const std::filesystem::path& path) {
  const std::size_t rank = array.shape.size();
  const std::string order = axes_of_rank(axes, rank);
  if (array.size() == 0 || rank != order.size() || (rank != 2 && rank != 3)) {
    throw Error(path.string(), array_field(name), "shape " + array.shape_text(),
                (axes.size() == 2 ? "(" + axes.substr(0, 1) + ", " + axes.substr(1) + ")"
                                  : std::string("(T, n) or (trials, T, n)")) +
                    ", not empty");
  }
  require_finite({{{name, array}}, {}}, path);

  // The stride in C order of each letter; 0 where there is none.
  Index stride = 1, steps = 1, units = 1, batch = 1, of_t = 0, of_n = 0, of_b = 0;
  for (std::size_t axis = rank; axis-- > 0; stride *= array.shape[axis]) {
    const char letter = order[axis];
    (letter == 't' ? of_t : letter == 'n' ? of_n : of_b) = stride;
    (letter == 't' ? steps : letter == 'n' ? units : batch) = array.shape[axis];
  }
  std::vector<Matrix> trials;
  std::visit(
      [&](const auto& entries) {
        using T = typename std::decay_t<decltype(entries)>::value_type;
        using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
        for (Index b = 0; b < batch; ++b) {
          trials.push_back(Eigen::Map<const MatrixX<T>, 0, Strides>(
                               entries.data() + b * of_b, units, steps, Strides(of_t, of_n))
                               .template cast<double>());
        }
      },
      array.data);
  return trials;
}

std::vector<std::string> chosen_arrays(const std::vector<NamedShape>& all, const std::string& key,
                                       const std::filesystem::path& path) {
  std::vector<std::string> names, possible, begun;
  const bool begins = key.ends_with('*');
  const std::string beginning = begins ? key.substr(0, key.size() - 1) : "";
  for (const NamedShape& array : all) {
    names.push_back(array.name);
    if (array.rank == 2 || array.rank == 3) possible.push_back(array.name);
    if (begins && array.name.starts_with(beginning)) begun.push_back(array.name);
  }
  if (key.empty()) {
    if (possible.size() == 1) return possible;
    throw Error(
        path.string(), "",
        possible.empty() ? "no array of two or three dimensions" : "the arrays " + listed(possible),
        possible.empty() ? "one" : "--key NAME to choose one");
  }
  if (std::find(names.begin(), names.end(), key) != names.end()) return {key};
  if (!begun.empty()) {
    std::sort(begun.begin(), begun.end(), naturally_before);
    return begun;
  }
  const std::string nearest = nearest_word(key, names);
  throw Error(path.string(), "--key", fmt::format("no array '{}'", printable(key)),
              !nearest.empty() ? fmt::format("'{}'?", printable(nearest))
              : names.empty()  ? "a file with arrays"
                               : "one of " + listed(names));
}

Recording recording_of_arrays(const std::vector<NamedShape>& all,
                              const std::function<Array(const std::string&)>& read,
                              const std::filesystem::path& path, const RecordingOptions& options) {
  require_axes(options.axes);
  const std::vector<std::string> names = chosen_arrays(all, options.key, path);
  Recording result;
  for (const std::string& name : names) {
    for (Matrix& trial : trials_of_array(read(name), name, options.axes, path)) {
      if (!result.trials.empty() && trial.rows() != result.trials.front().rows()) {
        throw Error(
            path.string(), array_field(name), fmt::format("{} units", trial.rows()),
            fmt::format("{}, as '{}' has", result.trials.front().rows(), printable(names.front())));
      }
      result.trials.push_back(std::move(trial));
    }
  }
  result.source = names.size() == 1 ? array_field(names.front())
                                    : fmt::format("arrays '{}' to '{}'", printable(names.front()),
                                                  printable(names.back()));
  return result;
}

}  // namespace nullcline::io::detail
