"""What others say of us: ODK's recordings of the forms engine, and readers and interpreters of what is printed.

    ./run conformance [forms | paper | camera] ...

All sections without a name. The status is 0 unless less holds than was promised.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from tests.conformance import camera, decoded, forms, paper

SECTIONS: dict[str, Sequence[Callable[[], bool]]] = {
    "forms": (forms.holds,), "paper": (decoded.holds, paper.holds), "camera": (camera.holds,),
}


def main(arguments: list[str]) -> int:
    """Run the named sections, each to its end."""
    unknown = set(arguments) - SECTIONS.keys()
    if unknown:
        sys.stderr.write(f"There is no section {', '.join(sorted(unknown))}. There are: {', '.join(SECTIONS)}\n")
        return 2
    kept = [holds() for name in arguments or SECTIONS for holds in SECTIONS[name]]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
