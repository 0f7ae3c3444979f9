//! The repository against the rules of the house, and the rules against text that breaks them.

mod repository;
mod rules;
