//! Tests of the rules over whole histories, and properties over random ones.
//!
//! A rule test is named after its rule and looks at both sides of its limit.

mod alert;
mod amend;
mod approval;
mod check;
mod content;
mod correction;
mod count;
mod deload;
mod diff;
mod earlier;
mod entry;
mod exhaustive;
mod exposure;
mod grade;
mod illness;
mod in_a_row;
mod late;
mod late_morning;
mod layoff;
mod morning;
mod morning_tracks;
mod physio;
mod policy;
mod property;
mod rest;
mod session;
mod settle;
mod simulation;
mod spike;
mod start;
pub(crate) mod story;
mod today;
mod trace;
mod track;
mod trend;
mod unplanned;
mod wellness;
mod wire;
