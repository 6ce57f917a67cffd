# Two commands are all a newcomer needs: `make run` and `make test`.

PYTHON ?= python3
PARLEY := .venv/bin/parley

.PHONY: run test test-peers test-delivery setup setup-test check bench lock

run: setup  ## the site with sample content on http://127.0.0.1:8000
	@$(PARLEY) init
	@$(PARLEY) demo --unless-filled
	@exec $(PARLEY) serve

test: setup-test  ## every test, on both databases, in a real browser
	@.venv/bin/python .ci/test.py

# Needs node >= 20 with npm, and of Debian: wordpress php-cli php-mysql php-gd php-xml php-mbstring php-curl mariadb-server.
# What cannot be started is left out, and said so. PARLEY_TEST_PEERS is the folder of the scripts that start them.
test-peers: setup-test  ## posts to a real Bluesky server and a real WordPress on this machine
	@.venv/bin/python -m pytest -q -n 0 -r fE tests/peers

test-delivery: setup-test  ## what `make test` says of deliveries, with longer locks, more restarts and ten times the model's runs
	@for database in sqlite postgresql; do \
	  PARLEY_DELIVERY_TESTS=full PARLEY_TEST_DATABASE=$$database .venv/bin/python -m pytest -q -n 0 tests/delivery || exit 1; done

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
