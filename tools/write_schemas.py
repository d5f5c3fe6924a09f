"""Write the published schemas that are derived from the models.

python tools/write_schemas.py
"""

import json
from pathlib import Path

from healthsim.spec import profile_schema

SCHEMAS = Path(__file__).parent.parent / "schemas"


def main() -> None:
    """Write the schema of profiles."""
    path = SCHEMAS / "profile.schema.json"
    path.write_text(json.dumps(profile_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
