# Short names for the commands of a working day; `scripts/check` needs no just.

# list the recipes
default:
    @just --list

# every check and every test
check:
    scripts/check

# the fast half of `check`, while writing
quick:
    cargo fmt
    cargo clippy --all-targets
    cargo nextest run

# the console on the day it opens with
run *ARGS:
    cargo run --release -- {{ARGS}}

# the pure core beside its figures
bench:
    cargo bench

# advisories, licences, duplicates (cargo install cargo-deny)
deny:
    cargo deny check

# what is written by the program itself
docs:
    cargo run -- config --markdown > docs/configuration.md
