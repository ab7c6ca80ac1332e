# Short names for frequent commands; `scripts/check` does not need just.

# list the recipes
default:
    @just --list

# every check and every test
check:
    scripts/check

# the fast part of `check`, for use while writing
quick:
    cargo fmt --all
    cargo clippy --workspace --all-targets
    cargo nextest run --workspace

# the console on the demo day
run *ARGS:
    cargo run --release -- {{ARGS}}

# the examples of the README
examples:
    cargo run --example own_agent
    cargo run --example embed_engine
    cargo run --example own_desk -- run

# the benchmarks of docs/benchmarks.md
bench:
    cargo bench

# advisories, licenses, duplicate dependencies (cargo install cargo-deny)
deny:
    cargo deny check

# keys, settings, pictures, recording, manual page, completions
docs:
    cargo xtask docs

# the tour of the operator's guide: does the screen still show what it says?
tour:
    cargo xtask tour
