//! What is done with key dates: who may, and what is checked before.

use super::{day_store, store};
use crate::{
    domain::{day_mark::DayMarks, key_date::Occurrence, period::Period, unit::Unit},
    error::Result,
    server::db::Conn,
};

/// The key dates with a day in the period that a unit sees, by their first day.
pub async fn occurrences(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<Occurrence>> {
    Ok(store::known(conn, unit).await?.within(period))
}

/// What a unit knows of the days of a period: holidays, market days, and the blackouts of it and all below.
pub async fn marks(conn: &mut Conn, unit: &Unit, period: Period) -> Result<DayMarks> {
    day_store::marks(conn, unit, period).await
}
