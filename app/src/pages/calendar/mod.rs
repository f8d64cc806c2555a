//! The calendar: a month with one day opened beside it, a week, a year of heat, the agenda of any days.

mod agenda;
mod asked;
mod bar;
mod day;
mod drawn;
mod entries;
mod file;
mod grid;
mod kind;
mod marks;
mod month;
mod month_data;
mod strip;
mod week;
mod year;

pub use agenda::show as agenda;
pub use day::many;
pub use file::show as file;
pub use grid::holiday;
pub use month::show as month;
pub use week::show as week;
pub use year::show as year;
