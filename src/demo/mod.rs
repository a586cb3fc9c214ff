//! The seed's town in 2021, for whoever wants to try Pufa: real villages, invented days, the report's true sentence.
//!
//! Everything is done by the actions that people use, as the people of the demo and on the days of 2021, so that the
//! demo is checked, totalled and audited like real work.

pub mod campaigns;
mod log;
pub mod place;
mod setting;
#[cfg(test)]
mod tests;
pub mod year;

use crate::{
    account,
    domain::access::{Actor, Scope},
    error::{Error, Result},
    locale::Locale,
    server::{self, clock, context::Ctx, db::Db},
    unit,
};
use chrono::{NaiveTime, TimeZone};
use place::{PASSWORD, PEOPLE};
use std::collections::BTreeMap;

/// Builds the demo in an empty database and answers what to print: what is invented, and the log-ins.
///
/// # Errors
/// A database that holds units or accounts already; nothing is changed then.
pub async fn build(db: &Db) -> Result<String> {
    let mut conn = db.read().await?;
    let used =
        account::store::any(&mut conn).await? || !unit::store::all(&mut conn, &Scope::everything()).await?.is_empty();
    drop(conn);
    if used {
        return Err(Error::internal("the database is not empty; the demo is built in an empty one only"));
    }
    let people = setting::people_and_places(db).await?;
    let year = Cast { db: db.clone(), people };
    setting::goals_and_words(&year).await?;
    let events = setting::campaigns_and_events(&year).await?;
    log::activities(&year, &events).await?;
    setting::stocks(&year).await?;
    setting::materials(&year).await?;
    let mut conn = db.write().await?;
    server::setting::mark_demo(&mut conn).await?;
    conn.commit().await?;
    Ok(told())
}

/// The people of the demo, at work in 2021.
struct Cast {
    db: Db,
    people: BTreeMap<&'static str, Actor>,
}

impl Cast {
    /// Somebody of the demo, at work on a day of 2021.
    fn at_work(&self, name: &str, day: (u32, u32)) -> Result<Ctx> {
        let actor = self.people.get(name).cloned().ok_or_else(|| Error::internal(format!("the demo has no {name}")))?;
        Ok(on(&self.db, Some(actor), campaigns::day(day)))
    }
}

/// A context on a day of the past, late in the afternoon.
fn on(db: &Db, actor: Option<Actor>, day: chrono::NaiveDate) -> Ctx {
    let mut ctx = Ctx::for_program(db.clone(), actor);
    ctx.locale = Locale::Zh;
    let time = NaiveTime::from_hms_opt(17, 30, 0).unwrap_or_default();
    if let Some(instant) = clock::offset().from_local_datetime(&day.and_time(time)).single() {
        ctx.now = instant.to_utc();
        ctx.today = day;
    }
    ctx
}

/// What is printed: in both languages, for nobody has chosen one yet.
fn told() -> String {
    let mut lines = vec![
        Locale::Zh.demo_built().to_owned(),
        Locale::En.demo_built().to_owned(),
        String::new(),
        format!("{} · {}", Locale::Zh.demo_log_ins(PASSWORD), Locale::En.demo_log_ins(PASSWORD)),
    ];
    for person in PEOPLE {
        lines.push(format!(
            "  {:<8} {:<8} {:<14} {}",
            person.name,
            person.role.key(),
            person.unit,
            person.display_name
        ));
    }
    lines.join("\n")
}
