//! The ledger as a list: pages in any order, what a filter's entries add up to, and their groups.

use super::{
    filter_store::{Filter, push_filter},
    store::{Entry, Row, SELECT, entries},
};
use crate::{
    domain::{
        measure::{Precision, Total},
        period::{Day, Period, is_near},
        unit::Unit,
    },
    error::Result,
    run,
    server::db::Conn,
};
use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::QueryBuilder;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Day,
    /// By the units' codes.
    Unit,
    Type,
    Entered,
    /// By an entry's count of this measure; entries without it count nothing.
    Measure(i64),
}

/// The order of a list; what is equal stands newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub by: By,
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Order {
        Order { by: By::Day, descending: true }
    }
}

impl Order {
    /// The expression that is sorted by; a measure's takes its id after it ([`push_key`]).
    fn expression(self) -> &'static str {
        match self.by {
            By::Day => "activity.day",
            By::Unit => "unit.code",
            By::Type => "activity.type_id",
            By::Entered => "activity.entered_at",
            By::Measure(_) => {
                "coalesce((select sum(v.value) from quantity v where v.activity_id = activity.id and v.measure_id = "
            }
        }
    }

    fn direction(self) -> &'static str {
        if self.descending { " desc" } else { " asc" }
    }
}

/// What an entry is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    /// Its day, which every cursor has.
    Day,
    Text(String),
    Number(i64),
    Time(DateTime<Utc>),
}

/// Where a page of the ledger begins: behind this entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    key: Key,
    day: Day,
    id: Uuid,
}

impl After {
    /// Behind this entry of a list in this order.
    pub fn entry(entry: &Entry, order: Order) -> After {
        let draft = &entry.draft;
        let key = match order.by {
            By::Day => Key::Day,
            By::Unit => Key::Text(draft.unit.clone()),
            By::Type => Key::Number(entry.type_id),
            By::Entered => Key::Time(entry.entered_at),
            By::Measure(id) => {
                let own = entry.measure_ids.iter().zip(&draft.quantities).filter(|(own, _)| **own == id);
                Key::Number(own.map(|(_, count)| count.value).sum())
            }
        };
        After { key, day: draft.date, id: draft.id }
    }

    /// Reads what [`After::write`] wrote for a list in this order; `None` where it is no cursor of it.
    pub fn read(text: &str, order: Order) -> Option<After> {
        // A unit's code may have the sign in it, a day and an id have not.
        let (rest, id) = text.rsplit_once('_').map_or(("", text), |(rest, id)| (rest, id));
        let id = id.parse().ok()?;
        let (key, day) = match order.by {
            By::Day => ("", rest),
            _ => rest.rsplit_once('_')?,
        };
        let day = day.parse().ok().filter(|day| is_near(*day))?;
        let key = match order.by {
            By::Day => Key::Day,
            By::Unit => Key::Text(key.to_owned()),
            By::Type | By::Measure(_) => Key::Number(key.parse().ok()?),
            By::Entered => {
                let time = DateTime::parse_from_rfc3339(key).ok()?.to_utc();
                Key::Time(Some(time).filter(|time| is_near(time.date_naive()))?)
            }
        };
        Some(After { key, day, id })
    }

    /// The cursor as one word of an address.
    pub fn write(&self) -> String {
        let (day, id) = (self.day, self.id);
        match &self.key {
            Key::Day => format!("{day}_{id}"),
            Key::Text(text) => format!("{text}_{day}_{id}"),
            Key::Number(number) => format!("{number}_{day}_{id}"),
            Key::Time(time) => format!("{}_{day}_{id}", time.to_rfc3339_opts(SecondsFormat::Nanos, true)),
        }
    }
}

/// Adds the expression that is sorted by.
macro_rules! push_key {
    ($query:expr, $order:expr) => {
        $query.push($order.expression());
        if let By::Measure(id) = $order.by {
            $query.push_bind(id).push("), 0)");
        }
    };
}

