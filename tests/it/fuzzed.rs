//! What fuzzing is begun with, and what it found, goes through the fuzz targets on every run of the tests.

#![expect(
    clippy::unwrap_used,
    reason = "a corpus that cannot be read should stop the test at once"
)]

use std::fs;

use crate::source::root;

#[path = "../../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "shared with the fuzz targets")]
mod targets;

fn each(target: &str, take: impl Fn(&[u8])) {
    let folder = root().join("fuzz/corpus").join(target);
    let mut inputs = 0;
    for entry in fs::read_dir(folder).unwrap() {
        take(&fs::read(entry.unwrap().path()).unwrap());
        inputs += 1;
    }
    assert!(inputs > 1, "{target} has no corpus");
}

#[test]
fn every_kept_workflow_file_is_read_or_refused() {
    each("workflow", targets::workflow);
}

#[test]
fn every_kept_journal_folds_or_is_refused() {
    each("journal", targets::journal);
}

#[test]
fn every_kept_configuration_is_read_or_refused() {
    each("config", targets::config);
}

#[test]
fn every_kept_table_of_market_data_is_read_or_refused() {
    each("market", targets::market);
}

#[test]
fn every_kept_talk_over_a_socket_is_understood_or_refused() {
    each("wire", targets::wire);
}
