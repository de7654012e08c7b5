# SPDX-License-Identifier: Apache-2.0

class Error(ValueError):
    path: str
    field: str
    found: str
    expected: str
