# Two commands: `make run` and `make test`.  Each sets up what it needs and is quick when it is there.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint bench shots clean setup-run setup-test

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: setup-run ## Open the window on a sample bureau; without a display, leave its screens in out/
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	    exec .venv/bin/zhixing --sample; \
	else \
	    echo "run: no display here; doing the same offscreen, results go to out/"; \
	    QT_QPA_PLATFORM=offscreen exec .venv/bin/zhixing demo --out out; \
	fi

test: setup-test ## Check style, types and imports, and run all tests
	@tools/check.sh

lint: setup-test ## Check style, types and imports only
	@tools/check.sh lint

bench: setup-test ## Measure, each beside its raw lower limit
	@.venv/bin/pip install --quiet -c tools/constraints.txt -e '.[bench]'
	@for file in bench/bench_*.py; do \
	    echo "== $$file"; QT_QPA_PLATFORM=offscreen .venv/bin/python "$$file"; \
	done

shots: setup-run ## Take the pictures of README and handbook again
	@QT_QPA_PLATFORM=offscreen .venv/bin/python tools/shots.py

clean: ## Remove what was built and measured; .venv stays
	@rm -rf out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	    .import_linter_cache
	@find zhixing_desktop tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

setup-run:
	@tools/setup.sh run

setup-test:
	@tools/setup.sh test
