// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/csv.hpp"

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/detail/budget.hpp"
#include "nullcline/io/detail/lines.hpp"
#include "nullcline/io/detail/text.hpp"
#include "nullcline/io/detail/trials_of_array.hpp"

namespace nullcline::io::detail {
namespace {

bool all_numbers(const std::vector<std::string>& fields) {
  for (const std::string& field : fields) {
    // An empty field is a missing number, not a name: the caller complains of it.
    if (!trimmed(field).empty() && !number_in(field)) return false;
  }
  return true;
}

}  // namespace

Recording read_csv(const std::filesystem::path& path, const RecordingOptions& options) {
  if (!options.key.empty()) {
    throw Error(path.string(), "--key", "one table without a name", "no --key");
  }
  Budget budget(path, options.limits);
  const std::string text = read_file(path, options.limits.max_file_bytes);
  Lines lines(text, separator_of(path, options.separator), path.string());
  if (!lines.next()) throw Error::because(path.string(), "", "is empty");

  Recording result;
  const std::size_t width = lines.fields().size();
  std::vector<double> values;
  Index count = 0;
  bool more = true;
  if (!all_numbers(lines.fields())) {
    result.columns = lines.fields();
    more = lines.next();
  }
  for (; more; more = lines.next(), ++count) {
    lines.require_width(width);
    if (values.size() == values.capacity()) {
      budget.require_bytes("table", 2 * (values.size() + width) * sizeof(double));
      values.reserve(2 * (values.size() + width));
    }
    for (std::size_t k = 0; k < width; ++k) values.push_back(lines.number(k));
  }
  if (count == 0) throw Error(path.string(), "", "a line of names alone", "numbers");
  const Array table{{count, static_cast<Index>(width)}, std::move(values)};
  std::string axes = options.axes;
  std::erase(axes, 'b');
  result.trials = trials_of_array(table, "table", axes, path);
  if (axes == "nt") result.columns.clear();  // They name the steps.
  for (std::string& name : result.columns) name = printable(trimmed(name));
  result.source = "table";
  return result;
}

}  // namespace nullcline::io::detail
