"""Decides one review on Amina's device: decide.py DEMO PROGRAM OFFICE"""
import json
import sys

from device import ask

demo, program, office = sys.argv[1:4]
first = json.load(open(f"{demo}/together.json", encoding="utf-8"))[0]
shown = ask(demo, program, office, "amina", "get", first["person"])["fields"]["address"]
keep = next(entry for entry in shown["values"] if entry["value"] == first["address"][1])
reviews = json.load(open(f"{demo}/reviews.json", encoding="utf-8"))
rows = reviews if isinstance(reviews, list) else reviews["reviews"]
review = next(row for row in rows if row.get("record") == first["person"] and row.get("field") == "address")
ask(demo, program, office, "amina", "review", "resolve", review["id"], "--keep", keep["dot"],
    "--reason", "She told Ben herself on the phone today.")
print(f'  {first["name"]}: “{keep["value"]}”, because: She told Ben herself on the phone today.')
print("  Both values stay in the history.")
