"""Gives the checkout, whatever its folder is called, the import name QGIS would give it."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
spec = importlib.util.spec_from_file_location("toposcope", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)])
module = importlib.util.module_from_spec(spec)
sys.modules["toposcope"] = module
spec.loader.exec_module(module)
