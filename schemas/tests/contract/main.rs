//! The contract with everybody outside, held against files: JSON Schemas, golden examples of every record, and the
//! algebra that both rely on.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod json_schema;
#[cfg(test)]
mod released;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod strategies;
#[cfg(test)]
mod values;
