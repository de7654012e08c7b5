// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "nullcline/core/array.hpp"
#include "nullcline/core/types.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::training::detail {

/// The entries as they are in memory, columns first: no detour through double, no transpose. The
/// shape of the array is (columns, rows).
template <class Real>
Array exact_array(const MatrixX<Real>& A);

/// And back. Throws Error (path, name) unless there is an array of this name, type and shape; a
/// number of columns of -1 is any.
template <class Real>
MatrixX<Real> exact_matrix(const io::Dataset& dataset, const std::string& name, Index rows,
                           Index cols, const std::filesystem::path& path);

}  // namespace nullcline::training::detail
