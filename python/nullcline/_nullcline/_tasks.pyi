# SPDX-License-Identifier: Apache-2.0
from typing import Any

def list_tasks() -> list[dict[str, Any]]: ...
