// SPDX-License-Identifier: Apache-2.0
// A new figure is one file beside this one and one line here; the order is that of the page.
import './nonlinearity';
import './networks';
import './training_loss';
import './outputs';
import './latent_dca';
import './dca_curves';
import './latent_pca';
import './isocontours';
import './layers';
import './transients';
import './subspace_angles';
import './fixed_points';
import './connections';
import './overlap';
import './local_information';
import './linear_models';
import './continuation';
import './lyapunov';
import './weights';
import './weight_change';
import './change_rank';
import './centrality';
