// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/hdf5_array.hpp"

#include <fmt/format.h>

#include <utility>

#include "nullcline/io/detail/hdf5_handles.hpp"
#include "nullcline/io/detail/hdf5_storage.hpp"
#include "nullcline/io/detail/hdf5_types.hpp"

namespace nullcline::io::detail {
namespace {

constexpr const char* supported = "float32, float64, an integer of at most int64, or bool";

[[noreturn]] void fail(const std::string& name, const Budget& budget) {
  throw budget.error(name, "is damaged: " + hdf5_reason());
}

/// The links of a group, as H5Literate hands them over.
struct Links {
  std::vector<Hdf5Link> list;
  std::size_t max_count;
  bool too_many = false;
  bool no_memory = false;  // No exception may cross the C library.

  static herr_t append(hid_t, const char* name, const H5L_info_t* info, void* data) {
    auto& links = *static_cast<Links*>(data);
    links.too_many = links.list.size() >= links.max_count;
    if (links.too_many) return 1;
    try {
      links.list.push_back({name, info->type});
      return 0;
    } catch (const std::bad_alloc&) {
      links.no_memory = true;
      return -1;
    }
  }
};

/// The spaces between which H5Dread moves entries.
struct Selection {
  SpaceHandle file, memory;
};

Selection select(hid_t dataset, const ClaimedShape& wanted, Index begin, const std::string& name,
                 const Budget& budget) {
  const std::vector<hsize_t> count(wanted.begin(), wanted.end());
  std::vector<hsize_t> start(count.size(), 0);
  start.front() = static_cast<hsize_t>(begin);
  Selection result{
      SpaceHandle(H5Dget_space(dataset)),
      SpaceHandle(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr))};
  if (result.file < 0 || result.memory < 0 ||
      H5Sselect_hyperslab(result.file, H5S_SELECT_SET, start.data(), nullptr, count.data(),
                          nullptr) < 0) {
    fail(name, budget);
  }
  return result;
}

/// The shape of the rows; throws std::invalid_argument unless they are there.
ClaimedShape shape_of_rows(ClaimedShape shape, const Hdf5Rows& rows) {
  if (rows.count < 0) return shape;
  require(!shape.empty() && rows.begin >= 0 &&
              static_cast<std::uint64_t>(rows.begin + rows.count) <= shape.front(),
          "read_array: the rows must be in the dataset");
  shape.front() = static_cast<std::uint64_t>(rows.count);
  return shape;
}

}  // namespace

std::vector<Hdf5Link> links_of(hid_t group, const std::string& name, std::size_t& links_left,
                               const Budget& budget) {
  Links links{{}, links_left};
  const herr_t status =
      H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, &Links::append, &links);
  if (links.no_memory) throw std::bad_alloc();
  if (links.too_many) {
    throw Error(budget.path(), "", "more arrays and groups",
                fmt::format("at most {}", budget.limits().max_arrays));
  }
  if (status < 0) fail(name, budget);
  links_left -= links.list.size();
  return std::move(links.list);
}

Array read_array(hid_t dataset, const std::string& name, Budget& budget, const Hdf5Rows& rows) {
  require_plain_storage(dataset, name, budget);
  const TypeHandle type(H5Dget_type(dataset));
  if (type < 0) fail(name, budget);
  const TypeVerdict verdict = judge_type(type);
  if (!verdict.supported) throw budget.error(name, describe_type(type), supported);
  const ClaimedShape shape = claimed_shape(dataset, name, budget);
  const ClaimedShape wanted = shape_of_rows(shape, rows);
  Array array =
      std::visit([&](const auto& empty) { return budget.take(name, wanted, sizeof(empty[0])); },
                 verdict.reading.empty);
  require_whole_storage(dataset, shape, H5Tget_size(type), name, budget);
  array.data = verdict.reading.empty;
  std::visit(
      [&](auto& data) {
        data.resize(static_cast<std::size_t>(array.size()));
        if (data.empty()) return;
        const bool whole = rows.count < 0;
        const Selection part =
            whole ? Selection{} : select(dataset, wanted, rows.begin, name, budget);
        if (H5Dread(dataset, verdict.reading.memory_type, whole ? H5S_ALL : part.memory,
                    whole ? H5S_ALL : part.file, H5P_DEFAULT, data.data()) < 0) {
          fail(name, budget);
        }
        if (!verdict.reading.truth) return;
        for (auto& truth : data) truth = truth != 0;
      },
      array.data);
  return array;
}

}  // namespace nullcline::io::detail
