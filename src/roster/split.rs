//! What of a roster's figure is counted by names, and what was typed where no roster is kept yet.

use super::words;
use crate::{
    catalogue,
    domain::{period::Day, roster::Kind, unit::Unit},
    error::Result,
    locale::Locale,
    plan::entry_store::{self, Held},
    server::db::Conn,
};
use leptos::prelude::*;

/// The two parts of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    pub counted: i64,
    pub typed: i64,
    /// The units for which something was typed.
    pub units: usize,
}

impl Split {
    pub fn of(held: impl IntoIterator<Item = Held>) -> Split {
        let mut split = Split::default();
        for one in held {
            match one.from_roster {
                true => split.counted += one.value,
                // Nothing of it is no part of the figure.
                false if one.value > 0 => {
                    split.typed += one.value;
                    split.units += 1;
                }
                false => {}
            }
        }
        split
    }

    /// 名册4名，填报28名（12个村）, each with the way to it; nothing where all is counted.
    pub fn view(self, locale: Locale, kind: Kind, code: &str, day: Day) -> Option<AnyView> {
        if self.units == 0 {
            return None;
        }
        let word = words::counter(locale, kind);
        let separator = match locale {
            Locale::Zh => "，",
            Locale::En => ", ",
        };
        let counted = locale.roster_split_counted(self.counted, word);
        let typed = locale.roster_split_typed(words::places(locale, kind, self.units), self.typed, word);
        let roster = format!("/rosters/{kind}?unit={code}&as_of={day}");
        let stocks = format!("/stocks?unit={code}&measure={kind}");
        Some(view! { <p><a href=roster>{counted}</a>{separator}<a href=stocks>{typed}</a></p> }.into_any())
    }
}

/// The parts of a kind's figure at the units at and below one that are there on the day.
///
/// # Errors
/// The database does not answer.
pub async fn read(conn: &mut Conn, root: &Unit, units: &[Unit], kind: Kind, day: Day) -> Result<Split> {
    if !kind.is_stock() {
        return Ok(Split::default());
    }
    let catalogue = catalogue::store::visible(conn, root).await?;
    let Some(measure) = catalogue.measure(kind.key()) else { return Ok(Split::default()) };
    let held = entry_store::stocks_held(conn, root, day).await?.remove(&measure.id).unwrap_or_default();
    let there = units.iter().filter(|unit| unit.is_active(day));
    Ok(Split::of(there.filter_map(|unit| held.get(&unit.id).copied())))
}
