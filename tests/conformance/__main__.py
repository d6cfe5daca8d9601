"""What others say of us: ODK's recordings of the forms engine, and readers and interpreters of what is printed.

    ./run conformance [forms | beside | paper | camera | FOLDER] ...

All sections without a name, but for `beside`, which fetches ODK's engine; a FOLDER holds other recordings of the forms
engine. The status is 0 unless less holds than was promised.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.conformance import beside, camera, decoded, forms, paper

SECTIONS: dict[str, Sequence[Callable[[], bool]]] = {
    "forms": (forms.holds,), "beside": (beside.holds,), "paper": (decoded.holds, paper.holds),
    "camera": (camera.holds,),
}
_USUAL = ("forms", "paper", "camera")


def main(arguments: list[str]) -> int:
    """Run the named sections, each to its end."""
    folders = [name for name in arguments if name not in SECTIONS and Path(name).is_dir()]
    named = [name for name in arguments if name not in folders]
    unknown = set(named) - SECTIONS.keys()
    if unknown:
        sys.stderr.write(f"There is no section {', '.join(sorted(unknown))}. There are: {', '.join(SECTIONS)}\n")
        return 2
    for folder in folders:
        os.environ["UDC_ODK_CASES"] = folder
        named.insert(0, "forms")
    kept = [holds() for name in named or _USUAL for holds in SECTIONS[name]]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
