// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/run.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::study {

/// Inputs that all networks get: those of the conditions of their task, without noise, and then
/// those of some random trials of it, which the seed of the study tells.
struct SharedConditions {
  Matrix inputs;               ///< (n_in, T B)
  Index steps = 0, count = 0;  ///< T, B
};

/// Throws Error (field: `where`) where two populations differ in them: states under other inputs do
/// not correspond.
SharedConditions shared_conditions(const Study& study,
                                   const std::vector<const Population*>& populations,
                                   Index random_trials, const std::string& where);

/// The populations that the setting `populations` names, or all. Throws Error (field: `where`)
/// where one is not there, and where there are not two networks or, with the setting `untrained`,
/// one.
std::vector<const Population*> chosen_populations(const Study& study, const Settings& settings,
                                                  const std::string& where);

/// Something that a join compares: a network after training, or before.
struct Object {
  Index network = 0;  ///< In the list of networks.
  bool trained = true;
};

/// Every network after training; then, if asked, every network before.
std::vector<Object> objects_of(Index networks, bool untrained);

/// Whether its training ended at a loss that is not finite.
bool has_diverged(const StudiedNetwork& network);

/// The states (n, B T) that it goes through under the conditions, one condition after the other.
Matrix states_of(const StudiedNetwork& network, bool trained, const SharedConditions& conditions);

/// What objects are told apart by.
struct Label {
  std::string name;
  std::vector<std::string> classes;
  std::vector<Index> of;  ///< The class of each object.
};

/// `population`, `cell`, each setting of the cells that all of them have and that differs, and
/// `stage`, trained or untrained. Those of one class are left out.
std::vector<Label> labels_of(const Study& study, const std::vector<StudiedNetwork>& networks,
                             const std::vector<Object>& objects);

/// "population 1", or "population 1 before training".
std::string name_of(const StudiedNetwork& network, bool trained);

/// Arrays network and trained, (K) each, and label/NAME (K), the class of each object; attributes
/// networks (IDs), objects (names) and labels (names and classes).
void put_objects(io::Dataset& result, const std::vector<StudiedNetwork>& networks,
                 const std::vector<Object>& objects, const std::vector<Label>& labels);

}  // namespace nullcline::study
