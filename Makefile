# `make run` starts the platform and `make test` proves it, also on a bare Debian machine.
# The rest is for people who change it: `make check` before a commit, `make lock` after
# touching a requirements*.in file.

.NOTPARALLEL:
.PHONY: run test check bench faults pictures lock clean
.DELETE_ON_ERROR:

NEEDED  := python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
           fonts-noto-core fonts-noto-cjk
# libatomic1: Playwright brings a Node.js that wants it
TESTING := chromium libatomic1 postgresql poppler-utils
PIP     := .venv/bin/pip -qq --no-input --disable-pip-version-check
STATIC  := $(shell find static -type f ! -name '*.gz' ! -name '*.br' 2>/dev/null)

run: .made/packages .venv/run .made/static
	@exec .venv/bin/python -m hiring.serve

test: .made/test-packages check .made/static
	.venv/bin/pytest -n auto --dist worksteal
	HIRING_TEST_DATABASE=postgresql .venv/bin/pytest -n auto --dist worksteal

check: .venv/test
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/djlint --quiet --check templates
	.venv/bin/djlint --quiet --lint templates
	.venv/bin/lint-imports --no-logo --cache-dir .cache/import-linter
	.venv/bin/bandit --quiet --recursive --configfile pyproject.toml hiring
	.venv/bin/mypy
	.venv/bin/python -m tests.drift

bench: .made/packages .venv/test .made/static
	.venv/bin/python -m tests.bench

faults: .made/test-packages .venv/test .made/static
	.venv/bin/pytest -m faults tests/faults

pictures: .made/test-packages .venv/test .made/static
	.venv/bin/python -m tests.pictures

lock: .venv/test
	.venv/bin/uv $(LOCK) requirements.in --output-file requirements.txt
	.venv/bin/uv $(LOCK) requirements-dev.in --output-file requirements-dev.txt
LOCK := pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links

# Everything that make made. The data in var/ stays.
clean:
	rm -rf .venv .made .cache .hypothesis pictures test-results
	find static \( -name '*.gz' -o -name '*.br' \) -delete

# ── What the two commands stand on. Each is made once, and again when what it depends on changes.

.made/packages: Makefile
	@.ci/need $(NEEDED)
	@mkdir -p .made && touch $@

.made/test-packages: Makefile
	@.ci/need $(NEEDED) $(TESTING)
	@mkdir -p .made && touch .made/packages $@

.venv/run: requirements.txt | .made/packages
	@echo "Installing what requirements.txt names; this takes a minute the first time."
	@python3 -m venv .venv
	@$(PIP) install --require-hashes --requirement $<
	@touch $@

.venv/test: requirements-dev.txt .venv/run
	@echo "Installing what requirements-dev.txt names."
	@$(PIP) install --require-hashes --requirement $<
	@touch $@

.made/static: $(STATIC) | .venv/run
	@find static \( -name '*.gz' -o -name '*.br' \) -delete
	@.venv/bin/python -m whitenoise.compress --quiet static
	@mkdir -p .made && touch $@
