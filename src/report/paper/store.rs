//! Reports in the database.

use crate::{
    domain::{
        access::Scope,
        period::{Day, Period},
        report::{Section, Span, State, quote::Quote, snapshot::Snapshot},
        unit::{Unit, path_end},
        wording::Style,
    },
    error::{Error, Result},
    execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::BTreeMap;

/// What a list tells of a report.
#[derive(Clone, Debug, FromRow)]
pub struct Outline {
    pub id: i64,
    pub unit_name: String,
    pub title: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    unit_id: i64,
    span: String,
    style: String,
    title: String,
    addressee: String,
    #[sqlx(try_from = "String")]
    state: State,
    snapshot: Json<Snapshot>,
    snapshot_at: DateTime<Utc>,
    version: i64,
}

/// A stored report.
#[derive(Clone, Debug)]
pub struct Report {
    pub id: i64,
    pub unit: Unit,
    pub span: Span,
    pub style: Style,
    pub title: String,
    pub addressee: String,
    pub state: State,
    pub snapshot: Snapshot,
    pub snapshot_at: DateTime<Utc>,
    pub version: i64,
    pub sections: BTreeMap<Section, String>,
    /// Those that were not withdrawn.
    pub quotes: Vec<Quote>,
    pub steps: Vec<Step>,
}

impl Report {
    /// The days that its figures are of.
    pub fn days(&self) -> Period {
        self.snapshot.days.unwrap_or(self.span.period())
    }

    /// Who reports, as it was called when the figures were read.
    pub fn sender(&self) -> &str {
        if self.snapshot.unit.is_empty() { &self.unit.name } else { &self.snapshot.unit }
    }
}

/// A step of a report.
#[derive(Clone, Debug, FromRow)]
pub struct Step {
    #[sqlx(try_from = "String")]
    pub state: State,
    pub remark: String,
    pub name: String,
    pub done_at: DateTime<Utc>,
}

/// What a new report is made of.
#[derive(Clone, Debug)]
pub struct New {
    pub unit_id: i64,
    pub span: Span,
    pub style: Style,
    pub title: String,
    pub addressee: String,
    pub snapshot: Snapshot,
    pub sections: BTreeMap<Section, String>,
}

/// The reports of a unit and all below it, the newest period first.
pub async fn list(conn: &mut Conn, unit: &Unit, most: i64) -> Result<Vec<Outline>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select report.id, unit.short_name as unit_name, title, state, account.display_name as made_by, made_at \
         from report join unit on unit.id = report.unit_id join account on account.id = report.made_by \
         where unit.path >= $1 and unit.path < $2 order by from_day desc, unit.code, report.id desc limit $3",
    ).bind(&unit.path).bind(path_end(&unit.path)).bind(most).fetch_all(c).await)?)
}

/// One report with all that belongs to it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn one(conn: &mut Conn, scope: &Scope, id: i64) -> Result<Report> {
    let row: Option<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select report.id, unit_id, span, style, title, addressee, state, snapshot, snapshot_at, version \
             from report join unit on unit.id = report.unit_id where report.id = ",
        );
        query.push_bind(id).push(" and ");
        push_scope!(query, "unit.path", scope);
        query.build_query_as().fetch_optional(c).await
    })?;
    let row = row.ok_or(Error::NotFound)?;
    let (Some(span), Some(style)) = (Span::parse(&row.span), Style::from_key(&row.style)) else {
        return Err(Error::internal(format!("report {id} is for no period")));
    };
    let unit = crate::unit::store::by_id(conn, scope, row.unit_id).await?;
    let sections: Vec<(String, String)> = run!(&mut *conn, c => sqlx::query_as(
        "select section, body from report_section where report_id = $1",
    ).bind(id).fetch_all(c).await)?;
    let steps: Vec<Step> = run!(&mut *conn, c => sqlx::query_as(
        "select state, remark, account.display_name as name, done_at from report_step \
         join account on account.id = done_by where report_id = $1 order by report_step.id",
    ).bind(id).fetch_all(c).await)?;
    let quotes: Vec<QuoteRow> = run!(conn, c => sqlx::query_as(
        "select number, name, figure, unit_word, source, person, day from report_quote \
         where report_id = $1 and withdrawn_at is null order by number",
    ).bind(id).fetch_all(c).await)?;
    Ok(Report {
        id: row.id,
        unit,
        span,
        style,
        title: row.title,
        addressee: row.addressee,
        state: row.state,
        snapshot: row.snapshot.0,
        snapshot_at: row.snapshot_at,
        version: row.version,
        sections: sections
            .into_iter()
            .filter_map(|(section, body)| Some((Section::from_key(&section)?, body)))
            .collect(),
        quotes: quotes.into_iter().map(Quote::from).collect(),
        steps,
    })
}

