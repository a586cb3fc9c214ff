//! What an entry is held against: the others of its roster, and the figures that were typed before there was one. Pure but
//! for the reading of these.

use super::{store::Known, words};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        period::Day,
        problem::Problems,
        roster::{Checked, Kind, Takeover, Term, crowded, takeover},
        unit::Unit,
    },
    error::Result,
    locale::Locale,
    plan::drill_store,
    server::db::Conn,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What only the other entries tell: that the same one stands there, and that a vice principal has schools enough.
/// `known` are those of the same name in the whole tree, without the entry that is changed.
pub(super) fn look(
    locale: Locale,
    scope: &Scope,
    kind: Kind,
    unit: &Unit,
    entry: &Checked,
    known: &[Known],
    problems: &mut Problems,
) {
    if entry.name.is_empty() && kind.is_personal() {
        return;
    }
    let others = || known.iter().filter(|other| other.name == entry.name);
    let is_same = |other: &Known| {
        other.unit_id == unit.id && other.from_day == entry.from && other.certificate == entry.certificate
    };
    if !entry.name.is_empty()
        && let Some(same) = others().find(|other| is_same(other))
    {
        let said = match same.row {
            Some(row) => locale.roster_row_twice(&entry.name, row),
            None => locale.roster_there(&entry.name, &unit.short_name),
        };
        problems.add("name", said);
        return;
    }
    if kind != Kind::VicePrincipal {
        return;
    }
    // The same name sent by another office is another person.
    let own_terms: Vec<&Known> = others().filter(|other| other.body == entry.body).collect();
    let terms: Vec<_> = own_terms.iter().map(|other| (other.unit_id, other.term())).collect();
    let schools = crowded(unit.id, entry.term(), &terms);
    if schools.is_empty() {
        return;
    }
    // In the order of codes, each once.
    let mut seen: Vec<&str> = Vec::new();
    for other in own_terms.iter().filter(|other| schools.contains(&other.unit_id) && scope.contains(&other.unit_path)) {
        if !seen.contains(&other.unit_name.as_str()) {
            seen.push(&other.unit_name);
        }
    }
    let mut names = seen.join("、");
    let unseen = schools.len() - seen.len();
    if unseen > 0 {
        // Schools of another town are counted and not named.
        names = if names.is_empty() {
            locale.roster_schools_elsewhere(unseen)
        } else {
            locale.roster_schools_and_elsewhere(unseen, names)
        };
    }
    problems.add("unit", locale.roster_schools_full(&entry.name, names));
}

/// A figure that was typed for a unit and gives way to what its roster comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub unit: String,
    pub unit_name: String,
    pub typed: i64,
    /// The day for which it was typed.
    pub typed_as_of: Day,
    pub taken: Takeover,
}

impl Replaced {
    /// 天坪村法律明白人本期数原填35，改由名册计为3.
    pub fn words(&self, locale: Locale, kind: Kind) -> String {
        let (taken, roster) = (self.taken, words::title(locale, kind));
        locale.roster_replaces(self.typed_as_of, taken.counted, taken.from, roster, self.typed, &self.unit_name)
    }

    /// The other way round, where the entries that made the roster are withdrawn.
    pub fn words_back(&self, locale: Locale, kind: Kind) -> String {
        let (taken, roster) = (self.taken, words::title(locale, kind));
        locale.roster_gives_back(self.typed_as_of, taken.counted, taken.day, roster, self.typed, &self.unit_name)
    }

    /// For the audit trail.
    pub fn told(&self) -> Value {
        json!({ "unit": self.unit, "typed": self.typed, "typed_as_of": self.typed_as_of, "counted": self.taken.counted,
            "from": self.taken.from, "on": self.taken.day })
    }
}

/// The typed figures at a unit and below that these entries would replace by another one, in the order of codes. `known`
/// are the entries that stand there, `changed` the terms that come, by unit, and `own` is the entry that is changed.
///
/// # Errors
/// The database does not answer.
pub(super) async fn replaced(
    conn: &mut Conn,
    root: &Unit,
    kind: Kind,
    known: &[Known],
    changed: &[(&Unit, Term)],
    own: Option<i64>,
    today: Day,
) -> Result<Vec<Replaced>> {
    if !kind.is_stock() {
        return Ok(Vec::new());
    }
    let mut terms: BTreeMap<&str, (&Unit, Vec<Term>)> = BTreeMap::new();
    for (unit, term) in changed {
        terms.entry(&unit.code).or_insert_with(|| (unit, Vec::new())).1.push(*term);
    }
    // Mostly one day, today: each is a statement.
    let mut by_day: BTreeMap<Day, Vec<(&Unit, Takeover)>> = BTreeMap::new();
    for (unit, added) in terms.into_values() {
        let here = known.iter().filter(|one| one.unit_id == unit.id);
        let before: Vec<Term> = here.clone().map(Known::term).collect();
        let stays = here.filter(|one| Some(one.id) != own).map(Known::term);
        let after: Vec<Term> = stays.chain(added).collect();
        if let Some(taken) = takeover(&before, &after, today) {
            by_day.entry(taken.day).or_default().push((unit, taken));
        }
    }
    if by_day.is_empty() {
        return Ok(Vec::new());
    }
    let Some(measure) = catalogue::store::visible(conn, root).await?.measure(kind.key()).map(|one| one.id) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (day, units) in by_day {
        let typed = drill_store::stocks(conn, root, measure, day).await?;
        for (unit, taken) in units {
            let own = typed.iter().find(|stock| stock.unit_id == unit.id && stock.value != taken.counted);
            found.extend(own.map(|stock| Replaced {
                unit: unit.code.clone(),
                unit_name: unit.short_name.clone(),
                typed: stock.value,
                typed_as_of: stock.as_of,
                taken,
            }));
        }
    }
    found.sort_by(|a, b| a.unit.cmp(&b.unit));
    Ok(found)
}
