// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nullcline/study/study.hpp"

namespace nullcline::study {

/// The training of one network of a study.
struct NetworkJob {
  const Study* study = nullptr;
  const Population* population = nullptr;
  Index number = 0;          ///< In the population, from 0.
  std::uint64_t stream = 0;  ///< Addresses its random numbers: hash of stream and number.
  std::string source;        ///< The id of the network that it starts from; empty: of none.
  io::Json parameters;       ///< Everything that determines the result.
  std::string id;            ///< Hash of `parameters`.
};

/// Networks keep their random numbers when others join the population or settings change. Where a
/// population starts from another one, everything of that one's network is part of the job.
NetworkJob network_job(const Study& study, const Population& population, Index number);

/// The id of an analysis of a network.
std::string analysis_id(const std::string& network_id, const Part& analysis);

/// The id of a part of a join of the networks of populations. Their names and order are part of it.
std::string join_id(const Study& study, const std::vector<const Population*>& populations,
                    const Part& join, const std::string& part);

}  // namespace nullcline::study
