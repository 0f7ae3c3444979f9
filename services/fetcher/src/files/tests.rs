//! The lane against files in memory.
