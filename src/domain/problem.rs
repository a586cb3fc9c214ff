//! What is wrong with what somebody entered: the field, and how to go on.

use serde::{Deserialize, Serialize};

/// One thing that is wrong with one field, said to the person who filled it in, in their language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field's name as posted: `date`, `quantities[0].value`, `value.banner`.
    pub field: String,
    /// What is wrong and how to go on, ready to be shown.
    pub message: String,
}

impl Problem {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { field: field.into(), message: message.into() }
    }
}

/// Collects every problem of a form before it is refused, so that nobody has to mend one field at a time.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem::new(field, message));
    }

    /// The value, or `None` with its problem noted.
    pub fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` if nothing was wrong, else all that was.
    pub fn into_result<T>(self, value: T) -> Result<T, Vec<Problem>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }

    pub fn into_inner(self) -> Vec<Problem> {
        self.0
    }
}
