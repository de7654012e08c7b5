// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/trial_variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/detail/hdf5_source.hpp"
#include "nullcline/io/detail/lines.hpp"
#include "nullcline/io/detail/text.hpp"
#include "nullcline/io/label_table.hpp"
#include "nullcline/io/npz.hpp"
#include "nullcline/io/recording.hpp"

namespace nullcline::io {
namespace {

/// One variable: numbers, or words as numbers.
struct Variable {
  Variable(Vector numbers) : values(std::move(numbers)) {}
  explicit Variable(const std::vector<std::string>& texts) : values(std::ssize(texts)) {
    const std::set<std::string> distinct(texts.begin(), texts.end());
    words.assign(distinct.begin(), distinct.end());
    for (Index i = 0; i < values.size(); ++i) {
      const auto at =
          std::lower_bound(words.begin(), words.end(), texts[static_cast<std::size_t>(i)]);
      values(i) = static_cast<double>(at - words.begin());
    }
  }
  Vector values;
  std::vector<std::string> words;
};

/// Texts of a file as words: all of them, or an Error about the array.
Variable words_of(const std::filesystem::path& path, const std::string& name,
                  const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    if (detail::word(text)) continue;
    throw Error(path.string(), detail::array_field(name), detail::in_quotes(text),
                detail::expected_word);
  }
  return Variable(texts);
}

/// What is wrong with an array of an npz file that has neither numbers nor words.
Error unknown_type(const std::filesystem::path& path, const std::string& name,
                   const ForeignArray& array) {
  const std::string field = detail::array_field(name),
                    text = "little-endian text of one dimension, a word a trial";
  if (array.dtype.starts_with(">U")) return {path.string(), field, "big-endian text", text};
  if (array.dtype.starts_with("<U") || array.dtype.starts_with("|S")) {
    return {path.string(), field, "shape " + array.shape, text};
  }
  return {path.string(), field, "dtype '" + array.dtype + "'", "a number or a word a trial"};
}

using Find = std::function<Variable(const std::string& name)>;

Error missing(const std::filesystem::path& path, const std::string& name,
              const std::vector<std::string>& others) {
  return {path.string(), detail::array_field(name), "nothing",
          others.empty() ? "one number or word a trial"
                         : detail::printable(fmt::format("one of {}", fmt::join(others, ", ")))};
}

TrialVariables gathered(const std::filesystem::path& path, const std::vector<std::string>& names,
                        const Find& find) {
  TrialVariables result{names, {}, {}};
  for (std::size_t f = 0; f < names.size(); ++f) {
    const Variable variable = find(names[f]);
    const Vector& values = variable.values;
    if (f == 0) result.values.resize(static_cast<Index>(names.size()), values.size());
    if (values.size() != result.values.cols() || values.size() == 0 || !values.allFinite()) {
      throw Error(
          path.string(), detail::array_field(names[f]),
          fmt::format("{} numbers{}", values.size(), values.allFinite() ? "" : ", not all finite"),
          f == 0 ? "a finite number or a word a trial"
                 : fmt::format("{} finite ones, as of {}", result.values.cols(),
                               detail::printable(names[0])));
    }
    result.values.row(static_cast<Index>(f)) = values.transpose();
    result.words.push_back(variable.words);
  }
  return result;
}

TrialVariables of_npz(const std::filesystem::path& path, const std::vector<std::string>& names) {
  const MixedNpz mixed = read_mixed_npz(path);
  const Dataset& data = mixed.data;
  return gathered(path, names, [&](const std::string& name) -> Variable {
    const auto other = mixed.others.find(name);
    if (other != mixed.others.end()) {
      if (!other->second.texts.empty()) return words_of(path, name, other->second.texts);
      throw unknown_type(path, name, other->second);
    }
    const auto found = data.arrays.find(name);
    if (found == data.arrays.end()) {
      std::vector<std::string> others;
      for (const auto& [other_name, array] : data.arrays) others.push_back(other_name);
      for (const auto& [other_name, array] : mixed.others) {
        if (!array.texts.empty()) others.push_back(other_name);
      }
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
  return gathered(path, names, [&](const std::string& name) -> Variable {
    if (source.is_dataset(group + name)) {
      if (source.is_text(group + name)) {
        return words_of(path, group + name, source.texts(group + name));
      }
      return source.vector(group + name);
    }
    const std::string parent = group.substr(0, group.empty() ? 0 : group.size() - 1);
    throw missing(path, group + name,
                  parent.empty() || source.is_group(parent) ? source.children(parent)
                                                            : std::vector<std::string>{});
  });
}

TrialVariables of_table(const std::filesystem::path& path, const std::vector<std::string>& names) {
  const LabelTable table = read_label_table(path);
  return gathered(path, names, [&](const std::string& name) -> Variable {
    const auto at = std::find(table.names.begin(), table.names.end(), name);
    if (at == table.names.end()) throw missing(path, name, table.names);
    const auto& fields = table.columns[static_cast<std::size_t>(at - table.names.begin())];
    Vector values(std::ssize(fields));
    for (Index i = 0; i < values.size(); ++i) {
      const auto number = detail::number_in(fields[static_cast<std::size_t>(i)]);
      if (!number) return Variable(fields);
      values(i) = *number;
    }
    return values;
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
