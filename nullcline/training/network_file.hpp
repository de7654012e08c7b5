// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "nullcline/cells/network.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::training {

/// A network as a dataset: its parameters as arrays "<prefix>/<name>", matrices (rows, cols) in C
/// order and those of one column as vectors; cell and settings in attributes["cell"].
void put_network(io::Dataset& dataset, const cells::Network& network, const std::string& prefix);

/// And back, validated: throws Error that names `path` and the array or setting at fault.
cells::Network get_network(const io::Dataset& dataset, const std::string& prefix,
                           const std::filesystem::path& path);

/// Networks in files, .h5 or .npz; what else the file holds is left alone when reading. A file that
/// a study wrote has the parameters after training under "parameters" and those before under
/// "initial".
void save_network(const std::filesystem::path& path, const cells::Network& network);
cells::Network load_network(const std::filesystem::path& path,
                            const std::string& prefix = "parameters");

}  // namespace nullcline::training
