//! Who there is: people, their place in clinics, their sign-ins, the server's own keys. Belongs to no clinic, and is
//! never joined with clinical tables.

pub(crate) mod account;
pub(crate) mod clinic;
pub(crate) mod epoch;
pub(crate) mod expired;
pub(crate) mod invitation;
pub(crate) mod key;
pub(crate) mod live;
pub(crate) mod member;
pub(crate) mod membership;
pub(crate) mod own;
pub(crate) mod person;
pub(crate) mod refresh;
pub(crate) mod reset;
pub(crate) mod second_factor;
pub(crate) mod service_account;
pub(crate) mod session;
pub(crate) mod throttle;
