//! .
pub mod tokenize;
pub mod train;
pub mod vocabulary;
