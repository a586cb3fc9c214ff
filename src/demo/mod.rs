//! The seed's town in 2021, for whoever wants to try Pufa: real villages, invented days, the report's true sentence.

pub mod place;
pub mod year;
