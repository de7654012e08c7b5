// SPDX-License-Identifier: Apache-2.0
#include "nullcline/report/detail/encode.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <variant>

#include "nullcline/core/errors.hpp"

namespace nullcline::report::detail {
namespace {

using io::Json;

/// Little-endian on every machine.
template <class Bits>
void append(Bits bits, std::string& bytes) {
  for (std::size_t i = 0; i < sizeof(Bits); ++i) {
    bytes.push_back(static_cast<char>((bits >> (8 * i)) & 0xff));
  }
}

struct Packed {
  const char* dtype;
  std::string bytes;
};

template <class Bits, class To, class From>
std::string pack(const std::vector<From>& values) {
  std::string bytes;
  bytes.reserve(values.size() * sizeof(To));
  for (const From value : values) append(std::bit_cast<Bits>(static_cast<To>(value)), bytes);
  return bytes;
}

Packed pack(const std::vector<float>& values) { return {"f4", pack<std::uint32_t, float>(values)}; }

Packed pack(const std::vector<double>& values) {
  return {"f4", pack<std::uint32_t, float>(values)};
}

Packed pack(const std::vector<std::int64_t>& values) {
  using Narrow = std::numeric_limits<std::int32_t>;
  const bool fits = std::all_of(values.begin(), values.end(), [](std::int64_t value) {
    return Narrow::min() <= value && value <= Narrow::max();
  });
  if (fits) return {"i4", pack<std::uint32_t, std::int32_t>(values)};
  return {"f8", pack<std::uint64_t, double>(values)};
}

Packed pack(const std::vector<std::uint8_t>& values) {
  return {"u1", std::string(values.begin(), values.end())};
}

Json to_json(const Array& array) {
  const std::size_t entries = std::visit([](const auto& data) { return data.size(); }, array.data);
  require(static_cast<std::size_t>(array.size()) == entries,
          "report: an array must have as many entries as its shape says");
  const Packed packed = std::visit([](const auto& data) { return pack(data); }, array.data);
  return {{"shape", array.shape}, {"dtype", packed.dtype}, {"data", base64(packed.bytes)}};
}

/// JSON has no NaN and no infinities.
Json finite(const Json& value) {
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::isfinite(number)) return value;
    return {{"number", std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"}};
  }
  if (!value.is_structured()) return value;
  Json result = value;
  for (Json& entry : result) entry = finite(entry);
  return result;
}

Json to_json(const io::Dataset& dataset) {
  Json arrays = Json::object();
  for (const auto& [name, array] : dataset.arrays) arrays[name] = to_json(array);
  return {{"arrays", arrays}, {"attributes", finite(dataset.attributes)}};
}

Json to_json(const NetworkEntry& network) {
  Json results = Json::object();
  for (const auto& [analysis, dataset] : network.results) results[analysis] = to_json(dataset);
  return {{"id", network.id},
          {"seed", std::to_string(network.seed)},
          {"status", network.status},
          {"metrics", finite(network.metrics)},
          {"results", std::move(results)}};
}

Json to_json(const Group& group) {
  Json networks = Json::array();
  for (const NetworkEntry& network : group.networks) networks.push_back(to_json(network));
  return {{"name", group.name}, {"task", finite(group.task)}, {"networks", std::move(networks)}};
}

}  // namespace

std::string encode(const Document& document) {
  Json groups = Json::array();
  for (const Group& group : document.groups) groups.push_back(to_json(group));
  Json joins = Json::object();
  for (const auto& [name, dataset] : document.joins) joins[name] = to_json(dataset);
  const Json whole = {{"title", document.title},     {"description", document.description},
                      {"version", document.version}, {"study", finite(document.study)},
                      {"groups", std::move(groups)}, {"joins", std::move(joins)}};
  const std::string text = whole.dump(-1, ' ', true, Json::error_handler_t::replace);

  // "<" stands only inside strings; escaped, no "</script" and no "<!--" ends the element.
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string base64(const std::string& bytes) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= count ? digits[(bits >> (18 - 6 * k)) & 63] : '=';
    }
  }
  return text;
}

}  // namespace nullcline::report::detail
