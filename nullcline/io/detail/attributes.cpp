// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/attributes.hpp"

#include "nullcline/io/json.hpp"

namespace nullcline::io::detail {

std::string attributes_text(const Dataset& dataset, const std::filesystem::path& path) {
  std::string text = format_json(dataset.attributes);
  Budget(path, {}).require_attribute_bytes(text.size());
  return text;
}

Json parse_attributes(std::string_view text, const std::string& name, const Budget& budget) {
  budget.require_attribute_bytes(text.size());
  Json attributes = parse_json(text, budget.path(), name);
  if (attributes.is_object()) return attributes;
  throw Error(budget.path(), name, attributes.type_name(), "a JSON object");
}

}  // namespace nullcline::io::detail