/// Adds: behind the entry of the cursor. Whatever is added or corrected meanwhile, no entry is skipped or seen twice
/// that stayed in its place.
macro_rules! push_after {
    ($query:expr, $order:expr, $after:expr) => {{
        let beyond = if $order.descending { " < " } else { " > " };
        macro_rules! push_own {
            () => {
                match &$after.key {
                    Key::Day => $query.push_bind($after.day),
                    Key::Text(text) => $query.push_bind(text.clone()),
                    Key::Number(number) => $query.push_bind(*number),
                    Key::Time(time) => $query.push_bind(*time),
                }
            };
        }
        // Said apart, so that an index is entered there and not read up to there.
        match $order.by {
            By::Day | By::Unit => {
                $query.push(" and ").push($order.expression());
                $query.push(if $order.descending { " <= " } else { " >= " });
                match $order.by {
                    By::Day => $query.push_bind($after.day),
                    _ => push_own!(),
                };
            }
            _ => {}
        }
        $query.push(" and (");
        push_key!($query, $order);
        $query.push(beyond);
        push_own!();
        $query.push(" or (");
        push_key!($query, $order);
        $query.push(" = ");
        push_own!();
        if $order.by == By::Day {
            $query.push(" and activity.id").push(beyond).push_bind($after.id).push("))");
        } else {
            $query.push(" and (activity.day < ").push_bind($after.day);
            $query.push(" or (activity.day = ").push_bind($after.day);
            $query.push(" and activity.id < ").push_bind($after.id).push("))))");
        }
    }};
}

/// Adds the order.
macro_rules! push_order {
    ($query:expr, $order:expr) => {
        $query.push(" order by ");
        push_key!($query, $order);
        $query.push($order.direction());
        if $order.by == By::Day {
            $query.push(", activity.id").push($order.direction());
        } else {
            $query.push(", activity.day desc, activity.id desc");
        }
    };
}

/// Entries of a unit and all below it, in this order: at most `limit`, behind the cursor. The unit has to lie in the
/// reader's scope; whoever calls has loaded it under it.
pub async fn page(
    conn: &mut Conn,
    unit: &Unit,
    filter: &Filter,
    order: Order,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let like = conn.like();
    let rows: Vec<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        // Only ids are sorted; what is wide is read of those that are shown.
        query.push("activity.id in (select activity.id from activity join unit on unit.id = activity.unit_id where ");
        push_filter!(query, unit, filter, like);
        if let Some(after) = after {
            push_after!(query, order, after);
        }
        push_order!(query, order);
        query.push(" limit ").push_bind(limit).push(")");
        push_order!(query, order);
        query.build_query_as().fetch_all(c).await
    })?;
    entries(conn, rows).await
}

/// As [`page`], the newest first.
pub async fn newest(
    conn: &mut Conn,
    unit: &Unit,
    filter: &Filter,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Entry>> {
    page(conn, unit, filter, Order::default(), after, limit).await
}

/// What a filter's entries add up to, whole values: an entry over several days counts whole. Totals of a period are
/// [`crate::figure`]'s.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub count: i64,
    /// Entered after their month was over; unknown where nobody looked.
    pub late: Option<i64>,
    pub totals: BTreeMap<i64, Total>,
}

impl Summary {
    /// Adds a count of an entry.
    pub fn add(&mut self, measure_id: i64, precision: Precision, value: i64) {
        *self.totals.entry(measure_id).or_default() += Total::of(precision, value);
    }
}

/// Sums up a filter's entries by reading them once.
pub async fn summary(conn: &mut Conn, unit: &Unit, filter: &Filter) -> Result<Summary> {
    let like = conn.like();
    let rows: Vec<(i64, String, i64, i64)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "with found as materialized (select activity.id, activity.late from activity \
             join unit on unit.id = activity.unit_id where ",
        );
        push_filter!(query, unit, filter, like);
        query.push(
            ") select cast(0 as bigint), '', count(*), cast(coalesce(sum(case when late then 1 else 0 end), 0) as bigint) \
             from found union all select quantity.measure_id, quantity.precision, cast(sum(quantity.value) as bigint), \
             count(*) from found join quantity on quantity.activity_id = found.id \
             group by quantity.measure_id, quantity.precision",
        );
        query.build_query_as().fetch_all(c).await
    })?;
    let mut summary = Summary::default();
    for (measure, precision, value, entries) in rows {
        match Precision::from_key(&precision) {
            Some(precision) => summary.add(measure, precision, value),
            None => (summary.count, summary.late) = (value, Some(entries)),
        }
    }
    Ok(summary)
}

/// What a filter's entries are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// The month in which the entry begins.
    Month,
    Unit,
    Type,
    /// An entry on two themes stands in two groups.
    Theme,
    /// An entry of two campaigns stands in two groups.
    Campaign,
    Handler,
}

/// The entries of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The month (2021-06), the unit's code, the type's or theme's id, the campaign's key, the handler; empty or 0: none.
    pub key: String,
    pub count: i64,
    pub totals: BTreeMap<i64, Total>,
}

