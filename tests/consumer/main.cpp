// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "nullcline/core/version.hpp"

int main() { std::printf("%s\n", nullcline::version()); }
