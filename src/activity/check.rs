//! `pufa check`: every total recomputed from its records.
