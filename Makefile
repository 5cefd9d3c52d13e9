# The maintainer's front door. `make` says what there is.

PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)
export PYTHONSAFEPATH := 1
RUNS ?= 20
PLANS ?= 500
SEED ?= 1
STUDENTS ?= 200
CPP := $(wildcard solutions/*/main.cpp checker/native/*/*.cpp checker/native/*/*.hpp)

.DEFAULT_GOAL := help
.PHONY: help setup test lint unit native skeletons solutions mutants named-mutants fault-plans nightly flakes slow-calls bench bench-observer bench-class guide guide-transcripts check handout test-cluster test-fresh clean

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## makes this clone ready, for maintainers
	@cmp -s requirements-dev.txt .venv/requirements-dev.txt && [ -e .venv/.ready ] || scripts/setup --dev

test: lint native unit skeletons solutions named-mutants fault-plans ## every test; what CI runs

lint: setup ## style, types, stale skeletons
	.venv/bin/ruff check --quiet .
	.venv/bin/ruff format --quiet --check .
	.venv/bin/mypy --no-error-summary
	scripts/weave --check
	.venv/bin/codespell --quiet-level 2 README.md CONTRIBUTING.md SECURITY.md checker tasks solutions scripts \
	  lab-guide/*.md lab-guide/_static lab-guide/experiments
	.venv/bin/pymarkdown scan lab-guide
	@.venv/bin/clang-format --dry-run --Werror $(CPP)
	cmake -S . -B build -G Ninja >/dev/null
	@echo $(filter-out %_test.cpp checker/native/doctest/%,$(filter %.cpp,$(CPP))) | \
	  xargs -P 2 -n 4 .venv/bin/clang-tidy --quiet -p build 2>/dev/null

native: setup ## native parts and their doctest suites
	cmake -S . -B build -G Ninja >/dev/null
	cmake --build build -- --quiet
	ctest --test-dir build --output-on-failure --no-tests=error

unit: native ## the checker's own tests
	$(PYTHON) -m pytest --numprocesses $$(($$(nproc) + 1)) --dist worksteal

skeletons: native ## each compiles clean, and fails at the check it names
	cmake --build build --target skeletons -- --quiet
	$(PYTHON) -m checker.proof.skeletons

solutions: native ## each passes everything: as built, sanitised, and by clang++
	cmake --build build --target solutions -- --quiet
	$(PYTHON) -m checker.proof.solutions

named-mutants: native ## every mutant fails the check that it names
	$(PYTHON) -m checker.proof.mutants --named

mutants: native ## the same among all the checks of its task, with the matrix
	$(PYTHON) -m checker.proof.mutants

fault-plans: native ## PLANS=500 random faults in the solutions' calls: no crash, no hang, no wrong byte
	$(PYTHON) -m checker.proof.fault_plans $(PLANS) $(SEED)

nightly: ## what takes too long for every change
	$(MAKE) fault-plans PLANS=10000 SEED=$$(date +%s)
	$(MAKE) mutants
	$(MAKE) slow-calls
	$(MAKE) flakes RUNS=100

flakes: native ## RUNS=20 runs of every solution on a busy machine
	$(PYTHON) -m checker.proof.flakes $(RUNS)

slow-calls: native ## every solution with a pause at each of its calls in turn: no wrong verdict
	$(PYTHON) -m checker.proof.slow_calls

bench: native bench-observer ## what a check costs beyond the compiler, and a class (an hour, or STUDENTS=20)
	$(PYTHON) -m checker.proof.bench
	$(MAKE) bench-class

bench-observer: native ## what the observer costs a saturated server
	$(PYTHON) -m checker.proof.bench_observer

bench-class: native ## STUDENTS=200 graded: time against the compiler's, memory, grades
	$(PYTHON) -m checker.proof.bench_class $(STUDENTS)

guide: setup ## build/guide: the guide's HTML and PDF
	$(PYTHON) -m checker.guide

guide-transcripts: native ## runs again what the guide shows and what has changed (needs the arena)
	$(PYTHON) -m checker.guide --record

check: setup ## judges your own workspace
	./lab check --all

handout: setup ## dist/loopback.tar.gz for a graded course: no solutions, no mutants
	scripts/handout

test-cluster: native ## grading by a Slurm of one node; not in make test (needs root, slurm-wlm, munge)
	scripts/slurm-node $(PYTHON) -m pytest --capture=no checker/tests/cluster

test-fresh: ## a minimal Debian 12, from clone to verdict (needs root and debootstrap)
	scripts/test-fresh

clean: ## removes what was built; keeps your workspace
	rm -rf build dist .cache .mypy_cache .ruff_cache
