# `make help` says what each of these does.
.DEFAULT_GOAL := help
JOBS = 2
.PHONY: help run test check bench lock clean

help:
	@echo "make run     start everything here; prints the address and the demo sign-ins (Ctrl-C stops it all)"
	@echo "make test    run every test, two at a time; ARGS='tests/pairs -k invitation' runs some, JOBS=0 one by one"
	@echo "make check   format, lint, types, templates, import order, migrations, deploy settings, known holes"
	@echo "make bench   measure against the limits of the design, as a table"
	@echo "make lock    work out versions and hashes again from requirements.in and requirements-dev.in"
	@echo "make clean   remove what the others made: .venv, .data (the demo's data too) and caches"
	@echo
	@echo "PYTHON=/path/to/python chooses the Python, PORT=8080 the port, DATA_DIR=/path where data lives."

run:
	@./bootstrap run -m config.supervisor

# A file at a time to each worker, in the order pytest-django gives them: those that drive a browser come last, since
# Playwright's event loop stays in its worker and Django's queries refuse to run beside one.
test:
	@./bootstrap dev -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check:
	@./bootstrap dev -m tools.check $(ARGS)

bench:
	@./bootstrap dev -m bench $(ARGS)

lock:
	@./bootstrap dev -m tools.lock

clean:
	rm -rf .venv .data .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
