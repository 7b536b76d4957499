# Two commands: `make demo` shows netmed at work, `make test` runs every check.
# PYTHON=/path/to/python3 chooses the interpreter, TESTS="-k audit" narrows the tests.

export PYTHON
TESTS ?=

.PHONY: demo test docs picture lock clean

demo: ## the whole job on a small invented collection, offline
	@scripts/env.sh runtime
	@.venv/bin/netmed demo

test: ## environment, browser, lint, types, floors, all tests
	@scripts/env.sh dev
	@scripts/test.sh $(TESTS)

docs: ## write the generated pages of docs/ again
	@scripts/env.sh dev
	@.venv/bin/python scripts/make_docs.py

picture: ## write docs/page.png again: the demo's page, as a browser shows it
	@scripts/env.sh dev
	@scripts/browser.sh
	@.venv/bin/netmed demo
	@.venv/bin/python scripts/make_picture.py

lock: ## write the lock files again (needs uv)
	@scripts/lock.sh

clean: ## remove the environment and every cache; networks and results stay
	rm -rf .venv viewer/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
