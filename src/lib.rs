pub mod config;
pub mod extract;
pub mod repair;
pub mod script;
