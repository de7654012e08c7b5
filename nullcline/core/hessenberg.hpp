// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline {

/// The eigenvalues of an upper Hessenberg matrix of some hundred rows by Francis' implicit double
/// shift QR iteration, as LAPACK's dlahqr has it, in vector code: there an unrolled loop of single
/// numbers takes most of the time of a linearization.
///
/// H (n, n), whose entries below the subdiagonal are zero, is overwritten. Eigenvalue j is
/// real(j) + i imaginary(j); the two of a conjugate pair follow each other, Im > 0 first. Deflates
/// by the criterion of Ahues & Tisseur [1997, LAPACK working note 122]. The eigenvalues are exact
/// for a matrix within a few n eps |H|. Entries must be finite and their squares representable.
///
/// False if an eigenvalue has not converged in 30 n sweeps in all: then nothing is said.
bool hessenberg_eigenvalues(InOut<Matrix> H, Out<Vector> real, Out<Vector> imaginary);

}  // namespace nullcline
