// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "nullcline/study/study.hpp"

namespace nullcline::study {

/// The training of one network of a study.
struct NetworkJob {
  const Study* study = nullptr;
  const Population* population = nullptr;
  Index number = 0;          ///< In the population, from 0.
  std::uint64_t stream = 0;  ///< Addresses its random numbers: hash of population and number.
  io::Json parameters;       ///< Everything that determines the result.
  std::string id;            ///< Hash of `parameters`.
};

/// Networks keep their random numbers when others join the population or settings change.
NetworkJob network_job(const Study& study, const Population& population, Index number);

/// The id of an analysis of a network.
std::string analysis_id(const std::string& network_id, const Part& analysis);

}  // namespace nullcline::study
