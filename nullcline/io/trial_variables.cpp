// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/trial_variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/hdf5_source.hpp"
#include "nullcline/io/detail/text.hpp"
#include "nullcline/io/npz.hpp"
#include "nullcline/io/recording.hpp"

namespace nullcline::io {
namespace {

using Find = std::function<Vector(const std::string& name)>;

Error missing(const std::filesystem::path& path, const std::string& name,
              const std::vector<std::string>& others) {
  return {path.string(), detail::array_field(name), "nothing",
          others.empty() ? "one number a trial"
                         : detail::printable(fmt::format("one of {}", fmt::join(others, ", ")))};
}

TrialVariables gathered(const std::filesystem::path& path, const std::vector<std::string>& names,
                        const Find& find) {
  TrialVariables result{names, {}};
  for (std::size_t f = 0; f < names.size(); ++f) {
    const Vector values = find(names[f]);
    if (f == 0) result.values.resize(static_cast<Index>(names.size()), values.size());
    if (values.size() != result.values.cols() || values.size() == 0 || !values.allFinite()) {
      throw Error(
          path.string(), detail::array_field(names[f]),
          fmt::format("{} numbers{}", values.size(), values.allFinite() ? "" : ", not all finite"),
          f == 0 ? "a finite number a trial"
                 : fmt::format("{} finite ones, as of {}", result.values.cols(),
                               detail::printable(names[0])));
    }
    result.values.row(static_cast<Index>(f)) = values.transpose();
  }
  return result;
}

TrialVariables of_npz(const std::filesystem::path& path, const std::vector<std::string>& names) {
  const Dataset data = read_npz(path);
  return gathered(path, names, [&](const std::string& name) -> Vector {
    const auto found = data.arrays.find(name);
    if (found == data.arrays.end()) {
      std::vector<std::string> others;
      for (const auto& [other, array] : data.arrays) others.push_back(other);
      throw missing(path, name, others);
    }
    if (found->second.shape.size() != 1) {
      throw Error(path.string(), detail::array_field(name), "shape " + found->second.shape_text(),
                  "(trials,)");
    }
    return found->second.as_vector();
  });
}

TrialVariables of_hdf5(const std::filesystem::path& path, const std::vector<std::string>& names,
                       const std::string& intervals) {
  const std::string group = is_nwb(path) ? "intervals/" + intervals + "/" : "";
  detail::Budget budget(path, {});
  detail::Hdf5Source source(budget);
  return gathered(path, names, [&](const std::string& name) -> Vector {
    if (source.is_dataset(group + name)) return source.vector(group + name);
    const std::string parent = group.substr(0, group.empty() ? 0 : group.size() - 1);
    throw missing(path, group + name,
                  parent.empty() || source.is_group(parent) ? source.children(parent)
                                                            : std::vector<std::string>{});
  });
}

TrialVariables of_table(const std::filesystem::path& path, const std::vector<std::string>& names) {
  const Recording table = read_recording(path);
  return gathered(path, names, [&](const std::string& name) -> Vector {
    const auto at = std::find(table.columns.begin(), table.columns.end(), name);
    if (at == table.columns.end()) throw missing(path, name, table.columns);
    return table.trials.front().row(at - table.columns.begin()).transpose();
  });
}

}  // namespace

TrialVariables read_trial_variables(const std::filesystem::path& path,
                                    const std::vector<std::string>& names,
                                    const std::string& intervals) {
  require(!names.empty(), "read_trial_variables: no names");
  const std::string extension = path.extension().string();
  return detail::within_memory(path, [&] {
    if (extension == ".npz") return of_npz(path, names);
    if (extension == ".csv" || extension == ".tsv") return of_table(path, names);
    if (extension == ".nwb" || extension == ".h5" || extension == ".hdf5") {
      return of_hdf5(path, names, intervals);
    }
    throw Error(path.string(), "", "extension " + detail::printable(extension),
                ".npz, .h5, .hdf5, .nwb, .csv or .tsv");
  });
}

}  // namespace nullcline::io
