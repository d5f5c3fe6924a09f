"""Write the published schemas that are derived from the models.

python tools/write_schemas.py
"""

import json
from pathlib import Path

from healthsim.spec import journey_schema, profile_schema

SCHEMAS = Path(__file__).parent.parent / "schemas"


def main() -> None:
    """Write the schemas of profiles and journeys."""
    for name, schema in (("profile", profile_schema()), ("journey", journey_schema())):
        path = SCHEMAS / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
