//! Composition: commands, HTTP, signing in, the desk, demo and seed, TLS.

pub mod assets;
mod attempt;
mod brake;
pub mod clock;
pub mod connections;
pub mod demo;
mod demo_names;
mod demo_papers;
pub mod demo_whole;
mod desk;
mod entrance;
pub mod firm;
pub mod http;
pub mod issue;
pub mod jobs;
pub mod lists;
pub mod mail;
mod password;
pub mod program;
mod refusals;
pub mod sealed;
mod secret;
pub mod settings;
pub mod sheet;
mod sign_in;
pub mod state;
pub mod tls;
