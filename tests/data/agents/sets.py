#!/usr/bin/env python3
"""Joins questions with their events, as `./dev fit` reads them: sets.py tau|swe EVENTS.json > SET.json"""

import json
import sys
from pathlib import Path

name, events = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
questions = json.loads(Path(__file__).with_name("questions.json").read_text())[name]
events = [event for trajectory in events for event in trajectory["events"]]
json.dump({"project": name, "events": events, "questions": questions}, sys.stdout)
