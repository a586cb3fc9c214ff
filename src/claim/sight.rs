//! What a unit reads drafts with: its catalogue and words, its key dates, the units below it, the campaigns it may see.

use crate::{
    campaign, catalogue,
    domain::{
        access::Scope,
        alias::Vocabulary,
        campaign::Campaign,
        catalogue::Catalogue,
        claim::{self, Known, Named, Run},
        measure::{Measure, Wording},
        period::Period,
        unit::Unit,
    },
    error::Result,
    key_date,
    server::db::Conn,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a unit reads drafts with.
pub struct Sight {
    pub catalogue: Catalogue,
    pub campaigns: Vec<Campaign>,
    vocabulary: Vocabulary,
    phrases: Vec<claim::Phrase>,
    wordings: BTreeMap<i64, Wording>,
    key_dates: Vec<(String, Period)>,
    own_names: Vec<String>,
    units: Vec<Named>,
    runs: Vec<Run>,
}

impl Sight {
    /// `below` are the unit and all below it.
    pub async fn load(conn: &mut Conn, scope: &Scope, unit: &Unit, below: &[Unit], year: i32) -> Result<Sight> {
        let mut catalogue = catalogue::store::everything_for(conn, unit).await?;
        // What is in force for the unit, and what those below it count besides: the report tells it too.
        let mut owners: BTreeSet<i64> = unit.ancestry().into_iter().collect();
        owners.extend(below.iter().map(|unit| unit.id));
        catalogue.measures.retain(|one| one.unit_id.is_none_or(|owner| owners.contains(&owner)));
        let wordings = catalogue::store::wordings(conn, unit).await?;
        let worded = catalogue.active_measures().map(|one| (one, wordings.get(&one.id).unwrap_or(&one.wording)));
        let phrases = claim::phrases(worded);
        let occurrences = key_date::action::occurrences(conn, unit, Period::year(year)).await?;
        let key_dates = occurrences.into_iter().map(|one| (one.name, one.period)).collect();
        let vocabulary = Vocabulary::of(&catalogue);
        let filter = campaign::store::Filter {
            unit: Some(unit.clone()),
            period: Some(Period::year(year)),
            ..campaign::store::Filter::default()
        };
        let campaigns = campaign::store::list(conn, scope, &filter, None, campaign::store::PAGE_LIMIT).await?;
        let keys = |one: &Campaign| one.themes.iter().map(|theme| theme.key.clone()).collect();
        let runs =
            campaigns.iter().map(|one| Run { id: one.id, title: one.title.clone(), themes: keys(one) }).collect();
        let named = below.iter().filter(|one| one.id != unit.id);
        let units = named.map(|one| Named { id: one.id, name: one.short_name.clone(), kind: one.kind }).collect();
        let own_names = vec![unit.short_name.clone(), unit.name.clone()];
        Ok(Sight { catalogue, campaigns, vocabulary, phrases, wordings, key_dates, own_names, units, runs })
    }

    pub fn known(&self, year: i32) -> Known<'_> {
        Known {
            year,
            catalogue: &self.catalogue,
            vocabulary: &self.vocabulary,
            phrases: &self.phrases,
            key_dates: &self.key_dates,
            own_names: &self.own_names,
            units: &self.units,
            campaigns: &self.runs,
        }
    }

    /// How a measure is worded here.
    pub fn wording<'a>(&'a self, measure: &'a Measure) -> &'a Wording {
        self.wordings.get(&measure.id).unwrap_or(&measure.wording)
    }
}
