#![forbid(unsafe_code)]

pub mod audit;
pub mod batch;
pub mod check;
pub mod config;
pub mod extract;
pub mod layout;
pub mod draw;
mod organ;
pub mod output;
pub mod repair;
pub mod script;
pub mod segment;
