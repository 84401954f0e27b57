# The house around the code. `make run` and `make test` are all that a fresh machine needs: each sets up what it misses.

# PYTHON=python3.12 chooses the interpreter; else an environment that exists keeps its own, else the first that works.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9
# what a developer may add: make test PYTEST="-k gas -x"
PYTEST ?=
# one process for each core; tests/conftest.py says which tests stay together
SHARED_OUT := --numprocesses auto --dist loadgroup --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup run test check lint bench lock learn browser clean

help: ## 列出这些命令 list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## 建好运行环境 .venv set up .venv from the lock (only when it changed)
	@python=$$(PYTHON="$(PYTHON)" tools/find_python.sh $(VENV)) && "$$python" tools/setup.py $(VENV)

run: setup ## 启动演示 start the demonstration at http://127.0.0.1:8000
	@$(BIN)/weiguang demo

test: setup ## 运行全部测试 run all tests, with a browser where one can be installed
	@tools/debian.sh browser || [ "$$CI" != true ]
	@tools/debian.sh node || [ "$$CI" != true ]
	@$(BIN)/python -m pytest $(SHARED_OUT) $(PYTEST)

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

check: lint ## 交付前的全部检查 everything that must hold before a change is handed in
	$(BIN)/weiguang knowledge check
	$(BIN)/weiguang rules check
	@$(MAKE) --no-print-directory test

bench: setup ## 测速 measure speed: ratios to floors measured in the same run
	@$(BIN)/python -m pytest benchmarks --override-ini="python_files=bench_*.py test_*.py" $(PYTEST)

lock: setup ## 更新依赖锁 re-make requirements.lock from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --group dev --group build --group learn $(UPGRADE) \
		--output-file requirements.lock pyproject.toml

learn: setup ## 从例句重新学习 make knowledge/learned.npz anew from the examples
	$(BIN)/python tools/learn.py

browser: ## 安装测试用浏览器 install Debian's chromium and a Chinese font
	@tools/debian.sh browser

clean: ## 删除环境和缓存 remove the environment and caches
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
