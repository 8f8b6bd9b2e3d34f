# make app: set up and start; make test: set up and run every check and test.
SHELL := /bin/sh
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null && \
	echo $$python && break; done)
ENVIRONMENT_PYTHON := .venv/bin/python

.PHONY: help app test bench bundle bundle-windows clean

help:
	@echo "make app             set up and start the application"
	@echo "make test            set up and run every check and test"
	@echo "make bench           measure the account of plots beside other programs (docs/benchmarks.md);"
	@echo "                     a quick look: make bench BENCH='--quick --write /tmp/benchmarks.md'"
	@echo "make bundle          make wheels/ to install without network on machines like this one"
	@echo "make bundle-windows  the same for Windows (64-bit, Python 3.11 to 3.13)"
	@echo "make clean           remove the environment and everything that was built"

app:
	@./start.sh

test:
	@$(if $(PYTHON),,echo "Python 3.11 or newer was not found."; exit 1)
	@./scripts/debian_packages.sh
	@$(PYTHON) -m scripts.environment $(sort $(filter-out requirements-bench.txt,$(wildcard requirements*.txt)))
	@$(ENVIRONMENT_PYTHON) -m scripts.checks

bench:
	@$(if $(PYTHON),,echo "Python 3.11 or newer was not found."; exit 1)
	@./scripts/debian_packages.sh
	@$(PYTHON) -m scripts.environment $(sort $(wildcard requirements*.txt))
	$(ENVIRONMENT_PYTHON) -m tests.benchmarks.measure_account --write docs/benchmarks.md $(BENCH)

bundle:
	@$(if $(PYTHON),,echo "Python 3.11 or newer was not found."; exit 1)
	@$(PYTHON) -m scripts.environment requirements.txt
	rm -rf wheels
	$(ENVIRONMENT_PYTHON) -m pip wheel -q -w wheels pip -r requirements.txt
	@echo "wheels/ is ready ($$(du -sh wheels | cut -f1)). Copy the whole folder, without .venv, to"
	@echo "the other machine: same system, same Python version. start.sh then needs no network."

# Names that only Windows needs are stated: pip reads conditions for the machine it runs on.
bundle-windows: bundle
	for version in 3.11 3.12 3.13; do \
		$(ENVIRONMENT_PYTHON) -m pip download -q -d wheels --find-links wheels \
			--platform win_amd64 --implementation cp --python-version $$version \
			--only-binary=:all: -r requirements.txt colorama tzdata || exit 1; \
	done
	rm -f wheels/*linux*.whl wheels/*macosx*.whl
	@echo "wheels/ is ready ($$(du -sh wheels | cut -f1)). Copy the whole folder, without .venv, to"
	@echo "the Windows machine and start start.bat there."

clean:
	rm -rf .venv wheels static .pytest_cache .hypothesis .mypy_cache .ruff_cache \
		.import_linter_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
