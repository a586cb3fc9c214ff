//! What is asked about the rows of a ledger: as of one entry ([`super::question`]), what the day at a unit already holds looked
//! up once for all rows of it, those before it in the file among them.
//!
//! A ledger may hold thousands of entries a day: that a day has many is asked of nobody's row, its visits are.

use super::{
    fact_store::{self, Counts},
    question, store,
};
use crate::{
    domain::{activity::Checked, catalogue::Catalogue, period::Day, unit::Unit},
    error::Result,
    locale::Locale,
    server::db::Conn,
};
use std::collections::{BTreeMap, HashMap, hash_map::Entry};
use uuid::Uuid;

/// Days that are kept at once; a ledger goes on from day to day.
const KEPT: usize = 2_000;

/// A question about an entry, and its words.
pub type Asked = Vec<(&'static str, String)>;

/// What a day at a unit holds: type and counts of each entry.
#[derive(Debug, Default)]
struct OfDay {
    counts: BTreeMap<Uuid, Counts>,
    kinds: HashMap<Uuid, i64>,
}

/// Asks about one row after another.
#[derive(Debug, Default)]
pub struct Asker {
    days: HashMap<(i64, Day), OfDay>,
}

impl Asker {
    /// What is asked about an entry that comes next.
    pub async fn ask(
        &mut self,
        conn: &mut Conn,
        locale: Locale,
        unit: &Unit,
        checked: &Checked,
        catalogue: &Catalogue,
    ) -> Result<Asked> {
        let mut asked = question::of_figures(locale, unit, checked, catalogue);
        if self.days.len() > KEPT {
            self.days.clear();
        }
        let place = (unit.id, checked.day);
        if let Entry::Vacant(free) = self.days.entry(place) {
            let known = store::on_day(conn, unit.id, checked.day, question::MANY + 1).await?;
            let counts = fact_store::counts_of(conn, known.iter().map(|(id, _)| *id).collect()).await?;
            free.insert(OfDay { counts, kinds: known.into_iter().collect() });
        }
        let day = self.days.entry(place).or_default();
        let visits = question::visits_of_day(checked, catalogue, &day.counts);
        if let Some(visits) = visits.filter(|visits| *visits >= question::MANY as i64) {
            asked.push(("visits", locale.activity_ask_visits(&unit.short_name, visits)));
        }
        let own = question::sorted_counts(checked);
        let same = |(id, counts): (&Uuid, &Counts)| {
            *id != checked.id && day.kinds.get(id) == Some(&checked.type_id) && *counts == own
        };
        if day.counts.iter().any(same) {
            asked.push(("twice", locale.activity_ask_twice().to_owned()));
        }
        // No more than answers the questions of the rows behind it.
        if day.counts.len() <= question::MANY {
            day.counts.insert(checked.id, own);
            day.kinds.insert(checked.id, checked.type_id);
        }
        Ok(asked)
    }
}
