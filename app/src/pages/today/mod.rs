//! What has to be seen first in the morning.

pub mod mentions;
pub mod page;
pub mod risks;
mod tasks;
pub mod terms;
