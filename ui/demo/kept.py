"""Shows that each concurrent value is kept, on every device: kept.py DEMO PROGRAM OFFICE"""
import json
import sys

from device import ask

demo, program, office = sys.argv[1:4]
kept = total = 0
for name in ("amina", "ben", "desk"):
    for each in json.load(open(f"{demo}/together.json", encoding="utf-8")):
        for record, field in ((each["person"], "address"), (each["plan"], "goal")):
            shown = ask(demo, program, office, name, "get", record)["fields"][field]
            values = {entry["value"]: entry["author"] for entry in shown["values"]}
            total += len(each[field])
            kept += sum(value in values for value in each[field])
            if name == "desk" and field == "address":
                print(f'  {each["name"]}: ' + "  and  ".join(f"“{value}” ({author})" for value, author in values.items()))
print(f"  {kept} of {total} concurrent values are kept, counted on three devices.")
if kept != total:
    raise SystemExit("a concurrent value was lost")
