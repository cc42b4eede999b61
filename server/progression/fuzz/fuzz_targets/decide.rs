//! Bytes as a plan and events: nothing panics, states are small and read back.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rung_progression_fuzz::history(bytes));
