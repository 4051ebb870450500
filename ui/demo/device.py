"""Runs one verb of wayside-cli on one device and returns its JSON."""
import json
import subprocess


def ask(demo, program, office, name, *verb):
    done = subprocess.run([program, "--home", f"{demo}/{name}", "--passphrase-file", f"{demo}/passphrase",
                           "--office", office, *verb, "--json"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4):
        raise SystemExit(f"{name}: {' '.join(verb)}: exit {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)
