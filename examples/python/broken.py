"""RTMs with one mistake each."""
from __future__ import annotations
from typing import Dict
BROKEN: Dict[str, object] = {}
