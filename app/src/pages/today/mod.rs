//! What has to be seen first in the morning.

pub mod mentions;
pub mod page;
pub mod risks;
pub mod terms;