#[derive(FromRow)]
struct QuoteRow {
    number: i64,
    name: String,
    figure: String,
    unit_word: String,
    source: String,
    person: String,
    day: Day,
}

impl From<QuoteRow> for Quote {
    fn from(row: QuoteRow) -> Quote {
        let QuoteRow { number, name, figure, unit_word, source, person, day } = row;
        Quote { number, name, figure, unit_word, source, person, day }
    }
}

/// Stores a new report, as a draft; its number.
pub async fn insert(conn: &mut Conn, new: &New, account_id: i64, now: DateTime<Utc>) -> Result<i64> {
    let id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into report (unit_id, span, from_day, style, title, addressee, state, snapshot, snapshot_at, version, \
         made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $9) returning id",
    ).bind(new.unit_id).bind(new.span.to_string()).bind(new.span.period().from).bind(new.style.key()).bind(&new.title)
    .bind(&new.addressee).bind(State::Draft.key()).bind(Json(&new.snapshot)).bind(now).bind(account_id)
    .fetch_one(c).await)?;
    put_sections(conn, id, &new.sections).await?;
    add_step(conn, id, State::Draft, "", account_id, now).await?;
    Ok(id)
}

/// Raises the version, unless somebody else did meanwhile: whether it still was `version`.
pub async fn raise(conn: &mut Conn, id: i64, version: i64) -> Result<bool> {
    Ok(execute!(
        conn,
        sqlx::query("update report set version = version + 1 where id = $1 and version = $2").bind(id).bind(version)
    )? == 1)
}

/// Changes a report's title and whom it is sent to.
pub async fn put_head(conn: &mut Conn, id: i64, title: &str, addressee: &str) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update report set title = $1, addressee = $2 where id = $3").bind(title).bind(addressee).bind(id)
    )?;
    Ok(())
}

/// Gives a report these texts and no others.
pub async fn put_sections(conn: &mut Conn, id: i64, sections: &BTreeMap<Section, String>) -> Result<()> {
    execute!(&mut *conn, sqlx::query("delete from report_section where report_id = $1").bind(id))?;
    for (section, body) in sections.iter().filter(|(_, body)| !body.trim().is_empty()) {
        execute!(
            &mut *conn,
            sqlx::query("insert into report_section (report_id, section, body) values ($1, $2, $3)")
                .bind(id)
                .bind(section.key())
                .bind(body)
        )?;
    }
    Ok(())
}

/// Takes over new figures.
pub async fn put_snapshot(conn: &mut Conn, id: i64, snapshot: &Snapshot, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update report set snapshot = $1, snapshot_at = $2 where id = $3")
            .bind(Json(snapshot))
            .bind(now)
            .bind(id)
    )?;
    Ok(())
}

/// Takes a report into a state.
pub async fn put_state(conn: &mut Conn, id: i64, state: State) -> Result<()> {
    execute!(conn, sqlx::query("update report set state = $1 where id = $2").bind(state.key()).bind(id))?;
    Ok(())
}

/// Says who took it there.
pub async fn add_step(
    conn: &mut Conn,
    id: i64,
    state: State,
    remark: &str,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        conn,
        sqlx::query("insert into report_step (report_id, state, remark, done_by, done_at) values ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(state.key())
            .bind(remark)
            .bind(account_id)
            .bind(now)
    )?;
    Ok(())
}

/// The number that the next quote gets.
pub async fn next_number(conn: &mut Conn, id: i64) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select coalesce(max(number), 0) + 1 from report_quote where report_id = $1",
    ).bind(id).fetch_one(c).await)?)
}

/// Adds a quote.
pub async fn add_quote(conn: &mut Conn, id: i64, quote: &Quote, account_id: i64) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into report_quote (report_id, number, name, figure, unit_word, source, person, day, added_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(quote.number)
        .bind(&quote.name)
        .bind(&quote.figure)
        .bind(&quote.unit_word)
        .bind(&quote.source)
        .bind(&quote.person)
        .bind(quote.day)
        .bind(account_id)
    )?;
    Ok(())
}

/// Withdraws a quote.
pub async fn withdraw_quote(conn: &mut Conn, id: i64, number: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update report_quote set withdrawn_at = $1 where report_id = $2 and number = $3")
            .bind(now)
            .bind(id)
            .bind(number)
    )?;
    Ok(())
}
