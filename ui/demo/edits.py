"""Writes what Amina and Ben do while apart, as batches for wayside-cli: edits.py CASES.ndjson FOLDER"""
import json
import sys

cases = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")][:3]
folder = sys.argv[2]
streets = {"amina": ["Flat 2, 14 Mill Lane", "3 Station Gardens", "81 Abbey Road"],
           "ben": ["9 Orchard Way", "17 Forge Close", "5 Orchard Court"]}
goals = {"amina": "Stay in her home with new locks and an alarm.", "ben": "Move near her sister before the school term."}
own = {"amina": ("phone", "07700 900416"), "ben": ("email", "safe.address@example.org")}

together = []
for name in ("amina", "ben"):
    with open(f"{folder}/{name}.batch", "w", encoding="utf-8") as out:
        for index, case in enumerate(cases):
            address = streets[name][index]
            field, value = own[name]
            out.write(f'edit {case["person"]["id"]} --set "address={address}"\n')
            out.write(f'edit {case["plan"]["id"]} --set "goal={goals[name]}"\n')
            out.write(f'edit {case["person"]["id"]} --set "{field}={value}"\n')
for index, case in enumerate(cases):
    together.append({"person": case["person"]["id"], "plan": case["plan"]["id"],
                     "name": f'{case["person"]["forename"]} {case["person"]["surname"]}',
                     "address": [streets["amina"][index], streets["ben"][index]],
                     "goal": [goals["amina"], goals["ben"]]})
with open(f"{folder}/together.json", "w", encoding="utf-8") as out:
    json.dump(together, out)
