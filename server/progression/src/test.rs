//! Tests of the rules over whole histories, and properties over random ones.

mod story;
