//! What was logged for campaigns, as far as the reader's units go.

use crate::{
    domain::{
        access::Scope,
        measure::Total,
        period::{Day, Period},
        unit::ancestry,
    },
    error::Result,
    figure::{self, Filter},
    server::db::Conn,
    unit,
};
use std::collections::BTreeMap;

/// By campaign id and measure id; measure 0 counts activities.
pub type Figures = BTreeMap<(i64, i64), Total>;

/// All days for which there can be an entry.
pub fn always() -> Period {
    let (first, last) = (Day::from_ymd_opt(1990, 1, 1), Day::from_ymd_opt(2199, 12, 31));
    Period { from: first.unwrap_or(Day::MIN), to: last.unwrap_or(Day::MAX) }
}

/// All that was logged for campaigns at any time, or for one of them.
pub async fn of_campaigns(conn: &mut Conn, scope: &Scope, campaign: Option<i64>) -> Result<Figures> {
    let mut figures = Figures::new();
    for path in scope.paths() {
        let Some(root) = ancestry(path).last().copied() else { continue };
        let root = unit::store::by_id(conn, scope, root).await?;
        match campaign {
            Some(id) => {
                let filter = Filter::of_campaign(id);
                for (measure, total) in figure::store::total_by_measure(conn, &root, always(), &filter).await? {
                    *figures.entry((id, measure)).or_default() += total;
                }
            }
            None => {
                for (place, total) in figure::store::by_campaign(conn, &root, always(), &Filter::all()).await? {
                    *figures.entry(place).or_default() += total;
                }
            }
        }
    }
    Ok(figures)
}
