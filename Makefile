# Two commands are all a newcomer needs: `make run` and `make test`.

PYTHON ?= python3
PARLEY := .venv/bin/parley

.PHONY: run test setup setup-test check bench lock

run: setup  ## the site with sample content on http://127.0.0.1:8000
	@$(PARLEY) init
	@$(PARLEY) demo --unless-filled
	@exec $(PARLEY) serve

test: setup-test  ## every test, on both databases, in a real browser
	@.venv/bin/python .ci/test.py

setup:  ## what `make run` needs; done again only where something changed
	@$(PYTHON) .ci/setup.py

setup-test:
	@$(PYTHON) .ci/setup.py --test

check: setup-test  ## lint, types and the fast tests
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/python -m pytest -q -n 2 -m "not slow and not journey"

bench: setup  ## what a reader, an editor and an operator wait for, in tables
	@for file in benchmarks/*.py; do .venv/bin/python $$file $(ARGS) || exit 1; done

lock:  ## renew the lock files (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock $(ARGS)
	uv pip compile pyproject.toml --group test -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-test.lock
	uv pip compile --group node --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-node.lock
