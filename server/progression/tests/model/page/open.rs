//! Where engine and page part still, each with the page's sentence. While one is true the
//! model follows the engine, so that the comparison finds what is not known yet; it goes
//! with the engine's repair.

/// "Wellness answers are stored" (§1): also that the athlete is ill. The engine forgets an
/// illness that is reported before START.
pub(crate) const ILLNESS_BEFORE_START_IS_FORGOTTEN: bool = true;

/// "The last 14 earlier answers" (§6 Wellness): the second check-in of a date is held
/// against those of 13 earlier dates, because the date's own takes a place in the ring.
pub(crate) const A_SECOND_ANSWER_OF_A_DATE_SEES_13: bool = true;
