"""`python -m config.supervisor`, which `make run` calls: the whole system on one machine, from one terminal.

It never imports Django, so it stays small. Whatever it starts dies with it, even after `kill -9` (config.attached).
When one part ends by itself everything stops and says so: a demo that limps on hides its faults, and in earnest
each part has a supervisor of its own (docker-compose.yml).
"""