/// The groups of a filter's entries, by key: what each adds up to.
pub async fn groups(conn: &mut Conn, unit: &Unit, filter: &Filter, by: GroupBy) -> Result<Vec<Group>> {
    let (key, join) = match by {
        GroupBy::Month => ("substr(cast(activity.day as text), 1, 7)", ""),
        GroupBy::Unit => ("unit.code", ""),
        GroupBy::Type => ("cast(activity.type_id as text)", ""),
        GroupBy::Theme => (
            "cast(coalesce(part.theme_id, 0) as text)",
            " left join activity_theme part on part.activity_id = activity.id",
        ),
        GroupBy::Campaign => (
            "coalesce(campaign.key, '')",
            " left join activity_campaign part on part.activity_id = activity.id \
             left join campaign on campaign.id = part.campaign_id",
        ),
        GroupBy::Handler => ("activity.handler", ""),
    };
    let like = conn.like();
    let rows: Vec<(String, i64, String, i64)> = run!(conn, c => {
        let mut query = QueryBuilder::new("with found as materialized (select activity.id, ");
        query.push(key).push(" as part from activity join unit on unit.id = activity.unit_id").push(join).push(" where ");
        push_filter!(query, unit, filter, like);
        query.push(
            ") select part, cast(0 as bigint), '', count(*) from found group by part union all \
             select part, quantity.measure_id, quantity.precision, cast(sum(quantity.value) as bigint) \
             from found join quantity on quantity.activity_id = found.id \
             group by part, quantity.measure_id, quantity.precision",
        );
        query.build_query_as().fetch_all(c).await
    })?;
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (key, measure, precision, value) in rows {
        let group = groups.entry(key).or_insert_with_key(|key| Group { key: key.clone(), ..Group::default() });
        match Precision::from_key(&precision) {
            Some(precision) => *group.totals.entry(measure).or_default() += Total::of(precision, value),
            None => group.count = value,
        }
    }
    Ok(groups.into_values().collect())
}

/// A count of an entry that reaches over an end of the period: what of it lies outside.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reaching {
    pub id: Uuid,
    pub day: Day,
    pub day_to: Day,
    pub measure_id: i64,
    #[sqlx(try_from = "String")]
    pub precision: Precision,
    pub value: i64,
}

/// The counts of a filter's entries that begin before its period or end after it; by index, for there are few.
pub async fn reaching(conn: &mut Conn, unit: &Unit, filter: &Filter, period: Period) -> Result<Vec<Reaching>> {
    let like = conn.like();
    // The period is said here, so that no index of days is walked: what lasts has an index of its own.
    let filter = &Filter { period: None, ..filter.clone() };
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id, activity.day, activity.day_to, quantity.measure_id, quantity.precision, quantity.value \
             from activity join unit on unit.id = activity.unit_id join quantity on quantity.activity_id = activity.id \
             where activity.day_to >= ",
        );
        query.push_bind(period.from).push(" and not (activity.day > ").push_bind(period.to);
        query.push(") and (activity.day < ").push_bind(period.from);
        query.push(" or activity.day_to > ").push_bind(period.to).push(") and ");
        push_filter!(query, unit, filter, like);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// How many entries of a unit and below wait for their author: returned and not yet corrected.
pub async fn returned(conn: &mut Conn, unit: &Unit) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select count(*) from activity join unit on unit.id = activity.unit_id \
         where activity.status = 'returned' and unit.path >= $1 and unit.path < $2",
    ).bind(&unit.path).bind(crate::domain::unit::path_end(&unit.path)).fetch_one(c).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_in_every_order() {
        let day: Day = "2021-06-24".parse().expect("a day");
        let time = DateTime::parse_from_rfc3339("2021-06-24T01:02:03.000004005Z").expect("a time").to_utc();
        let id = Uuid::now_v7();
        for (by, key) in [
            (By::Day, Key::Day),
            (By::Unit, Key::Text("school_1-a".into())),
            (By::Type, Key::Number(3)),
            (By::Entered, Key::Time(time)),
            (By::Measure(4), Key::Number(0)),
        ] {
            let order = Order { by, descending: true };
            let after = After { key, day, id };
            assert_eq!(After::read(&after.write(), order), Some(after));
            for wrong in ["", "_", "2021-02-30_x", &format!("+262142-12-31_{id}"), &format!("x_9999-12-31_{id}")] {
                assert_eq!(After::read(wrong, order), None, "{wrong}");
            }
        }
    }
}
