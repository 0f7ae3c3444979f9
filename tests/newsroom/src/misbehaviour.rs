//! Origins that behave badly, one file for each way.

pub(crate) mod broken_feed;
pub(crate) mod error;
pub(crate) mod hang;
pub(crate) mod redirect_loop;
pub(crate) mod slow;
