//! Addresses of the ledger: the activities behind a figure.

use crate::domain::period::{Day, Period};

/// Which activities a figure is the sum of, as the ledger's page understands it.
#[derive(Clone, Copy, Debug)]
pub struct Behind<'a> {
    /// The unit's code: it and all below it, unless `own`.
    pub unit: &'a str,
    pub from: Day,
    pub to: Day,
    pub measure: Option<&'a str>,
    pub theme: Option<&'a str>,
    /// Only what stands at the unit itself.
    pub own: bool,
}

impl<'a> Behind<'a> {
    /// All activities of a unit and below in a period.
    pub fn new(unit: &'a str, period: Period) -> Behind<'a> {
        Behind { unit, from: period.from, to: period.to, measure: None, theme: None, own: false }
    }

    pub fn measure(self, measure: Option<&'a str>) -> Behind<'a> {
        Behind { measure, ..self }
    }

    pub fn theme(self, theme: Option<&'a str>) -> Behind<'a> {
        Behind { theme, ..self }
    }

    pub fn own(self) -> Behind<'a> {
        Behind { own: true, ..self }
    }

    /// Within another period.
    pub fn during(self, period: Period) -> Behind<'a> {
        Behind { from: period.from, to: period.to, ..self }
    }

    /// The address: `/activities?unit=…&from=…&to=…`.
    pub fn address(self) -> String {
        let (from, to) = (self.from.to_string(), self.to.to_string());
        let mut pairs = vec![("unit", self.unit), ("from", &from), ("to", &to)];
        pairs.extend(self.measure.map(|measure| ("measure", measure)));
        pairs.extend(self.theme.map(|theme| ("theme", theme)));
        if self.own {
            pairs.push(("own", "1"));
        }
        format!("/activities?{}", serde_html_form::to_string(pairs).unwrap_or_default())
    }
}
